"""Checks across records: what each file may say, but not beside what another says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import cast

from case_library.model.case import Case
from case_library.model.faults import nearest
from case_library.model.fields import Path
from case_library.model.kinds import KINDS, PART_KINDS, references, references_of
from case_library.model.parts import Figure, Period
from case_library.model.record import Record, Written
from case_library.model.reference import Framework, Indicator, Programme

Key = tuple[str, str]
Records = Mapping[str, Mapping[str, Record]]

#: Fields that make a tree or a line of descent: following them must end.
PARENTS = ("parent", "part_of")
DESCENT = ("replicates", "succeeds", "inspired_by")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a record beside the others, and at which of its fields."""

    written: Written
    path: Path
    code: str
    details: dict[str, str]


def check(
    records: Records, written: Iterable[Written], refused: frozenset[Key]
) -> Iterator[Fault]:
    """Every fault between records. `written` holds the faulty ones too, `refused` their keys."""
    yield from _unknown_references(records, written, refused)
    yield from _circles(records)
    yield from _figures_and_periods(records)


def _unknown_references(
    records: Records, written: Iterable[Written], refused: frozenset[Key]
) -> Iterator[Fault]:
    """References to what nobody declared; one to a faulty record is not told again."""
    known = {kind: set(found) for kind, found in records.items()}
    for part_kind, (kind, attribute) in PART_KINDS.items():
        known[part_kind] = {
            f"{record.id}/{part.id}"
            for record in records[kind].values()
            for part in getattr(record, attribute)
        }
    for item in written:
        if not isinstance(item.data, dict):
            continue
        for path, kind, to in references(item.model, item.data):
            owner_kind, owner = kind, to
            if kind in PART_KINDS:
                owner_kind, owner = PART_KINDS[kind][0], to.partition("/")[0]
            if to not in known[kind] and (owner_kind, owner) not in refused:
                details = {"kind": kind, "found": to, "nearest": nearest(to, list(known[kind]))}
                yield Fault(
                    item, path, "unknown-reference", details | {"file": _file_of(owner_kind)}
                )


def _file_of(kind: str) -> str:
    return "cases" if kind == "case" else f"reference/{KINDS[kind].plural}.yml"


def _circles(records: Records) -> Iterator[Fault]:
    """Records that are, over some steps, inside or descended from themselves."""
    fields: dict[Key, dict[Key, str]] = {}
    for kind in records.values():
        for record in kind.values():
            fields[record.key] = {
                (to_kind, to): str(path[0])
                for path, to_kind, to in references_of(record)
                if path[0] in PARENTS + DESCENT
            }
    graph: dict[Key, set[Key]] = {key: set(above) for key, above in fields.items()}
    while circle := _circle(graph):
        names = " → ".join(record_id for _, record_id in circle)
        for key in sorted(set(circle)):
            path = next(field for to, field in fields[key].items() if to in circle)
            yield Fault(records[key[0]][key[1]].written, (path,), "circle", {"circle": names})
        graph = {key: above.difference(circle) for key, above in graph.items() if key not in circle}


def _circle(graph: dict[Key, set[Key]]) -> list[Key]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _figures_and_periods(records: Records) -> Iterator[Fault]:
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
        yield Fault(record.written, (*path, "target"), "target-direction", {"indicator": entry.id})
    for name in ("value", "baseline", "target") if entry.share_of else ():
        number = getattr(figure, name)
        if number is not None and not 0 <= number <= 100:
            details = {"found": str(number), "indicator": entry.id}
            yield Fault(record.written, (*path, name), "share-range", details)


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
            yield Fault(part.written, ("period",), "period-outside", details)
            return


def _ratings(records: Records, case: Case) -> Iterator[Fault]:
    for index, assessment in enumerate(case.assessments):
        framework_id = assessment.dimension.partition("/")[0]
        framework = cast("Framework | None", records["framework"].get(framework_id))
        levels = [level.id for level in framework.levels] if framework else [assessment.level]
        if assessment.level not in levels:
            details = {"found": assessment.level, "known": ", ".join(levels)}
            yield Fault(case.written, ("assessments", index, "level"), "unknown-level", details)


def _written(period: Period) -> str:
    return "–".join(str(date) if date else "…" for date in (period.start, period.end))
