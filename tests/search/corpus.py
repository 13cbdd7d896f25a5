"""A seeded bilingual corpus whose words follow Zipf's law, and a naive search to compare with."""

from __future__ import annotations

import random
import re
import unicodedata
from functools import cache
from itertools import accumulate

from case_library.search.entry import Entry, Facet, Term
from case_library.search.tokens import syllables

_HAN = "\u3400-\u9fff"
_CONSONANTS = [*"bcdfghklmnprstvw", "st", "tr", "ch", "sh"]
_VOWELS = [*"aeiou", "ea", "ou", "ai"]


class Corpus:
    """Cases in two languages, made of words drawn by one seed, and the facets they are under."""

    def __init__(self, size: int, seed: int = 1, length: int = 400) -> None:
        self.random = random.Random(seed)
        self.length = length
        characters = self._common_characters()
        self.chinese = self._words(lambda: "".join(self._drawn(characters, (1, 2, 2, 3, 4))))
        sounds = [c + v for c in _CONSONANTS for v in _VOWELS]
        self.english = self._words(lambda: "".join(self._drawn(sounds, (1, 2, 3, 4))))
        self.places = ["".join(self.random.sample(self.chinese[:300], 2)) for _ in range(40)]
        self.entries: dict[str, list[Entry]] = {"zh": [], "en": []}
        for number in range(size):
            self._case(number)
        self.facets = self._facets()

    def _common_characters(self) -> list[str]:
        first_level = [bytes((0xB0 + i // 94, 0xA1 + i % 94)) for i in range(3755)]
        characters = [code.decode("gb2312") for code in first_level]
        self.random.shuffle(characters)
        return characters

    def _drawn(self, parts: list[str], lengths: tuple[int, ...]) -> list[str]:
        weights = list(accumulate(1 / (i + 3) for i in range(len(parts))))
        return self.random.choices(parts, cum_weights=weights, k=self.random.choice(lengths))

    def _words(self, make) -> list[str]:  # type: ignore[no-untyped-def]
        return list(dict.fromkeys(make() for _ in range(1500)))

    def _text(self, words: list[str], length: int, between: str) -> str:
        weights = list(accumulate(1 / (i + 10) for i in range(len(words))))
        stops = ["，", "。", " 64 ", "17N"] if not between else [", ", ". ", " 64 ", " 17N "]
        parts: list[str] = []
        for word in self.random.choices(words, cum_weights=weights, k=length):
            parts += (word, between)
            if self.random.random() < 0.12:
                parts.append(self.random.choice(stops))
        return "".join(parts).strip()

    def _case(self, number: int) -> None:
        place = self.random.randrange(len(self.places))
        facets = {
            "theme": (f"theme-{self.random.randrange(4)}",),
            "place": (f"place-{place}",),
            "tag": tuple({f"tag-{int(self.random.paretovariate(0.8)) % 20}" for _ in range(3)}),
        }
        newest, evidence = self.random.randrange(20200101, 20251231), self.random.randrange(9)
        for language, words, between in (("zh", self.chinese, ""), ("en", self.english, " ")):
            title = self._text(words, 4, between)
            paragraphs = [self._text(words, self.length // 4, between) for _ in range(2)]
            prefix = "" if language == "zh" else "en/"
            entry = Entry(
                address=f"{prefix}cases/case-{number}/",
                kind="case",
                id=f"case-{number}",
                title=title,
                names=(self.places[place],) if language == "zh" else (),
                labels=(f"{between}label {number % 7}",),
                summary=self._text(words, 12, between),
                text="\n".join(paragraphs),
                facets=facets,
                title_key=syllables(title),
                newest=newest,
                evidence=evidence,
            )
            self.entries[language].append(entry)

    def _facets(self) -> list[Facet]:
        districts = tuple(Term(f"district-{i}", f"District {i}") for i in range(3))
        places = tuple(
            Term(f"place-{i}", name, f"district-{i % 3}") for i, name in enumerate(self.places)
        )
        return [
            Facet("theme", tuple(Term(f"theme-{i}", f"Theme {i}") for i in range(4))),
            Facet("place", districts + places),
            Facet("tag", tuple(Term(f"tag-{i}", f"Tag {i}") for i in range(20))),
        ]

    def substrings(self, language: str, count: int, seed: int = 2) -> list[str]:
        """What readers may type: pieces of the texts, cut anywhere, seldom across punctuation."""
        draw = random.Random(seed)
        found: list[str] = []
        while len(found) < count:
            entry = draw.choice(self.entries[language])
            text = plain(draw.choice((entry.title, entry.summary, entry.text, entry.text)))
            if language == "zh":
                start = draw.randrange(len(text))
                query = text[start : start + draw.randint(1, 6)]
            else:
                word = draw.choice(re.findall(r"\w+", text))
                query = word[: draw.randint(2, 8)]
            if re.fullmatch(r"\w+", query):
                found.append(query)
        return found


@cache
def plain(text: str) -> str:
    """A text as a reader would compare it: one width, one case, no blanks beside Chinese."""
    text = unicodedata.normalize("NFKC", text).lower()
    return re.sub(rf"(?<=[{_HAN}])[ ]+|[ ]+(?=[{_HAN}])", "", text)


def scan(entries: list[Entry], *words: str) -> set[str]:
    """The ids of the entries that hold all words, found by looking at every text."""
    return {entry.id for entry in entries if all(_holds(entry, plain(word)) for word in words)}


def _holds(entry: Entry, word: str) -> bool:
    texts = (entry.title, *entry.names, *entry.labels, entry.summary, entry.text)
    held = [text for text in map(plain, texts) if word in text]
    if re.search(f"[{_HAN}]", word):
        return bool(held)
    # A word of letters and digits is found by its beginning.
    start = re.compile(rf"(?<![^\W{_HAN}]){re.escape(word)}")
    return any(map(start.search, held))
