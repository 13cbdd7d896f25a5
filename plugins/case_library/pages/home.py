"""The home page: what this library is, for whom, what is in it, where to begin."""

from __future__ import annotations

from case_library.indicators import own
from case_library.pages.edition import Edition
from case_library.pages.gaps import first_gap
from case_library.pages.page import Page

_NEWEST = 6
_POPULAR = 5


def page(edition: Edition) -> Page:
    library = edition.library
    if not library.cases:
        return edition.page("", "home", edition.title, "welcome.html")
    terms = edition.taxonomies.terms
    reporting = [case for case in library.cases if any(c.reports for c in own(case))]
    return edition.page(
        "",
        "home",
        edition.title,
        "home.html",
        cases=library.cases,
        themes=edition.sorted(terms["theme"]),
        places=[term for term in edition.sorted(terms["place"]) if term.cases],
        newest=edition.newest(library.cases)[:_NEWEST],
        reporting=reporting,
        gap=first_gap(edition),
        popular=sorted(terms["tag"], key=lambda term: (-len(term.cases), term.slug))[:_POPULAR],
    )
