"""Shell: what a theme draws around pages, drawn once, split where they differ, and filled."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from case_library.noted import stamp

#: Never in a text: characters like these are refused when a file is read.
_MARK = re.compile("\x01(\\w+)\x01")


class PersonalError(Exception):
    """A template asked for what differs from page to page: it must be drawn for each."""


class Anyone:
    """Stands for any page: what all have in common is given, all else is refused."""

    def __init__(self, **common: Any) -> None:
        self.__dict__ = common

    def __getattr__(self, name: str) -> Any:
        raise PersonalError(name)


def mark(name: str) -> Markup:
    """Where `fill` puts a part."""
    return Markup(f"\x01{name}\x01")


def encoded(text: str) -> bytes:
    """As MkDocs writes pages."""
    return text.encode("utf-8", "xmlcharrefreplace")


class Shell:
    def __init__(self, text: str, **known: Any) -> None:
        names = _MARK.split(text)
        self._parts: list[bytes] = [encoded(part) for part in names]
        self._names = names[1::2]
        #: Stands for all that the theme drew.
        self.drawn = stamp(text, known)
        #: What the theme drew for a part of ours.
        self.known = known

    def fill(self, parts: dict[str, bytes]) -> bytes:
        found = self._parts.copy()
        found[1::2] = [parts[name] for name in self._names]
        return b"".join(found)
