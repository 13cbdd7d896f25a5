"""Pydantic's errors told as problems: code, field, position, nearest known name."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from case_library import document
from case_library.model.case import Case
from case_library.model.faults import nearest, problems_of
from case_library.model.fields import Model
from case_library.model.info import LibraryInfo
from case_library.model.reference import Place
from case_library.problems import Problem
from pydantic import ValidationError

from tests.codes import codes

CASE = "title: x\nsummary: x\nstatus: idea\n"


def problems(content: str, model: type[Model] = Case, at: tuple[str, ...] = ()) -> list[Problem]:
    read = document.read(content.encode(), PurePosixPath("a.yml"))
    data = read.data
    for key in at:
        data = data[key]
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    return problems_of(caught.value, model, read, at)


def told(content: str, model: type[Model] = Case) -> tuple[str, str, int, int]:
    (problem,) = problems(content, model)
    return problem.code, problem.field, problem.position.line, problem.position.column


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("colour: red", ("unknown-field", "colour", 4, 1)),
        ("actors:\n  - sector: x\n    people: y", ("choice", "actors.0.sector", 5, 13)),
        ("actors:\n  - people: y", ("missing-field", "actors.0.sector", 5, 5)),
        ("lessons: [{text: x, source: {id: A}}]", ("id", "lessons.0.source.id", 4, 34)),
        ("lessons: [{text: x, source: A}]", ("id", "lessons.0.source.id", 4, 29)),
        ("themes: [{id: a, basis: guess}]", ("choice", "themes.0.basis", 4, 25)),
        ("period: 12:30", ("date", "period.start", 4, 9)),
        ("aliases: x", ("not-a-list", "aliases", 4, 10)),
        ("consent: [x]", ("not-fields", "consent.0", 4, 11)),
        ("sort_as: [x]", ("plain-text", "sort_as", 4, 10)),
        ("period: {start: 2020, approximate: perhaps}", ("yes-or-no", "period.approximate", 4, 36)),
    ],
)
def test_faults_are_told_where_they_stand(more: str, expected: tuple[str, str, int, int]) -> None:
    if "12:30" in more:
        assert {(p.code, p.position.line) for p in problems(CASE + more)} == {("date", 4)}
    else:
        assert told(CASE + more) == expected


def test_record_inside_a_file_is_told_by_its_own_fields() -> None:
    content = "a: {title: x}\nb:\n  title: x\n  latitude: north\n"
    (problem,) = problems(content, Place, ("b",))
    assert (problem.field, str(problem.position)) == ("latitude", "a.yml:4:13")


def test_every_fault_of_a_record_is_told_at_once() -> None:
    found = problems("status: begun\nthemes: x\nupdated: today\n")
    assert sorted(p.code for p in found) == [
        "choice",
        "date",
        "missing-field",
        "missing-field",
        "not-a-list",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sumary", "summary"),
        ("lesson", "lessons"),
        ("buildingblocks", "building_blocks"),
        ("x", ""),
    ],
)
def test_unknown_field_offers_the_nearest(typed: str, meant: str) -> None:
    (problem,) = problems(f"{CASE}{typed}: x")
    assert problem.details["nearest"] == meant
    assert problem.details["model"] == "case"
    assert "building_blocks" in problem.details["known"].split(", ")


def test_unknown_field_of_a_part_offers_the_fields_of_that_part() -> None:
    (problem,) = problems(CASE + "actors: [{people: x, sector: business, suport: [money]}]")
    assert (problem.details["nearest"], problem.details["model"]) == ("support", "actor")


def test_choice_offers_the_nearest_and_all() -> None:
    (problem,) = problems(CASE.replace("idea", "compleet"))
    assert problem.details["nearest"] == "completed"
    assert problem.details["known"].split(", ")[0] == "idea"
    assert problem.details["known"].split(", ")[-1] == "unknown"


def test_chinese_commas_are_told_instead_of_a_strange_id() -> None:
    for more in ("themes: [a，b]", "themes: [a、b]"):
        assert told(CASE + more)[0] == "fullwidth-comma"


def test_empty_list_of_languages() -> None:
    assert told("languages: []", LibraryInfo)[0] == "too-few"


@pytest.mark.parametrize(
    ("codes_given", "code"),
    [
        ("[English]", "language-code"),
        ("[{a: b}]", "language-code"),
        ("[zh, en, zh]", "language-twice"),
        ("[zh-Hans, zh-hans]", "language-twice"),
        ("zh", "not-a-list"),
    ],
)
def test_languages_of_a_library(codes_given: str, code: str) -> None:
    assert told(f"languages: {codes_given}", LibraryInfo)[0] == code


def test_hostile_names_are_quoted_short() -> None:
    for content in (f"{CASE}? {'x' * 60_000}\n: y", CASE.replace("idea", "x" * 60_000)):
        (problem,) = problems(content)
        assert len(problem.field) < 100
        assert all(len(v) < 100 for k, v in problem.details.items() if k != "known")


def test_every_code_of_the_model_is_known_to_the_messages() -> None:
    content = (
        "title: {xx: y}\nsummary: ''\nstatus: completed\nplace: A\nupdated: x\nsort_as: ''\n"
        "media: [{file: ../a, alt: x, credit: x}]\nactors: [{sector: business}]\nlicense: {}\n"
    )
    assert {p.code for p in problems(content)} <= codes()


def test_nearest_is_the_same_whatever_the_order() -> None:
    known = ["parks", "perks", "barks", "ports"]
    assert nearest("park", known) == nearest("park", known[::-1]) == nearest("park", set(known))
    assert nearest("x", known) == nearest("", known) == nearest("park", []) == ""
