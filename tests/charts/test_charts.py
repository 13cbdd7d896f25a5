"""Every chart: well-formed, labelled, small, quick, and the same as the one that was looked at."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from case_library.charts import CHARTS, lattice
from case_library.charts.lineage import Branch
from case_library.charts.profile import Axis, radar
from case_library.charts.svg import HUES, Chart, Table, measure, wrap
from case_library.indicators import progress, summarise
from case_library.language import language
from case_library.model.parts import Funnel
from case_library.model.reference import Pattern
from lxml import etree
from markupsafe import Markup

from tests.charts.samples import IDEAS, PROJECTS, axes, samples
from tests.records import case, figure, library, record

GOLDEN = Path(__file__).parent / "golden"
NAMES = list(samples("zh"))
HOSTILE = "<script>alert('\"x\"')</script>&</svg>"


def _svgs(chart: Any) -> list[Markup]:
    return list(chart.svgs) if isinstance(chart, Chart) else [chart]


def _parsed(svg: str) -> Any:
    return etree.fromstring(svg.encode())


@pytest.fixture(scope="module", params=["zh", "en"])
def drawn(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return request.param, samples(request.param)


@pytest.mark.parametrize("name", NAMES)
def test_looks_as_it_did_when_somebody_looked(
    drawn: tuple[str, dict[str, Any]], name: str, update: bool
) -> None:
    code, charts = drawn
    path = GOLDEN / f"{name}.{code}.svg"
    found = "\n".join(_svgs(charts[name])) + "\n"
    if update:
        path.write_text(found, "utf-8")
    assert found == path.read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_says_in_words_what_it_shows(drawn: tuple[str, dict[str, Any]], name: str) -> None:
    for svg in _svgs(drawn[1][name]):
        root = _parsed(svg)
        assert root.get("role") == "img"
        ids = root.get("aria-labelledby").split()
        assert [root[0].get("id"), root[1].get("id")] == ids
        assert [root[0].tag, root[1].tag] == ["title", "desc"]
        assert root[0].text
        assert root[1].text
        assert not root.xpath("//@style | //style | //script | //@href")


def test_ids_on_a_page_are_unique(drawn: tuple[str, dict[str, Any]]) -> None:
    page = "".join(svg for chart in drawn[1].values() for svg in _svgs(chart))
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", NAMES)
def test_every_label_is_in_the_table_or_the_words(
    drawn: tuple[str, dict[str, Any]], name: str
) -> None:
    """Nothing can be read off the drawing that a reader of the table would miss."""
    chart = drawn[1][name]
    if not isinstance(chart, Chart):
        return
    known = " ".join([*chart.table.head, *(cell for row in chart.table.rows for cell in row)])
    numbers = re.findall(r"<t(?:ext|span)[^>]*>([\d,.]+)</t", chart.svg)
    for number in numbers:
        assert number in known or name.startswith("timeline"), number


def test_ordinary_charts_are_small(drawn: tuple[str, dict[str, Any]]) -> None:
    sizes = {n: max(len(s.encode()) for s in _svgs(c)) for n, c in drawn[1].items()}
    assert {name: size for name, size in sizes.items() if size > 3072} == {}
    assert len(lattice.cover("ice", "jade", "x", 1.5).encode()) < 3072


def test_ten_thousand_are_drawn_in_three_seconds() -> None:
    lang = language("zh")
    five = axes("zh", [3, 1, 3, 1, 2])
    start = time.process_time()
    for number in range(10_000):
        radar(f"r{number}", "五力", five, lang)
    assert time.process_time() - start < 3


def test_a_strip_of_thousands_stays_small_and_says_where_a_case_stands() -> None:
    cases = [case(f"c{n}", indicators=[figure(value=n * n)]) for n in range(3000)]
    (summary,) = summarise(library(IDEAS, *cases), cases)
    chart = CHARTS["strip"]("s", "t", summary, language("en"), "c1000")
    assert len(chart.svg.encode()) < 6000
    assert "This case 1,000,000 ideas" in chart.svg
    assert [row[0] for row in chart.table.rows] == ["c0", "c2999"]


def test_links_of_a_table_are_escaped() -> None:
    chart = CHARTS["tiles"]("t", "t", [("<a>", 1), ("b", 2)], language("en"))
    linked = chart.linked({"<a>": 'x"y'})
    assert '<a href="x&#34;y">&lt;a&gt;</a>' in linked.__html__()
    assert linked.svg == chart.svg


def test_text_is_escaped_wherever_it_comes_from() -> None:
    lang = language("en")
    hostile = [Axis(HOSTILE, n, "jade") for n in (3, 0, 1)]
    entry = record(type(IDEAS), "ideas", title=HOSTILE, counts="x", unit=HOSTILE, direction="more")
    one = case("c0", title=HOSTILE, indicators=[figure(value=3, baseline="1", target="5")])
    (summary,) = summarise(library(entry, one), [one])
    (moved,) = [progress(f, entry) for f in one.indicators]
    assert moved
    funnel = Funnel.model_validate(
        {"title": HOSTILE, "scope": HOSTILE, "stages": ["ideas", "projects"]}
    )
    stages = case("c1", indicators=[figure(value=3), figure("projects", 2)]).indicators
    catalogue = {"ideas": entry, "projects": PROJECTS}
    charts = [
        CHARTS["radar"](HOSTILE, HOSTILE, hostile, lang),
        CHARTS["rows"]("a", HOSTILE, hostile[:2], lang),
        CHARTS["multiples"]("b", HOSTILE, [(HOSTILE, hostile)], lang),
        CHARTS["bars"]("c", HOSTILE, [(entry, moved)], lang),
        CHARTS["strip"]("d", HOSTILE, summary, lang, "c0"),
        CHARTS["funnel"]("e", funnel, stages, catalogue, lang),
        CHARTS["timeline"]("f", HOSTILE, [(HOSTILE, None)], lang),
        CHARTS["tiles"]("g", HOSTILE, [(HOSTILE, 1), (HOSTILE, 0)], lang),
        CHARTS["lineage"]("i", HOSTILE, [Branch(HOSTILE, 0, HOSTILE, HOSTILE, "case")], lang),
    ]
    for chart in charts:
        assert "<script" not in chart.__html__()
        assert "<script" not in chart.table.html(lang)
        for svg in chart.svgs:
            assert "script" in "".join(_parsed(svg).itertext())
    assert "<script" not in CHARTS["mini"]("h", HOSTILE, hostile, lang)
    assert "<script" not in lattice.cover("ice", "jade", HOSTILE, 1, HOSTILE)


def test_a_family_can_be_followed_by_link_and_by_list() -> None:
    """Screen readers find links in a drawing; a picture would hide them."""
    tree = [Branch("a", 0, kind="case"), Branch("b", 1, kind="case", url='x"y'), Branch("c", 0)]
    chart = CHARTS["lineage"]("f", "t", tree, language("en"))
    root = _parsed(chart.svg)
    assert root.get("role") is None
    assert [link.get("href") for link in root.iter("a")] == ['x"y']
    items = chart.linked({"b": "there"}).table.html(language("en")).partition("</summary>")[2]
    assert items.replace("</details>", "") == (
        '<ul><li>a<ul><li><a href="there">b</a></li></ul></li><li>c</li></ul>'
    )


def test_a_long_descent_stays_on_a_phone() -> None:
    tree = [Branch(f"Case number {n}", n, kind="case") for n in range(40)]
    chart = CHARTS["lineage"]("f", "t", tree, language("en"))
    assert max(float(t.get("x")) for t in _parsed(chart.svg).iter("text")) < 150


def test_a_table_keeps_links_and_escapes_words() -> None:
    table = Table(("a",), ((Markup('<a href="x">y</a>'), "<b>"),)).html(language("en"))
    assert '<a href="x">y</a>' in table
    assert "&lt;b&gt;" in table


@pytest.mark.parametrize("sides", [2, 9])
def test_a_radar_of_too_few_or_too_many_sides_becomes_rows(sides: int) -> None:
    chart = radar("r", "t", [Axis(f"Side {n}", n) for n in range(sides)], language("en"))
    assert chart.kind == "rows"


def test_unknown_is_never_drawn_as_zero() -> None:
    empty = samples("en")["radar-empty"].svg
    assert ">0<" not in empty
    assert "none" in empty
    funnel = samples("en")["funnel-sparse"].svg
    assert ">0 " not in funnel
    assert "stroke-dasharray" in funnel


@pytest.mark.parametrize(
    ("text", "em", "lines", "expected"),
    [
        ("协商力", 3, 1, ("协商力",)),
        ("提案实施跟进以及辅导", 6, 2, ("提案实施跟进", "以及辅导")),
        ("提案实施跟进以及辅导", 4, 2, ("提案实施", "跟进以…")),
        ("看一看，再说", 3, 2, ("看一看，", "再说")),
        ("Proposal writing", 5.5, 2, ("Proposal", "writing")),
        ("Incomprehensibilities", 5, 2, ("Incompr…",)),
    ],
)
def test_text_is_wrapped_by_its_width(
    text: str, em: float, lines: int, expected: tuple[str, ...]
) -> None:
    assert wrap(text, em, lines) == expected
    assert measure("协A") > measure("AA")


def test_lattices_are_woven_by_id() -> None:
    patterns = Pattern.__args__  # type: ignore[attr-defined]
    assert set(lattice.TILES) == set(patterns)
    for pattern in patterns:
        covers = [lattice.cover(pattern, "jade", f"case-{n}", 1.5, "same") for n in range(12)]
        assert len(set(covers)) == 12
        assert covers[0] == lattice.cover(pattern, "jade", "case-0", 1.5, "same")
        for cover in covers:
            root = _parsed(cover)
            assert root.get("aria-hidden") == "true"
            assert HUES["jade"] in cover
