"""Completeness, grade, freshness: each computed by the rule that readers are shown."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from case_library.language import available, language
from case_library.library import Library
from case_library.model.case import Case
from case_library.quality import GRADES, asked, cited, quality

from tests.records import loaded

SOURCES = """
press: {title: P, type: article, grade: press}
study: {title: S, type: report, grade: independent}
plain: {title: N, type: article}
"""
GARDEN = "title: Garden\nsummary: s\nstatus: running\n"


def _library(folder: Path, garden: str, **others: str) -> Library:
    found = loaded(folder, sources=SOURCES, case_garden=GARDEN + garden, **others)
    assert found.problems == []
    return found


def _garden(found: Library) -> Case:
    return found.cases[-1] if found.cases[-1].id == "garden" else found.cases[0]


def test_an_empty_case_says_what_is_missing(tmp_path: Path) -> None:
    found = _library(tmp_path, "sources: [plain]")
    result = quality(found, _garden(found))
    assert result.completeness == (1, len(asked(Case)))
    assert result.present == ("sources",)
    assert result.grade == "none"
    assert result.overdue(datetime.date(2026, 1, 1))
    assert [r.key for r in result.raises][:2] == ["quality.raise.press", "quality.raise.review"]
    assert {r.field for r in result.raises if r.key.endswith("field")} == set(asked(Case)) - {
        "sources",
        "review",
    }


def test_the_best_source_grades_wherever_it_is_cited(tmp_path: Path) -> None:
    found = _library(tmp_path, "sources: [press]\nlessons: [{text: t, source: study}]")
    result = quality(found, _garden(found))
    assert cited(_garden(found)) == {"press", "study"}
    assert (result.grade, result.sources) == ("independent", 2)
    assert result.raises[0].key == "quality.raise.replicated"


@pytest.mark.parametrize(("status", "grade"), [("completed", "replicated"), ("planned", "press")])
def test_only_a_repetition_with_a_result_counts(tmp_path: Path, status: str, grade: str) -> None:
    again = f"title: A\nsummary: s\nstatus: {status}\nsources: [press]\n"
    again += "replicates: [{case: garden}]"
    found = _library(tmp_path, "sources: [press]", case_again=again)
    assert quality(found, _garden(found)).grade == grade


@pytest.mark.parametrize(
    ("review", "due", "overdue"),
    [
        ("{checked: 2026-11-22}", "2027-11-22", False),
        ("{checked: 2024-02-29}", "2025-02-28", True),
        ("{checked: 2026-05}", "2027-05", False),
        ("{checked: 2026-11-22, next: 2026-12}", "2026-12", False),
        ("{checked: 2026-11-22, next: 2026-11-30}", "2026-11-30", True),
    ],
)
def test_the_next_check_is_named_or_a_year_later(
    tmp_path: Path, review: str, due: str, overdue: bool
) -> None:
    found = _library(tmp_path, f"sources: [press]\nreview: {review}")
    result = quality(found, _garden(found))
    assert str(result.due) == due
    assert result.overdue(datetime.date(2026, 12, 31)) is overdue


def test_everything_has_words() -> None:
    for code in available():
        words = language(code)
        for grade in GRADES:
            assert words.text(f"quality.grades.{grade}")
        for name in ("completeness", "grade", "freshness"):
            assert words.text(f"quality.rule.{name}", asked=18)
        for name in (*GRADES[1:], "review"):
            assert words.text(f"quality.raise.{name}")
        for name in asked(Case):
            assert words.label("case", name)
