"""Every link inside a site leads to a file that is there, and every fragment to an id on it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from case_library.links import Links
from lxml import html

from tests.site.build import build


def links(page: Path) -> Iterator[str]:
    for element in document(page).iter():
        for name in ("href", "src", "action"):
            value = element.get(name)
            if value is not None:
                yield value


@cache
def document(page: Path) -> html.HtmlElement:
    return html.fromstring(page.read_bytes())


@cache
def ids(page: Path) -> frozenset[str]:
    return frozenset(document(page).xpath("//@id"))


def broken(site: Path) -> Iterator[str]:
    for page in sorted(site.rglob("*.html")):
        if page.name == "404.html":  # its links start at the server's root
            continue
        for link in links(page):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = page if not parts.path else (page.parent / unquote(parts.path)).resolve()
            if target.is_dir():
                target /= "index.html"
            where = f"{page.relative_to(site)}: {link}"
            if not target.is_file():
                yield where
            elif target.suffix == ".html" and unquote(parts.fragment) not in ids(target) | {""}:
                yield f"{where} (no such id)"


@pytest.mark.parametrize("site", ["bundled_site", "gardens_site"])
def test_every_internal_link_resolves(site: str, request: pytest.FixtureRequest) -> None:
    assert list(broken(request.getfixturevalue(site))) == []


@pytest.mark.parametrize("case", ["", "title: One\nsummary: One.\nstatus: proposed\n"])
def test_every_link_of_a_new_library_resolves(tmp_path: Path, case: str) -> None:
    theme = "reading:\n  title: Reading\n  summary: Books.\n"
    files = {"cases/reference/themes.yml": theme} | ({"cases/one.yml": case} if case else {})
    assert list(broken(build(tmp_path, files))) == []


@pytest.mark.parametrize("site", ["bundled_site", "gardens_site"])
def test_no_page_names_a_resource_of_another_host(
    site: str, request: pytest.FixtureRequest
) -> None:
    foreign = []
    for page in request.getfixturevalue(site).rglob("*.html"):
        for element in document(page).iter("link", "script", "img", "iframe", "source", "video"):
            address = element.get("href") or element.get("src") or ""
            if urlsplit(address).netloc and element.get("rel") not in {"canonical", "license"}:
                foreign.append(f"{page}: {address}")
    assert foreign == []


@pytest.mark.parametrize("words", ["", "照着做：64号院", "什么？！真的，。", "，先", "<b> & more"])
def test_a_heading_in_clauses_keeps_every_character(words: str) -> None:
    made = Links.clauses(words)
    assert html.fragment_fromstring(made, create_parent="h1").text_content() == words


def test_a_heading_breaks_after_its_punctuation() -> None:
    made = Links.clauses("照着做：64号院")
    assert made.count("</span>") == 2
    assert "：</span>" in made
