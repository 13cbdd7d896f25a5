"""The comparison page: an empty frame that a script fills with the cases its address names."""

from __future__ import annotations

from case_library.pages.edition import Edition
from case_library.pages.page import Page


def page(edition: Edition) -> Page:
    says = {
        "description": edition.t("search.compare.hint"),
        "crumbs": [edition.crumb("case")],
    }
    return edition.page(
        "compare/", "compare", edition.t("search.compare.title"), "compare.html", says.copy
    )
