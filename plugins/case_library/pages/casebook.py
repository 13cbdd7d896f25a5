"""The casebook: a cover and contents that a script fills with the cases its address names."""

from __future__ import annotations

from case_library.pages.edition import Edition
from case_library.pages.page import Page


def page(edition: Edition) -> Page:
    says = {
        "description": edition.t("search.casebook.hint"),
        "crumbs": [edition.crumb("case")],
    }
    return edition.page(
        "casebook/", "casebook", edition.t("search.casebook.title"), "casebook.html", says.copy
    )
