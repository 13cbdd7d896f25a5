"""Personal data in texts: found by patterns and check digits, and masked wherever it is quoted."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import stdnum.cn.ric
import stdnum.luhn
import yaml

#: Fields whose text is an address of the web, which is full of digits.
ADDRESSES = frozenset({"contact_url", "website", "url", "license_url"})
#: The field by which an organisation wants to be reached.
CONTACT = "contact"

_CHECKS = {"chinese-id": stdnum.cn.ric.is_valid, "luhn": stdnum.luhn.is_valid}
#: All personal data that is looked for has one of these, however it is typed.
_NEEDED = re.compile(
    "[0-9@０-９＠²³¹⁰-⁹₀-₉①-⑨𝟎-𝟿٠-٩۰-۹&]|[〇零一二三四五六七八九幺]{3}|岁|[(（\\[]at[^a-z]"
)
#: What nobody sees of a text, or as something else. It begins with one character of many, which is
#: quick, and how far it reaches is bounded.
_UNSEEN = re.compile(
    r"[*_`~\\\[\]<>&\xa0\xad\u034f\u061c\u115f\u1160\u180b-\u180f\u2000-\u200f\u202f\u205f-\u2064"
    r"\u206a-\u206f\u20d0-\u20ff\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
    r"²³¹⁰-⁹₀-₉①-⑨𝟎-𝟿٠-٩۰-۹０-９Ａ-Ｚａ-ｚ＠＋－．＿‐-―]"
    r"(?:(?<=<)(?:!--[^\0]{0,300}?-->|(script|style|iframe|svg|math|template)\b[^\0]{0,300}?</\1>"
    r"|[a-zA-Z/!?][^<>\0]*>)|(?<=&)#?[0-9a-zA-Z]{1,9};"
    r"|(?<=\])(?:\((?:[^()\0]|\([^()\0]*\)){0,300}\)|\s?\[[^\[\]\0]{0,300}\]))?"
)
#: Numbers in Chinese numerals, as they are spoken.
_SPELT = re.compile("[〇零一二三四五六七八九幺](?:[ -]{0,3}[0-9〇零一二三四五六七八九幺]){9,}")
_NUMERALS = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
_SHOWN = 2


@dataclass(frozen=True)
class Sort:
    """One sort of personal data: how it is found, and whether consent can make it public.

    A text in which nothing is `near` is not searched: the search takes long.
    """

    name: str
    near: re.Pattern[str]
    pattern: re.Pattern[str]
    check: str
    contact: bool


class Found(NamedTuple):
    """Personal data in a text: its sort, and where it stands."""

    sort: Sort
    start: int
    end: int


class Told(NamedTuple):
    """Personal data in a record: the way to it, its sort, and as much of it as may be shown."""

    path: tuple[Any, ...]
    sort: str
    contact: bool
    shown: str

    @property
    def details(self) -> dict[str, str]:
        return {"personal": self.sort, "found": self.shown}


@functools.cache
def sorts() -> tuple[Sort, ...]:
    declared = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text("utf-8"))
    return tuple(
        Sort(
            name,
            re.compile(s["near"]),
            re.compile(s["pattern"].strip()),
            s.get("check", ""),
            s.get("contact", False),
        )
        for name, s in declared.items()
    )


def find(text: str) -> Iterator[Found]:
    """Every piece of personal data in a text, as it is written and as a reader sees it."""
    if not _NEEDED.search(text):
        return
    plain = _spelt(text.replace("\n", " "))
    written = [*_found(plain)]
    yield from written
    seen = _UNSEEN.sub(_seen, plain)
    if seen != plain and (found := [*_found(_spelt(seen))]):
        places, ends = _places(plain), {(f.sort.name, f.end) for f in written}
        for sort, start, end in found:
            start, end = places[start], places[end - 1] + 1
            if (sort.name, end) not in ends:
                yield Found(sort, start, end)


def _found(text: str) -> Iterator[Found]:
    for sort in sorts():
        for match in sort.pattern.finditer(text) if sort.near.search(text) else ():
            digits = re.sub("[ .-]", "", match[0])
            if not sort.check or _CHECKS[sort.check](digits):
                yield Found(sort, *match.span())


def _spelt(text: str) -> str:
    return _SPELT.sub(lambda found: found[0].translate(_NUMERALS), text)


def _seen(match: re.Match[str]) -> str:
    """What a reader sees of it."""
    piece = match[0]
    if piece[0] == "&":
        return "".join(map(_plain, html.unescape(piece)))
    return "" if piece.isascii() and piece != "<" else _plain(piece)


def _plain(character: str) -> str:
    """A character as one would type it; nothing where nobody sees it."""
    if character.isascii():
        return character
    if character.isdigit():
        return str(unicodedata.digit(character))
    if not _UNSEEN.match(character):
        return character
    plain = "-" if "‐" <= character <= "―" else unicodedata.normalize("NFKC", character)
    return plain if plain.isascii() else ""


def _places(text: str) -> list[int]:
    """For each character that a reader sees, where it is written."""
    places: list[int] = []
    after = 0
    for match in _UNSEEN.finditer(text):
        places += range(after, match.start())
        places += [match.start()] * len(_seen(match))
        after = match.end()
    return [*places, *range(after, len(text))]


def mask(text: str) -> str:
    """The text with the inside of all personal data hidden, as long as it was."""
    for found in find(text):
        shown = min(_SHOWN, (found.end - found.start) // 4)
        start, end = found.start + shown, found.end - shown
        text = text[:start] + "•" * (end - start) + text[end:]
    return text


def within(value: Any) -> tuple[Told, ...]:
    """All personal data in a record as it was written."""
    # One search instead of a hundred: no pattern reaches over what separates them.
    if next(find("\0".join(_texts(value))), None) is None:
        return ()
    return tuple(
        Told(path, found.sort.name, found.sort.contact, mask(text[found.start : found.end]))
        for path, text in texts(value)
        for found in find(text)
    )


def texts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every text in a record, with the way to it; addresses left out."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in ADDRESSES:
                yield from texts(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*path, index))


def _texts(value: Any) -> list[str]:
    """The same without the ways, which take longer than the texts."""
    found: list[str] = []
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if type(value) is str:
            found.append(value)
        elif type(value) is dict:
            waiting += [item for name, item in value.items() if name not in ADDRESSES]
        elif type(value) is list:
            waiting += value
    return found
