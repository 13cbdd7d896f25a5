"""Every number in every built page leads to what it counts and to where it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

#: What holds one figure with all that is said of it.
HOLDERS = {"tr", "li", "p"}


def _holder(node: Any) -> Any:
    while node is not None and node.tag not in HOLDERS and "note" not in _classes(node):
        node = node.parent
    return node


def _classes(node: Any) -> str:
    return (node.attributes or {}).get("class") or ""


@pytest.fixture(params=["bundled_site", "gardens_site"])
def site(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


def test_every_figure_leads_to_its_entry_and_its_source(site: Path) -> None:
    found = 0
    for page in sorted(site.rglob("*.html")):
        tree = LexborHTMLParser(page.read_text("utf-8"))
        for figure in tree.css(".cl-figure"):
            number = figure.css_first(".cl-figure__number")
            if number is None or not number.text(strip=True):
                continue
            found += 1
            holder = _holder(figure)
            assert holder is not None, (page, figure.text())
            links = [a.attributes.get("href") or "" for a in holder.css("a")]
            assert any("indicators/" in link for link in links), (page, figure.text())
            notes = [link for link in links if link.startswith("#note-")]
            assert notes, (page, figure.text())
            # The number opens the row that says all of it, unless it stands in that row.
            row = number.css_first("a")
            assert row or holder.tag == "tr", (page, figure.text())
            if row and (link := row.attributes["href"] or "").startswith("#"):
                assert tree.css_first(f"tr{link}") is not None, (page, link)
            for note in notes:
                assert tree.css_first(f"li{note}") is not None, (page, note)
    assert found > 20


def test_every_chart_has_its_data_in_words(site: Path) -> None:
    found = 0
    for page in sorted(site.rglob("*.html")):
        tree = LexborHTMLParser(page.read_text("utf-8"))
        for chart in tree.css(".cl-chart"):
            found += 1
            assert chart.css("details.cl-data tbody tr, details.cl-data li"), page
        ids = [str(node.attributes["id"]) for node in tree.css("[id]")]
        assert len(ids) == len(set(ids)), (page, sorted(i for i in ids if ids.count(i) > 1))
    assert found > 5
