"""The lineage page: every family of cases and programmes, from the oldest down."""

from __future__ import annotations

from functools import partial
from typing import Any

from case_library.pages.edition import Edition
from case_library.pages.page import Page

#: Families that are drawn; the largest are.
_MOST = 40


def page(edition: Edition) -> Page | None:
    """None where nothing in the library comes from anything else."""
    if not edition.shared.lineage.is_known():
        return None
    title = edition.t("lineage.title")
    return edition.page("lineage/", "lineage", title, "lineage.html", partial(_says, edition))


def _says(edition: Edition) -> dict[str, Any]:
    families = edition.shared.lineage.families(edition.order)
    return {
        "description": edition.t("lineage.lead"),
        "crumbs": [edition.crumb("case")],
        "families": families[:_MOST],
        "left_off": max(len(families) - _MOST, 0),
    }
