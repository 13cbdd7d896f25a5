"""A case is cited and passed on: what is copied, saved and sent, with and without a clipboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.test_pages import opened

CASE = "en/cases/courtyard-64-open-space/"
#: As over http and from a file: no clipboard to write to. What is copied is told all the same.
NO_CLIPBOARD = """
Object.defineProperty(navigator, 'clipboard', {value: undefined});
document.addEventListener('copy', () => { window.copied = getSelection().toString(); });
"""
SHARE = "navigator.share = async (told) => { window.sent = told; };"


@pytest.mark.parametrize("clipboard", [True, False])
def test_a_message_is_copied(browser: Browser, bundled_url: str, clipboard: bool) -> None:
    allowed = {"permissions": ["clipboard-read", "clipboard-write"]}
    with opened(browser, bundled_url, **(allowed if clipboard else {})) as (page, complaints):
        if not clipboard:
            page.add_init_script(NO_CLIPBOARD)
        page.goto(bundled_url + CASE)
        page.get_by_text("Cite and share").click()
        message = page.locator(".cl-share [data-title]")
        message.get_by_role("button", name="Copy").click()
        message.get_by_role("status").get_by_text("Copied").wait_for()
        copied = page.evaluate("navigator.clipboard?.readText() ?? window.copied")
        assert copied.startswith("Open Space in Courtyard 64\n")
        # A figure is passed on with its unit, its source and that source's year.
        assert "8 needs (source: The Five Forces plan of Dongcheng" in copied
        assert "2021; year inferred by the editor)" in copied
        assert "http" not in copied  # this site does not say where it is published
        assert page.get_by_role("button", name="Share…").count() == 0
        assert complaints == []


def test_citations_are_saved_and_name_the_day_of_reading(
    browser: Browser, bundled_site: Path, gardens_url: str
) -> None:
    """From a USB stick, too."""
    with opened(browser, (bundled_site / CASE / "index.html").as_uri()) as (page, _):
        page.get_by_text("Cite and share").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download").nth(1).click()
        assert download.value.suggested_filename == "courtyard-64-open-space.ris"
        saved = Path(download.value.path()).read_text("utf-8")
        assert saved.startswith("TY  - ELEC\n")
        assert saved.endswith("ER  - \n")
    with opened(browser, gardens_url) as (page, _):
        page.clock.set_fixed_time("2026-06-01T12:00:00")
        page.goto(f"{gardens_url}cases/mill-lane-garden/")
        page.get_by_text("Cite and share").click()
        cited = page.locator(".cl-share pre").all_inner_texts()
        assert "[2026-06-01]. https://gardens.example/library/cases/mill-lane-garden/." in cited[1]
        assert not [text for text in cited if "YYYY" in text]


def test_the_device_may_send_it(browser: Browser, gardens_url: str) -> None:
    with opened(browser, gardens_url) as (page, _):
        page.add_init_script(SHARE)
        page.goto(f"{gardens_url}cases/mill-lane-garden/")
        page.get_by_text("Cite and share").click()
        page.get_by_role("button", name="Share…").click()
        sent = page.evaluate("window.sent")
        assert sent["text"].endswith("https://gardens.example/library/cases/mill-lane-garden/")
        mail = page.get_by_role("link", name="Send by e-mail").get_attribute("href")
        assert mail
        assert mail.startswith("mailto:?subject=")
        assert "%0D%0Ahttps%3A//gardens.example" in mail


def test_without_script_it_can_be_read(browser: Browser, gardens_url: str) -> None:
    address = f"{gardens_url}cases/mill-lane-garden/"
    with opened(browser, address, java_script_enabled=False) as (page, _):
        page.get_by_text("Cite and share").click()
        assert page.locator(".cl-share pre").count() == 6
        assert page.locator(".cl-share button").count() == 0
