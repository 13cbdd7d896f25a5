"""What stands where a case was taken out: that it was, and when; nothing of the case itself."""

from __future__ import annotations

from case_library.pages.edition import Edition
from case_library.pages.page import Page


def page(edition: Edition, case_id: str) -> Page:
    path, title = f"cases/{case_id}/", edition.t("ui.withdrawn")
    withdrawn = edition.library.withdrawn
    says = lambda: {"date": withdrawn[case_id]}  # noqa: E731
    return edition.page(path, "withdrawn", title, "withdrawn.html", says)
