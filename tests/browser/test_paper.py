"""What readers hold in their hands: hand-outs of cases, as a browser prints them."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_library.library import Library
from playwright.sync_api import Browser

from tests.browser.paper import codes, printed, sheets, squeezed
from tests.browser.test_pages import opened
from tests.site.build import MKDOCS_YML, build

#: Text on the page that paper needs, and the parts that it does not.
READ = """() => [...document.querySelectorAll(
  '.cl-case h1, .cl-case .cl-lead, .cl-story :is(p, li, td, th, dd)'
)].filter(e => !e.closest('details, .cl-go') && !e.querySelector('p, li, table, dl, .cl-data'))
  .map(e => e.textContent)"""
ROWS = 70


@pytest.mark.parametrize("language", ["", "en/"])
def test_every_case_is_a_hand_out_of_two_sides_with_nothing_cut(
    browser: Browser, bundled: Library, bundled_url: str, language: str
) -> None:
    with opened(browser, bundled_url, java_script_enabled=False) as (page, _):
        for case in bundled.cases:
            page.goto(f"{bundled_url}{language}{case.address}")
            document = printed(page)
            found = sheets(document)
            whole = "".join(found)
            assert len(found) <= 2, case.id
            page.set_default_timeout(5000)
            missing = [text for text in page.evaluate(READ) if squeezed(text) not in whole]
            assert missing == [], case.id
        assert codes(document) == []  # a site that does not say where it is published


def test_navigation_is_not_printed(browser: Browser, bundled_url: str) -> None:
    with opened(browser, f"{bundled_url}cases/pets-club/") as (page, _):
        seen = page.locator(".cl-nav, .cl-footer nav, .cl-toc, .cl-share, .cl-related").all()
        assert len(seen) == 5
        page.emulate_media(media="print")
        assert [part for part in seen if part.is_visible()] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_code_on_paper_leads_to_the_page(
    browser: Browser, gardens_url: str, scheme: str
) -> None:
    """A telephone reads it, whatever the colours on the screen were."""
    with opened(browser, f"{gardens_url}cases/mill-lane-garden/", color_scheme=scheme) as (page, _):
        document = printed(page)
        assert codes(document)[:1] == ["https://gardens.example/library/cases/mill-lane-garden/"]
        assert squeezed("gardens.example/library/cases/mill-lane-garden/") in "".join(
            sheets(document)
        )


def test_a_long_table_repeats_its_head(browser: Browser, tmp_path: Path) -> None:
    figures = "".join(
        f"  - {{indicator: trees, value: {n}, scope: Street {n}, source: count}}\n"
        for n in range(1, ROWS + 1)
    )
    site = build(
        tmp_path,
        {
            "mkdocs.yml": MKDOCS_YML,
            "cases/trees.yml": f"title: Trees\nsummary: S.\nstatus: pilot\nindicators:\n{figures}",
            "cases/reference/indicators.yml": "trees: {title: T, counts: Trees, unit: trees}\n",
            "cases/reference/sources.yml": "count: {title: The count, type: report}\n",
        },
    )
    with opened(browser, (site / "cases/trees/index.html").as_uri()) as (page, _):
        found = sheets(printed(page))
    text = "".join(found)
    assert len(found) > 1
    assert all(f"Street{n}" in text for n in range(1, ROWS + 1))
    for sheet in found:
        rows = sheet.count("Street")
        assert not rows or "Countedover" in sheet
