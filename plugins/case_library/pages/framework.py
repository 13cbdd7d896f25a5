"""The page of a framework: its dimensions, how profiles are counted, the evidence for each."""

from __future__ import annotations

import dataclasses
from typing import Any, cast

from case_library.frameworks import profile
from case_library.model.reference import Framework
from case_library.pages import record
from case_library.pages.edition import Edition
from case_library.pages.page import Page, Says
from case_library.taxonomy import Term

#: What this page's own template shows in its own way.
_SHOWN_APART = {"dimensions", "levels", "formula"}


def page(edition: Edition, term: Term) -> Page:
    """Like any record's page, with the evidence of the whole library under each dimension."""
    framework = cast("Framework", term.record)
    found = record.page(edition, term)

    def says(above: Says = found.says) -> dict[str, Any]:
        said = above()
        for part in ("sections", "facts"):
            said[part] = [section for section in said[part] if section.name not in _SHOWN_APART]
        return {**said, "profile": profile(framework, edition.library.cases)}

    return dataclasses.replace(found, template="framework.html", says=says)
