"""The blank forms: every field that the model declares, on paper, and nothing that it does not."""

from __future__ import annotations

import pytest
from case_library.language import language
from case_library.model.case import Case
from case_library.model.fields import shapes
from playwright.sync_api import Browser

from tests.browser.paper import printed, sheets, squeezed
from tests.browser.test_pages import opened

OFFICE = {"sort_as", "review", "updated", "license"}


@pytest.mark.parametrize(("prefix", "code"), [("", "zh"), ("en/", "en")])
def test_forms_ask_for_what_the_model_declares(
    browser: Browser, bundled_url: str, prefix: str, code: str
) -> None:
    words = language(code)
    with opened(browser, f"{bundled_url}{prefix}form/") as (page, complaints):
        asked = page.locator(".cl-blank h3").all_inner_texts()
        labels = [words.label("case", s.name) for s in shapes(Case) if s.name not in OFFICE]
        assert len(asked) == len(labels)
        assert all(any(text.startswith(label) for text in asked) for label in labels)
        must = page.locator(".cl-blank h3:has(.cl-blank__must)").count()
        assert must == sum(shape.required for shape in shapes(Case))
        record = sheets(printed(page))
        assert all(squeezed(label) in "".join(record) for label in labels)
        page.get_by_role("link", name=words.text("form.propose")).click()
        page.wait_for_url("**/form/propose/")
        proposal = sheets(printed(page))
        told = "".join(proposal)
        assert len(proposal) < len(record) < 9
        assert squeezed(words.help("case", "problem")) in told
        assert words.label("case", "lessons") not in told  # nothing has been learnt yet
        assert words.choice("status", "proposed") in told
        # Few themes are offered, to be ticked; a place is written down by its name.
        themes = page.locator(".cl-blank", has_text=words.label("case", "audiences"))
        assert themes.first.locator("li").count() > 2
        assert complaints == []


@pytest.mark.parametrize("page_name", ["about/", "writing/"])
def test_writers_find_the_form(browser: Browser, bundled_url: str, page_name: str) -> None:
    with opened(browser, bundled_url + page_name) as (page, _):
        page.locator("a[href$='form/']").first.click()
        assert page.locator(".cl-blanks h1").count() == 1
