"""Hostile text in every field of every kind of record, in a real browser: it stays text."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from case_library import policy
from lxml import html
from playwright.sync_api import Browser, Page

from tests.hostile import MARKUP, PICTURES, write
from tests.site.build import MKDOCS_YML, mkdocs, serve
from tests.site.build import write as write_site
from tests.test_pictures import photo

#: `make fuzz` puts a thousand good cases beside the hostile ones.
GOOD = int(os.environ.get("GOOD", "12"))
PICTURED = (
    "title: A lantern\nsummary: x\nstatus: idea\n"
    "media: [{file: a.jpg, alt: '\"><svg onload=window.__xss=1>', credit: '<script>1</script>'}]\n"
)


#: Pages that quote what hostile records say.
OTHERS = ["", "library/", "places/", "places/hostile/", "organisations/hostile/", "tags/", "about/"]
OTHERS += ["methods/hostile/", "indicators/", "indicators/hostile/", "sources/hostile/", "gaps/"]
OTHERS += [
    "practice/",
    "lineage/",
    "form/",
    "methods/hostile/kit/",
    "library/?constructor=__proto__",
]
OTHERS += ["casebook/?ids=hostile-0,hostile-6,__proto__,..%2f", "practice/?level=<svg>&__proto__=x"]
#: Whatever could act: handlers, styles, frames, links that are scripts.
LIVE = """() => [...document.querySelectorAll("body *")].filter((e) => {
    const ours = e.closest(".cl, .cl-plain");
    const names = [...e.attributes].map((a) => a.name);
    return names.some((n) => n.startsWith("on") || (n === "style" && ours))
        || (["IFRAME", "OBJECT", "EMBED", "BASE"].includes(e.tagName) && ours)
        || (e.tagName === "A" && e.hasAttribute("href")
            && !["http:", "https:", "mailto:"].includes(e.protocol));
}).map((e) => e.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    files = {"mkdocs.yml": MKDOCS_YML + "site_url: https://example.org/\n"}
    write_site(folder, {**files, "cases/pictured.yml": PICTURED})
    photo(folder / "cases/pictured/a.jpg", (300, 200))
    write(folder / "cases", good=GOOD)
    done = mkdocs(folder)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    assert "\x1b[2J" not in done.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def hostile_url(hostile_site: Path) -> Iterator[str]:
    yield from serve(hostile_site)


@pytest.fixture
def watched(browser: Browser, hostile_url: str) -> Iterator[Page]:
    """A page that fails its test when a script of the library's runs or another host is asked."""
    with browser.new_context() as session:
        page = session.new_page()
        asked: list[str] = []
        errors: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(dialog.message))
        yield page
        assert [url for url in asked if not url.startswith((hostile_url, "data:"))] == []
        assert errors == []


def is_inert(page: Page) -> None:
    assert page.evaluate("window.__xss") is None, page.url
    assert page.evaluate("({}).polluted") is None
    assert page.evaluate(LIVE) == [], page.url


def test_good_ones_are_published_and_every_page_is_inert(
    hostile_site: Path, watched: Page, hostile_url: str
) -> None:
    assert len(list(hostile_site.glob("cases/good-*/index.html"))) == GOOD
    hostile = sorted(hostile_site.glob("cases/hostile-*"))
    # All markup is accepted as text; what is refused as a file has no page.
    assert len(hostile) == 2 * (len(MARKUP) + len(PICTURES))
    of_cases = [f"cases/{folder.name}/{'kit/' * (i % 4 == 3)}" for i, folder in enumerate(hostile)]
    for path in [*OTHERS, *of_cases[1::2], "zh/", "404.html"]:
        watched.goto(hostile_url + path)
        is_inert(watched)
    watched.goto(f"{hostile_url}cases/{hostile[0].name}/")
    for element in watched.locator("a[href], summary, button").all()[:60]:
        element.dispatch_event("mouseover")
        element.dispatch_event("focus")
    is_inert(watched)


@pytest.mark.parametrize("query", [MARKUP[0], MARKUP[6], PICTURES[0], "window.__xss", "script"])
def test_search_shows_text(watched: Page, hostile_url: str, query: str) -> None:
    watched.goto(f"{hostile_url}library/?q={quote(query)}#{quote(query)}")
    watched.locator(".cl-results [data-case]").first.wait_for()
    is_inert(watched)
    watched.locator("#cl-library-input").fill(query[:30])
    watched.keyboard.press("Enter")
    watched.wait_for_timeout(300)
    is_inert(watched)


def test_comparison_and_views_show_text(watched: Page, hostile_url: str) -> None:
    watched.goto(f"{hostile_url}compare/?ids=hostile-0,hostile-6,hostile-49,{quote(MARKUP[0])}")
    watched.locator(".cl-compare__table").wait_for()
    is_inert(watched)
    for view in ("table", "places", "cards"):
        watched.goto(f"{hostile_url}library/?view={view}&theme={quote(MARKUP[6])}&tag=x")
        watched.wait_for_timeout(200)
        is_inert(watched)


def test_a_picture_is_enlarged_under_the_policy(browser: Browser, hostile_site: Path) -> None:
    server = serve(hostile_site, policy.headers(hostile_site))
    complaints: list[str] = []
    with browser.new_context() as session:
        page = session.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.goto(next(server) + "cases/pictured/")
        page.locator("a[data-cl-lightbox]").first.click()
        page.locator("dialog img").wait_for()
        shown = page.get_by_role("dialog", name=page.locator("dialog img").get_attribute("alt"))
        assert page.locator(".cl-gallery figcaption").first.inner_text() in shown.inner_text()
        page.locator(".cl-lightbox__close").click()
        is_inert(page)
    server.close()
    assert complaints == []


def test_templates_and_snippets_are_literal(hostile_site: Path) -> None:
    text = " ".join(
        html.fromstring(path.read_bytes()).text_content()
        for path in hostile_site.glob("cases/hostile-*/index.html")
    )
    for literal in (
        "{{ 7 * 191 }}",
        '--8<-- "/etc/passwd"',
        "::: case_library",
        "${window.__xss=1}",
    ):
        assert literal in text
    assert "1337" not in text
    assert "root:x:0" not in text


def test_every_kind_of_file_is_looked_at_and_well_formed(hostile_site: Path) -> None:
    """A new kind of file must be thought of here: feeds and sheets have rules of their own."""
    found = {path.suffix for path in hostile_site.rglob("*") if path.is_file()}
    assert found <= {
        ".html",
        ".js",
        ".css",
        ".svg",
        ".png",
        ".webp",
        ".xml",
        ".gz",
        ".map",
        ".json",
    }
    for path in (*hostile_site.rglob("*.xml"), *hostile_site.rglob("*.svg")):
        tree = ElementTree.parse(path)
        assert not [e for e in tree.iter() if e.tag.endswith("script")], path
    for path in hostile_site.rglob("*.json"):
        json.loads(path.read_bytes())
    for path in hostile_site.rglob("*.html"):
        page = path.read_text("utf-8")
        for block in re.findall(r"<script[^>]*json[^>]*>(.*?)</script>", page, re.DOTALL):
            assert "__xss" not in json.dumps(json.loads(block)) or "<" not in block, path
        head = html.fromstring(page.encode()).find("head")
        assert not [s for s in head.iter("script") if "__xss" in (s.text or "")], path


def test_no_original_of_a_picture_is_published(hostile_site: Path) -> None:
    pictures = [p.suffix for p in hostile_site.rglob("*") if "pictures" in p.parts and p.is_file()]
    assert set(pictures) == {".webp"}
    for path in hostile_site.rglob("*"):
        assert not path.is_file() or b"SecretCamera" not in path.read_bytes(), path
