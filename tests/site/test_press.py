"""How a site is written: quick ways give the bytes of the slow one, in whatever order."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest
from case_library import work
from case_library.templating import THEME
from rich.console import Console

from tests.site.build import GARDENS, MKDOCS_YML, ROOT, build, mkdocs, tree

CASE = "title: A bench & <co>\nsummary: Neighbours built a bench.\nstatus: proposed\n"
#: Another plugin looks at every page: all are MkDocs' own then, drawn one by one.
LOOKS = {"looks.py": "def on_post_page(output, page, config):\n    return output\n"}
LOOKING = "hooks: [looks.py]\n"


@pytest.mark.parametrize("library", ["bundled", "gardens"])
def test_the_shell_gives_the_bytes_of_the_theme(
    library: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    quick = request.getfixturevalue(f"{library}_site")
    source = ROOT if library == "bundled" else GARDENS
    for name in ("cases", "docs"):
        shutil.copytree(source / name, tmp_path / name)
    settings = (source / "mkdocs.yml").read_text("utf-8")
    slow = build(tmp_path, {"mkdocs.yml": settings + LOOKING, **LOOKS})
    assert tree(slow) == tree(quick)


MAIN = (THEME / "main.html").read_text("utf-8")
PART = "partials/integrations/analytics.html"


@pytest.mark.parametrize(
    ("name", "template"),
    [
        (PART, "{% if page %}<!-- {{ page.title }} {{ page.file.src_uri }} -->{% endif %}"),
        (PART, "<!-- {% if page.ours is defined %}{{ page.ours.title }}{% endif %} -->"),
        (PART, "<!-- {{ page.url }} {{ 'cases/odd.css' | url }} {{ page.is_homepage }} -->"),
        (PART, "<!-- {{ pages | length }} -->"),
        ("main.html", MAIN.replace("{{ page.content }}", "{{ page.content | upper }}")),
        ("case_library/header.html", "<header>{{ page.path }} {{ page.kind }}</header>"),
    ],
)
def test_a_template_of_the_site_may_look_at_pages(tmp_path: Path, name: str, template: str) -> None:
    settings = MKDOCS_YML.replace("material\n", "material\n  custom_dir: overrides\n")
    files = {
        f"overrides/{name}": template,
        "cases/bench.yml": CASE,
        "cases/library.yml": "languages: [en, zh]\n",
    }
    quick = tree(build(tmp_path, {"mkdocs.yml": settings, **files}))
    assert tree(build(tmp_path, {"mkdocs.yml": settings + LOOKING, **LOOKS})) == quick


def test_the_sitemap_names_exactly_the_pages_on_the_disk(gardens_site: Path) -> None:
    sitemap = (gardens_site / "sitemap.xml").read_text("utf-8")
    root = "https://gardens.example/library/"
    named = {url.removeprefix(root) + "index.html" for url in re.findall("<loc>(.*?)<", sitemap)}
    written = {name for name in tree(gardens_site) if name.endswith(".html")}
    assert {unquote(name) for name in named} == written - {"404.html"}


def test_workers_give_the_same_bytes(gardens_site: Path, tmp_path: Path) -> None:
    shutil.copytree(GARDENS, tmp_path / "gardens")
    done = mkdocs(tmp_path / "gardens", "--strict", CASE_LIBRARY_WORKERS="2")
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "gardens/site") == tree(gardens_site)
    assert re.search(r"\d+ cases on \d+ pages, with their index, in [\d.]+ s", done.stderr)


@pytest.mark.parametrize(("terminal", "total", "shown"), [(True, 600, True), (False, 600, False)])
def test_a_long_build_tells_a_terminal_how_far_it_is(
    terminal: bool, total: int, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=terminal, width=100)
    monkeypatch.setattr(work, "Console", lambda **_: console)
    monkeypatch.delenv("CI", raising=False)
    pieces = [range(0), range(250), range(350)]
    assert list(work.watched(pieces, len, total, "Writing")) == pieces
    assert ("600/600" in screen.getvalue()) == shown
    assert shown or not screen.getvalue().strip()
