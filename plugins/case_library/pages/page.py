"""Page: an address, a language, a title and what its template needs; no HTML yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from case_library.model.record import Record

#: What a page's template needs, with its `description` and `crumbs`.
Says = Callable[[], dict[str, Any]]

#: Stands for a page's own name where something is drawn for all pages of a sort.
ANY_NAME = "zqxownnamezqx"


class Crumb(NamedTuple):
    """One step of the way from the home page; `address` None is the page itself."""

    title: str
    address: str | None


@dataclass
class Page:
    """A page to be written.

    `address` is relative to the site's root, ends with a slash (or is empty: the home page) and
    includes the language's prefix; `path` is the same without it, shared by all languages.
    `says` makes what the template needs, when the page is drawn.
    """

    path: str
    address: str
    language: str
    kind: str
    title: str
    template: str
    says: Says
    record: Record | None = None

    @cached_property
    def context(self) -> dict[str, Any]:
        return self.says()

    @property
    def description(self) -> str:
        description: str = self.context["description"]
        return description

    @property
    def crumbs(self) -> list[Crumb]:
        """The way here from the home page."""
        return [*self.context.get("crumbs", ()), Crumb(self.title, None)] if self.path else []

    @property
    def depth(self) -> int:
        return self.address.count("/")

    @property
    def own_folder(self) -> str:
        """The part of its path that other pages of its sort do not have: `cases/x/`."""
        names = self.path.split("/", 2)
        return f"{names[0]}/{names[1]}/" if len(names) > 2 else self.path

    @property
    def any_path(self) -> str:
        """The path of all pages of its sort, with `ANY_NAME` in the place of the name."""
        above, _, _ = self.own_folder.rstrip("/").rpartition("/")
        own = f"{above}/{ANY_NAME}/".lstrip("/")
        return own + self.path.removeprefix(self.own_folder) if self.path else ""
