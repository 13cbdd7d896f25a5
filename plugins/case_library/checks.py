"""Checks across records: what each file may say, but not beside what another says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from case_library.model.case import Case
from case_library.model.kinds import Path
from case_library.model.parts import Figure, Period
from case_library.model.record import Record
from case_library.model.reference import Framework, Indicator, Programme

Records = Mapping[str, Mapping[str, Record]]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a record that is fine by itself, and at which of its fields."""

    record: Record
    path: Path
    code: str
    details: dict[str, str]


def check(records: Records) -> Iterator[Fault]:
    """Every fault between records; references that lead nowhere are somebody else's to tell."""
    for kind in records.values():
        for record in kind.values():
            for index, figure in enumerate(getattr(record, "indicators", ())):
                yield from _figure(records, record, figure, ("indicators", index))
    for case in cast("Mapping[str, Case]", records["case"]).values():
        programme = cast("Programme | None", records["programme"].get(case.programme or ""))
        parent = cast("Case | None", records["case"].get(case.part_of or ""))
        for whole in (programme, parent):
            yield from _inside(case, whole)
        yield from _ratings(records, case)
    for programme in cast("Mapping[str, Programme]", records["programme"]).values():
        above = records["programme"].get(programme.part_of or "")
        yield from _inside(programme, cast("Programme | None", above))


def _figure(records: Records, record: Record, figure: Figure, path: Path) -> Iterator[Fault]:
    entry = cast("Indicator | None", records["indicator"].get(figure.indicator))
    if entry is None:
        return
    if figure.target is not None and entry.direction == "neutral":
        yield Fault(record, (*path, "target"), "target-direction", {"indicator": entry.id})
    for name in ("value", "baseline", "target") if entry.share_of else ():
        number = getattr(figure, name)
        if number is not None and not 0 <= number <= 100:
            details = {"found": str(number), "indicator": entry.id}
            yield Fault(record, (*path, name), "share-range", details)


def _inside(part: Case | Programme, whole: Case | Programme | None) -> Iterator[Fault]:
    """A part that surely begins or ends outside the whole; a coarse date is given its benefit."""
    inner, outer = part.period, whole.period if whole else None
    if whole is None or not inner or not outer or inner.approximate or outer.approximate:
        return
    for date in (inner.start, inner.end):
        early = date and outer.start and date.last_day() < outer.start.first_day()
        late = date and outer.end and date.first_day() > outer.end.last_day()
        if early or late:
            details = {"part": _written(inner), "whole": _written(outer), "id": whole.id}
            yield Fault(part, ("period",), "period-outside", details)
            return


def _ratings(records: Records, case: Case) -> Iterator[Fault]:
    for index, assessment in enumerate(case.assessments):
        framework_id = assessment.dimension.partition("/")[0]
        framework = cast("Framework | None", records["framework"].get(framework_id))
        levels = [level.id for level in framework.levels] if framework else [assessment.level]
        if assessment.level not in levels:
            details = {"found": assessment.level, "known": ", ".join(levels)}
            yield Fault(case, ("assessments", index, "level"), "unknown-level", details)


def _written(period: Period) -> str:
    return "–".join(str(date) if date else "…" for date in (period.start, period.end))
