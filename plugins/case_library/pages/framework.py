"""The page of a framework: its dimensions, how profiles are counted, the evidence for each."""

from __future__ import annotations

from typing import cast

from case_library.frameworks import profile
from case_library.model.reference import Framework
from case_library.pages import record
from case_library.pages.edition import Edition
from case_library.pages.page import Page
from case_library.taxonomy import Term

#: What this page's own template shows in its own way.
_SHOWN_APART = {"dimensions", "levels", "formula"}


def page(edition: Edition, term: Term) -> Page:
    """Like any record's page, with the evidence of the whole library under each dimension."""
    framework = cast("Framework", term.record)
    found = record.page(edition, term)
    found.template = "framework.html"
    found.context["sections"] = [
        section for section in found.context["sections"] if section.name not in _SHOWN_APART
    ]
    found.context["facts"] = [
        section for section in found.context["facts"] if section.name not in _SHOWN_APART
    ]
    found.context["profile"] = profile(framework, edition.library.cases)
    return found
