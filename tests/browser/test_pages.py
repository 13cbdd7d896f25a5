"""What every page must be in a browser: accessible, quiet, its own host's, never too wide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from case_library.library import Library
from case_library.site import Options, Site
from playwright.sync_api import Browser, Page

CASE = "cases/linli-gongxiang-jia/"
#: One page of each kind, without the language's prefix.
PAGES = [
    "",
    "library/",
    CASE,
    "themes/",
    "themes/co-building/",
    "places/",
    "places/wangjing/",
    "programmes/co-creation-plan/",
    "methods/open-space/",
    "processes/co-creation-eight-steps/",
    "frameworks/five-forces/",
    "indicators/",
    "indicators/area/",
    "gaps/",
    "lineage/",
    "practice/",
    CASE + "kit/",
    "methods/micro-project/kit/",
    "processes/co-creation-eight-steps/form/",
    "sources/wuli-yinhang/",
    "organisations/",
    "organisations/tonghe/",
    "audiences/all-residents/",
    "tags/",
    "tags/居民议事/",
    "years/2021/",
    "statuses/proposed/",
    "compare/",
    "about/",
    "form/",
    "casebook/?ids=pets-club",
    "writing/",
]


def test_every_kind_of_page_is_looked_at(bundled: Library) -> None:
    pages = Site(bundled, Options()).pages
    addresses = {path.partition("?")[0] for path in PAGES}
    looked_at = {page.kind for page in pages if page.address in addresses}
    assert looked_at == {page.kind for page in pages}


@contextmanager
def opened(browser: Browser, address: str, **context: object) -> Iterator[tuple[Page, list[str]]]:
    """A page, and everything that it complains about or asks of others."""
    complaints: list[str] = []
    with browser.new_context(**context) as session:  # type: ignore[arg-type]
        page = session.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        host = "/".join(address.split("/")[:3])
        page.on(
            "request",
            lambda r: (
                None if r.url.startswith((host, "data:", "file:")) else complaints.append(r.url)
            ),
        )
        page.goto(address)
        yield page, complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("path", PAGES)
def test_no_accessibility_violation(
    browser: Browser, bundled_url: str, path: str, language: str, scheme: str
) -> None:
    with opened(browser, bundled_url + language + path, color_scheme=scheme) as (page, complaints):
        page.wait_for_load_state("networkidle")
        results = Axe().run(page)
        violations = [
            f"{violation['id']}: {node['html'][:200]}"
            for violation in results.response["violations"]
            for node in violation["nodes"]
        ]
        assert violations == []
        assert complaints == []


@pytest.mark.parametrize("language", ["", "en/"])
def test_no_page_scrolls_sideways(browser: Browser, bundled_url: str, language: str) -> None:
    wide = []
    with opened(browser, bundled_url) as (page, _):
        for path in PAGES:
            page.set_viewport_size({"width": 1280, "height": 800})
            page.goto(bundled_url + language + path)
            for width in (1280, 640, 390, 320):
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    wide.append((path, width))
    assert wide == []


def test_pages_can_be_read_without_script(browser: Browser, bundled_url: str) -> None:
    with opened(browser, bundled_url + CASE, java_script_enabled=False) as (page, _):
        assert page.locator("h1").inner_text() == "邻里共享家"
        assert page.locator("#sources li").count() > 0
        page.goto(bundled_url + "library/")
        assert page.locator("li[data-case]").count() == 17


def test_a_usb_stick_needs_no_server(browser: Browser, bundled_site: Path) -> None:
    home = (bundled_site / "index.html").as_uri()
    with opened(browser, home) as (page, complaints):
        page.locator(".cl-card h3 a").last.click()
        page.wait_for_load_state()
        assert page.url.endswith("index.html")
        assert page.locator("h1").count() == 1
        assert [c for c in complaints if "Failed to load" not in c and "CORS" not in c] == []


def test_table_of_cases_sorts_by_its_heads(browser: Browser, bundled_url: str) -> None:
    """The table that the build wrote is there where the search index is not."""
    with opened(browser, bundled_url + "en/about/") as (page, _):
        page.route("**/index/**", lambda route: route.abort())
        page.goto(bundled_url + "en/library/#table")
        head = page.get_by_role("columnheader", name="Evidence").get_by_role("button")
        head.click()
        head.click()
        column = "#table tbody tr td:nth-child(6)"
        counts = [int(cell) for cell in page.locator(column).all_inner_texts()]
        assert counts == sorted(counts, reverse=True)
        assert counts[0] > counts[-1]


def test_language_switch_stays_on_the_page(browser: Browser, bundled_url: str) -> None:
    with opened(browser, bundled_url + CASE) as (page, _):
        page.locator(".cl-tool[hreflang=en]").click()
        assert page.url == bundled_url + "en/" + CASE
        assert page.locator("html").get_attribute("lang") == "en"


def test_previous_and_next_follow_the_selection(browser: Browser, bundled_url: str) -> None:
    """Without one they follow the library; across the pages of a selection they lead on."""
    with opened(browser, bundled_url + "en/" + CASE) as (page, complaints):
        assert page.locator(".cl-turn__of").inner_text() == "All cases"
        page.goto(bundled_url + "en/library/?status=running&sort=title")
        rows = page.locator(".cl-results [data-case]")
        rows.first.wait_for()
        cases = [row.get_attribute("data-case") for row in rows.all()]
        assert len(cases) == 7
        rows.first.locator("h3 a").click()
        of = page.locator(".cl-turn__of", has_text="1 of 7 in your selection")
        of.wait_for()
        assert not page.locator(".cl-turn [rel=prev]").is_visible()
        walked = [page.locator("[data-cl-turn]").get_attribute("data-cl-turn")]
        for number in range(2, 8):
            page.locator(".cl-turn [rel=next]").click()
            page.locator(".cl-turn__of", has_text=f"{number} of 7").wait_for()
            walked.append(page.locator("[data-cl-turn]").get_attribute("data-cl-turn"))
        assert walked == cases
        assert not page.locator(".cl-turn [rel=next]").is_visible()
        page.locator(".cl-turn__of").click()
        page.wait_for_url("**/en/library/?status=running&sort=title")
        assert complaints == []


def test_contents_follow_the_reader_and_nothing_jumps(browser: Browser, bundled_url: str) -> None:
    size = {"width": 1280, "height": 800}
    with opened(browser, bundled_url + CASE, viewport=size) as (page, _):
        page.evaluate(
            "new PerformanceObserver((all) => { for (const e of all.getEntries())"
            " window.shift = (window.shift || 0) + e.value })"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        here = page.locator(".cl-toc a[aria-current]")
        height = page.locator(".cl-toc").bounding_box()
        for name in ("steps", "evidence", "sources"):
            page.locator(f"#{name}").evaluate("e => e.scrollIntoView({block: 'start'})")
            page.locator(f".cl-toc a[aria-current][href='#{name}']").wait_for()
            assert here.count() == 1
        after = page.locator(".cl-toc").bounding_box()
        assert height
        assert after
        assert height["height"] == after["height"]
        assert page.evaluate("window.shift || 0") < 0.02
