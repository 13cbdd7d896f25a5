"""What stands where a case was taken out: that it was, and when; nothing of the case itself."""

from __future__ import annotations

from case_library.model.values import PartialDate
from case_library.pages.edition import Edition
from case_library.pages.page import Page


def page(edition: Edition, case_id: str, date: PartialDate) -> Page:
    title = edition.t("ui.withdrawn")
    return edition.page(
        f"cases/{case_id}/", "withdrawn", title, "withdrawn.html", {"date": date}.copy
    )
