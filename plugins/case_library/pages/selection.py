"""Pages of what a reader picks: empty frames that scripts fill with the cases an address names."""

from __future__ import annotations

from collections.abc import Iterator

from case_library.pages.edition import Edition
from case_library.pages.page import Page


def pages(edition: Edition) -> Iterator[Page]:
    """The comparison, and the casebook with its cover and contents."""
    for name in ("compare", "casebook"):
        title = edition.t(f"search.{name}.title")
        says = {"description": edition.t(f"search.{name}.hint"), "crumbs": [edition.crumb("case")]}
        yield edition.page(f"{name}/", name, title, f"{name}.html", says.copy)
