"""The about page: what the library says of itself, how it reads its sources, what is in it."""

from __future__ import annotations

from functools import partial
from typing import Any

from case_library.model.kinds import KINDS
from case_library.pages.edition import Edition
from case_library.pages.page import Page
from case_library.taxonomy import VALUE_TAXONOMIES


def page(edition: Edition) -> Page:
    return edition.page(
        "about/", "about", edition.t("ui.about"), "about.html", partial(_says, edition)
    )


def _says(edition: Edition) -> dict[str, Any]:
    counts = [
        (kind, len(edition.taxonomies.terms[kind]))
        for kind in (*KINDS, *VALUE_TAXONOMIES)
        if edition.library.cases and kind != "case" and edition.taxonomies.terms[kind]
    ]
    return {"info": edition.library.info, "counts": counts}
