"""A made-up library of any size, for trying out and measuring: the same seed, the same bytes.

Records are drawn from the model's own declarations; words follow Zipf's law, as those of people do.
"""

from __future__ import annotations

import json
import random
import re
from itertools import accumulate
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pypinyin.phrases_dict import phrases_dict

from case_library.model.fields import FieldShape, Model, shapes
from case_library.model.kinds import KINDS, PART_KINDS
from case_library.model.values import Context

#: How many records of a kind there are: at most (a file may have so many), for so many cases one.
KIND_SIZES = {
    "theme": (8, 1), "audience": (12, 1), "place": (250, 5), "organisation": (300, 5),
    "method": (40, 10), "programme": (40, 20), "process": (3, 50), "framework": (1, 1),
    "indicator": (24, 4), "source": (350, 4),
}  # fmt: skip
#: Words of a text, where that is not usual for its shape.
LENGTHS = {"title": 5, "summary": 14, "problem": 60, "approach": 120, "how": 12, "means": 12}
USUAL = {"text": 6, "prose": 25}
#: What a made-up library cannot have, or has by its place in a list.
LEFT_OUT = {"media", "consent", "funnels", "rubric", "share_of", "sort_as", "license", "aliases"}
#: What others count on.
ALWAYS = {"direction", "approximate", "sources", "steps", "dimensions", "levels"}
PARTS = 5
TRIES = 20
#: Records whose parts are referred to by their ids.
WHOLES = {owner for owner, _ in PART_KINDS.values()}

_FUNCTION_WORDS = "的了在和与把一是有不这人们上来到大地为也说会要就出能可以对生家里"
# No syllable of pinyin begins so: English words are not taken for Chinese names.
_ONSETS = re.findall("..", "blbrclcrdrflfrglgrplprscslspsttr")
_RHYMES = [*"aeiou", "ai", "ea", "ou", "an", "en", "in", "on", "ar", "er", "ing"]
_ENDS = ["", "", "s", "ed", "tion", "ly", "ment", "ness"]


class Demo:
    """Draws words, texts and records."""

    def __init__(
        self, cases: int, seed: int = 3, languages: tuple[str, ...] = ("zh", "en")
    ) -> None:
        self.random = random.Random(seed)  # noqa: S311
        self.languages = languages
        self.cases = cases
        self.sizes = {
            kind: min(most, cases // each + 2) for kind, (most, each) in KIND_SIZES.items()
        }
        # A word and an age behind it look like a child that is named.
        known_phrases = (p for p in phrases_dict if 2 <= len(p) <= 4 and "岁" not in p)
        phrases = sorted(filter(_simple, known_phrases))
        self.random.shuffle(phrases)
        known = {
            "zh": [*_FUNCTION_WORDS, *phrases[:30_000]],
            "en": list(dict.fromkeys(self._word() for _ in range(24_000))),
        }
        self._words = {
            code: (words, list(accumulate(1 / (rank + 9) for rank in range(len(words)))))
            for code, words in known.items()
        }

    def record(self, kind: str, number: int) -> dict[str, Any]:
        while True:
            found = self._drawn(KINDS[kind], kind, number)
            if self._fits(KINDS[kind], found):
                return found

    def settings(self) -> dict[str, Any]:
        texts = {name: self.text(name, 6) for name in ("title", "headline", "summary")}
        return {"languages": list(self.languages), **texts, "framework": "framework-0"}

    def _drawn(self, model: type[Model], owner: str, number: int) -> dict[str, Any]:
        """A value for every field that must be, most that readers ask for, some of the others."""
        found: dict[str, Any] = {}
        for shape in shapes(model):
            likely = 1.0 if shape.required or shape.name in ALWAYS else 0.85 if shape.asked else 0.3
            if shape.name in LEFT_OUT or self.random.random() > likely:
                continue
            fixed = shape.name in {"dimensions", "levels", "steps"} and owner in WHOLES
            count = PARTS if fixed else self.random.randint(1, 3) if shape.many else 1
            drawn = [self._value(shape, owner, number, part) for part in range(count)]
            values = list({_name(v): v for v in drawn if v is not None}.values())
            if values:
                found[shape.name] = values if shape.many else values[0]
        return found

    def _fits(self, model: type[Model], value: dict[str, Any]) -> bool:
        """What the model refuses is drawn again: it knows best what goes together."""
        try:
            model.model_validate(value, context=Context(self.languages))
        except ValidationError:
            return False
        return True

    def _value(self, shape: FieldShape, owner: str, number: int, part: int) -> Any:
        draw = self.random
        if shape.refers_to:
            return self._reference(shape.refers_to, owner, number)
        if shape.model:
            for _ in range(TRIES):
                value = self._drawn(shape.model, owner, number)
                if any(s.name == "id" and not s.refers_to for s in shapes(shape.model)):
                    value["id"] = f"part-{part}"
                if value and self._fits(shape.model, value):
                    return value
            return None
        if shape.choices:
            return draw.choice([choice for choice in shape.choices if choice != "neutral"])
        if shape.shape in USUAL:
            return self.text(shape.name, USUAL[shape.shape])
        if shape.shape == "partial_date":
            return f"{draw.randrange(2012, 2026)}-{draw.randrange(1, 13):02}"
        if shape.shape == "number":
            return str(draw.randrange(1, 100))
        if shape.shape == "bool":
            return "true"
        if shape.shape == "url":
            return f"https://example.org/{draw.randrange(10**6)}"
        return f"part-{draw.randrange(PARTS)}"

    def _reference(self, kind: str, owner: str, number: int) -> str | None:
        """An id; of the same kind only an earlier one, so that nothing goes round in circles."""
        if kind in PART_KINDS:
            whole = self._reference(PART_KINDS[kind][0], owner, number)
            return f"{whole}/part-{self.random.randrange(1 if kind == 'process_step' else PARTS)}"
        most = number if kind == owner else self.sizes.get(kind, 0)
        if most < 1:
            return None
        # Few are spoken of often, most of them seldom.
        return f"{kind}-{min(int(self.random.paretovariate(0.5)), most) - 1}"

    def text(self, name: str, usual: int) -> Any:
        """A text in every language of the library."""
        said = {code: self._said(code, LENGTHS.get(name, usual)) for code in self.languages}
        return said if len(said) > 1 else next(iter(said.values()))

    def _said(self, code: str, count: int) -> str:
        """Sentences; now and then a number."""
        words, weights = self._words[code]
        said = []
        for word in self.random.choices(words, cum_weights=weights, k=count):
            said.append(word)
            chance = self.random.random()
            if count > 8 and chance < 0.14:
                said[-1] += {"zh": "，。", "en": ",."}[code][chance >= 0.1]
            elif chance < 0.15:
                said.append(f"{self.random.randrange(1, 3000)}" + {"zh": "项", "en": ""}[code])
        if code == "zh":
            return "".join(said)
        return " ".join(said).capitalize()

    def _word(self) -> str:
        draw = self.random
        parts = (draw.choice(_ONSETS) + draw.choice(_RHYMES) for _ in range(draw.randint(1, 3)))
        return "".join(parts) + draw.choice(_ENDS)


def _name(value: Any) -> str:
    """What tells the entries of a list apart: of a part, what it speaks of."""
    return str(next(iter(value.values())) if isinstance(value, dict) else value)


def _simple(phrase: str) -> bool:
    """Whether all characters are of the common Simplified ones."""
    try:
        return all(byte < 0xD8 for byte in phrase.encode("gb2312")[::2])
    except UnicodeEncodeError:
        return False


def write_cases(folder: Path, demo: Demo) -> Path:
    """The files of a library: one a case, a thousand a folder. JSON is YAML too."""
    files = {"library.yml": demo.settings()}
    for kind, size in demo.sizes.items():
        records = {f"{kind}-{number}": demo.record(kind, number) for number in range(size)}
        files[f"reference/{KINDS[kind].plural}.yml"] = records
    for name, value in files.items():
        _write(folder / name, value)
    for number in range(demo.cases):
        _write(folder / f"part-{number // 1000}/case-{number}.yml", demo.record("case", number))
    return folder


def write(folder: Path, demo: Demo) -> None:
    """A whole site, which `mkdocs build` builds."""
    (folder / "docs").mkdir(parents=True)
    write_cases(folder / "cases", demo)
    site = {"site_name": "Demo", "theme": {"name": "material"}, "plugins": ["case-library"]}
    _write(folder / "mkdocs.yml", site)


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
