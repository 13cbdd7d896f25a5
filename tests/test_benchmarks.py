"""What the benchmark gives to its peers is what our own pages say."""

from __future__ import annotations

from pathlib import Path

import markdown
import pytest
from case_library.library import load
from case_library.site import Options, Site
from lxml import html

from benchmarks.markdown import UNSAID
from benchmarks.markdown import markdown as as_markdown
from tests.site.build import GARDENS, ROOT


def _said(tree: html.HtmlElement) -> str:
    """All words without what stands between them."""
    for element in tree.xpath("|".join(f".//{tag}" for tag in UNSAID)):
        element.drop_tree()
    return "".join(tree.text_content().replace("\\", "").split())


def _links(tree: html.HtmlElement) -> list[str]:
    return [a.get("href") for a in tree.iter("a") if a.get("href") and _said(a)]


@pytest.mark.parametrize("cases", [ROOT / "cases", GARDENS / "cases"])
def test_peers_get_all_words_and_links_of_a_page(cases: Path) -> None:
    site = Site(load(cases), Options())
    for page in site.pages:
        ours = html.fragment_fromstring(str(site.body(page)), create_parent="div")
        theirs = html.fragment_fromstring(
            markdown.markdown(as_markdown(str(site.body(page))), extensions=["tables"]),
            create_parent="div",
        )
        assert _said(theirs) == _said(ours), page.address
        assert _links(theirs) == _links(ours), page.address
