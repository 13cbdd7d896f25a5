"""The library page, the header's box and the comparison, as readers use them."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from case_library.library import Library
from playwright.sync_api import Browser, Page, Route, expect

Open = Callable[..., AbstractContextManager[Page]]

INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
BLOCK_STORAGE = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {
    configurable: true, get() { throw new DOMException("blocked", "SecurityError"); },
  });
"""
HOSTILE = [
    "<img src=x onerror=window.__xss=1>",
    '"><svg onload=window.__xss=1>',
    "[(.*)+$\\",
    "\U0001f389\U0001f469\u200d\U0001f467",
    "长" * 3000,
    "\u202e\u0000\ufffe",
    "javascript:window.__xss=1",
    "%E0%A4%A",
    "__proto__",
]


def _guarded(route: Route) -> None:
    """Pages come with the strictest policy they must work under."""
    answer = route.fetch()
    text = answer.text()
    inline = [hashlib.sha256(script.encode()).digest() for script in INLINE.findall(text)]
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in inline)
    policy = f"default-src 'self' {hashes}"
    route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})


@pytest.fixture(params=["http", "file"])
def visit(
    request: pytest.FixtureRequest, browser: Browser, bundled_site: Path, bundled_url: str
) -> Open:
    """Opens a page over http under a strict policy, or from a file; nothing may complain."""

    @contextmanager
    def visit(path: str, width: int = 1280, script: str = "", **options: object) -> Iterator[Page]:
        complaints: list[str] = []
        size = {"width": width, "height": 850}
        with browser.new_context(viewport=size, **options) as session:  # type: ignore[arg-type]
            address, mark, query = path.partition("?")
            if request.param == "http":
                session.route(lambda url: not url.startswith(bundled_url), lambda r: r.abort())
                session.route(re.compile(r"/(\?.*)?$"), _guarded)
                base = bundled_url
            else:
                address = address.partition("#")[0] + "index.html"
                base = f"{bundled_site.as_uri()}/"
            if script:
                session.add_init_script(script)
            page = session.new_page()
            page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(base + address + mark + query)
            yield page
            if options.get("java_script_enabled", True):
                assert page.evaluate("window.__xss") is None
        assert complaints == []

    return visit


def count(page: Page) -> int:
    """The number of hits, once the page's script has told it."""
    page.locator(".cl-library__found .cl-bar").wait_for()
    return int(page.locator("[data-result-count]").get_attribute("data-result-count") or -1)


def _note(errors: list[str], error: object) -> None:
    errors.append(str(error))


def hits(page: Page) -> list[str]:
    found = page.locator(".cl-results [data-case]")
    return list(found.evaluate_all("all => all.map(e => e.dataset.case)"))


def expect_count(page: Page, number: int) -> None:
    expect(page.locator("[data-result-count]")).to_have_attribute("data-result-count", str(number))


def test_all_cases_are_there_at_first(visit: Open, bundled: Library) -> None:
    with visit("library/") as page:
        assert count(page) == len(bundled.cases)
        assert len(hits(page)) == 10
        page.get_by_label("第 2 页").click()
        expect(page.locator(".cl-results [data-case]")).to_have_count(len(bundled.cases) - 10)
        assert "page=2" in page.url


def test_typing_narrows_and_back_goes_back(visit: Open) -> None:
    with visit("library/?q=不要紧") as page:
        page.locator("#cl-library-input").fill("共享家")
        page.keyboard.press("Enter")
        expect(page.locator(".cl-results [data-case]")).not_to_have_count(0)
        assert hits(page)[0] == "linli-gongxiang-jia"
        assert page.locator(".cl-results mark").first.inner_text() == "共享家"
        assert "q=" in page.url
        page.go_back()
        expect(page.locator("#cl-library-input")).to_have_value("不要紧")


def test_a_facet_gives_what_its_count_says(visit: Open) -> None:
    with visit("library/?q=社区") as page:
        before = count(page)
        box = page.locator(".cl-facet input[name=theme]").first
        told = int(box.locator("xpath=..").locator(".cl-facet__count").inner_text())
        box.click()
        expect_count(page, told)
        assert "theme=" in page.url
        second = page.locator(".cl-facet input[name=theme]").nth(1)
        more = int(second.locator("xpath=..").locator(".cl-facet__count").inner_text())
        second.click()
        expect(page.locator(".cl-library__found .cl-active__chip")).to_have_count(2)
        assert told < count(page) <= told + more
        page.locator(".cl-active__chip").first.click()
        expect(page.locator(".cl-library__found .cl-active__chip")).to_have_count(1)
        page.go_back()
        page.go_back()
        page.go_back()
        expect_count(page, before)


def test_a_place_finds_what_is_inside_it(visit: Open, bundled: Library) -> None:
    with visit("library/?place=wangjing") as page:
        inside = [
            case.id
            for case in bundled.cases
            if case.place
            and "wangjing"
            in {
                record.id
                for place in [bundled.records["place"][case.place]]
                for record in (place, *bundled.ancestors(place))
            }
        ]
        assert count(page) == len(inside)
        assert set(hits(page)) <= set(inside)


@pytest.mark.parametrize(("view", "list_of"), [("table", "tbody tr"), ("list", "li")])
def test_views_and_order_stand_in_the_address(visit: Open, view: str, list_of: str) -> None:
    with visit("en/library/") as page:
        count(page)
        page.locator(f"[data-view={view}]").click()
        row = page.locator(f".cl-results {list_of}[data-case]").first
        row.wait_for()
        by_title = hits(page)
        page.locator("#cl-sort").select_option("evidence")
        expect(page).to_have_url(re.compile(f"sort=evidence&view={view}"))
        expect(row).not_to_have_attribute("data-case", by_title[0])
        by_evidence = hits(page)
        page.reload()
        count(page)
        assert hits(page) == by_evidence


def test_the_box_by_keyboard_alone(visit: Open) -> None:
    with visit("about/") as page:
        page.keyboard.press("/")
        page.keyboard.type("llgxj", delay=10)
        # Not the answer to what was typed before: the next one would take the choice away.
        page.locator("#cl-found-list .cl-found__all", has_text="llgxj").wait_for()
        page.keyboard.press("ArrowDown")
        box = page.locator("[role=combobox]")
        assert box.get_attribute("aria-activedescendant") == "cl-found-0"
        assert page.locator("[role=option][aria-selected=true] mark").first.inner_text()
        page.keyboard.press("Escape")
        expect(page.locator(".cl-found")).to_be_hidden()
        page.keyboard.press("ArrowDown")
        page.locator("#cl-found-0").wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/cases/linli-gongxiang-jia/**")
        page.keyboard.press("Control+k")
        page.keyboard.type("老人", delay=10)
        page.locator(".cl-found__all").wait_for()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url("**/library/**q=**")
        assert count(page) > 0


def test_the_box_finds_records_and_guides(visit: Open) -> None:
    with visit("en/", width=390) as page:
        page.locator("[data-cl-search-open]").click()
        page.keyboard.type("YAML", delay=10)
        guide = page.locator("[role=option]", has_text="YAML").first
        guide.wait_for()
        page.locator("[role=combobox]").fill("open space")
        page.get_by_role("group", name="Methods").wait_for()
        guide = page.locator("[role=option] mark").first
        assert guide.inner_text().lower() in {"open", "space", "open space"}


def test_the_library_says_which_other_pages_have_what_no_case_has(visit: Open) -> None:
    with visit("library/?q=17N") as page:
        assert count(page) == 0
        page.locator(".cl-nothing a", has_text="17N微自治模式").click()
        page.wait_for_url("**/programmes/**")


def test_the_box_shows_cases_first_and_few_of_each_kind(visit: Open) -> None:
    with visit("about/") as page:
        page.keyboard.press("/")
        page.keyboard.type("居民", delay=10)
        page.locator(".cl-found__all").wait_for()
        groups = page.locator("#cl-found-list [role=group]")
        sizes = [group.locator("[role=option]").count() for group in groups.all()]
        assert groups.first.inner_text().startswith("案例")
        assert sizes[0] == 6
        assert max(sizes[1:]) == 3
        page.keyboard.press("Enter")
        page.wait_for_url("**/library/**q=**")
        assert count(page) > sizes[0]


def test_compare_what_was_picked(visit: Open, bundled: Library) -> None:
    with visit("library/?q=四块玉") as page:
        count(page)
        for number in range(2):
            page.locator(".cl-results .cl-pick").nth(number).click()
        ids = hits(page)[:2]
        expect(page.locator(".cl-tray .cl-active__chip")).to_have_count(2)
        page.locator(".cl-tray a.cl-button").click()
        page.wait_for_url(f"**/compare/**ids={','.join(ids)}")
        table = page.locator(".cl-compare__table")
        expect(table.locator("thead th[scope=col]")).to_have_count(3)
        titles = table.locator("thead a").all_inner_texts()
        assert titles == [bundled.records["case"][i].title["zh"] for i in ids]
        assert table.locator("tr[data-differs] .cl-compare__mark").count() > 0
        rows = table.locator("tbody tr:visible").count()
        page.get_by_label("只看不同之处").check()
        assert table.locator("tbody tr:visible").count() <= rows
        page.locator(".cl-compare__out").first.click()
        expect(table.locator("thead th[scope=col]")).to_have_count(2)


def test_figures_are_aligned_by_catalogue_entry(visit: Open, bundled: Library) -> None:
    case = next(case for case in bundled.cases if case.indicators)
    other = next(case for case in bundled.cases if not case.indicators)
    with visit(f"en/compare/?ids={case.id},{other.id}") as page:
        indicator = bundled.records["indicator"][case.indicators[0].indicator]
        row = page.locator("tr", has=page.get_by_role("rowheader", name=indicator.title["en"]))
        cells = row.locator("td")
        expect(cells.nth(1)).to_contain_text("not reported")
        assert "not reported" not in cells.nth(0).inner_text()


def test_storage_may_be_blocked(visit: Open) -> None:
    with visit("library/", script=BLOCK_STORAGE) as page:
        count(page)
        page.locator(".cl-results .cl-pick").nth(0).click()
        page.locator(".cl-results .cl-pick").nth(1).click()
        expect(page.locator(".cl-tray .cl-active__chip")).to_have_count(2)
        page.locator(".cl-tray a.cl-button").click()
        page.locator(".cl-compare__table").wait_for()


def test_without_scripts_everything_can_be_reached(visit: Open, bundled: Library) -> None:
    with visit("library/", java_script_enabled=False) as page:
        assert set(
            page.locator("#cards [data-case]").evaluate_all("all => all.map(e => e.dataset.case)")
        ) == {case.id for case in bundled.cases}
        for kind in ("theme", "method", "place"):
            links = page.locator(f".cl-facets a[href*='/{kind}s/']")
            assert links.count() > 0
        assert page.locator("#cl-library-input").is_hidden()


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_breaks_the_page(visit: Open, query: str) -> None:
    with visit(f"library/?q={quote(query, errors='replace')}") as page:
        assert count(page) == 0
        told = page.locator(".cl-nothing").inner_text()
        assert told.startswith("没有案例含有“")
        assert len(told) < 600
        page.locator("#cl-quick-input").fill(query)
        page.locator(".cl-found__told").wait_for()


def test_filters_that_leave_nothing_say_so(visit: Open) -> None:
    with visit("en/library/?q=bicycles&theme=culture") as page:
        assert count(page) == 0
        expect(page.locator(".cl-nothing")).to_contain_text("No case meets all of these filters")
        book = page.get_by_role("link", name="Bind them")
        expect(book).to_be_hidden()
        page.locator(".cl-nothing button").click()
        expect(book).to_be_visible()
        expect(page.locator(".cl-results [data-case=zombie-bikes]")).to_be_visible()


@pytest.mark.parametrize(
    "asked",
    [
        "theme=none,livelihood&nobody=1&status=<b>",
        "page=99999",
        "page=-3&sort=worst&view=hall",
        "theme=%FF%00&place=../../etc",
        "q&q=&page=1e9",
    ],
)
def test_no_address_breaks_the_page(visit: Open, asked: str) -> None:
    with visit(f"library/?{asked}") as page:
        assert count(page) > 0
        assert hits(page)


def test_unknown_ids_are_told(visit: Open) -> None:
    with visit("compare/?ids=silver-bells,%3Cimg%20src=x%3E,..%2F..,constructor") as page:
        page.locator(".cl-notice[role=status]").wait_for()
        assert page.locator(".cl-compare__table thead a").count() == 1
    with visit("compare/?ids=") as page:
        page.locator("[data-cl-body] .cl-empty").wait_for()


def test_picked_cases_are_called_as_the_page_calls_them(visit: Open) -> None:
    with visit("cases/linli-gongxiang-jia/") as page:
        page.locator(".cl-pick").first.click()
        chip = page.locator(".cl-tray .cl-active__chip span").first
        expect(chip).to_have_text("邻里共享家")
        page.goto(page.url.replace("/cases/", "/en/cases/"))
        expect(chip).to_have_text("The Neighbours’ Shared Home")
        page.go_back()
        expect(chip).to_have_text("邻里共享家")


def _keep(held: list[Route], route: Route) -> None:
    held.append(route)


def test_what_comes_late_is_told_and_nothing_jumps(browser: Browser, bundled_url: str) -> None:
    for width in (1280, 390):
        with browser.new_context(viewport={"width": width, "height": 850}) as session:
            held: list[Route] = []
            session.route("**/index/en/word/**", partial(_keep, held))
            page = session.new_page()
            page.clock.install()
            page.goto(f"{bundled_url}en/library/?q=courtyard")
            page.evaluate(
                "new PerformanceObserver((all) => { for (const e of all.getEntries())"
                " window.shift = (window.shift || 0) + e.value })"
                ".observe({type: 'layout-shift', buffered: true})"
            )
            told = page.locator("[data-result-count]")
            page.clock.run_for(500)
            expect(told).to_have_text("Searching…")
            page.clock.run_for(6000)
            expect(told).to_have_text("Slow network, searching…")
            assert page.locator("#cards [data-case]:visible").count() > 10
            for route in held:
                route.continue_()
            expect(told).to_have_text("3 cases")
            assert page.evaluate("window.shift || 0") < 0.02


def test_what_never_comes_is_given_up(browser: Browser, bundled_url: str) -> None:
    with browser.new_context() as session:
        session.route("**/index/en/word/**", lambda _: None)
        page = session.new_page()
        page.clock.install()
        page.goto(f"{bundled_url}en/library/?q=courtyard")
        page.clock.run_for(50_000)
        expect(page.locator("[data-cl-failed]")).to_be_visible()
        expect(page.locator("[data-result-count]")).to_have_text("17 cases")
        assert page.locator("#cards [data-case]:visible").count() > 10
        page.locator("#cards [data-cl-pick]").first.click()
        expect(page.locator(".cl-tray")).to_be_visible()


def test_a_damaged_index_leaves_the_list(browser: Browser, bundled_url: str) -> None:
    for damage in ("**/index/zh/gram/**", "**/index/zh/manifest.js*", "**/index/zh/facet/**"):
        with browser.new_context() as session:
            errors: list[str] = []
            session.route(damage, lambda route: route.fulfill(body="oops(", status=200))
            page = session.new_page()
            page.on("pageerror", partial(_note, errors))
            page.goto(f"{bundled_url}library/?q=共享家")
            page.locator("[data-cl-failed]").wait_for()
            assert page.locator("#cards [data-case]:visible").count() > 10
            page.locator("#cl-quick-input").fill("共享家")
            if "facet" not in damage:
                expect(page.locator(".cl-found__told")).to_contain_text("读不出来")
            # The damaged script itself cannot be parsed; nothing of ours throws.
            assert all("missing )" in error or "Unexpected" in error for error in errors), errors


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_window(visit: Open, width: int) -> None:
    for path in ("library/?q=老人&theme=livelihood,culture&status=proposed", "en/compare/"):
        with visit(path, width=width) as page:
            page.wait_for_timeout(300)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_facets_on_a_phone(visit: Open) -> None:
    with visit("library/", width=390) as page:
        count(page)
        page.locator(".cl-filter-button").click()
        box = page.locator("dialog input[name=theme]").first
        told = box.locator("xpath=..").locator(".cl-facet__count").inner_text()
        box.click()
        page.locator("dialog .cl-button", has_text=told).click()
        expect(page.locator("dialog")).to_be_hidden()
        expect_count(page, int(told))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "library/?q=老人&theme=livelihood",
        "library/?view=table",
        "en/library/?view=list",
        "library/?q=zzzz",
        "compare/?ids=linli-gongxiang-jia,courtyard-64-open-space",
    ],
)
def test_no_accessibility_violation(
    browser: Browser, bundled_url: str, path: str, scheme: str
) -> None:
    with browser.new_context(color_scheme=scheme) as session:  # type: ignore[arg-type]
        page = session.new_page()
        page.goto(bundled_url + path)
        page.locator(".cl-bar, .cl-compare__table").first.wait_for()
        if "q=" in path:
            page.locator("#cl-quick-input").fill("议事")
            page.locator("#cl-found-0").wait_for()
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
