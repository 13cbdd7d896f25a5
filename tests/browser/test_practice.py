"""From the home page to a printed checklist; boxes that remember; finding what fits."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.browser.test_pages import opened

KIT = "cases/linli-gongxiang-jia/kit/"


def _pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_three_clicks_from_home_to_a_printed_checklist(browser: Browser, bundled_url: str) -> None:
    with opened(browser, bundled_url) as (page, complaints):
        page.add_init_script("window.print = () => { window.printed = true; }")
        page.reload()
        page.locator(".cl-ways a").first.click()
        page.locator(".cl-offer .cl-go a").first.click()
        page.wait_for_url("**/kit/")
        page.get_by_role("button", name="打印").click()
        assert page.evaluate("window.printed")
        assert page.get_by_role("checkbox").count() > 5
        assert complaints == []


def test_a_case_leads_to_its_work_sheet_on_its_first_screen(
    browser: Browser, bundled_url: str
) -> None:
    size = {"width": 390, "height": 844}
    with opened(browser, bundled_url + KIT.removesuffix("kit/"), viewport=size) as (page, _):
        box = page.locator("a[href$='kit/']").first.bounding_box()
        assert box
        assert box["y"] + box["height"] < 844
        assert box["height"] >= 44


def test_ticks_are_kept_in_both_languages_and_can_be_cleared(
    browser: Browser, bundled_url: str
) -> None:
    with opened(browser, bundled_url + KIT) as (page, complaints):
        page.get_by_role("checkbox").nth(1).check()
        page.goto(bundled_url + "en/" + KIT)
        assert page.get_by_role("checkbox").nth(1).is_checked()
        assert page.locator("[data-cl-kit-done]").inner_text().startswith("1 of")
        page.goto(bundled_url + KIT.replace("linli-gongxiang-jia", "pets-club"))
        assert page.locator("input:checked").count() == 0
        page.goto(bundled_url + KIT)
        page.get_by_role("button", name="全部清除").click()
        page.reload()
        assert page.locator("input:checked").count() == 0
        assert complaints == []


def test_boxes_work_without_script_and_print_with_room_to_write(
    browser: Browser, bundled_url: str
) -> None:
    with opened(browser, bundled_url + KIT, java_script_enabled=False) as (page, _):
        page.get_by_role("checkbox").first.check()
        assert not page.get_by_role("button", name="打印").is_visible()
        assert not page.locator(".cl-fill").first.is_visible()
        page.emulate_media(media="print")
        assert page.locator(".cl-fill").first.is_visible()
        assert not page.locator(".cl-header").is_visible()
        assert _pages(page.pdf(prefer_css_page_size=True)) == 2


def test_a_form_of_eight_steps_is_one_sheet(browser: Browser, bundled_url: str) -> None:
    form = "processes/co-creation-eight-steps/form/"
    for language in ("", "en/"):
        with opened(browser, bundled_url + language + form) as (page, _):
            assert page.locator("tbody tr").count() == 8
            pdf = page.pdf(prefer_css_page_size=True)
            assert _pages(pdf) == 1
            size = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
            assert size
            assert float(size[1]) > float(size[2]), "a table of five columns lies on its side"


def test_what_fits_follows_the_address_and_changes_it(browser: Browser, bundled_url: str) -> None:
    shown = ".cl-offer:not([hidden])"
    with opened(browser, bundled_url + "practice/?money=lacking&people=nonsense") as (page, errors):
        lacking = page.locator(shown).count()
        assert 0 < lacking < 17
        assert page.locator(f"{shown}[data-money=needs]").count() == 0
        page.get_by_label("给谁").select_option(label="老年人")
        assert page.url.endswith("?money=lacking&audience=older-people")
        older = page.locator(shown).count()
        assert 0 < older < lacking
        assert str(older) in page.get_by_role("status").inner_text()
        page.reload()
        assert page.locator(shown).count() == older
        page.get_by_label("经费").select_option("open")
        money = page.locator(shown).evaluate_all("items => items.map((i) => i.dataset.money)")
        assert set(money) == {"open"}
        page.get_by_label("范围").select_option("open")
        assert page.locator(shown).count() == 0
        assert page.locator("[data-cl-group]:not([hidden])").count() == 0
        page.get_by_role("button", name="全部清除").click()
        page.wait_for_url("**/practice/")
        assert page.locator(shown).count() == 17
        assert errors == []


def test_without_script_every_case_stands_under_its_theme(
    browser: Browser, bundled_url: str
) -> None:
    with opened(browser, bundled_url + "practice/", java_script_enabled=False) as (page, _):
        assert page.locator(".cl-offer").count() == 17
        assert page.locator("[data-cl-group] h2").count() == 5
        assert not page.locator(".cl-choices").is_visible()


def test_the_library_is_narrowed_by_what_a_case_took(browser: Browser, bundled_url: str) -> None:
    with opened(browser, bundled_url + "library/?needs=space") as (page, complaints):
        page.wait_for_selector("[data-result-count='1']")
        assert page.get_by_text("邻里共享家").count() > 0
        page.goto(bundled_url + "library/?needs=open")
        page.wait_for_selector("[data-result-count]:not([data-result-count='17'])")
        # No source says how long anything took: the filter says so too, and of what.
        page.goto(bundled_url + "library/?duration=open")
        page.wait_for_selector("[data-result-count='17']")
        expect(page.locator(".cl-active")).to_contain_text("多长时间 · 未报告")
        assert complaints == []
