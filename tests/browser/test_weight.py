"""The first view of a page on a phone: how much it weighs, from where it comes, what moves."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Browser, Response

from tests.browser.test_pages import CASE

SHIFTS = """
new PerformanceObserver((all) => {
  for (const entry of all.getEntries()) window.shifted = (window.shifted || 0) + entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("language", ["", "en/"])
def test_first_view_of_a_case_is_light_and_still(
    browser: Browser, bundled_url: str, language: str
) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as session:
        page = session.new_page()
        page.add_init_script(SHIFTS)
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer))
        page.goto(bundled_url + language + CASE, wait_until="networkidle")
        weight = sum(len(gzip.compress(answer.body())) for answer in answers)
        assert weight <= 160_000
        assert len(answers) <= 15
        assert all(answer.url.startswith(bundled_url) for answer in answers)
        assert page.evaluate("window.shifted || 0") < 0.02


@pytest.mark.parametrize(
    "path",
    [
        "",
        "library/",
        "indicators/",
        "practice/",
        "compare/",
        CASE + "kit/",
        "casebook/?ids=pets-club",
    ],
)
def test_nothing_moves_while_a_page_arrives(browser: Browser, bundled_url: str, path: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as session:
        page = session.new_page()
        page.add_init_script(SHIFTS)
        page.goto(bundled_url + path, wait_until="networkidle")
        assert page.evaluate("window.shifted || 0") < 0.02
