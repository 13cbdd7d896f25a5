"""What figures come to: no sum may hold, hide or round what the records do not say."""

from __future__ import annotations

import random
import time
from decimal import Decimal
from typing import Any

import pytest
from case_library.figures import coverage_words, phrase, range_words, summary_phrase
from case_library.indicators import Summary, own, progress, standing, summarise, unreported
from case_library.language import language
from case_library.model.case import Case
from case_library.model.parts import QUALIFIERS, RESULT_STATUSES
from case_library.model.reference import Indicator, Place, Programme
from hypothesis import given
from hypothesis import strategies as st

from tests.records import case, figure, library, record

EN, ZH = language("en"), language("zh")
IDEAS = record(
    Indicator,
    "ideas",
    counts="ideas",
    unit={"en": "idea | ideas", "zh": "个"},
    summable=True,
    direction="more",
)
AGE = record(Indicator, "age", counts="age", unit="year | years")

STATUSES = st.sampled_from(["proposed", "planned", "pilot", "running", "completed", "unknown"])
NUMBERS = st.decimals(0, 2**53, places=9).map(lambda number: f"{number:f}")


@st.composite
def figures(draw: st.DrawFn) -> dict[str, Any]:
    qualifier = draw(st.sampled_from(QUALIFIERS))
    value = None if qualifier in {"dozens", "unknown"} else draw(NUMBERS)
    scope = draw(st.sampled_from([None, None, "one event", "one street"]))
    return figure("ideas", value, qualifier=qualifier, **({"scope": scope} if scope else {}))


@st.composite
def libraries(draw: st.DrawFn) -> list[Case]:
    """Cases that report, do not, cannot say; some of them part of an earlier one."""
    made: list[Case] = []
    for number in range(draw(st.integers(1, 9))):
        fields: dict[str, Any] = {}
        if draw(st.booleans()):
            fields["indicators"] = [draw(figures())]
        if made and draw(st.integers(0, 2)) == 0:
            fields["part_of"] = draw(st.sampled_from(made)).id
        made.append(case(f"c{number}", draw(STATUSES), **fields))
    return made


def _expected(cases: list[Case]) -> dict[str, list[Case]]:
    """Straight from the rules: which cases' figures make the sum, for each standing."""
    by_id = {one.id: one for one in cases}

    def kind(one: Case) -> str:
        if one.status in RESULT_STATUSES:
            return "results"
        return "unknown" if one.status == "unknown" else "plans"

    def reports(one: Case) -> bool:
        return any(not f.scope and f.qualifier != "unknown" for f in one.indicators)

    def inside_another(one: Case) -> bool:
        above = by_id.get(one.part_of or "")
        while above:
            if reports(above) and kind(above) == kind(one):
                return True
            above = by_id.get(above.part_of or "")
        return False

    found: dict[str, list[Case]] = {"results": [], "plans": [], "unknown": []}
    for one in cases:
        if reports(one) and not inside_another(one):
            found[kind(one)].append(one)
    return found


def _told(summaries: list[Summary]) -> list[tuple[object, ...]]:
    return [
        (
            s.indicator.id,
            s.standing,
            s.total,
            s.median,
            s.qualifier,
            [(c.record.id, c.index) for c in s.counted],
            [(c.record.id, c.index) for c in s.apart],
            [c.id for c in s.silent],
            str(summary_phrase(s, EN)),
        )
        for s in summaries
    ]


@given(libraries())
def test_sums_coverage_and_qualifiers_hold_under_any_mix(cases: list[Case]) -> None:
    expected = _expected(cases)
    summaries = {s.standing: s for s in summarise(library(IDEAS, *cases), cases)}
    for kind, counted in expected.items():
        summary = summaries.get(kind)  # type: ignore[call-overload]
        if summary is None:
            assert not counted
            continue
        parts = [c.indicators[0] for c in counted]
        numbers = [Decimal(f.value) for f in parts if f.value is not None]
        # Fractions are exact, so a sum that was rounded anywhere shows.
        exact = sum((int(n * 10**9) for n in numbers), 0)
        assert summary.total == (Decimal(exact).scaleb(-9) if numbers else None)
        assert [c.record.id for c in summary.counted] == sorted(c.id for c in counted)
        weakest = max((QUALIFIERS.index(f.qualifier) for f in parts), default=5)
        assert summary.qualifier == QUALIFIERS[weakest]
        in_standing = [c for c in cases if standing(c) == kind]
        reporting = {
            c.id for c in in_standing if any(f.qualifier != "unknown" for f in c.indicators)
        }
        assert summary.reporting == len(reporting)
        assert {c.id for c in summary.silent} == {c.id for c in in_standing} - reporting
        assert not any(c.figure.scope for c in summary.counted)


@given(libraries(), st.randoms(use_true_random=False))
def test_the_order_of_cases_changes_nothing(cases: list[Case], chance: random.Random) -> None:
    shuffled = list(cases)
    chance.shuffle(shuffled)
    everything = library(IDEAS, *cases)
    assert _told(summarise(everything, cases)) == _told(summarise(everything, shuffled))


@given(libraries(), STATUSES, st.booleans())
def test_an_unrelated_case_changes_no_total(
    cases: list[Case], status: str, asked_in_vain: bool
) -> None:
    unknown = [figure("ideas", qualifier="unknown")] if asked_in_vain else []
    other = case("unrelated", status, indicators=[figure("age", 7), *unknown])
    everything = library(AGE, IDEAS, other, *cases)
    before = [s for s in summarise(everything, cases) if s.indicator.id == "ideas"]
    after = [s for s in summarise(everything, [*cases, other]) if s.indicator.id == "ideas"]
    assert [(s.standing, s.total, s.median, s.qualifier, s.reporting) for s in before] == [
        (s.standing, s.total, s.median, s.qualifier, s.reporting) for s in after
    ]
    for one, two in zip(before, after, strict=True):
        grown = one.standing == standing(other)
        assert len(two.silent) == len(one.silent) + grown


@given(libraries())
def test_no_sum_is_said_more_surely_than_its_parts(cases: list[Case]) -> None:
    for summary in summarise(library(IDEAS, *cases), cases):
        said = str(summary_phrase(summary, EN))
        kinds = {c.figure.qualifier for c in summary.counted}
        if summary.total is None:
            assert said in {"several dozen ideas", "not reported"}
        elif kinds != {"exact"}:
            assert said.startswith(("at least", "more than", "about"))
        if summary.total is not None and "dozens" in kinds:
            assert "several dozen more" in said
        if "about" in kinds and summary.total is not None:
            assert "about" in said


def _said(*figures: dict[str, Any], entry: Indicator = IDEAS) -> list[str]:
    cases = [case(f"c{i}", indicators=[f]) for i, f in enumerate(figures)]
    (summary,) = summarise(library(entry, *cases), cases)
    return [str(summary_phrase(summary, EN)), str(summary_phrase(summary, ZH))]


@pytest.mark.parametrize(
    ("figures", "english", "chinese"),
    [
        ([figure(value=1)], "1 idea", "1 个"),
        (
            [figure(value=200, qualifier="more-than"), figure(value=71)],
            "more than 271 ideas",
            "超过 271 个",
        ),
        (
            [figure(value=200, qualifier="at-least"), figure(value=71)],
            "at least 271 ideas",
            "至少 271 个",
        ),
        ([figure(value=200, qualifier="about"), figure(value=71)], "about 271 ideas", "约 271 个"),
        (
            [figure(value=200, qualifier="about"), figure(value=71, qualifier="at-least")],
            "at least about 271 ideas",
            "至少约 271 个",
        ),
        ([figure(qualifier="dozens")], "several dozen ideas", "几十个"),
        (
            [figure(qualifier="dozens"), figure(value=1200)],
            "more than 1,200 ideas and several dozen more in one case",
            "超过 1,200 个，另有 1 个案例只说“几十”",
        ),
        ([figure(value="0.1234567"), figure(value="0.2")], "0.3234567 ideas", "0.3234567 个"),
    ],
)
def test_sums_in_words(figures: list[dict[str, Any]], english: str, chinese: str) -> None:
    assert _said(*figures) == [english, chinese]


def test_no_sum_is_rounded() -> None:
    most = f"{2**53 - 1}.123456789"
    (counted,) = own(case("a", indicators=[figure(value=most)]))
    summary = Summary(IDEAS, "results", [], (counted,) * 30_000)
    assert summary.total == Decimal("270215977642229733703.70367")
    assert str(summary_phrase(summary, EN)) == "270,215,977,642,229,733,703.70367 ideas"


def test_what_may_not_be_summed_gives_median_and_range() -> None:
    figures = [figure("age", n) for n in (10, 70, 31, 40)]
    cases = [case(f"c{i}", indicators=[f]) for i, f in enumerate(figures)]
    (summary,) = summarise(library(AGE, *cases), cases)
    assert summary.total is None
    assert str(summary_phrase(summary, EN)) == "median 35.5 years"
    assert range_words(summary, EN) == "from 10 years to 70 years"
    assert coverage_words(summary.reporting, len(summary.cases), EN) == "4 of 4 cases report"


def test_of_several_dates_only_the_newest_counts() -> None:
    old, new = figure(value=5, as_of="2020"), figure(value=7, as_of="2021-03")
    one = case("a", indicators=[new, old])
    (summary,) = summarise(library(IDEAS, one), [one])
    assert summary.total == 7
    assert [c.figure.value for c in own(one)] == [7, 5]


def test_scopes_stand_apart() -> None:
    one = case("a", indicators=[figure(value=8), figure(value=24, scope="one contest")])
    two = case("b", indicators=[figure(value=15, scope="one contest")])
    (summary,) = summarise(library(IDEAS, one, two), [one, two])
    assert summary.total == 8
    assert [c.figure.value for c in summary.apart] == [24, 15]


def test_a_programme_is_never_added_to_its_parts() -> None:
    plan = record(Programme, "plan", status="running", indicators=[figure(value=71)])
    part = case("part", programme="plan", indicators=[figure(value=3)])
    everything = library(IDEAS, plan, part)
    assert [s.total for s in summarise(everything, everything.cases)] == [3]
    assert [c.figure.value for c in own(plan)] == [71]


def test_plans_stay_apart_from_results() -> None:
    cases = [case("a", "running", indicators=[figure(value=3)])]
    cases.append(case("b", "planned", indicators=[figure(value=7)]))
    cases.append(case("c", "unknown", indicators=[figure(value=9)]))
    found = summarise(library(IDEAS, *cases), cases)
    assert {s.standing: s.total for s in found} == {
        "results": Decimal(3),
        "plans": Decimal(7),
        "unknown": Decimal(9),
    }
    assert standing(record(Place, "street")) == "results"
    assert standing(record(Programme, "plan")) == "unknown"


def test_unreported_entries_are_named() -> None:
    one = case("a", indicators=[figure(value=3), figure("age", qualifier="unknown")])
    everything = library(AGE, IDEAS, one)
    assert unreported(everything, summarise(everything, [one])) == [AGE]
    assert str(phrase(one.indicators[1], AGE, EN)) == "not reported"


def test_progress_adds_only_what_can_be_compared() -> None:
    first = case("a", indicators=[figure(value=30, baseline="10", target="40")])
    second = case("b", indicators=[figure(value=60, qualifier="about", baseline="5", target="50")])
    no_target = case("c", indicators=[figure(value=1000)])
    cases = [first, second, no_target]
    (summary,) = summarise(library(IDEAS, *cases), cases)
    found = summary.progress
    assert found
    assert [found.baseline, found.actual, found.target] == [Decimal(15), Decimal(90), Decimal(90)]
    assert found.figures == 2
    assert found.qualifier == "about"
    assert found.improved
    assert found.reached
    alone = progress(first.indicators[0], IDEAS)
    assert alone
    assert alone.reached is False


def test_summaries_of_many_cases_are_quick_and_linear() -> None:
    entries = [
        record(Indicator, f"i{n}", counts="x", unit="u", summable=n % 2 == 0) for n in range(20)
    ]

    def seconds(count: int) -> float:
        cases = [
            case(f"c{n}", indicators=[figure(f"i{(n + k) % 20}", n) for k in range(4)])
            for n in range(count)
        ]
        everything = library(*entries, *cases)
        start = time.process_time()
        for summary in summarise(everything, cases):
            assert summary.total or summary.median
            assert summary.reporting + len(summary.silent) == count
        return time.process_time() - start

    small, large = (min(seconds(count) for _ in range(3)) for count in (400, 2000))
    assert large < 0.5
    assert large < 5 * small * 4  # quadratic would be 25
