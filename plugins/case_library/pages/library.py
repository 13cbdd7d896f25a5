"""The library page: all cases, as rows and as a table, and the terms they stand under.

Scripts turn the first page into a search; without them it lists every case, on more pages where
there are many.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from case_library.pages.edition import Edition
from case_library.pages.page import Page

#: Terms of one taxonomy; an index lists the others.
TERMS = 12


def pages(edition: Edition) -> Iterator[Page]:
    for part in edition.parts:
        title = edition.t("ui.library")
        if part > 1:
            title = f"{title} · {edition.t('search.page', page=part)}"
        says = partial(_says, edition, part)
        yield edition.page(_path(part), "library", title, "library.html", says)


def _says(edition: Edition, part: int) -> dict[str, Any]:
    cases, total, last = edition.parts[part]
    return {
        "description": edition.t("ui.library-summary", total, title=edition.title),
        "crumbs": () if part == 1 else [edition.crumb("case")],
        "cases": cases,
        "total": total,
        "browse": _browse(edition) if part == 1 else [],
        "part": part,
        "parts": [(number, edition.prefix + _path(number)) for number in _near(part, last)],
    }


def _path(part: int) -> str:
    return "library/" if part == 1 else f"library/{part}/"


def _near(part: int, last: int) -> list[int]:
    """The first, the last, those beside this one, and far ones in growing steps."""
    if last == 1:
        return []
    steps = {
        part + way * 10**power * step for way in (-1, 1) for power in range(4) for step in (1, 3)
    }
    return sorted({1, part, last, *(number for number in steps if 1 <= number <= last)})


def _browse(edition: Edition) -> list[tuple[str, list[object], int]]:
    """Each taxonomy with its most used terms, and how many it has."""
    found = []
    for kind, terms in edition.taxonomies.terms.items():
        used = [term for term in terms if term.cases]
        most = sorted(used, key=lambda term: -len(term.cases))[:TERMS]
        if most:
            found.append((kind, edition.sorted(most), len(used)))
    return found
