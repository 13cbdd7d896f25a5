"""Lineage: ties both ways, trees of whole families, and what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_library.library import Library
from case_library.lineage import Lineage, Row
from case_library.model.reference import Programme
from case_library.quality import quality

from tests.records import case, library, loaded, record

CASE = "title: T\nsummary: s\nstatus: completed\nsources: [press]\n"
SOURCES = "press: {title: P, type: article, grade: press}\n"


def _family(found: Library) -> list[tuple[str, int]]:
    (rows,) = Lineage(found).families(lambda r: r.id)
    return [(row.record.id, row.depth) for row in rows]


def test_a_tree_hangs_each_record_on_its_closest_tie() -> None:
    found = library(
        record(Programme, "plan"),
        record(Programme, "contest", part_of="plan"),
        case("hall", programme="contest"),
        case("home", programme="plan", succeeds=[{"case": "hall"}]),
        case("again", replicates=[{"case": "home", "changed": ["smaller"]}]),
    )
    assert _family(found) == [("plan", 0), ("contest", 1), ("hall", 2), ("home", 3), ("again", 4)]
    lineage = Lineage(found)
    home = found.records["case"]["home"]
    assert [tie.older.id for tie in lineage.came_from(home)] == ["hall"]
    assert [(tie.younger.id, tie.relation) for tie in lineage.went_to(home)] == [
        ("again", "replicates")
    ]


def test_what_was_left_out_leads_nowhere_and_a_circle_ends() -> None:
    """A programme that came of one of its own cases: nobody's fault, and no endless tree."""
    found = library(
        record(Programme, "plan", succeeds=[{"case": "seed"}, {"case": "gone"}]),
        case("seed", programme="plan"),
        case("self", succeeds=[{"case": "self"}]),
    )
    assert sorted(_family(found)) == [("plan", 0), ("seed", 1)] or sorted(_family(found)) == [
        ("plan", 1),
        ("seed", 0),
    ]


def test_large_families_are_drawn_in_part_and_say_so() -> None:
    found = library(
        record(Programme, "plan"),
        *(case(f"member-{n:03}", programme="plan") for n in range(500)),
        *(case(f"step-{n:03}", succeeds=[{"case": f"step-{n - 1:03}"}]) for n in range(1, 400)),
        case("step-000"),
    )
    descent, members = Lineage(found).families(lambda r: r.id)
    for rows, total in ((descent, 400), (members, 501)):
        assert len(rows) < 200
        assert sum(row.left_off or 1 for row in rows) == total
    assert members[-1] == Row(found.records["programme"]["plan"], 1, (), 488)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("replicates: [{case: old}]\nperiod: 2019", "origin-later"),
        ("succeeds: [{case: old}]\nperiod: {end: 2019-05}", "origin-later"),
        ("period: 2020\nrepetitions: [{where: x, date: 2019, source: press}]", "origin-later"),
        ("succeeds: [{case: new}]", "circle"),
        ("part_of: new", "circle"),
        ("replication: {needs: [money], without: [money]}", "needs-both"),
    ],
)
def test_what_cannot_be_is_refused_and_the_rest_stays(
    tmp_path: Path, field: str, code: str
) -> None:
    old = CASE + "period: 2020\n"
    found = loaded(tmp_path, sources=SOURCES, case_old=old, case_new=CASE + field)
    assert [problem.code for problem in found.problems] == [code]
    assert [one.id for one in found.cases] == ["old"]
    assert Lineage(found).families(lambda r: r.id) == []


@pytest.mark.parametrize("period", ["2020", "{start: 2019, approximate: true}", "{start: 2020-06}"])
def test_coarse_dates_have_the_benefit_of_the_doubt(tmp_path: Path, period: str) -> None:
    old, new = CASE + "period: 2020-06\n", f"{CASE}period: {period}\nreplicates: [{{case: old}}]"
    assert loaded(tmp_path, sources=SOURCES, case_old=old, case_new=new).problems == []


def test_a_recorded_repetition_raises_the_grade(tmp_path: Path) -> None:
    again = CASE + "repetitions: [{where: x, date: 2024, changed: [y], source: press}]"
    found = loaded(tmp_path, sources=SOURCES, case_a=CASE, case_b=again)
    grades = [quality(found, one).grade for one in found.cases]
    assert grades == ["press", "replicated"]
