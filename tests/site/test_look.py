"""What a site sets of its look: colours, mark, patterns, the header, the home page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from case_library.library import load
from case_library.model.colours import DARK, LEAST, LIGHT, contrast
from case_library.site import Options, Site
from lxml.html import HtmlElement, document_fromstring

from tests.site.build import GARDENS, MKDOCS_YML, build

LOOK = """\
languages: [en, zh]
title: {en: Allotments, zh: 菜园}
seal: 园
accent: "#1d5c63"
hues: {jade: "#4a5d23"}
pattern: ice
navigation: [about, place, library]
home: [newest, hero]
"""
CASE = "title: A bench\nsummary: Somewhere to sit.\nstatus: idea\nthemes: [seats]\nplace: yard\n"
FILES: dict[str, str | bytes] = {
    "mkdocs.yml": MKDOCS_YML.replace("material\n", "material\n  logo: mark.png\n"),
    "cases/library.yml": LOOK,
    "cases/bench.yml": CASE,
    "cases/reference/themes.yml": "seats: {title: Seats}\n",
    "cases/reference/places.yml": "yard: {title: Yard}\n",
    "docs/mark.png": b"not looked at",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("look"), FILES)


@pytest.fixture(scope="module")
def home(site: Path) -> HtmlElement:
    return document_fromstring((site / "index.html").read_text("utf-8"))


def test_own_colours_come_after_ours_and_are_read_by_day_and_night(
    site: Path, home: HtmlElement
) -> None:
    sheets = home.xpath("//link[@rel='stylesheet' and not(@media)]/@href")
    assert sheets[-1] == "assets/case-library/look.css"
    day, night, _, _ = (site / sheets[-1]).read_text().split("\n")
    assert "--cl-accent:#1d5c63;" in day
    assert "--cl-jade:#4a5d23;" in day
    for block, grounds in ((day, LIGHT), (night, DARK)):
        colours = dict(re.findall(r"--cl-([a-z-]+):(#[0-9a-f]{6});", block))
        on = colours.pop("on-accent")
        assert contrast(on, colours["accent"]) >= LEAST
        assert all(contrast(c, ground) >= LEAST for c in colours.values() for ground in grounds)


def test_mark_in_the_tab_is_the_seal(site: Path, home: HtmlElement) -> None:
    (icon,) = home.xpath("//link[@rel='icon']/@href")
    mark = (site / icon).read_text("utf-8")
    assert "园" in mark
    assert "#1d5c63" in mark


def test_logo_takes_the_place_of_the_seal(site: Path, home: HtmlElement) -> None:
    assert home.xpath("//header//*[contains(@class, 'cl-brand')]//img/@src") == ["mark.png"]
    assert not home.xpath("//header//*[contains(@class, 'cl-seal')]")
    deep = document_fromstring((site / "zh" / "cases" / "bench" / "index.html").read_bytes())
    assert deep.xpath("//header//img/@src") == ["../../../mark.png"]


def test_navigation_is_in_the_order_that_is_set(home: HtmlElement) -> None:
    names = home.xpath("//nav[@class='cl-nav']//a/text()")
    assert names == ["About", "Places", "Library"]


def test_home_page_has_the_parts_that_are_set(home: HtmlElement) -> None:
    found = [element.get("id") or element.tag for element in home.xpath("//h1 | //h2[@id]")]
    assert found == ["newest-title", "h1"]


def test_pattern_is_that_of_themes_that_name_none(site: Path, home: HtmlElement) -> None:
    ice = "M-11-9L11 6 12 18"
    assert all(path.startswith(ice) for path in home.xpath("//pattern/path[1]/@d"))
    assert home.xpath("//pattern")


def test_nothing_set_needs_no_style_sheet_of_its_own() -> None:
    files = [address for address, _ in Site(load(GARDENS / "cases"), Options()).files()]
    assert "assets/case-library/look.css" not in files
    assert "assets/case-library/favicon.svg" in files
