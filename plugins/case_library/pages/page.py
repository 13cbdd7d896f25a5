"""Page: an address, a language, a title and what its template needs; no HTML yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from case_library.model.record import Record


@dataclass(frozen=True)
class Crumb:
    """One step of the way from the home page; `address` None is the page itself."""

    title: str
    address: str | None


@dataclass
class Page:
    """A page to be written.

    `address` is relative to the site's root, ends with a slash (or is empty: the home page) and
    includes the language's prefix; `path` is the same without it, shared by all languages.
    """

    path: str
    address: str
    language: str
    kind: str
    title: str
    description: str
    template: str
    crumbs: list[Crumb] = field(default_factory=list)
    record: Record | None = None
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def depth(self) -> int:
        return self.address.count("/")
