"""The library page: all cases, as cards and as a table."""

from __future__ import annotations

from case_library.pages.edition import Edition
from case_library.pages.page import Page


def page(edition: Edition) -> Page:
    cases = edition.library.cases
    terms = edition.taxonomies.terms
    return edition.page(
        "library/",
        "library",
        edition.t("ui.library"),
        "library.html",
        description=edition.t("ui.library-summary", len(cases), title=edition.title),
        cases=edition.sorted(cases),
        kinds=[kind for kind, found in terms.items() if found],
    )
