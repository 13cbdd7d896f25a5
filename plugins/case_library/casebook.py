"""Casebook: a selection of a library as one printable booklet, and as PDF through a browser."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup
from pypdf import PdfReader

from case_library import render
from case_library.indicators import summarise
from case_library.model.case import Case
from case_library.pages import case as case_page
from case_library.pages.edition import Edition
from case_library.publish import put
from case_library.search.collection import Collection
from case_library.site import Site
from case_library.templating import THEME

#: More cases make a book that nobody can bind.
MOST = 200
STYLES = ("case-library", "charts", "practice", "search", "print")
BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_PATIENCE = 900
_ANCHORS = re.compile(r' (id|for|aria-labelledby|aria-describedby)="([^"]*)"| href="#([^"]*)"')
_LINK = re.compile(r' href="(?!#|[a-z][a-z0-9+.-]*:)([^"]*)"')
_PICTURE = re.compile(r' src="([^"]*)"(?: srcset="[^"]*")?')
_DRAWN = re.compile(r"url\(#([^)]*)\)")


@dataclass(frozen=True)
class Selection:
    """Cases in the order of their titles, the filters in words, and what nothing was found for."""

    cases: list[Case]
    filters: list[str]
    unknown: list[str]


def select(edition: Edition, wishes: Iterable[str]) -> Selection:
    """Cases by their ids, and those that meet all filters such as `theme=food,children`.

    The same filters as in the address of the library page; no wish at all is the whole library.
    """
    collection = Collection(edition, str)
    names = {facet.name: {t.slug: t.label for t in facet.terms} for facet in collection.facets}
    cases = {case.id: case for case in edition.library.cases}
    ids: list[str] = []
    unknown: list[str] = []
    filters: dict[str, set[str]] = {}
    for wish in wishes:
        name, equals, slugs = wish.partition("=")
        for slug in filter(None, slugs.split(",")) if equals else (name,):
            if equals and slug in names.get(name, {}):
                filters.setdefault(name, set()).add(slug)
            elif not equals and slug in cases:
                ids.append(slug)
            else:
                unknown.append(f"{name}={slug}" if equals else slug)
    chosen = {case_id: cases[case_id] for case_id in ids}
    if filters or not (ids or unknown):
        for case in cases.values():
            under = collection.facets_of(case)
            if all(slugs & set(under.get(name, ())) for name, slugs in filters.items()):
                chosen[case.id] = case
    words = [names[name][slug] for name, slugs in filters.items() for slug in sorted(slugs)]
    return Selection(edition.sorted(chosen.values()), words, unknown)


def html(site: Site, code: str, selection: Selection, numbers: Mapping[str, int]) -> str:
    """The booklet as one file that asks for nothing else; `numbers` are the pages of cases."""
    edition = site.editions[code]
    inside = {case.address: case.id for case in selection.cases}
    files = {address: content for address, content in site.files() if address.startswith("cases/")}
    published = site.options.site_url.rstrip("/")

    def link(match: re.Match[str]) -> str:
        address = match[1].removeprefix("./")
        if target := inside.get(address.removeprefix(edition.prefix)):
            return f' href="#book-{target}"'
        return f' href="{published}/{address}"' if published else ""

    def picture(match: re.Match[str]) -> str:
        content = base64.b64encode(files.get(match[1], b"")).decode()
        return f' src="data:image/webp;base64,{content}"'

    def body(case: Case) -> Markup:
        drawn = render.html(edition, case_page.page(edition, case), (), root="", edit_url="")
        text = _LINK.sub(link, _PICTURE.sub(picture, _apart(str(drawn), f"book-{case.id}")))
        return Markup(text.replace("<article ", f'<article id="book-{case.id}" ', 1))

    frame = edition.page("casebook/", "casebook", edition.t("search.casebook.title"), "")
    filled = render.html(
        edition,
        frame,
        (),
        template="book.html",
        root="",
        selection=selection,
        cases=selection.cases,
        summaries=summarise(edition.library, selection.cases),
        numbers=numbers,
        body=body,
        styles=Markup("\n".join(_style(name) for name in STYLES)),
    )
    return _LINK.sub(link, str(filled))


def pdf(write: Callable[[Mapping[str, int]], str], browser: str, target: Path) -> int:
    """Print twice: on which page a case begins is known only when all has been laid out."""
    numbers: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        source, printed = Path(folder, "book.html"), Path(folder, "book.pdf")
        for _ in range(2):
            source.write_text(write(numbers), "utf-8")
            _print(browser, source, printed)
            reader = PdfReader(printed)
            numbers = {
                name.removeprefix("/").removeprefix("book-"): page + 1
                for name, place in reader.named_destinations.items()
                if (page := reader.get_destination_page_number(place)) is not None
            }
        target.parent.mkdir(parents=True, exist_ok=True)
        put(target, printed.read_bytes())
        return len(reader.pages)


def find_browser() -> str | None:
    """The first browser of the Chromium family that is installed; the environment may name one."""
    wish = os.environ.get("CASE_LIBRARY_BROWSER")
    return next(filter(None, map(shutil.which, (wish,) if wish else BROWSERS)), None)


def _print(browser: str, source: Path, target: Path) -> None:
    # Without a user's own sandbox (as root, in a container) Chromium does not start.
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    target.unlink(missing_ok=True)
    options = [
        *("--headless", "--disable-gpu", "--no-pdf-header-footer", "--no-first-run"),
        *("--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"),
        f"--user-data-dir={source.parent / 'profile'}",
        f"--print-to-pdf={target}",
    ]
    subprocess.run(  # noqa: S603  the browser that the user has, no shell
        [browser, *root, *options, source.as_uri()],
        check=True,
        capture_output=True,
        timeout=_PATIENCE,
    )


def _apart(text: str, prefix: str) -> str:
    """Two cases in one file must not share an id."""

    def renamed(match: re.Match[str]) -> str:
        if match[1]:
            ids = " ".join(f"{prefix}--{name}" for name in match[2].split())
            return f' {match[1]}="{ids}"'
        return f' href="#{prefix}--{match[3]}"'

    return _DRAWN.sub(rf"url(#{prefix}--\1)", _ANCHORS.sub(renamed, text))


def _style(name: str) -> str:
    return (THEME / f"assets/case-library/{name}.css").read_text("utf-8")
