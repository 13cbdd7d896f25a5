"""Text to tokens, by the same rules as `search.js`, so that both find the same places.

Folded text holds only what counts: letters, digits, and characters of scripts that are written
without spaces ("Han" for short). One space stands for any punctuation, a line break divides
texts that no phrase may span. Blanks beside Han vanish: `64 号院` is `64号院`. A piece is what
stands between two breaks; one with Han in it is found by its pairs of characters, any other is a
word. The words inside pieces with Han are words too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import chain

import numpy as np

from case_library.pinyin import pinyin
from case_library.search.pieces import Numbers

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
#: How many syllables a spoken token holds; the one that begins the name holds all.
SPOKEN = 8

_HAN = re.compile(f"[{HAN}]")
_LETTER = re.compile(rf"[^\W_]|[{HAN}{MARKS}]")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_WORD = re.compile(rf"[^{HAN} \n]+")
_IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_UNITS = re.compile(f"{_IDEOGRAPH.pattern}|[^{_IDEOGRAPH.pattern[1:]}+")
_SPOKEN_PART = re.compile("[^a-z0-9]")


def _pairs() -> tuple[dict[str, str], dict[str, str]]:
    path = resources.files("case_library.search") / "traditional.txt"
    lines = [x for x in path.read_text("utf-8").splitlines() if not x.startswith("#")]
    return dict(zip(*lines[:2], strict=True)), dict(zip(*lines[2:], strict=True))


#: Traditional to Simplified; the second only where a query would find nothing as it stands.
TRADITIONAL, DOUBTFUL = _pairs()


#: Ends a text among folded ones, and is in none. A point stands for all punctuation.
END = 0x1D
_BLANK, _LINE, _POINT = 0x20, 0x0A, 0x1F
_ALL = 0x110000
#: Whether a character is Han, by its number.
IS_HAN = np.zeros(_ALL, bool)
for _first, _last in zip(HAN[::3], HAN[2::3], strict=True):
    IS_HAN[ord(_first) : ord(_last) + 1] = True


def traditional(text: str) -> list[str]:
    """The Traditional characters in a text."""
    found = np.zeros(_ALL, bool)
    found[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)] = True
    return [character for character in TRADITIONAL if found[ord(character)]]


class _Folding:
    """What becomes of each character, worked out when it is first met."""

    def __init__(self) -> None:
        # Nothing is 0; the number of what is more than one character begins behind all of them.
        self.table = np.append(np.full(_ALL, -1), END)
        self.longer: list[list[int]] = []

    def __call__(self, codes: Numbers) -> Numbers:
        found = self.table[codes]
        if len(unknown := np.unique(codes[found < 0])):
            self.table[unknown] = list(map(self._folded, unknown.tolist()))
            found = self.table[codes]
        long = np.flatnonzero(found >= _ALL)
        if not len(long):
            return found[found > 0]
        parts = [self.longer[number - _ALL] for number in found[long].tolist()]
        found = np.insert(
            found, np.repeat(long, [len(part) for part in parts]), list(chain(*parts))
        )
        return found[(found > 0) & (found < _ALL)]

    def _folded(self, code: int) -> int:
        text = unicodedata.normalize("NFKC", chr(code)).lower()
        parts = [part for part in map(self._part, text) if part]
        if len(set(parts)) == 1 and parts[0] == _POINT:
            return _POINT
        if len(parts) < 2:
            return parts[0] if parts else 0
        self.longer.append(parts)
        return _ALL + len(self.longer) - 1

    @staticmethod
    def _part(part: str) -> int:
        if part == "\n":
            return _LINE
        if part in " \t\r":
            return _BLANK
        if _INVISIBLE.match(part):
            return 0
        part = "σ" if part == "ς" else TRADITIONAL.get(part, part)
        return ord(part) if _LETTER.match(part) else _POINT


_folding = _Folding()


def folded(texts: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Folded texts as numbers of characters, END behind each; and the places of these ends."""
    whole = [unicodedata.normalize("NFC", text) for text in texts]
    joined = "\n".join((*whole, "")).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(joined, np.uint32).astype(np.int64)
    codes[np.cumsum([len(text) + 1 for text in whole]) - 1] = _ALL
    codes = _folding(codes)

    solid = codes != _BLANK
    places = np.flatnonzero(solid)
    blanks = np.flatnonzero(~solid)
    behind = blanks - np.arange(len(blanks))
    beside = IS_HAN[codes[places[behind]]] | IS_HAN[codes[places[behind - 1]]]
    solid[blanks] = ~beside
    codes = codes[solid]

    gap = (codes <= _BLANK) & (codes != END)
    before, after = np.roll(gap, 1), np.roll(gap, -1)
    first, last = np.flatnonzero(gap & ~before), np.flatnonzero(gap & ~after)
    lines = np.flatnonzero(codes == _LINE)
    broken = np.searchsorted(lines, last, "right") > np.searchsorted(lines, first)
    codes[first] = np.where(broken, _LINE, _BLANK)
    within = (codes[first - 1] != END) & (codes[last + 1] != END)
    gap[first[within]] = False
    codes = codes[~gap]
    return codes, np.flatnonzero(codes == END)


def decoded(codes: Numbers) -> str:
    return codes.astype(np.uint32).tobytes().decode("utf-32-le")


def fold(text: str) -> str:
    """Folded text, as described above."""
    return decoded(folded([text])[0][:-1])


def has_han(text: str) -> bool:
    return not text.isascii() and _HAN.search(text) is not None


def words(text: str) -> list[str]:
    """The runs of letters and digits of a folded text, between its Han and its breaks."""
    return _WORD.findall(text)


@cache
def syllables(name: str) -> tuple[str, ...]:
    """How a name is typed: a syllable for each Chinese character, what stands between as it is."""
    units = _UNITS.findall(name)
    parts = pinyin(name)
    if len(parts) != len(units):  # a character that has no pinyin was taken for something else
        parts = tuple("".join(pinyin(unit)) for unit in units)
    return tuple(
        _SPOKEN_PART.sub("", part.rstrip("012345") if _IDEOGRAPH.match(unit) else part.lower())
        for unit, part in zip(units, parts, strict=True)
    )


def has_sound(name: str) -> bool:
    return _IDEOGRAPH.search(name) is not None


def spoken(name: str) -> tuple[str, ...]:
    """The tokens under which a name is found by pinyin and by initials, from any syllable on."""
    if not has_sound(name):
        return ()
    parts = [part for part in syllables(name) if part]
    initials = [part if part[0].isdigit() else part[0] for part in parts]
    cuts = [slice(None), *(slice(i, i + SPOKEN) for i in range(1, min(len(parts), 2 * SPOKEN)))]
    return tuple(dict.fromkeys("".join(way[cut]) for cut in cuts for way in (parts, initials)))
