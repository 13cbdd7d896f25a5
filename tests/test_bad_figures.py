"""Figures that could be told wrongly are refused, with field, place and mending."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_library.language import available, language

from tests.records import loaded

INDICATORS = """
ideas: {title: Ideas, counts: x, unit: idea | ideas, summable: true, direction: more}
projects: {title: Projects, counts: x, unit: project | projects, summable: true}
share: {title: Share, counts: x, unit: "%", share_of: all households, direction: more}
"""
FRAMEWORKS = """
forces:
  title: Forces
  levels: [{id: weak, title: Weak}]
  dimensions: [{id: action, title: A, means: a}, {id: talk, title: T, means: t}]
"""
CASE = "title: t\nsummary: s\nstatus: planned\n"
PLAN = "plan:\n  title: Plan\n  period: {start: 2016-03, end: 2018-06}\n"
FUNNEL = (
    "  funnels: [{title: f, scope: the whole plan, stages: [ideas, projects]}]\n  indicators:\n"
)


def _figure(value: str, more: str = "", entry: str = "ideas") -> str:
    return f"indicators: [{{indicator: {entry}, value: {value}, source: s{more}}}]"


def _rating(level: str) -> str:
    return (
        "assessments: [{dimension: forces/action, by: office, date: 2026, evidence: visit,"
        f" level: {level}}}]"
    )


def _stages(*rows: str) -> str:
    return FUNNEL + "".join(f"    - {{source: s, {row}}}\n" for row in rows)


@pytest.mark.parametrize(
    ("case", "code", "field"),
    [
        (_figure('"1,200"'), "number", "indicators.0.value"),
        (_figure("１２００"), "number", "indicators.0.value"),
        (_figure("约200"), "number", "indicators.0.value"),
        (_figure("NaN"), "number", "indicators.0.value"),
        (_figure(".inf"), "number", "indicators.0.value"),
        (_figure("1e400"), "number", "indicators.0.value"),
        (_figure("12", ", unit: ideas"), "unknown-field", "indicators.0.unit"),
        (_figure("12", entry="idea"), "unknown-reference", "indicators.0.indicator"),
        (_figure("12", ", qualifier: unknown"), "value-unwanted", "indicators.0"),
        (_figure("101", entry="share"), "share-range", "indicators.0.value"),
        (_figure("-1", entry="share"), "share-range", "indicators.0.value"),
        (_figure("9", ", target: 120", "share"), "share-range", "indicators.0.target"),
        (_figure("9", ", target: 12", "projects"), "target-direction", "indicators.0.target"),
        ("programme: plan\nperiod: {start: 2015-12, end: 2017}", "period-outside", "period"),
        ("programme: plan\nperiod: 2018-07-01", "period-outside", "period"),
        (_rating("strong"), "unknown-level", "assessments.0.level"),
    ],
)
def test_a_case_is_refused_for(tmp_path: Path, case: str, code: str, field: str) -> None:
    library = loaded(
        tmp_path,
        indicators=INDICATORS,
        frameworks=FRAMEWORKS,
        programmes=PLAN,
        sources="s: {title: S, type: article}",
        case_one=CASE + case,
    )
    (problem,) = library.problems
    assert (problem.code, problem.field) == (code, field)
    assert problem.position.line >= 4
    assert not library.cases
    for name in available():
        wrong, mend = language(name).problem(problem)
        assert wrong != mend
        assert "{" not in wrong + mend


@pytest.mark.parametrize(
    ("stages", "code"),
    [
        (_stages("indicator: ideas, value: 71", "indicator: projects, value: 200"), "funnel-rises"),
        (
            _stages(
                "indicator: ideas, value: 200",
                "indicator: projects, value: 71, scope: the whole plan",
            ),
            "funnel-scope",
        ),
        (
            _stages(
                "indicator: ideas, value: 200",
                "indicator: projects, value: 71, scope: one contest",
            ),
            "funnel-stage",
        ),
        (_stages("indicator: ideas, value: 200"), "funnel-stage"),
        (
            _stages("indicator: ideas, value: 7", "indicator: ideas, value: 8"),
            "figure-twice",
        ),
        (
            _stages(
                "indicator: ideas, value: 7, as_of: 2021",
                "indicator: ideas, value: 8, as_of: 2021-01-01",
            ),
            "figure-twice",
        ),
    ],
)
def test_a_programme_is_refused_for(tmp_path: Path, stages: str, code: str) -> None:
    library = loaded(
        tmp_path,
        indicators=INDICATORS,
        sources="s: {title: S, type: article}",
        programmes=f"plan:\n  title: Plan\n{stages}",
    )
    assert code in {problem.code for problem in library.problems}
    assert not library.records["programme"]


@pytest.mark.parametrize(
    "case",
    [
        _figure("100", entry="share"),
        _figure("0", entry="share"),
        _figure("12", ", baseline: 3", "projects"),
        "programme: plan\nperiod: {start: 2016-03, end: 2018-06-30}",
        "programme: plan\nperiod: {start: 2016, end: 2017}",
        "programme: plan\nperiod: {start: 2018, approximate: true}",
        "programme: plan\nperiod: {start: 2018}",
        "programme: plan\nperiod: {start: 2015, approximate: true}",
        _rating("weak"),
    ],
)
def test_what_can_be_true_is_accepted(tmp_path: Path, case: str) -> None:
    library = loaded(
        tmp_path,
        indicators=INDICATORS,
        frameworks=FRAMEWORKS,
        programmes=PLAN,
        sources="s: {title: S, type: article}",
        case_one=CASE + case,
    )
    assert library.problems == []


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ('{title: t, counts: x, unit: "%", summable: true}', "share-summed"),
        ("{title: t, counts: x, unit: share, share_of: all, summable: true}", "share-summed"),
        ("{title: t, counts: x}", "missing-field"),
    ],
)
def test_a_catalogue_entry_is_refused_for(tmp_path: Path, entry: str, code: str) -> None:
    (problem,) = loaded(tmp_path, indicators=f"bad: {entry}").problems
    assert problem.code == code
