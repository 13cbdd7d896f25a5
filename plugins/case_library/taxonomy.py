"""Taxonomies and their terms: which cases stand under a theme, a place, a tag, a year."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from case_library.library import Key, Library
from case_library.model.case import Case
from case_library.model.kinds import KINDS, PART_KINDS
from case_library.model.record import Record
from case_library.model.values import Text
from case_library.noted import Noted

#: Fields that lead from a case to other cases: not a classification.
_BETWEEN_CASES = frozenset({"related", "part_of", "replicates", "succeeds", "inspired_by"})
#: Taxonomies whose terms are values, not records: kind -> plural, as addresses spell it.
VALUE_TAXONOMIES = {"tag": "tags", "year": "years", "status": "statuses"}

#: Those that readers narrow the library by, in the order of the filters.
TAXONOMIES = (
    "theme",
    "place",
    "method",
    "audience",
    "programme",
    "organisation",
    "status",
    "year",
    "tag",
)

_UNSAFE = re.compile(r"[\s/\\?#%&\"'<>:*|.,;+=^`{}\[\]()~!@$]+")
_LONGEST_YEARS = 60


@dataclass(frozen=True)
class Term:
    """One term and its cases, by id. `title` is None where the language must say it (a status)."""

    kind: str
    slug: str
    cases: tuple[Case, ...]
    title: Text | None = None
    record: Record | None = None

    @property
    def address(self) -> str:
        plural = KINDS[self.kind].plural if self.kind in KINDS else VALUE_TAXONOMIES[self.kind]
        return f"{plural}/{self.slug}/"


class Taxonomies:
    """Every taxonomy of a library, computed once: `terms["theme"]`, `term("place", "beijing")`."""

    def __init__(self, library: Library) -> None:
        cases = _cases_by_record(library)
        terms: dict[str, list[Term]] = {}
        for kind in KINDS:
            if kind != "case":
                terms[kind] = [
                    Term(kind, record.id, tuple(cases.get(record.key, ())), record.title, record)
                    for record in library.records[kind].values()
                ]
        terms |= {
            "tag": _tags(library),
            "year": _years(library),
            "status": _statuses(library),
        }
        by_key = {(t.kind, t.slug): t for found in terms.values() for t in found}
        self.terms = Noted("terms", terms)
        self.terms_by_key = Noted("term", by_key)
        self._parts = Noted("parts", {key: tuple(found) for key, found in cases.items()})
        titles = {key: term.title for key, term in by_key.items() if term.title}
        self._titles = Noted("titles", titles)
        self.all = (self.terms, self.terms_by_key, self._parts, self._titles)

    def term(self, kind: str, slug: str) -> Term | None:
        return self.terms_by_key.get((kind, slug))

    def cases_of(self, kind: str, record_id: str) -> tuple[Case, ...]:
        """The cases under a record, a part of one (`dimension`), a tag, a year or a status."""
        found = self.terms_by_key.get((kind, record_id))
        return found.cases if found else self._parts.get((kind, record_id), ())

    def title_of(self, kind: str, slug: str) -> Text | None:
        """What a term is called, without its cases."""
        return self._titles.get((kind, slug))


def slug(text: str) -> str:
    """A tag's part of an address: readable in any script, safe as a file name."""
    return _UNSAFE.sub("-", unicodedata.normalize("NFKC", text).casefold()).strip("-")[:64] or "-"


def case_years(case: Case) -> range:
    """The years that a case's period covers; empty where none is reported."""
    period = case.period
    first = period and (period.start or period.end)
    last = period and (period.end or period.start)
    if not first or not last:
        return range(0)
    return range(first.year, min(last.year, first.year + _LONGEST_YEARS) + 1)


def _cases_by_record(library: Library) -> dict[Key, list[Case]]:
    """The cases that refer to a record, or to something inside it; each once, by id."""
    found: dict[Key, list[Case]] = defaultdict(list)

    @cache
    def above(kind: str, target: str) -> list[Key]:
        record = library.records[kind].get(target)
        return [one.key for one in library.ancestors(record)] if record else []

    for case in library.cases:
        keys: dict[Key, None] = {}
        for path, kind, target in case.written.references:
            if path[0] in _BETWEEN_CASES:
                continue
            keys[kind, target] = None
            if kind in PART_KINDS:
                keys[PART_KINDS[kind][0], target.partition("/")[0]] = None
            else:
                keys |= dict.fromkeys(above(kind, target))
        for key in keys:
            found[key].append(case)
    return found


def _tags(library: Library) -> list[Term]:
    cases: dict[str, list[Case]] = defaultdict(list)
    titles: dict[str, Text] = {}
    for case in library.cases:
        for tag in case.tags:
            name = slug(next(iter(tag.values())))
            if case not in cases[name][-1:]:
                cases[name].append(case)
            # The first case that names a tag in more languages names it for all.
            if len(list(tag)) > len(list(titles.get(name, ()))):
                titles[name] = tag
    return [Term("tag", name, tuple(cases[name]), titles[name]) for name in sorted(cases)]


def _years(library: Library) -> list[Term]:
    cases: dict[int, list[Case]] = defaultdict(list)
    for case in library.cases:
        for year in case_years(case):
            cases[year].append(case)
    first = library.languages[0]
    return [
        Term("year", str(year), tuple(cases[year]), Text({first: str(year)}))
        for year in sorted(cases, reverse=True)
    ]


def _statuses(library: Library) -> list[Term]:
    cases: dict[str, list[Case]] = defaultdict(list)
    for case in library.cases:
        cases[case.status].append(case)
    order = Case.model_fields["status"].annotation
    return [
        Term("status", status, tuple(cases[status]))
        for status in getattr(order, "__args__", ())
        if status in cases
    ]
