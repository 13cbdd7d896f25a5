"""Citations, read back by programs that others wrote and set beside the official styles."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from case_library.exports import citation
from case_library.exports.citation import READ_ON, READ_ON_IN_WORDS, Work
from case_library.library import Library, load
from case_library.model.values import PartialDate
from case_library.pages.edition import Edition, Shared
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc import formatter as formatters
from citeproc.source.json import CiteProcJSON

from tests.site.build import ROOT

STYLES = ROOT / "tests" / "samples" / "styles"
ADDRESS = "https://x.example/cases/bench/"
BENCH = Work(
    "bench", "A bench", "Our streets", "Street club", PartialDate(2026, 5, 3), ADDRESS, "en"
)
WORKS = {
    "whole": BENCH,
    "chinese": replace(BENCH, title="楼道里的小书架", library="案例库", author="", language="zh"),
    "month": replace(BENCH, date=PartialDate(2026, 5)),
    "year": replace(BENCH, date=PartialDate(2026)),
    "undated": replace(BENCH, date=None),
    "library is author": replace(BENCH, author="Our streets"),
    "question": replace(BENCH, title="Where to sit?"),
}
HOSTILE = [
    "A {bench",
    "}} @misc{x, title={y}}",
    r"50% of \LaTeX & #1_a^b~$",
    "ER  - \nTY  - JOUR\rAU  - Nobody",
    'a "quoted" <b>bold</b>',
    "长椅\u2028TI  - x",
]


def by_official_style(work: Work, style: str, language: str) -> str:
    item = citation.csl(work) | {"accessed": {"date-parts": [[2026, 6, 1]]}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = CiteProcJSON([item])
        found = CitationStylesStyle(str(STYLES / style), validate=False, locale=language)
        written = CitationStylesBibliography(found, source, formatters.plain)
        written.register(Citation([CitationItem(work.id)]))
        return "".join(map(str, written.bibliography()[0]))


@pytest.mark.parametrize("name", WORKS)
def test_gbt_7714_is_what_the_official_style_writes(name: str) -> None:
    work = WORKS[name]
    theirs = by_official_style(work, "gbt7714.csl", "zh-CN").removeprefix("[1]")
    ours = citation.gbt7714(work).replace(READ_ON, "2026-06-01")
    # The style sets names of bodies in capitals; the standard's own examples do not.
    assert ours.casefold() == theirs.casefold()


def test_gbt_7714_is_as_the_examples_of_the_standard() -> None:
    title = "出版业信息化迈入快车道"
    example = "萧钰. 出版业信息化迈入快车道[EB/OL]. (2001-12-19)[2002-04-15]. http://www.creader.com/news/20011219/200112190019.html."
    address = "http://www.creader.com/news/20011219/200112190019.html"
    work = replace(BENCH, title=title, author="萧钰", date=PartialDate(2001, 12, 19), url=address)
    assert citation.gbt7714(work).replace(READ_ON, "2002-04-15") == example


@pytest.mark.parametrize("name", WORKS)
def test_apa_is_what_the_official_style_writes(name: str) -> None:
    work = WORKS[name]
    # The style sets names of sites in capitals; a library writes its own name.
    theirs = by_official_style(work, "apa.csl", "en-US").casefold()
    title, library = work.title.casefold(), work.library.casefold()
    if not work.author:  # this processor repeats a title that stands in the author's place
        theirs = theirs.replace(f"). {title}. ", "). ", 1)
    if not work.site:  # the manual, 10.16: a site of the author's own name is not named again
        theirs = theirs.replace(f"{library}. {ADDRESS}", ADDRESS)
    # The processor does not yet drop a full stop after another mark, as the style demands.
    ours = citation.apa(work).replace(READ_ON_IN_WORDS, "June 1, 2026").casefold()
    assert ours == theirs.replace("?. ", "? ")


@pytest.mark.parametrize("write", [citation.gbt7714, citation.apa])
def test_without_a_public_address_none_is_named(write: object) -> None:
    told = write(replace(BENCH, url=""))  # type: ignore[operator]
    assert "http" not in told
    assert READ_ON not in told
    assert told.endswith(".")
    assert "[Z]" in told or "Our streets." in told


@pytest.mark.parametrize("title", HOSTILE)
def test_bibtex_is_read_back_as_one_entry(title: str) -> None:
    work = replace(BENCH, title=" ".join(title.split()), author="A & {B")
    library = parse_string(citation.bibtex(work))
    assert not library.failed_blocks
    (entry,) = library.entries
    fields = {name: field.value for name, field in entry.fields_dict.items()}
    assert (entry.key, fields["year"], fields["date"]) == ("bench", "2026", "2026-05-03")
    assert (fields["month"], fields["url"]) == ("may", ADDRESS)
    decoded = LatexDecodingMiddleware().transform(library).entries[0]
    letters = re.compile(r"[\s{}“”\"]+")  # a decoder may drop braces and set quotes
    read = decoded["title"].replace("ˆ", "^")
    assert letters.sub("", read) == letters.sub("", work.title)


@pytest.mark.parametrize("title", HOSTILE)
def test_ris_is_read_back_as_one_entry(title: str) -> None:
    work = replace(BENCH, title=citation._line(title), summary="One\u2028two")
    written = citation.ris(work)
    assert written.count("\r\n") == written.count("\n") == 11
    (entry,) = rispy.loads(written.replace("\r\n", "\n"))
    assert (entry["title"], entry["authors"]) == (work.title, ["Street club"])
    assert (entry["type_of_reference"], entry["year"]) == ("ELEC", "2026")


@pytest.mark.parametrize("title", HOSTILE)
def test_csl_json_is_json(title: str) -> None:
    (item,) = json.loads(citation.csl_json(replace(BENCH, title=title)))
    assert item["title"] == title
    assert item["issued"] == {"date-parts": [[2026, 5, 3]]}


def test_what_nobody_knows_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "bench.yml").write_text("title: A bench\nsummary: B.\nstatus: idea\n", "utf-8")
    library = load(tmp_path)
    work = citation.work(Edition(Shared(library, "Our streets"), "en"), library.cases[0], "")
    assert citation.apa(work) == "A bench. (n.d.). Our streets."
    assert citation.gbt7714(work) == "A bench[Z]."
    assert "year" not in citation.bibtex(work)
    assert "AU" not in citation.ris(work)


def test_every_case_is_cited_in_every_format(bundled: Library) -> None:
    for code in bundled.languages:
        edition = Edition(Shared(bundled), code)
        for case in bundled.cases:
            work = citation.work(edition, case, ADDRESS)
            for _, _, write in citation.FORMATS.values():
                told = write(work)
                assert ADDRESS in told
                assert work.title in told
