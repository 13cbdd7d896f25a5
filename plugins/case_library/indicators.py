"""Summaries: what the figures of some cases come to, and how many of the cases report."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from functools import cached_property
from typing import Literal

from case_library.library import Library
from case_library.model.case import Case
from case_library.model.parts import QUALIFIERS, RESULT_STATUSES, Figure, Qualifier
from case_library.model.record import Record, once
from case_library.model.reference import Indicator, Place

#: What a record's figures tell of: what happened, what is meant to happen, or one cannot know.
Standing = Literal["results", "plans", "unknown"]
STANDINGS: tuple[Standing, ...] = ("results", "plans", "unknown")

#: Enough digits that no sum is ever rounded: 16 before and 9 after the point, for any library.
_EXACT = Context(prec=60)

_LOWER_BOUNDS = frozenset({"at-least", "more-than", "dozens"})


def standing(record: Record) -> Standing:
    """A place's figures are facts. A status that nobody knows is neither result nor plan."""
    status = getattr(record, "status", None)
    if isinstance(record, Place) or status in RESULT_STATUSES:
        return "results"
    return "unknown" if status in {None, "unknown"} else "plans"


@dataclass(slots=True, eq=False)
class Counted:
    """A figure and the record that gives it. `index` is its place among the record's figures."""

    record: Record
    figure: Figure
    index: int

    @property
    def reports(self) -> bool:
        return self.figure.qualifier != "unknown"


@dataclass(frozen=True)
class Progress:
    """From where, to where, against what; only over figures that state what is compared."""

    baseline: Decimal | None
    actual: Decimal | None
    target: Decimal | None
    direction: str
    qualifier: Qualifier
    figures: int = 1

    @property
    def improved(self) -> bool | None:
        """Whether it moved the way that is better; None where nobody can say."""
        if self.baseline is None or self.actual is None or self.direction == "neutral":
            return None
        return self._ahead(self.actual, self.baseline) and self.actual != self.baseline

    @property
    def reached(self) -> bool | None:
        if self.target is None or self.actual is None or self.direction == "neutral":
            return None
        return self._ahead(self.actual, self.target)

    def _ahead(self, one: Decimal, other: Decimal) -> bool:
        return one >= other if self.direction == "more" else one <= other


@dataclass(frozen=True)
class Summary:
    """One catalogue entry over some cases of one standing.

    `counted` speak of their case as a whole and are what totals are made of. `apart` have a scope
    and are never added to anything. `contained` are already in the figure of the case that theirs
    is part of. `cases` are all that could report.
    """

    indicator: Indicator
    standing: Standing
    cases: Sequence[Case] = field(repr=False)
    counted: tuple[Counted, ...]
    apart: tuple[Counted, ...] = ()
    contained: tuple[Counted, ...] = ()

    @cached_property
    def figures(self) -> tuple[Counted, ...]:
        return self.counted + self.apart + self.contained

    @cached_property
    def reporting(self) -> int:
        """How many cases report, in whatever scope."""
        return len({id(counted.record) for counted in self.figures})

    @cached_property
    def silent(self) -> list[Case]:
        """The cases that did not report."""
        told = {id(counted.record) for counted in self.figures}
        return [case for case in self.cases if id(case) not in told]

    @cached_property
    def numbers(self) -> list[Decimal]:
        return [c.figure.value for c in self.counted if c.figure.value is not None]

    @property
    def total(self) -> Decimal | None:
        """The exact sum; None where the catalogue forbids it or no number was given."""
        return _sum(self.numbers) if self.indicator.summable and self.numbers else None

    @cached_property
    def median(self) -> Decimal | None:
        numbers = sorted(self.numbers)
        middle = numbers[(len(numbers) - 1) // 2 : len(numbers) // 2 + 1]
        return _EXACT.divide(_sum(middle), Decimal(len(middle))) if middle else None

    @cached_property
    def by_record(self) -> dict[str, Counted]:
        """What was counted, by the id of its record."""
        return {counted.record.id: counted for counted in self.counted}

    @cached_property
    def numbered(self) -> list[Counted]:
        """What was counted and gives a number, the lowest first."""
        found = [c for c in self.counted if c.figure.value is not None]
        return sorted(found, key=lambda c: (c.figure.value, c.record.id))

    @property
    def extremes(self) -> tuple[Counted, Counted] | None:
        """The figures with the lowest and the highest number."""
        return (self.numbered[0], self.numbered[-1]) if self.numbered else None

    @cached_property
    def spread(self) -> dict[int, int]:
        """How many numbers lie in each fiftieth of the way from the lowest to the highest."""
        low, width = min(self.numbers), max(self.numbers) - min(self.numbers)
        slots = (int(50 * (number - low) / width) if width else 25 for number in self.numbers)
        return dict(sorted(Counter(slots).items()))

    @property
    def qualifier(self) -> Qualifier:
        """The weakest qualifier of what was counted."""
        return weakest(c.figure.qualifier for c in self.counted)

    @property
    def lower_bound(self) -> bool:
        """Whether the true sum may be larger: some part of it is a lower bound."""
        return any(c.figure.qualifier in _LOWER_BOUNDS for c in self.counted)

    @property
    def uncounted(self) -> int:
        """How many report without a number ("several dozen"), so that no sum holds them."""
        return len(self.counted) - len(self.numbers)

    @property
    def progress(self) -> Progress | None:
        """Of a summable entry: the sums of those figures that state baseline or target."""
        numbered = [c.figure for c in self.counted if c.figure.value is not None]
        stated = [f for f in numbered if f.target is not None]
        stated = stated or [f for f in numbered if f.baseline is not None]
        if not stated or not (self.indicator.summable or len(stated) == 1):
            return None
        return Progress(
            _sum_of_all([f.baseline for f in stated]),
            _sum_of_all([f.value for f in stated]),
            _sum_of_all([f.target for f in stated]),
            self.indicator.direction,
            weakest(f.qualifier for f in stated),
            len(stated),
        )


def weakest(qualifiers: Iterable[Qualifier]) -> Qualifier:
    """The least certain of some qualifiers; `unknown` where there are none."""
    return max(qualifiers, key=QUALIFIERS.index, default="unknown")


def progress(figure: Figure, indicator: Indicator) -> Progress | None:
    """A figure against its own baseline and target; None where it has neither."""
    if figure.baseline is None and figure.target is None:
        return None
    return Progress(
        figure.baseline, figure.value, figure.target, indicator.direction, figure.qualifier
    )


def own(record: Record) -> list[Counted]:
    """The own figures of a record, as written; a programme's are never added to its parts'."""
    figures: list[Figure] = getattr(record, "indicators", [])
    return [Counted(record, figure, index) for index, figure in enumerate(figures)]


@once
def reported(case: Case) -> list[Counted]:
    """What of a case's figures may be counted: those that report, the newest of each scope."""
    return list(_latest(own(case)))


def summarise(library: Library, cases: Iterable[Case]) -> list[Summary]:
    """Every catalogue entry that some of the cases report; results, then plans, then unknown."""
    by_standing: dict[Standing, list[Case]] = {name: [] for name in STANDINGS}
    found: dict[tuple[str, Standing], list[Counted]] = defaultdict(list)
    for case in sorted(cases, key=lambda case: case.id):
        kind = standing(case)
        by_standing[kind].append(case)
        if case.indicators:
            for counted in reported(case):
                found[counted.figure.indicator, kind].append(counted)
    ordered = sorted(found, key=lambda key: (key[0], STANDINGS.index(key[1])))
    return [
        _summary(library, entry, name, by_standing[name], found[entry.id, name])
        for indicator, name in ordered
        if (entry := library.get(Indicator, indicator))
    ]


def unreported(library: Library, summaries: Iterable[Summary]) -> list[Indicator]:
    """The catalogue entries that no case of some summaries reports."""
    told = {summary.indicator.id for summary in summaries}
    return [entry for entry in library.all(Indicator) if entry.id not in told]


def _latest(figures: Iterable[Counted]) -> Iterator[Counted]:
    """Of the reports of one entry and scope only the newest: adding old to new counts twice."""
    newest: dict[tuple[object, ...], Counted] = {}
    for counted in figures:
        figure = counted.figure
        key = (figure.indicator, *(figure.scope or {}).items())
        if counted.reports and (key not in newest or _day(newest[key]) < _day(counted)):
            newest[key] = counted
    yield from newest.values()


def _day(counted: Counted) -> int:
    return counted.figure.as_of.first_day().toordinal() if counted.figure.as_of else 0


def _summary(
    library: Library, entry: Indicator, kind: Standing, cases: list[Case], figures: list[Counted]
) -> Summary:
    whole = [counted for counted in figures if not counted.figure.scope]
    parts = [counted for counted in whole if getattr(counted.record, "part_of", None)]
    reporters = {counted.record.key for counted in whole} if parts else ()
    contained = [
        counted
        for counted in parts
        if any(above.key in reporters for above in library.ancestors(counted.record))
    ]
    inside = {id(counted) for counted in contained}
    return Summary(
        entry,
        kind,
        cases,
        tuple([counted for counted in whole if id(counted) not in inside]),
        tuple([counted for counted in figures if counted.figure.scope]),
        tuple(contained),
    )


def _sum_of_all(numbers: list[Decimal | None]) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    return _sum(known) if len(known) == len(numbers) else None


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    return functools.reduce(_EXACT.add, numbers, Decimal(0))
