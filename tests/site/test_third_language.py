"""A third language is one file: `locale/<code>.yml`, and its code in library.yml."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from case_library import language as languages
from case_library.library import load
from case_library.site import Options, Site
from lxml.html import document_fromstring

from tests.site.build import GARDENS

#: A few words of a language that nobody has translated the interface to: the rest is English.
WORDS = """\
name: Français
ui: {library: Bibliothèque, language-short: FR, not-reported: non rapporté}
kinds: {theme: {one: Thème, many: Thèmes}}
choices: {navigation: {library: Bibliothèque, theme: Thèmes}, status: {running: en cours}}
"""


@pytest.fixture
def with_french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "locale"
    shutil.copytree(languages._FOLDER, folder)
    (folder / "fr.yml").write_text(WORDS, "utf-8")
    monkeypatch.setattr(languages, "_FOLDER", folder)
    caches = (languages.language, languages._load, languages._number)
    for cache in caches:
        cache.cache_clear()
    shutil.copytree(GARDENS / "cases", tmp_path / "cases")
    settings = tmp_path / "cases" / "library.yml"
    told = settings.read_text("utf-8")
    settings.write_text(
        "languages: [en, zh, fr]\n"
        + "\n".join(line for line in told.splitlines() if not line.startswith("languages:")),
        "utf-8",
    )
    yield tmp_path / "cases"
    for cache in caches:
        cache.cache_clear()


def test_a_third_language_is_one_file(with_french: Path) -> None:
    library = load(with_french)
    assert library.problems == []
    site = Site(library, Options())
    by_kind = {page.kind: page for page in site.pages if page.language == "fr"}
    assert by_kind.keys() == {page.kind for page in site.pages}
    bodies = {kind: str(site.body(page)) for kind, page in by_kind.items()}
    bodies["case"] = str(site.body(site.page_at["fr/cases/mill-lane-garden/"]))
    case = document_fromstring(bodies["case"])
    assert "en cours" in case.text_content()
    # What the case says is English still, and says so to those who listen.
    assert case.xpath("//h1/span/@lang") == ["en"]
    assert "avril 2023" in case.text_content()
    frame = document_fromstring(site.frame("header", "fr/", palette="", problems=[]))
    assert frame.xpath("//nav[@class='cl-nav']//a/text()")[0] == "Bibliothèque"
    assert frame.xpath("//a[@hreflang]/@hreflang") == ["en", "zh"]
    # A word that the file lacks is the English one, never a key or a gap.
    assert "Related cases" in bodies["case"]
    assert not any("ui." in body.replace("ui.example", "") for body in bodies.values())
