"""Checks across records: what each file may say, but not beside what another says."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from case_library import personal
from case_library.model.case import Case
from case_library.model.faults import nearest
from case_library.model.fields import Path
from case_library.model.kinds import KINDS, PART_KINDS
from case_library.model.parts import Figure, Period
from case_library.model.record import Record, Written
from case_library.model.reference import Framework, Indicator, Programme
from case_library.model.values import PartialDate, is_id, today

Key = tuple[str, str]
Records = Mapping[str, Mapping[str, Record]]
_SUGGESTIONS = 30

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
    records: Records,
    written: Iterable[Written],
    refused: Collection[Key],
    unread: Collection[str] = (),
) -> Iterator[Fault]:
    """Every fault between records.

    `written` holds the faulty ones too, `refused` their keys; of the kinds in `unread` nobody
    knows which records there are.
    """
    yield from _unknown_references(records, written, refused, unread)
    yield from _personal_data(records, written, today())
    yield from _circles(records)
    yield from _figures_and_periods(records)
    yield from _origins(records)


def _unknown_references(
    records: Records,
    written: Iterable[Written],
    refused: Collection[Key],
    unread: Collection[str],
) -> Iterator[Fault]:
    """References to what nobody declared; one to a faulty record is not told again."""
    known = {kind: set(found) for kind, found in records.items()}
    for part_kind, (kind, attribute) in PART_KINDS.items():
        known[part_kind] = {
            f"{record.id}/{part.id}"
            for record in records[kind].values()
            for part in getattr(record, attribute)
        }
    count = 0
    for item in written:
        for path, kind, to in item.references:
            owner_kind, owner = kind, to
            if kind in PART_KINDS:
                owner_kind, owner = PART_KINDS[kind][0], to.partition("/")[0]
            is_wrong = not is_id(to) or ("/" in to) != (kind in PART_KINDS)
            told = is_wrong or owner_kind in unread or (owner_kind, owner) in refused
            if to not in known[kind] and not told:
                # Looking for the nearest name takes long; after so many nobody reads it.
                names = known[kind] if count < _SUGGESTIONS else ()
                yield Fault(item, path, "unknown-reference", unknown(kind, to, names))
                count += 1


def _personal_data(
    records: Records, written: Iterable[Written], now: datetime.date
) -> Iterator[Fault]:
    """What tells who somebody is or where they live, and consent that no longer holds.

    Ways to reach an organisation may stand in a case whose consent covers contacts.
    """
    for item in written:
        record = records[item.model.kind].get(item.id)
        agreed = {"contacts"} if record is None else set()  # a faulty record is left out as it is
        for index, consent in enumerate(getattr(record, "consent", ())):
            ended = consent.withdrawn or (consent.until and consent.until.last_day() < now)
            if ended:
                details = {"date": str(consent.withdrawn or consent.until), "id": item.id}
                yield Fault(item, ("consent", index), "consent-ended", details)
            else:
                agreed.add(consent.covers)
        for told in item.personal:
            if not told.contact or ("contacts" not in agreed and personal.CONTACT not in told.path):
                code = "contact-data" if told.contact else "personal-data"
                yield Fault(item, told.path, code, told.details)


def unknown(kind: str, to: str, known: Collection[str]) -> dict[str, str]:
    """What to tell of a reference that leads nowhere."""
    owner = PART_KINDS[kind][0] if kind in PART_KINDS else kind
    file = f"{to}.yml" if kind == "case" else f"reference/{KINDS[owner].plural}.yml"
    return {"kind": kind, "found": to, "nearest": nearest(to, known), "file": file}


def _circles(records: Records) -> Iterator[Fault]:
    """Records that are, over some steps, inside or descended from themselves."""
    fields: dict[Key, dict[Key, str]] = {}
    for kind in records.values():
        for record in kind.values():
            fields[record.key] = {
                (to_kind, to): str(path[0])
                for path, to_kind, to in record.written.references
                if path[0] in PARENTS + DESCENT
            }
    for circle in _circles_in(fields):
        ids = [key[1] for key in (*circle, circle[0])]
        names = " → ".join(ids if len(ids) < 10 else (*ids[:8], "…", ids[-1]))
        for key, above in zip(circle, (*circle[1:], circle[0]), strict=True):
            path = (fields[key][above],)
            yield Fault(records[key[0]][key[1]].written, path, "circle", {"circle": names})


def _circles_in(graph: Mapping[Key, Iterable[Key]]) -> Iterator[list[Key]]:
    """Circles, each once, so many that without their members no other is left."""
    done: set[Key] = set()
    for start in graph:
        ahead = {start: iter(graph[start])} if start not in done else {}
        while ahead:
            key = next(reversed(ahead))
            to = next((to for to in ahead[key] if to in graph and to not in done), None)
            if to is None:
                done.add(key)
                del ahead[key]
            elif to in ahead:
                path = list(ahead)
                circle = path[path.index(to) :]
                yield circle
                done.update(circle)
                for member in circle:
                    del ahead[member]
            else:
                ahead[to] = iter(graph[to])


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


def _origins(records: Records) -> Iterator[Fault]:
    """Repetitions that surely began before what they repeat or continue."""
    for record in (*records["case"].values(), *records["programme"].values()):
        own = cast("Case", record).period
        began = None if not own or own.approximate else own.start or own.end
        for name in ("replicates", "succeeds"):
            for index, origin in enumerate(getattr(record, name, ())):
                kind = "case" if origin.case else "programme"
                older = records[kind].get(origin.case or origin.programme)
                yield from _order(record, (name, index), began, cast("Case | None", older))
        if isinstance(record, Case):
            for index, again in enumerate(record.repetitions):
                yield from _order(record, ("repetitions", index, "date"), again.date, record)


def _order(
    record: Record, path: Path, date: PartialDate | None, older: Case | None
) -> Iterator[Fault]:
    period = older.period if older else None
    first = None if not period or period.approximate else period.start
    if older and date and first and date.last_day() < first.first_day():
        details = {"date": str(date), "first": str(first), "id": older.id}
        yield Fault(record.written, path, "origin-later", details)


def _written(period: Period) -> str:
    return "–".join(str(date) if date else "…" for date in (period.start, period.end))
