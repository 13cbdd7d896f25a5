"""What no checker of markup sees: targets, focus, few colours, no motion, no script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_pages import CASE, opened

PHONE = {"width": 390, "height": 844}
#: Pages that between them have every piece that one can press.
LOOKED_AT = [
    "",
    "library/",
    CASE,
    "themes/co-building/",
    "places/",
    "gaps/",
    "indicators/",
    "about/",
]

SMALL = """(least) => [...document.querySelectorAll(
    "a[href], button, summary, input:not([type=radio]):not([type=hidden]), select")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }))
  .filter((e) => !e.closest(".cl-hidden, .cl-skip"))
  .filter((e) => !e.closest(".cl-note, p, td, th, dd, li:has(> :not(a)), figcaption"))
  .map((e) => [e, (e.closest("label") || e).getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && box.height > 1 && Math.min(box.width, box.height) < least)
  .map(([e, box]) => `${e.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)
"""


#: What stands alone, with the room that is added around it.
ALONE = """() => [...document.querySelectorAll(
    ".cl-header :is(a, summary), .cl-footer nav a, .cl :is(h2, h3, b, th) > a, " +
    ".cl :is(button, summary, select, .cl-chip, .cl-cloud a)")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }))
  .filter((e) => !e.closest(".cl-skip, .cl-card, .cl-tile"))
  .map((e) => [e, (e.closest("label") || e).getBoundingClientRect().height
    - 2 * Math.min(0, parseFloat(getComputedStyle(e, "::after").top) || 0)])
  .filter(([, height]) => height && height < 43.5)
  .map(([e, height]) => `${e.outerHTML.slice(0, 90)} ${height}`)
"""


@pytest.mark.parametrize("path", LOOKED_AT)
def test_what_one_presses_is_large_enough(browser: Browser, bundled_url: str, path: str) -> None:
    """24 px at the least (WCAG 2.5.8); what stands alone 44."""
    with opened(browser, bundled_url + path, viewport=PHONE, has_touch=True) as (page, _):
        page.wait_for_load_state("networkidle")
        assert page.evaluate(SMALL, 24) == []
        assert page.evaluate(ALONE) == []


def test_menu_of_a_phone_is_reached_by_thumb_and_by_key(browser: Browser, bundled_url: str) -> None:
    with opened(browser, bundled_url, viewport=PHONE) as (page, _):
        menu = page.locator(".cl-menu summary")
        menu.focus()
        page.keyboard.press("Enter")
        links = page.locator(".cl-menu nav a")
        boxes = [link.bounding_box() for link in links.all()]
        assert len(boxes) >= 7
        assert all(box and box["height"] >= 44 for box in boxes)
        page.keyboard.press("Escape")
        assert not links.first.is_visible()


@pytest.mark.parametrize("path", ["", CASE, "library/"])
def test_focus_is_seen_and_goes_as_one_reads(browser: Browser, bundled_url: str, path: str) -> None:
    """Each stop has an outline; the first leads past the header."""
    with opened(browser, bundled_url + path) as (page, _):
        page.wait_for_load_state("networkidle")
        page.keyboard.press("Tab")
        assert page.locator(".cl-skip").evaluate("e => e === document.activeElement")
        unseen = [told for _ in range(25) if (told := _unseen(page))]
        assert unseen == []


def _unseen(page: Page) -> str:
    page.keyboard.press("Tab")
    return str(
        page.evaluate("""() => {
          const e = document.activeElement;
          if (e === document.body) return "";
          const ringed = (x) => x && getComputedStyle(x).outlineStyle !== "none"
            && parseFloat(getComputedStyle(x).outlineWidth) >= 2;
          const label = e.id && document.querySelector(`label[for="${e.id}"]`);
          const around = e.closest(".cl-card, .cl-tile, .cl-find, form, label");
          const shown = [e, around, label].some(ringed);
          return shown ? "" : e.outerHTML.slice(0, 120);
        }""")
    )


def test_few_colours_and_no_motion_are_respected(browser: Browser, bundled_url: str) -> None:
    with opened(browser, bundled_url + CASE, forced_colors="active", reduced_motion="reduce") as (
        page,
        _,
    ):
        moving = page.evaluate(
            "[...document.querySelectorAll('.cl *, .cl-header *')].filter((e) =>"
            " getComputedStyle(e).animationName !== 'none'"
            " || parseFloat(getComputedStyle(e).transitionDuration) > 0.01).map((e) => e.className)"
        )
        assert moving == []
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        edges = page.locator(".cl-seal, .cl-status").first
        assert edges.evaluate("e => parseFloat(getComputedStyle(e).borderWidth)") >= 1


def test_type_follows_the_size_that_a_reader_has_set(browser: Browser, bundled_url: str) -> None:
    """Half as large again: all text grows by half, the layout gives way, nothing runs out of it."""
    sizes = (
        "[...document.querySelectorAll('h1, h2, h3, p, dd, li, label, summary, .cl-nav a, td')]"
        ".filter((e) => e.checkVisibility() && !e.closest('svg'))"
        ".map((e) => parseFloat(getComputedStyle(e).fontSize))"
    )
    drawn = (
        "[...document.querySelectorAll('.cl-svg text')].filter((e) => e.checkVisibility())"
        ".map((e) => e.getBoundingClientRect().height)"
    )
    for path in ("library/?view=table", CASE, "writing/", "practice/", "indicators/", "lineage/"):
        with opened(browser, bundled_url + "en/" + path) as (page, _):
            usual, usual_drawn = page.evaluate(sizes), page.evaluate(drawn)
            reader = page.context.new_cdp_session(page)
            reader.send("Page.setFontSizes", {"fontSizes": {"standard": 24, "fixed": 20}})
            page.reload(wait_until="networkidle")
            assert min(page.evaluate(sizes)) >= 1.45 * min(usual)
            assert min(page.evaluate(drawn), default=1) >= 1.4 * min(usual_drawn, default=0)
            for width in (1280, 640, 320):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_guides_wear_the_colours_of_the_library(
    browser: Browser, bundled_url: str, scheme: str
) -> None:
    """Material's own are more specific by day, and others in the dark."""
    with opened(browser, bundled_url + "writing/", color_scheme=scheme) as (page, _):
        accent = page.evaluate(
            "(() => { const e = document.body.appendChild(document.createElement('i'));"
            " e.style.color = 'var(--cl-accent)'; return getComputedStyle(e).color })()"
        )
        link = page.locator(".md-content p a").first
        assert link.evaluate("e => getComputedStyle(e).color") == accent


def test_on_a_phone_a_guide_takes_the_focus_nowhere_out_of_sight(
    browser: Browser, bundled_url: str
) -> None:
    with opened(browser, bundled_url + "writing/", viewport=PHONE) as (page, _):
        right = "document.activeElement.getBoundingClientRect().right"
        for _ in range(20):
            page.keyboard.press("Tab")
            assert page.evaluate(right) > 0


def test_everything_is_there_without_script(browser: Browser, bundled_url: str) -> None:
    with opened(browser, bundled_url, java_script_enabled=False, viewport=PHONE) as (page, _):
        page.locator(".cl-menu summary").click()
        page.locator(".cl-menu nav a").first.click()
        assert page.url == bundled_url + "library/"
        assert not page.locator(".cl-library__find").is_visible()
        page.locator("li[data-case] h3 a").first.click()
        assert page.locator(".cl-turn [rel=next]").is_visible()
        page.locator(".cl-turn [rel=next]").click()
        assert page.locator("h1").count() == 1
