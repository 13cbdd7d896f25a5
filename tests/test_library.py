"""Loading a folder: records, references both ways, and what one mistake costs the others."""

from __future__ import annotations

import gc
import time
from pathlib import Path, PurePosixPath

import pytest
from case_library.library import Library, load
from case_library.model.case import Case
from case_library.model.reference import Place, Theme

CASE = "title: {title}\nsummary: x\nstatus: idea\n"


def case(more: str = "", title: str = "x") -> str:
    return CASE.format(title=title) + more


def library(folder: Path, files: dict[str, str]) -> Library:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return load(folder, PurePosixPath("cases"))


def codes(found: Library) -> list[tuple[str, str]]:
    return [(str(problem.position), problem.code) for problem in found.problems]


PLACES = """
city: {title: City}
quarter: {title: Quarter, parent: city}
yard: {title: Yard, parent: quarter}
street: {title: Street, parent: quarter}
"""


def test_records_are_found_by_kind_and_id_in_order(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        {
            "z/b.yml": case(),
            "a.yaml": case(),
            "reference/places.yml": PLACES,
            "reference/places/garden.yml": "title: Garden\nparent: city\n",
            "reference/synonyms.yml": "groups: [[park, 公园]]",
        },
    )
    assert not found.problems
    assert [c.id for c in found.cases] == ["a", "b"]
    assert [p.id for p in found.all(Place)] == ["city", "garden", "quarter", "street", "yard"]
    garden = found.get(Place, "garden")
    assert garden
    assert (garden.key, str(garden.file)) == (
        ("place", "garden"),
        "cases/reference/places/garden.yml",
    )
    assert not found.get(Place, "nowhere")
    assert not found.get(Case, None)
    assert found.synonyms.groups == [["park", "公园"]]


def test_a_place_knows_what_is_above_and_below(tmp_path: Path) -> None:
    found = library(tmp_path, {"reference/places.yml": PLACES, "a.yml": case("place: yard")})
    yard, quarter = found.get(Place, "yard"), found.get(Place, "quarter")
    assert yard
    assert quarter
    assert [above.id for above in found.ancestors(yard)] == ["quarter", "city"]
    assert [below.id for below in found.children(quarter)] == ["street", "yard"]
    assert not found.children(yard)  # the case lies in it, but is no place


def test_mentions_are_told_once_a_record_and_field(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        {
            "a.yml": case("themes: [parks, {id: parks, basis: editor}]\nrelated: [b]"),
            "b.yml": case(
                "lessons: [{text: x, source: {id: report, at: p. 1}}]\nsources: [report]\n"
                "evidence: [{dimension: two/b, what: x, source: report}]"
            ),
            "reference/themes.yml": "parks: {title: Parks}",
            "reference/sources.yml": "report: {title: Report, type: report}",
            "reference/frameworks.yml": (
                "two: {title: x, dimensions:"
                " [{id: a, title: A, means: a}, {id: b, title: B, means: b}]}"
            ),
        },
    )
    assert not found.problems

    def mentions(kind: str, record_id: str) -> list[tuple[str, str]]:
        return [(m.record.id, m.field) for m in found.mentioned_by(kind, record_id)]

    assert mentions("theme", "parks") == [("a", "themes")]
    assert mentions("case", "b") == [("a", "related")]
    assert mentions("source", "report") == [("b", "evidence"), ("b", "lessons"), ("b", "sources")]
    assert mentions("dimension", "two/b") == [("b", "evidence")]
    assert mentions("dimension", "two/a") == []


def test_one_bad_record_of_a_file_costs_no_other(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        {
            "reference/themes.yml": (
                "a: {title: A}\nb: {titel: B}\nc: x\nd:\nE F: {title: E}\ng: {title: G}"
            ),
            "one.yml": case("themes: [a, b, c, d, g]"),
        },
    )
    assert [theme.id for theme in found.all(Theme)] == ["a", "g"]
    # The case refers to what somebody tried to declare: that is told at the theme, once.
    assert [c.id for c in found.cases] == ["one"]
    assert {position.partition(":")[0] for position, _ in codes(found)} == {
        "cases/reference/themes.yml"
    }


def test_an_unreadable_file_costs_no_record_that_refers_to_it(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        {
            "a.yml": case("themes: [parks]\nplace: yard\nrelated: [b]\nsources: [report]"),
            "b.yml": "title: [",
            "reference/themes.yml": "parks: {title: Parks\n",
            "reference/places/yard.yml": "title: 'x",
            "reference/sources.yml/is-a-folder.txt": "",
        },
    )
    assert [c.id for c in found.cases] == ["a"]
    assert codes(found) == [
        ("cases/b.yml:1:8", "unclosed-bracket"),
        ("cases/reference/places/yard.yml:1:8", "unclosed-quote"),
        ("cases/reference/sources.yml", "not-a-file"),
        ("cases/reference/themes.yml:1:8", "unclosed-bracket"),
    ]


def test_mistakes_in_settings_leave_the_rest_of_them(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        {
            "library.yml": "languages: [zh, en]\ntitle: {zh: 库}\nlicense_url: x\nseal: 三个字",
            "a.yml": "title: {zh: 家, en: Home}\nsummary: 简\nstatus: idea",
        },
    )
    assert codes(found) == [
        ("cases/library.yml:3:14", "url"),
        ("cases/library.yml:4:7", "too-long"),
    ]
    assert found.languages == ["zh", "en"]
    assert found.info.title == {"zh": "库"}
    assert found.cases[0].summary == {"zh": "简"}


@pytest.mark.parametrize("settings", ["languages: zh", "languages: [中文]", "languages: [", "- zh"])
def test_unknown_languages_are_told_once(tmp_path: Path, settings: str) -> None:
    found = library(
        tmp_path,
        {"library.yml": settings, "a.yml": "title: {zh: 家}\nsummary: {fr: x}\nstatus: idea"},
    )
    assert [position.partition(":")[0] for position, _ in codes(found)] == ["cases/library.yml"]
    assert found.cases[0].title == {"zh": "家"}


def test_library_without_settings_speaks_english(tmp_path: Path) -> None:
    found = library(tmp_path, {"a.yml": case(), "b.yml": case(title="{zh: 家}")})
    assert found.languages == ["en"]
    assert codes(found) == [("cases/b.yml:1:8", "language")]


def test_framework_of_the_library_must_exist(tmp_path: Path) -> None:
    assert codes(library(tmp_path, {"library.yml": "title: x\nframework: five-forces"})) == [
        ("cases/library.yml:2:12", "unknown-reference")
    ]


def test_first_of_two_equal_ids_stays_and_both_are_checked(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        {"a/x.yml": case(title="first"), "b/x.yml": "title: second\nthemes: [nowhere]"},
    )
    assert [c.title["en"] for c in found.cases] == ["first"]
    assert codes(found) == [
        ("cases/b/x.yml:1:1", "duplicate-id"),
        ("cases/b/x.yml:1:1", "missing-field"),
        ("cases/b/x.yml:1:1", "missing-field"),
        ("cases/b/x.yml:2:10", "unknown-reference"),
    ]


def test_second_of_two_equal_ids_is_told_though_the_first_is_faulty(tmp_path: Path) -> None:
    found = library(
        tmp_path, {"a/x.yml": "title: x", "b/x.yml": case(), "c/y.yml": "'", "d/y.yml": case()}
    )
    told = codes(found)
    assert ("cases/b/x.yml:1:1", "duplicate-id") in told
    assert ("cases/d/y.yml:1:1", "duplicate-id") in told


def test_same_id_in_two_kinds_is_fine(tmp_path: Path) -> None:
    files = {"x.yml": case("themes: [x]\nplace: x"), "reference/themes.yml": "x: {title: x}"}
    assert not library(tmp_path, files | {"reference/places.yml": "x: {title: x}"}).problems


def test_file_with_a_bad_name_is_checked_all_the_same(tmp_path: Path) -> None:
    found = library(tmp_path, {"My Case.yml": "title: x\nsummary: x\nstatus: begun"})
    assert codes(found) == [
        ("cases/My Case.yml:1:1", "file-name-id"),
        ("cases/My Case.yml:3:9", "choice"),
    ]
    assert not found.cases


CIRCLES = {
    "": {"a": "", "b": "a", "c": "b"},
    "a": {"a": "a"},
    "ab": {"a": "b", "b": "a", "c": "a", "d": "c"},
    "abcd": {"a": "b", "b": "a", "c": "d", "d": "c", "e": "c"},
}


@pytest.mark.parametrize(("circle", "parents"), CIRCLES.items())
def test_records_in_a_circle_are_refused_and_no_others(
    tmp_path: Path, circle: str, parents: dict[str, str]
) -> None:
    places = "".join(f"{k}: {{title: x, parent: {v or '~'}}}\n" for k, v in parents.items())
    found = library(tmp_path, {"reference/places.yml": places})
    assert "".join(p.id for p in found.all(Place)) == "".join(sorted(set(parents) - set(circle)))
    assert [code for _, code in codes(found)] == ["circle"] * len(circle)


def test_no_circle_is_left_where_many_cross(tmp_path: Path) -> None:
    links = {"a": "bc", "b": "d", "c": "d", "d": "a", "e": "ef", "f": "a", "g": "f"}
    files = {
        f"{name}.yml": case(
            "inspired_by: [" + ", ".join(f"{{case: {other}}}" for other in others) + "]"
        )
        for name, others in links.items()
    }
    left = {c.id for c in library(tmp_path, files).cases}
    assert {"f", "g"} <= left
    assert not left & {"a", "d", "e"}


def test_two_fields_can_make_a_circle_together(tmp_path: Path) -> None:
    files = {"a.yml": case("part_of: b"), "b.yml": case("succeeds: [{case: a}]")}
    assert [code for _, code in codes(library(tmp_path, files))] == ["circle", "circle"]


def test_related_cases_may_refer_to_each_other(tmp_path: Path) -> None:
    assert not library(
        tmp_path, {"a.yml": case("related: [b]"), "b.yml": case("related: [a]")}
    ).problems


@pytest.mark.parametrize(
    "places",
    [
        "".join(f"p{i}: {{title: x, parent: p{i}}}\n" for i in range(3300)),
        "".join(f"p{i}: {{title: x, parent: p{(i + 1) % 3300}}}\n" for i in range(3300)),
        "".join(f"p{i}: {{title: x, parent: p{max(i - 1, 0)}}}\n" for i in range(3300)),
    ],
    ids=["many small circles", "one large circle", "long way into a circle"],
)
def test_circles_take_no_square_of_time(tmp_path: Path, places: str) -> None:
    begun = time.process_time()
    found = library(tmp_path, {"reference/places.yml": places})
    assert time.process_time() - begun < 3
    assert found.problems
    assert max(len(problem.details["circle"]) for problem in found.problems) < 100


def test_many_unknown_references_are_told_in_time(tmp_path: Path) -> None:
    known = "".join(f"theme-number-{i}: {{title: x}}\n" for i in range(500))
    unknown = ", ".join(f"theme-numbre-{i}" for i in range(400))
    files = {"reference/themes.yml": known, "a.yml": case(f"themes: [{unknown}]")}
    begun = time.process_time()
    problems = library(tmp_path, files).problems
    assert time.process_time() - begun < 3
    assert len(problems) == 400
    assert problems[0].details["nearest"]


def test_all_problems_of_all_files_come_at_once_and_in_order(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        {
            "b.yml": "title: [",
            "a.yml": "title: x\nsummary: x\nstatus: begun\nthemes: [nowhere]\nplace: 12:30\n",
            "c.yml": case("related: [c]\npart_of: c"),
            "reference/nothing.yml": "x: y",
        },
    )
    assert codes(found) == [
        ("cases/a.yml:3:9", "choice"),
        ("cases/a.yml:4:10", "unknown-reference"),
        ("cases/a.yml:5:8", "id"),
        ("cases/b.yml:1:8", "unclosed-bracket"),
        ("cases/c.yml:5:10", "circle"),
        ("cases/reference/nothing.yml", "unknown-kind"),
    ]


def test_order_does_not_hang_on_the_file_system(tmp_path: Path) -> None:
    names = ["b", "a", "d", "c"]
    one = library(tmp_path / "one", {f"{n}.yml": case("related: [x]") for n in names})
    two = library(tmp_path / "two", {f"{n}.yml": case("related: [x]") for n in reversed(names)})
    assert one.problems == two.problems


def test_missing_folder_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        load(tmp_path / "nowhere")


def test_empty_folder_is_an_empty_library(tmp_path: Path) -> None:
    found = load(tmp_path)
    assert (found.cases, found.problems, found.languages) == ([], [], ["en"])


def test_problems_show_the_folders_own_name(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("'")
    assert load(tmp_path).problems[0].position.file == PurePosixPath(tmp_path.name, "a.yml")


def test_a_digest_changes_with_what_is_written(tmp_path: Path) -> None:
    def digests(text: str, places: str = PLACES) -> list[str]:
        found = library(tmp_path, {"a.yml": text, "reference/places.yml": places})
        return [record.digest for record in (*found.cases, *found.all(Place))]

    first = digests(case())
    assert len(set(first)) == 5
    assert digests(case().replace("\n", "\r\n")) == first
    other = digests(case("problem: Rain."))
    assert (other[0] == first[0], other[1:]) == (False, first[1:])
    later = digests(case(), PLACES.replace("Street", "Road"))
    assert sum(before != after for before, after in zip(first, later, strict=True)) == 1


def test_garbage_is_collected_again_after_loading(tmp_path: Path) -> None:
    load(tmp_path)
    assert gc.isenabled()


def test_an_address_that_the_site_takes_is_refused(tmp_path: Path) -> None:
    files = {
        "library.yml": "languages: [en, zh]",
        "bench.yml": case(),
        "about.yml": case(),
        "kept.yml": case("related: [bench]"),
        "reference/places.yml": "yard: {title: Yard}",
    }
    library(tmp_path, files)
    taken = {"cases/bench/", "zh/cases/about/", "about/", "places/yard/", "kept/"}
    found = load(tmp_path, PurePosixPath("cases"), taken)
    assert codes(found) == [
        ("cases/about.yml:1:1", "address-taken"),
        ("cases/bench.yml:1:1", "address-taken"),
        ("cases/reference/places.yml:1:7", "address-taken"),
    ]
    assert [c.id for c in found.cases] == ["kept"]
    assert not found.all(Place)
