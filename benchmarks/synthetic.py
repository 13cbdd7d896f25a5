"""A seeded library of the product's own schema: Chinese and English, words by Zipf's law."""

from __future__ import annotations

import json
import random
from itertools import accumulate
from pathlib import Path
from typing import Any

from pypinyin.phrases_dict import phrases_dict

_FUNCTION_WORDS = "的了在和与把一是有不这人们上来到大地为也说会要就出能可以对生家里".strip()
# No syllable of pinyin begins so: English words are not taken for Chinese names.
_ONSETS = [
    "bl",
    "br",
    "cl",
    "cr",
    "dr",
    "fl",
    "fr",
    "gl",
    "gr",
    "pl",
    "pr",
    "sc",
    "sl",
    "sp",
    "st",
    "tr",
]
_RHYMES = ["a", "e", "i", "o", "u", "ai", "ea", "ou", "an", "en", "in", "on", "ar", "er", "ing"]
_ENDS = ["", "", "s", "ed", "tion", "ly", "ment", "ness"]
_STATUSES = ["idea", "proposed", "planned", "pilot", "running", "completed", "unknown"]
_SECTORS = ["government", "community", "residents", "business", "academia"]


class Writer:
    """Draws words, texts and records; the same seed draws the same library."""

    def __init__(self, seed: int = 3) -> None:
        self.random = random.Random(seed)
        phrases = sorted(
            phrase for phrase in phrases_dict if 2 <= len(phrase) <= 4 and _simple(phrase)
        )
        self.random.shuffle(phrases)
        self.zh = [*_FUNCTION_WORDS, *phrases[:30_000]]
        self.en = list(dict.fromkeys(self._word() for _ in range(24_000)))
        self._weights = {
            "zh": list(accumulate(1 / (i + 12) for i in range(len(self.zh)))),
            "en": list(accumulate(1 / (i + 6) for i in range(len(self.en)))),
        }

    def _word(self) -> str:
        parts = self.random.choice((1, 1, 2, 2, 3))
        syllables = (
            self.random.choice(_ONSETS) + self.random.choice(_RHYMES) for _ in range(parts)
        )
        return "".join(syllables) + self.random.choice(_ENDS)

    def words(self, language: str, count: int) -> list[str]:
        known = self.zh if language == "zh" else self.en
        return self.random.choices(known, cum_weights=self._weights[language], k=count)

    def text(self, language: str, count: int) -> str:
        """Sentences; now and then a number, or one of the marks that searches stumble over."""
        said: list[str] = []
        for word in self.words(language, count):
            said.append(word)
            chance = self.random.random()
            if chance < 0.1:
                said.append("，" if language == "zh" else ",")
            elif chance < 0.14:
                said.append("。" if language == "zh" else ".")
            elif chance < 0.15:
                number = self.random.randrange(1, 3000)
                said.append(f"{number}号" if language == "zh" else str(number))
            elif chance < 0.153:
                said.append("17N")
        return ("" if language == "zh" else " ").join(said).replace(" ,", ",").replace(" .", ".")

    def both(self, count: int) -> dict[str, str]:
        """About as much in either language; a Chinese word is shorter."""
        return {"zh": self.text("zh", count), "en": self.text("en", round(count * 0.9))}

    def title(self) -> dict[str, str]:
        zh = "".join(word for word in self.words("zh", 5) if len(word) > 1) or "无名"
        return {"zh": zh[:14], "en": " ".join(self.words("en", 4)).capitalize()}

    def case(self, number: int) -> dict[str, Any]:
        """About 1,100 Chinese characters and 500 English words."""
        draw = self.random
        ids = lambda kind, most, count: sorted(  # noqa: E731
            {f"{kind}-{min(int(draw.paretovariate(0.8)), most) - 1}" for _ in range(count)}
        )
        return {
            "title": self.title(),
            "summary": self.both(14),
            "status": draw.choice(_STATUSES),
            "themes": ids("theme", 6, 1),
            "tags": [self.zh[60 + min(int(draw.paretovariate(0.7)), 300)] for _ in range(3)],
            "audiences": ids("audience", 12, 2),
            "place": f"place-{draw.randrange(max(10, min(400, number + 10)))}",
            "programme": ids("programme", 30, 1)[0],
            "period": {"start": draw.randrange(2005, 2027)},
            "problem": self.both(60),
            "approach": self.both(120),
            "steps": [{"title": self.both(5), "text": self.both(25)} for _ in range(4)],
            "outcomes": [self.both(25) for _ in range(3)],
            "lessons": [self.both(25)],
            "challenges": [{"text": self.both(20), "response": self.both(20)}],
            "evidence": [
                {"dimension": f"forces/force-{draw.randrange(5)}", "what": self.both(12)} | _SOURCED
                for _ in range(draw.randrange(5))
            ],
            "actors": [
                {"organisation": name, "sector": draw.choice(_SECTORS)}
                for name in ids("organisation", 200, 2)
            ],
            "methods": ids("method", 40, 2),
            "sources": ["source-0"],
            "review": {"checked": f"{draw.randrange(2020, 2027)}-{draw.randrange(1, 13):02}"},
        }

    def reference(self) -> dict[str, Any]:
        def many(kind: str, count: int, **more: Any) -> dict[str, Any]:
            return {f"{kind}-{i}": {"title": self.title(), **more} for i in range(count)}

        places = many("place", 410)
        for number in range(10, 410):
            places[f"place-{number}"]["parent"] = f"place-{number % 10}"
        dimensions = [
            {"id": f"force-{i}", "title": self.title(), "means": self.both(8)} for i in range(5)
        ]
        return {
            "themes": many("theme", 6),
            "audiences": many("audience", 12),
            "places": places,
            "programmes": many("programme", 30),
            "organisations": many("organisation", 200, sector="community"),
            "methods": many("method", 40, purpose=self.both(10)),
            "frameworks": {"forces": {"title": self.title(), "dimensions": dimensions}},
            "sources": many("source", 1, type="article"),
        }


def _simple(phrase: str) -> bool:
    """Whether all characters are common Simplified ones, and none makes a number a door's."""
    if phrase[-1] in "栋幢座楼室":
        return False
    try:
        return all(byte < 0xD8 for byte in phrase.encode("gb2312")[::2])
    except UnicodeEncodeError:
        return False


_SOURCED = {"source": "source-0"}


def _ties(number: int) -> dict[str, Any]:
    """Every third case comes from an earlier one: repeats it, continues it or is a part of it."""
    older = f"case-{number // 2}"
    found = ({"replicates": [{"case": older}]}, {"succeeds": [{"case": older}]}, {"part_of": older})
    period = {"period": {"start": 2000, "approximate": True}}
    return found[number // 3 % 3] | period if number and number % 3 == 0 else period


def write(folder: Path, cases: int, seed: int = 3, ties: bool = False) -> Path:
    """A folder of case files; JSON is YAML too. With `ties` many cases come from others."""
    writer = Writer(seed)
    (folder / "reference").mkdir(parents=True)
    settings = {
        "languages": ["zh", "en"],
        "title": {"zh": "试", "en": "Test"},
        "framework": "forces",
    }
    (folder / "library.yml").write_text(_yaml(settings), "utf-8")
    for plural, records in writer.reference().items():
        (folder / "reference" / f"{plural}.yml").write_text(_yaml(records), "utf-8")
    for number in range(cases):
        if number % 1000 == 0:
            (folder / f"part-{number // 1000}").mkdir()
        path = folder / f"part-{number // 1000}" / f"case-{number}.yml"
        case = writer.case(number) | (_ties(number) if ties else {})
        path.write_text(_yaml(case), "utf-8")
    return folder


def _yaml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
