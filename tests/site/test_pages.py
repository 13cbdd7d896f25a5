"""One page of each kind, as it was read and accepted; `--update` writes them anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from case_library.demo import Demo, write
from case_library.library import Library, load
from case_library.site import Options, Site

from tests.site.build import GARDENS

GOLDEN = Path(__file__).parent / "golden"
PAGES = {
    "home": "",
    "library": "library/",
    "about": "about/",
    "blank": "form/propose/",
    "case": "cases/mill-lane-garden/",
    "theme": "themes/food/",
    "place": "places/hill-town/",
    "programme": "programmes/green-year/",
    "method": "methods/work-day/",
    "organisation": "organisations/garden-club/",
    "audience": "audiences/children/",
    "process": "processes/digging/",
    "framework": "frameworks/three-roots/",
    "indicator": "indicators/gardeners/",
    "source": "sources/newspaper/",
    "tag": "tags/lawn-order/",
    "year": "years/2023/",
    "status": "statuses/proposed/",
    "index": "places/",
    "compare": "compare/",
    "casebook": "casebook/",
    "dashboard": "indicators/",
    "gaps": "gaps/",
    "lineage": "lineage/",
    "practice": "practice/",
    "kit": "cases/mill-lane-garden/kit/",
    "kit-method": "methods/work-day/kit/",
    "form": "processes/digging/form/",
}


@pytest.fixture(scope="module")
def gardens() -> Site:
    return Site(load(GARDENS / "cases"), Options(edit_url="https://x.example/{path}"))


@pytest.mark.parametrize("kind", PAGES)
def test_page_is_as_it_was_read_and_accepted(gardens: Site, kind: str, update: bool) -> None:
    page = gardens.page_at[PAGES[kind]]
    lines = (line.strip() for line in str(gardens.body(page)).splitlines())
    body = "\n".join(line for line in lines if line) + "\n"
    golden = GOLDEN / f"{kind}.html"
    if update:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(body, "utf-8")
    assert body == golden.read_text("utf-8")


def test_every_kind_of_page_is_looked_at(gardens: Site) -> None:
    looked_at = {gardens.page_at[address].kind for address in PAGES.values()}
    assert {page.kind for page in gardens.pages} == looked_at


def test_order_of_files_and_of_languages_changes_no_address(gardens: Site) -> None:
    addresses = [page.address for page in gardens.pages]
    assert len(addresses) == len(set(addresses))


def test_a_programme_is_never_added_to_its_parts(gardens: Site) -> None:
    """Its own 40 applications stand apart from what its cases come to."""
    body = str(gardens.body(gardens.page_at["programmes/green-year/"]))
    summary = body[body.index('id="summary"') : body.index('id="sources"')]
    assert "applications" not in summary
    assert "Gardeners" in summary


def test_an_empty_library_still_has_a_home() -> None:
    site = Site(Library(), Options())
    assert [page.kind for page in site.pages] == ["home", "about", "blank", "blank"]
    assert "my-first-case" in site.body(site.pages[0])


@pytest.mark.parametrize("fault", ["record", "file"])
@pytest.mark.parametrize("kind", [p.stem for p in sorted((GARDENS / "cases/reference").iterdir())])
def test_a_faulty_reference_record_costs_nothing_else(
    tmp_path: Path, kind: str, fault: str
) -> None:
    """Records that refer to what was left out are published, and lead nowhere."""
    shutil.copytree(GARDENS / "cases", tmp_path / "cases")
    path = tmp_path / f"cases/reference/{kind}.yml"
    lines = path.read_text("utf-8").splitlines()
    if fault == "file":
        path.write_text("a: b: c\n", "utf-8")
    else:
        names = [line.partition(":")[0] for line in lines if line[:1].isalpha()]
        path.write_text("".join(f"{name}: {{colour: red}}\n" for name in names), "utf-8")
    library = load(tmp_path / "cases")
    assert library.problems
    assert {case.id for case in library.cases} == {"mill-lane-garden", "roof-garden"}
    site = Site(library, Options())
    for page in site.pages:
        assert site.body(page)


def test_pages_on_disk_are_those_of_the_plan(bundled: Library, bundled_site: Path) -> None:
    """And the guide, and the page for what is not there: the site's own."""
    found = bundled_site.rglob("index.html")
    on_disk = {path.parent.relative_to(bundled_site).as_posix() for path in found}
    planned = {page.address.rstrip("/") or "." for page in Site(bundled, Options()).pages}
    guides = {"writing", "publishing", "fields"}
    assert on_disk - planned == guides | {f"en/{name}" for name in guides}
    assert planned <= on_disk


def test_of_very_many_cases_a_term_names_some_and_leads_to_all(tmp_path: Path) -> None:
    write(tmp_path, Demo(450, languages=("en",)))
    site = Site(load(tmp_path / "cases"), Options())
    terms = site.first.taxonomies.terms
    theme = max(terms["theme"], key=lambda term: len(term.cases))
    body = str(site.body(site.page_at[theme.address]))
    assert body.count('<li class="cl-case-row"') == 50 < len(theme.cases)
    assert f'href="../../library/?theme={theme.slug}">{len(theme.cases) - 50} more' in body
    # The library page has no filter for sources: all that rest on one are named.
    source = max(terms["source"], key=lambda term: len(term.cases))
    body = str(site.body(site.page_at[source.address]))
    assert len(source.cases) > 50
    assert all(f'href="../../cases/{case.id}/"' in body for case in source.cases)
