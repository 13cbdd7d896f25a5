"""`case-library withdraw`: a case leaves every page and file, and its absence is proved."""

from __future__ import annotations

from pathlib import Path

from case_library import casebook, memory, withdraw
from case_library.cli import main
from click.testing import CliRunner
from lxml import html

from tests.site.build import MKDOCS_YML, build, write
from tests.test_pictures import photo

KEPT = "title: A kept bench\nsummary: Another story altogether.\nstatus: idea\n"
SAID = "Forty & lanterns"
GONE = """title: The lantern supper
summary: Forty lanterns were lit in the inner yard.
status: running
sources: [gazette]
tags: [lamplight]
place: yard
problem: |
  Mrs **Lamplighter** of the corner house told it.
media: [{file: lantern.jpg, alt: Lanterns over a table, credit: lantern club archive}]
related: [kept]
"""


def test_a_withdrawn_case_is_nowhere_and_its_address_says_so(tmp_path: Path) -> None:
    files = {
        "mkdocs.yml": MKDOCS_YML + "site_url: https://example.org/\nsite_dir: 'public'  # here\n",
        "cases/gone.yml": GONE,
        "cases/gone.yml.bak": GONE,
        "cases/gone/other.yml": KEPT,
        "cases/kept.yml": KEPT + "place: yard\nrelated: [gone]\n",
        "cases/library.yml": "languages: [en, zh]\n",
        "cases/reference/places.yml": "yard: {title: Inner place}\n",
        "cases/reference/sources.yml": "gazette: {title: Gazette, type: article}\n",
    }
    photo(tmp_path / "cases/gone/lantern.jpg")
    build(tmp_path, files)
    site = tmp_path / "public"
    texts = ["Forty lanterns were lit", "The lantern supper", "lantern club archive"]
    before = {path.relative_to(site).parts[0] for path, _ in withdraw.traces(site, "gone", texts)}
    assert before >= {"cases", "pictures", "search", "places", "index.html"} - {"search"}
    assert any(path.suffix == ".js" for path, _ in withdraw.traces(site, "gone", texts))

    folders = ["--cases", str(tmp_path / "cases")]
    done = CliRunner().invoke(
        main, ["withdraw", "gone", "--reason", "They asked us to", *folders, "--language", "en"]
    )
    assert done.exit_code == 0, done.output
    assert "none is left" in done.output
    left = [*texts, "Lamplighter", "lamplight", "They asked us to", "lantern"]
    assert list(withdraw.traces(site, "gone", left)) == []
    remembered = memory.folder()
    assert remembered
    assert withdraw.files(remembered)
    assert list(withdraw.traces(remembered, "gone", left[:4])) == []
    assert not (tmp_path / "cases/gone/lantern.jpg").exists()
    assert not (tmp_path / "cases/gone.yml.bak").exists()
    assert (tmp_path / "cases/gone/other.yml").is_file()
    for language in ("", "zh/"):
        page = html.fromstring((site / language / "cases/gone/index.html").read_bytes())
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert not page.xpath("//*[@data-case]")
    assert "cases/gone/" not in (site / "sitemap.xml").read_text("utf-8")
    assert "cases/kept/" in (site / "sitemap.xml").read_text("utf-8")


def test_what_others_are_called_and_common_words_are_not_looked_for(tmp_path: Path) -> None:
    gone = "title: 灯笼\nsummary: 灯笼挂满了内院。居民。\nstatus: idea\nplace: yard-of-trees\n"
    write(
        tmp_path,
        {
            "gone.yml": gone + "related: [another-long-bench]\ntags: [Neighbours]\n",
            "another-long-bench.yml": KEPT,
            "reference/places.yml": "yard-of-trees: {title: Yard}",
        },
    )
    taken = withdraw.withdraw(tmp_path, "gone", "x")
    assert taken
    assert taken.texts == ["灯笼", "灯笼挂满了内院"]


def test_no_file_is_deleted_beyond_a_link(tmp_path: Path) -> None:
    photo(tmp_path / "mine/lantern.jpg")
    write(tmp_path / "cases", {"gone.yml": GONE})
    (tmp_path / "cases/gone").symlink_to(tmp_path / "mine")
    assert withdraw.withdraw(tmp_path / "cases", "gone", "x")
    assert (tmp_path / "mine/lantern.jpg").is_file()


def test_what_others_say_of_it_is_found(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>Forty &amp; lanterns were <b>lit</b></p>")
    (tmp_path / "data.json").write_text('{"a": "Forty & l\\u0061nterns"}')
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7 who knows")
    found = [(path.name, text) for path, text in withdraw.traces(tmp_path, "x", [SAID])]
    assert found == [("data.json", SAID), ("page.html", SAID), ("torn.pdf", "?")]


def test_what_a_book_in_the_site_says_of_it_is_found(tmp_path: Path) -> None:
    """A PDF packs its texts, breaks lines elsewhere, and writes 民 and 一 as signs beside them."""
    long = "花西三社区的一位居民，老人和一只母犬，" * 4
    book, browser = tmp_path / "book.pdf", casebook.find_browser()
    assert browser
    casebook.pdf(lambda _: f"<meta charset=utf-8><p>{long}{SAID}", browser, book)
    assert long.encode() not in book.read_bytes()
    texts = [long, "居民，老人和一只母犬，花西三", SAID, "somebody else"]
    found = [text for _, text in withdraw.traces(tmp_path, "x", texts)]
    assert found == texts[:3]


def test_no_book_holds_what_was_taken_out_or_refused(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "cases/kept.yml": KEPT + "related: [gone, person]\n",
            "cases/gone.yml": "withdrawn: 2026-03-02\nreason: They asked us to\n",
            "cases/again/gone.yml": KEPT.replace("Another", "Withdrawn"),
            "cases/person.yml": KEPT.replace("Another", "Call 13800138000, another"),
        },
    )
    always = [
        "--cases",
        str(tmp_path / "cases"),
        "--language",
        "en",
        "-o",
        str(tmp_path / "b.html"),
    ]
    done = CliRunner().invoke(main, ["casebook", *always])
    assert (done.exit_code, "2 problems" in done.stderr) == (0, True), done.output
    book = (tmp_path / "b.html").read_text("utf-8")
    assert book.count("<article ") == 1
    assert [text for text in ("Withdrawn", "They asked", "13800138000") if text in book] == []
    done = CliRunner().invoke(main, ["casebook", "gone", "person", *always])
    assert (done.exit_code, "Not found: gone, person" in done.stderr) == (2, True), done.output


def test_a_case_that_is_not_there_is_told(tmp_path: Path) -> None:
    arguments = ["withdraw", "gone", "--reason", "x", "--cases", str(tmp_path)]
    assert CliRunner().invoke(main, arguments).exit_code == 2
