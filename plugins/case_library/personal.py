"""Personal data in texts: found by patterns and check digits, and masked wherever it is quoted."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import stdnum.cn.ric
import stdnum.luhn
import yaml

#: Fields whose text is an address of the web or the name of a file.
ADDRESSES = frozenset({"contact_url", "website", "url", "license_url", "file"})
#: The field by which an organisation wants to be reached.
CONTACT = "contact"

_CHECKS = {"chinese-id": stdnum.cn.ric.is_valid, "luhn": stdnum.luhn.is_valid}
_WIDTHS = str.maketrans("０１２３４５６７８９＠＋－—–‐", "0123456789@+----")
_WIDE = re.compile("[０-９＠＋－—–‐]")
#: All personal data that is looked for has one of these.
_NEEDED = re.compile("[0-9０-９@＠]")
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


@dataclass(frozen=True)
class Found:
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
    """Every piece of personal data in a text."""
    if not _NEEDED.search(text):
        return
    plain = _WIDE.sub(lambda found: found[0].translate(_WIDTHS), text)
    for sort in sorts():
        for match in sort.pattern.finditer(plain) if sort.near.search(plain) else ():
            digits = re.sub("[ -]", "", match[0])
            if not sort.check or _CHECKS[sort.check](digits):
                yield Found(sort, *match.span())


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
    """Every text in a record as it is read, with the way to it; addresses left out."""
    if isinstance(value, str):
        yield path, _read(value)
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
            found.append(_read(value))
        elif type(value) is dict:
            waiting += [item for name, item in value.items() if name not in ADDRESSES]
        elif type(value) is list:
            waiting += value
    return found


def _read(text: str) -> str:
    """Without references to characters, which Markdown takes: `&#64;` is read as `@`."""
    return html.unescape(text) if "&" in text else text
