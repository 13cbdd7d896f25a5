"""The home page: what this library is, for whom, what is in it, where to begin."""

from __future__ import annotations

from functools import partial
from typing import Any, get_args

from case_library.indicators import own
from case_library.model.info import HomePart
from case_library.pages.edition import Edition
from case_library.pages.gaps import first_gap
from case_library.pages.page import Page
from case_library.taxonomy import Term

_NEWEST = 6
_POPULAR = 5
#: Regions on the page, and places named within each.
_REGIONS, _WITHIN = 12, 8


def page(edition: Edition) -> Page:
    if not edition.library.cases:
        return edition.page("", "home", edition.title, "welcome.html")
    return edition.page("", "home", edition.title, "home.html", partial(_says, edition))


def _says(edition: Edition) -> dict[str, Any]:
    library = edition.library
    terms = edition.taxonomies.terms
    reporting = [case for case in library.cases if any(c.reports for c in own(case))]
    return {
        "parts": library.info.home or get_args(HomePart),
        "cases": library.cases,
        "themes": edition.sorted(terms["theme"]),
        "places": [term for term in terms["place"] if term.cases],
        "regions": _regions(edition, [term for term in terms["place"] if term.cases]),
        "newest": edition.newest(library.cases)[:_NEWEST],
        "reporting": reporting,
        "gap": first_gap(edition),
        "popular": sorted(terms["tag"], key=lambda term: (-len(term.cases), term.slug))[:_POPULAR],
    }


def _regions(edition: Edition, terms: list[Term]) -> list[tuple[Term, list[Term]]]:
    """The outermost places, each with those within it; where all stand in one, what is below it."""
    known = {term.slug: term for term in terms}
    ways = [
        [*(a.id for a in reversed(edition.library.ancestors(term.record))), term.slug]
        for term in edition.sorted(terms)
        if term.record
    ]
    deepest = max(map(len, ways), default=0)
    level = int(len({way[0] for way in ways}) == 1 and deepest > 1)
    regions: dict[str, list[Term]] = {}
    for way in ways:
        if len(way) > level:
            regions.setdefault(way[level], []).extend([known[way[-1]]] * (len(way) > level + 1))
    return [
        (known[slug], within[:_WITHIN])
        for slug, within in list(regions.items())[:_REGIONS]
        if slug in known
    ]
