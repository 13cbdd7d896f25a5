"""The lineage page: every family of cases and programmes, from the oldest down."""

from __future__ import annotations

from case_library.pages.edition import Edition
from case_library.pages.page import Page

#: Families that are drawn; the largest are.
_MOST = 40


def page(edition: Edition) -> Page | None:
    """None where nothing in the library comes from anything else."""
    families = edition.shared.lineage.families(edition.order)
    if not families:
        return None
    return edition.page(
        "lineage/",
        "lineage",
        edition.t("lineage.title"),
        "lineage.html",
        description=edition.t("lineage.lead"),
        crumbs=[edition.crumb("case")],
        families=families[:_MOST],
        left_off=max(len(families) - _MOST, 0),
    )
