"""The library inside MkDocs: what a site's owner sees when all is well and when it is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from case_library.press import CasePage
from lxml import html
from mkdocs.config.defaults import MkDocsConfig

from tests.site.build import MKDOCS_YML, ROOT, build, mkdocs, write

CASE = "title: A bench\nsummary: Neighbours built a bench.\nstatus: proposed\n"


def test_a_site_needs_two_lines_and_a_folder(tmp_path: Path) -> None:
    site = build(tmp_path, {"cases/bench.yml": CASE})
    page = html.fromstring((site / "cases/bench/index.html").read_bytes())
    assert page.xpath("//article/@data-case") == ["bench"]
    assert page.xpath("//h1")[0].text_content() == "A bench"
    assert (site / "library/index.html").is_file()


def test_a_faulty_case_is_left_out_and_the_rest_published(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "mkdocs.yml": MKDOCS_YML,
            "cases/bench.yml": CASE,
            "cases/broken.yml": "title: A: B\nstatus: nonsense\n",
            "cases/odd.yml": CASE + "colour: red\nplace: nowhere\n",
            "cases/taken.yml": CASE,
            "docs/cases/taken.md": "# The site's own\n",
            "docs/index.md": "# Home\n",
        },
    )
    done = mkdocs(tmp_path)
    assert done.returncode == 0
    assert "cases/broken.yml:1:9" in done.stderr
    assert "cases/odd.yml:4:1" in done.stderr
    assert "cases/taken.yml:1:1" in done.stderr
    assert "The site's own" in (tmp_path / "site/cases/taken/index.html").read_text("utf-8")
    assert "cases/odd.yml:5:8" in done.stderr
    assert (tmp_path / "site/cases/bench/index.html").is_file()
    assert not (tmp_path / "site/cases/odd").exists()
    assert mkdocs(tmp_path, "--strict").returncode == 1
    assert "Traceback" not in done.stderr


def test_a_quiet_strict_build_tells_failure_and_publishes_the_rest(tmp_path: Path) -> None:
    files = {"cases/bench.yml": CASE, "cases/broken.yml": "title: A: B\n"}
    write(tmp_path, {"mkdocs.yml": MKDOCS_YML, **files})
    done = mkdocs(tmp_path, "--strict", "--quiet")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert (tmp_path / "site/cases/bench/index.html").is_file()


def test_no_field_of_a_case_reaches_what_a_theme_reads() -> None:
    page = CasePage.__new__(CasePage)
    page.read_source(MkDocsConfig())
    assert (page.meta, page.markdown) == ({}, "")


def test_an_empty_folder_says_how_to_begin(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    site = build(tmp_path, {})
    assert "cases/my-first-case.yml" in (site / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [("", "no folder “cases”"), (":\n      cases_dri: x", "cases_dri")],
)
def test_a_wrong_setup_is_one_line_and_no_traceback(
    tmp_path: Path, options: str, said: str
) -> None:
    write(tmp_path, {"mkdocs.yml": MKDOCS_YML.rstrip() + options + "\n"})
    done = mkdocs(tmp_path, "--strict")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_titles_are_inert_everywhere(tmp_path: Path) -> None:
    evil = "</title><script>window.__xss=1</script>&lt;img src=x onerror=alert(1)&gt;"
    site = build(
        tmp_path,
        {
            "cases/evil.yml": f"title: '{evil}'\nsummary: '{evil}'\nstatus: idea\n"
            f"tags: ['{evil}']\n"
            "problem: |\n  <script>window.__xss=1</script> [x](javascript:alert(1))\n"
            "place: p\n",
            "cases/reference/places.yml": f"p: {{title: '{evil}'}}\n",
            "cases/library.yml": f"title: '{evil}'\nsummary: '{evil}'\nheadline: '{evil}'\n",
        },
    )
    for page in site.rglob("*.html"):
        tree = html.fromstring(page.read_bytes())
        assert not [s for s in tree.iter("script") if "__xss" in (s.text or "")], page
        assert not tree.xpath("//img[@onerror]"), page
        assert not tree.xpath("//a[starts-with(@href, 'javascript:')]"), page


def test_a_site_may_override_one_block_of_the_home_page(tmp_path: Path) -> None:
    site = build(
        tmp_path,
        {
            "mkdocs.yml": MKDOCS_YML.replace("material\n", "material\n  custom_dir: overrides\n"),
            "overrides/case_library/home.html": '{% extends "original/case_library/home.html" %}'
            "{% block hero %}<h1>Ours</h1>{% endblock %}",
            "cases/bench.yml": CASE,
        },
    )
    home = html.fromstring((site / "index.html").read_bytes())
    assert [h1.text_content() for h1 in home.xpath("//h1")] == ["Ours"]
    assert home.xpath("//li[@data-case='bench']")


def test_a_page_of_the_site_takes_the_place_of_ours(tmp_path: Path) -> None:
    site = build(tmp_path, {"cases/bench.yml": CASE, "docs/about.md": "# Who we are\n"})
    assert "Who we are" in (site / "about/index.html").read_text("utf-8")


def test_pages_without_directory_addresses_link_each_other(tmp_path: Path) -> None:
    site = build(
        tmp_path,
        {
            "mkdocs.yml": MKDOCS_YML + "use_directory_urls: false\n",
            "cases/bench.yml": CASE + "tags: [wood]\n",
            "cases/library.yml": "languages: [en, zh]\n",
        },
    )
    page = html.fromstring((site / "zh/cases/bench.html").read_bytes())
    for link in page.xpath("//a[not(starts-with(@href, 'mailto:'))]/@href"):
        assert (site / "zh/cases" / link.partition("#")[0]).resolve().exists(), link


def test_a_case_in_one_language_says_so_in_the_other(tmp_path: Path) -> None:
    site = build(tmp_path, {"cases/bench.yml": CASE, "cases/library.yml": "languages: [en, zh]\n"})
    page = html.fromstring((site / "zh/cases/bench/index.html").read_bytes())
    assert page.get("lang") == "zh"
    assert page.xpath("//h1/span/@lang") == ["en"]
    assert "还没有译文" in page.text_content()


def test_a_case_links_to_where_it_is_edited(gardens_site: Path) -> None:
    page = html.fromstring((gardens_site / "cases/roof-garden/index.html").read_bytes())
    edit = "https://code.example/gardens/site/edit/main/cases/roof-garden.yml"
    assert edit in page.xpath("//a/@href")


def test_the_sitemap_names_the_languages_of_a_page(tmp_path: Path) -> None:
    site = build(
        tmp_path,
        {
            "mkdocs.yml": MKDOCS_YML + "site_url: https://x.example/lib/\n",
            "cases/bench.yml": CASE,
            "cases/library.yml": "languages: [en, zh]\n",
        },
    )
    sitemap = (site / "sitemap.xml").read_text("utf-8")
    assert 'hreflang="zh" href="https://x.example/lib/zh/cases/bench/"' in sitemap


NEIGHBOURS = """\
site_name: A library
site_url: https://x.example/lib/
theme:
  name: material
  features: [navigation.instant, navigation.tabs, toc.follow]
plugins:
  - search
  - awesome-nav
  - macros
  - minify: {minify_html: true}
  - redirects: {redirect_maps: {old.md: visit.md}}
  - rss: {match_path: "cases/.*"}
  - git-revision-date-localized: {enable_creation_date: true, fallback_to_build_date: true}
  - glightbox
  - case-library
"""


def test_other_plugins_work_beside_it(tmp_path: Path) -> None:
    """Macros must leave a case's braces alone, feeds and dates must find its file."""
    write(
        tmp_path,
        {
            "mkdocs.yml": NEIGHBOURS,
            "docs/visit.md": "# Visit\n\n{{ 1 + 1 }}\n",
            "cases/bench.yml": CASE + "problem: 'Braces {{ 1 + 1 }} stay.'\n",
        },
    )
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@x.example"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    done = mkdocs(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "WARNING -  case_library" not in done.stderr, done.stderr
    page = (tmp_path / "site/cases/bench/index.html").read_text("utf-8")
    assert "{{ 1 + 1 }}" in page
    assert "<p>2" in (tmp_path / "site/visit/index.html").read_text("utf-8")
    assert (tmp_path / "site/old/index.html").is_file()
    assert "cases/bench/" in (tmp_path / "site/feed_rss_created.xml").read_text("utf-8")


def test_the_core_imports_without_mkdocs() -> None:
    program = (
        "import sys; sys.modules['mkdocs'] = None; sys.modules['material'] = None\n"
        "import case_library.site, case_library.cli\n"
        "from case_library.library import load\n"
        "from case_library.site import Options, Site\n"
        "from pathlib import Path\n"
        "site = Site(load(Path('cases')), Options())\n"
        "print(len(str(site.body(site.pages[0]))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 1000
