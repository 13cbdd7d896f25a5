"""Text to tokens: the same folding that `search.js` does, so that both find the same places.

Folded text holds only characters that count: letters, digits, and characters of scripts that are
written without spaces ("Han" for short). One space stands for any punctuation, a line break
between texts that no phrase may span. Blanks beside Han vanish: `64 号院` is `64号院`.
A piece is what stands between two breaks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import resources
from operator import add

from pypinyin import lazy_pinyin

#: Scripts without spaces between words: Thai, Lao, Burmese, Khmer, CJK, kana, bopomofo.
HAN = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029"
    "\u3031-\u3035\u3038-\u303c\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
#: Marks that belong to the letter before them.
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0dff"
)
#: Characters that nobody sees: soft hyphen, zero-width, direction marks, variation selectors.
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"

#: Prefixes of up to so many letters are tokens of their own.
PREFIX = 3
#: How many syllables a spoken token holds; the one that begins the name holds all.
SPOKEN = 8

_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_BLANK_AT_HAN = re.compile(rf"(?<=[{HAN}])[ \t\r]+|[ \t\r]+(?=[{HAN}])")
_BREAK = re.compile(rf"(?:_|[^\w{HAN}{MARKS}\n])+")
_LINES = re.compile(r" ?\n[ \n]*")
_HAN = re.compile(f"[{HAN}]")
_PIECE = re.compile(r"[^ \n]+")
_RUN = re.compile(rf"[^{HAN} \n]+")
_IDEOGRAPHS = re.compile("([\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+)")
_SPOKEN_PART = re.compile("[^a-z0-9]")


def _pairs() -> tuple[dict[str, str], dict[str, str]]:
    path = resources.files("case_library.search") / "traditional.txt"
    lines = [x for x in path.read_text("utf-8").splitlines() if not x.startswith("#")]
    return dict(zip(lines[0], lines[1])), dict(zip(lines[2], lines[3]))


#: Traditional to Simplified; the second only where a query would find nothing as it stands.
TRADITIONAL, DOUBTFUL = _pairs()
_SIMPLER = str.maketrans(TRADITIONAL)


def fold(text: str) -> str:
    """Folded text, as described above."""
    text = unicodedata.normalize("NFKC", text).lower().replace("ς", "σ")
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
        if not TRADITIONAL.keys().isdisjoint(text):
            text = text.translate(_SIMPLER)
        text = _BLANK_AT_HAN.sub("", text)
    return _LINES.sub("\n", _BREAK.sub(" ", text)).strip()


def is_han(character: str) -> bool:
    return _HAN.match(character) is not None


def places(folded: str) -> Iterator[tuple[str, int]]:
    """Every token of a folded text with its place, from left to right within each kind.

    A piece with Han gives all its pairs of characters; every run of letters and digits is a
    token too, written with a blank before it, so that `ai` the word is not `ai` the pair.
    """
    for match in _PIECE.finditer(folded):
        piece, start = match.group(), match.start()
        if piece.isascii() or not _HAN.search(piece):
            yield f" {piece}", start
            continue
        yield from zip(map(add, piece, piece[1:]), range(start, start + len(piece)))
        for run in _RUN.finditer(piece):
            yield f" {run.group()}", start + run.start()


def singles(folded: str, words: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Han characters, and the first letters of words, each with its first place."""
    found = {c: folded.index(c) for c in set(folded) if c > "\u0dff" and is_han(c)}
    for word, place in words:
        for length in range(1, PREFIX + 1):
            prefix = word[:length]
            if place < found.get(prefix, len(folded)):
                found[prefix] = place
    return found


@lru_cache(maxsize=100_000)
def syllables(name: str) -> tuple[str, ...]:
    """How a name is typed: a syllable for each Han character, other runs as they are."""
    parts: list[str] = []
    for index, run in enumerate(_IDEOGRAPHS.split(name)):
        if index % 2:
            parts += lazy_pinyin(run)
        elif run:
            parts.append(run.lower())
    return tuple(_SPOKEN_PART.sub("", part) for part in parts)


def spoken(name: str) -> set[str]:
    """The tokens under which a name is found by pinyin and by initials, from any syllable on."""
    if not _IDEOGRAPHS.search(name):
        return set()
    parts = [part for part in syllables(name) if part]
    initials = [part if part[0].isdigit() else part[0] for part in parts]
    cuts = [slice(None), *(slice(i, i + SPOKEN) for i in range(1, min(len(parts), 2 * SPOKEN)))]
    return {"".join(way[cut]) for cut in cuts for way in (parts, initials)}
