"""Edition: a library in one language, with all that pages of that language share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from case_library import related
from case_library.indicators import Standing, Summary, summarise
from case_library.language import Language, language
from case_library.library import Library
from case_library.lineage import Lineage
from case_library.model.case import Case
from case_library.model.kinds import KINDS, PART_KINDS
from case_library.model.record import Record
from case_library.model.reference import Indicator
from case_library.model.values import Text
from case_library.noted import Noted, noting
from case_library.pages.page import Crumb, Page, Says
from case_library.prose import escaped, plain
from case_library.taxonomy import VALUE_TAXONOMIES, Taxonomies, Term

DESCRIPTION_LENGTH = 160
#: Cases on one page of the library.
CASES = 100


@dataclass
class Shared:
    """What does not depend on the language, computed once for all editions."""

    library: Library
    #: The site's own name, for a library that does not name itself.
    site_name: str = ""
    #: Where the site is published; empty where it does not say so.
    site_url: str = ""

    @cached_property
    def taxonomies(self) -> Taxonomies:
        return Taxonomies(self.library)

    @cached_property
    def summaries(self) -> dict[tuple[str, Standing], Summary]:
        """Over all cases, by the catalogue entry's id and the standing."""
        found = summarise(self.library, self.library.cases)
        by_key = {(summary.indicator.id, summary.standing): summary for summary in found}
        return Noted("summaries", by_key)

    @cached_property
    def lineage(self) -> Lineage:
        return Lineage(self.library)

    @cached_property
    def related(self) -> dict[str, list[related.Related]]:
        return Noted("related", related.related(self.library))


@dataclass
class Edition:
    """One language of the site. The library's first language stands at the root."""

    shared: Shared
    code: str
    language: Language = field(init=False)
    #: What rendering makes once for many pages.
    made: dict[object, dict[Any, Any]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.language = language(self.code)

    @property
    def library(self) -> Library:
        return self.shared.library

    @property
    def taxonomies(self) -> Taxonomies:
        return self.shared.taxonomies

    @cached_property
    def prefix(self) -> str:
        return prefix(self.library, self.code)

    @property
    def title(self) -> str:
        title = self.library.info.title
        return self.read(title) if title else self.shared.site_name or self.t("ui.library")

    @property
    def seal(self) -> str:
        """The character on the site's mark: its own, else the first of its title."""
        return self.library.info.seal or self.title[:1].upper()

    def t(self, key: str, count: Any = None, **values: object) -> str:
        return self.language.text(key, count, **values)

    @property
    def words(self) -> Mapping[str, str]:
        return self.language.words

    @cached_property
    def shown(self) -> Mapping[str, str]:
        """The same as HTML."""
        return {key: escaped(word) for key, word in self.words.items()}

    def read(self, text: Text | None) -> str:
        """A text as plain words in this language, or in the one it was written in."""
        return text.read(self.code)[0] if text else ""

    def title_of(self, kind: str, target: str) -> str:
        """The title of a record or of a part of one; nothing where it was left out."""
        owner, attribute = PART_KINDS.get(kind, (kind, ""))
        owner_id, _, part_id = target.partition("/")
        found = self.library.records[owner].get(owner_id)
        parts = [part for part in getattr(found, attribute, ()) if part.id == part_id]
        named = parts[:1] if attribute else [found] if found else []
        return self.read(named[0].title) if named else ""

    def term_title(self, term: Term) -> str:
        if term.kind == "status":
            return self.language.choice("status", term.slug)
        return self.read(term.title)

    def sorted(self, records: Iterable[Any]) -> list[Any]:
        """Records or terms in the order of their titles in this language."""
        found = list(records)
        if all(isinstance(item, Record) for item in found):
            places = self._places
            return sorted(found, key=lambda record: places[record.key])
        return sorted(found, key=self.order)

    def order(self, item: Record | Term) -> Any:
        """By what `sorted` sorts: records among each other, and terms."""
        if isinstance(item, Term):
            own = item.record.sort_as if item.record else None
            return (self.language.sort_key(own or self.term_title(item)), item.slug)
        return self._places[item.key]

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        """The place of each record among all: many lists hold thousands of them."""
        with noting():  # who compares two records asks for these two only
            records = [r for kind in self.library.records.values() for r in kind.values()]
        titles = ((self.language.sort_key(r.sort_as or self.read(r.title)), r.id) for r in records)
        ordered = sorted(zip(titles, (record.key for record in records), strict=True))
        return {key: place for place, (_, key) in enumerate(ordered)}

    @cached_property
    def turns(self) -> Mapping[str, tuple[Case | None, Case | None]]:
        """By id: the case before it in the library and the case after; not its number, which one
        more would change on every page."""
        cases = self.sorted(self.library.cases)
        around = zip([None, *cases], cases, [*cases[1:], None], strict=False)
        found = {case.id: (before, after) for before, case, after in around}
        return Noted(f"turns-{self.code}", found)

    @cached_property
    def parts(self) -> Mapping[int, tuple[list[Case], int, int]]:
        """The library page by page: its cases by title, how many there are, the last page."""
        cases = self.sorted(self.library.cases)
        last = (len(cases) - 1) // CASES + 1
        pages = ((n, cases[(n - 1) * CASES : n * CASES]) for n in range(1, last + 1))
        found = {number: (part, len(cases), last) for number, part in pages}
        return Noted(f"parts-{self.code}", found)

    def way_to(self, place: Record) -> list[Record]:
        """A place after what it stands in, without the levels that tell a reader least."""
        above = self.library.ancestors(place)[:-1]  # the root is the same for all
        return [*{p.key: p for p in (*above[-1:], *above[:1])}.values(), place]

    def newest(self, cases: Iterable[Case]) -> list[Case]:
        """Cases by the day they were last changed or checked, newest first."""
        ordered = sorted(cases, key=lambda case: case.id)
        return sorted(ordered, key=freshness, reverse=True)

    def plural(self, kind: str) -> str:
        return self.language.kind(kind, 2)

    def indicator(self, indicator_id: str) -> Indicator | None:
        return self.library.get(Indicator, indicator_id)

    def page(
        self,
        path: str,
        kind: str,
        title: str,
        template: str,
        says: Says = dict,
        record: Record | None = None,
    ) -> Page:
        return Page(
            path=path,
            address=self.prefix + path,
            language=self.code,
            kind=kind,
            title=title,
            template=template,
            says=partial(self._said, says),
            record=record,
        )

    def _said(self, says: Says) -> dict[str, Any]:
        said = says()
        described = said.get("description") or self.read(self.library.info.summary)
        return {**said, "description": shorten(described)}

    def crumb(self, kind: str) -> Crumb:
        """The crumb of a kind's index."""
        if kind == "case":
            return Crumb(self.t("ui.library"), self.prefix + "library/")
        plural = KINDS[kind].plural if kind in KINDS else VALUE_TAXONOMIES[kind]
        return Crumb(self.plural(kind), f"{self.prefix}{plural}/")


def prefix(library: Library, code: str) -> str:
    """What stands before a language's addresses: nothing for the first one."""
    return "" if code == library.languages[0] else f"{code}/"


def shorten(text: str, length: int = DESCRIPTION_LENGTH) -> str:
    words = " ".join(plain(text).split())
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"


def freshness(case: Case) -> tuple[int, ...]:
    date = case.updated or (case.review and case.review.checked)
    return tuple(part or 0 for part in date) if date else ()
