"""Quality of a record: how complete, how well supported, how fresh, and what would raise it."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from case_library.library import Library
from case_library.model.case import Case
from case_library.model.fields import shapes
from case_library.model.parts import RESULT_STATUSES
from case_library.model.record import Record
from case_library.model.reference import Source
from case_library.model.values import PartialDate

#: From the weakest to the strongest support.
GRADES = ("none", "press", "own-report", "document", "independent", "replicated")

#: When a record that names no next check is due to be compared with its sources again.
REVIEW_YEARS = 1


class Raise(NamedTuple):
    """One thing that would raise the quality: a message key, and the field it speaks of."""

    key: str
    field: str = ""


class Quality(NamedTuple):
    """Completeness, grade and freshness of a record. Each has a rule: `quality.rule.<name>`."""

    present: tuple[str, ...]
    missing: tuple[str, ...]
    grade: str
    sources: int
    checked: PartialDate | None
    due: PartialDate | None

    @property
    def completeness(self) -> tuple[int, int]:
        return len(self.present), len(self.present) + len(self.missing)

    def overdue(self, today: datetime.date) -> bool:
        """A record that nobody ever checked is overdue."""
        return self.due is None or self.due.last_day() < today

    @property
    def raises(self) -> list[Raise]:
        """What to do next, the support of the claims first."""
        found = []
        if self.grade != GRADES[-1]:
            better = GRADES[GRADES.index(self.grade) + 1]
            found.append(Raise(f"quality.raise.{better}", "sources"))
        if self.checked is None:
            found.append(Raise("quality.raise.review", "review"))
        found += [Raise("quality.raise.field", f) for f in self.missing if f not in {"review"}]
        return found


def asked(model: type[Record]) -> tuple[str, ...]:
    """The fields that readers of such a record look for. Each counts the same."""
    return tuple(shape.name for shape in shapes(model) if shape.asked)


def quality(library: Library, record: Record) -> Quality:
    """The quality of a record, from what it says and from who repeated it."""
    looked_for = asked(type(record))
    present = tuple(name for name in looked_for if getattr(record, name))
    sources = sorted(cited(record))
    review = record.review
    checked = review.checked if review else None
    due = (review and review.next) or (checked and _later(checked))
    missing = tuple(name for name in looked_for if name not in present)
    return Quality(present, missing, _grade(library, record, sources), len(sources), checked, due)


def cited(record: Record) -> set[str]:
    """The ids of all sources that a record names anywhere."""
    return {target for _, kind, target in record.written.references if kind == Source.kind}


def _grade(library: Library, record: Record, sources: list[str]) -> str:
    """The grade of the best source, or `replicated` where others did it again."""
    if isinstance(record, Source):
        return record.grade or "none"
    if isinstance(record, Case) and record.repetitions:
        return "replicated"
    for mention in library.mentioned_by(*record.key):
        other = mention.record
        if not isinstance(other, Case) or mention.field != "replicates":
            continue
        if other.status in RESULT_STATUSES:
            return "replicated"
    found = (library.get(Source, source) for source in sources)
    grades = [source.grade for source in found if source and source.grade]
    return max(grades, key=GRADES.index, default="none")


def _later(date: PartialDate) -> PartialDate:
    day = 28 if (date.month, date.day) == (2, 29) else date.day
    return PartialDate(date.year + REVIEW_YEARS, date.month, day)
