"""A selection becomes a booklet: in the browser, over file:// too, and as PDF by the command."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from case_library import casebook
from case_library.cli import main
from case_library.library import Library
from case_library.site import Options, Site
from click.testing import CliRunner, Result
from playwright.sync_api import Browser

from tests.browser.paper import codes, printed, sheets, squeezed
from tests.browser.test_pages import opened
from tests.site.build import ROOT

BOUND = "[data-cl-bound]"
MANY = "?ids=" + ",".join(f"x{n}" for n in range(500))


def command(*arguments: str) -> Result:
    always = ("--cases", str(ROOT / "cases"), "--language", "en")
    return CliRunner().invoke(main, ["casebook", *arguments, *always])


@pytest.mark.parametrize("over", ["http", "file"])
def test_what_the_library_page_shows_is_bound(
    browser: Browser, bundled: Library, bundled_site: Path, bundled_url: str, over: str
) -> None:
    """The pages of the cases themselves: each begins a sheet, none shares an id with another."""
    base, index = (
        (bundled_url, "") if over == "http" else (f"{bundled_site.as_uri()}/", "index.html")
    )
    with opened(browser, f"{base}library/{index}?theme=co-building") as (page, complaints):
        page.get_by_role("link", name="装订成案例集").click()
        page.locator(BOUND).wait_for()
        chosen = [c for c in bundled.cases if "co-building" in {link.id for link in c.themes}]
        assert page.locator(".cl-book > div > article").count() == len(chosen) > 1
        assert page.locator("[data-cl-filters]").inner_text() == "社区共建"
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))
        broken = page.evaluate(
            "[...document.querySelectorAll('.cl-book a[href^=\"#\"]')]"
            ".filter(a => !document.getElementById(a.hash.slice(1))).map(a => a.outerHTML)"
        )
        assert broken == []
        found = sheets(printed(page))
        for case in chosen:
            begun = [n for n, sheet in enumerate(found) if squeezed(case.title["zh"]) in sheet]
            assert len(begun) > 1, "named in the contents, and where it begins"
            for link in case.sources:
                assert not link.at or squeezed(link.at["zh"]) in "".join(found)
        assert "目录" in found[1]
        assert [c for c in complaints if "CORS" not in c and "origin 'null'" not in c] == []


def test_the_cases_of_a_comparison_are_bound_in_their_order(
    browser: Browser, bundled_url: str
) -> None:
    with opened(browser, f"{bundled_url}en/compare/?ids=pets-club,silver-bells") as (page, _):
        page.get_by_role("link", name="Bind them").click()
        page.locator(BOUND).wait_for()
        titles = page.locator(".cl-book article h1").all_inner_texts()
        assert titles == ["The Pets Club", "Silver Bells Go Modern"]
        page.locator(".cl-book__contents a").last.click()
        assert page.url.endswith("#book-silver-bells")


@pytest.mark.parametrize("query", ["?ids=nobody", MANY, "?q=zzzqqq"])
def test_a_book_of_nothing_says_so(browser: Browser, bundled_url: str, query: str) -> None:
    with opened(browser, f"{bundled_url}en/casebook/{query}") as (page, complaints):
        page.get_by_text("No case is selected.").wait_for()
        assert not page.locator(".cl-book").is_visible()
        assert page.get_by_role("link", name="To the library").count() == 1
        assert complaints == []


def test_the_command_writes_a_pdf_whose_contents_name_the_right_pages(tmp_path: Path) -> None:
    target = tmp_path / "books" / "book.pdf"
    done = command(
        "theme=co-building",
        "pets-club",
        "-o",
        str(target),
        "--site-url",
        "https://practice.example/",
    )
    assert (done.exit_code, done.stderr) == (0, "")
    document = pypdfium2.PdfDocument(target)
    found = sheets(document)
    assert f"{len(found)} pages, 4 cases" in done.stdout
    assert squeezed("The Pets Club 9") in found[1]
    assert squeezed("The Pets Club") in found[8]
    assert "https://practice.example/en/cases/pets-club/" in codes(document)
    assert str(tmp_path) not in target.read_bytes().decode("latin-1")


def test_the_command_says_what_it_did_not_find(tmp_path: Path) -> None:
    target = tmp_path / "book.html"
    done = command("pets-club", "nobody", "theme=none", "-o", str(target))
    assert done.exit_code == 1
    assert "Not found: nobody, theme=none" in done.stderr
    page = target.read_text("utf-8")
    assert page.count("<article ") == 1
    assert 'href="../' not in page
    assert "practice.example" not in page
    none = command("nobody", "-o", str(tmp_path / "none.pdf"))
    assert none.exit_code == 2
    assert "No case is selected" in none.stderr
    assert not (tmp_path / "none.pdf").exists()


def test_without_a_browser_the_command_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASE_LIBRARY_BROWSER", str(tmp_path / "none"))
    done = command("-o", str(tmp_path / "x.pdf"))
    assert done.exit_code == 2
    assert "apt install chromium" in done.output
    assert "book.html" in done.output


def test_too_many_cases_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casebook, "MOST", 16)
    done = command("-o", str(tmp_path / "x.pdf"))
    assert done.exit_code == 2
    assert "17 cases are selected; a book holds 16" in done.output


def test_filters_mean_what_they_mean_on_the_library_page(bundled: Library) -> None:
    edition = Site(bundled, Options()).first
    every = casebook.select(edition, [])
    assert len(every.cases) == len(bundled.cases)
    either = casebook.select(edition, ["theme=co-building,safety"]).cases
    both = casebook.select(edition, ["theme=co-building,safety", "status=running"]).cases
    assert {c.id for c in both} == {c.id for c in either if c.status == "running"}
    place = casebook.select(edition, ["place=beijing"]).cases
    assert len(place) > len(either)  # a place holds the cases of all places inside it
