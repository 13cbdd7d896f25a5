"""What search knows of a library: each record's page as an entry, and the facets of its cases."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import get_args

from case_library import frameworks
from case_library.charts import lattice
from case_library.figures import phrase
from case_library.kit import OPEN, duration, resources
from case_library.model.case import Case
from case_library.model.fields import BODY, NAME, Model, Values, shapes, values_of
from case_library.model.kinds import KINDS, PART_KINDS
from case_library.model.parts import Duration, Figure, Level, Resource
from case_library.model.record import Record
from case_library.model.reference import Framework
from case_library.model.values import Text
from case_library.pages.edition import Edition, freshness
from case_library.pictures import address
from case_library.prose import plain
from case_library.search.comparison import Comparison
from case_library.search.entry import PAGE, Entry, Facet, Listed, Term
from case_library.taxonomy import TAXONOMIES

_FLAGS: dict[str, Callable[[Case], bool]] = {
    "figures": lambda case: bool(case.indicators),
    "replicable": lambda case: case.replication is not None,
}
#: Records whose titles are names of the page that refers to them: people search for these.
_NAMING = ("place", "organisation")
_LABELLING = ("theme", "method", "audience", "programme", "framework", "process", *PART_KINDS)

Address = Callable[[str], str]


class Collection:
    """The entries and facets of one edition; `address` makes a page's link below the root."""

    def __init__(self, edition: Edition, address: Address) -> None:
        self.edition = edition
        self.address = address
        self.comparison = Comparison(edition, address)
        self._titles: dict[tuple[str, str], dict[str, None]] = {}
        self._under: dict[str, dict[str, list[str]]] = {}
        self.facets = [facet for facet in self._facets() if facet.terms]

    def listed(self) -> list[Listed]:
        """Every page of a record, in no order."""
        library = self.edition.library
        return [
            self._listed(library.records[kind][name])
            for kind in KINDS
            for name in library.records[kind]
        ]

    def _listed(self, record: Record) -> Listed:
        edition, case = self.edition, record if isinstance(record, Case) else None
        title = edition.read(record.title)
        return Listed(
            self.address(edition.prefix + record.address),
            record.kind,
            record.id,
            title,
            facets=self.facets_of(case) if case else {},
            title_key=edition.language.sort_key(record.sort_as or title),
            newest=_as_number(freshness(case)) if case else 0,
            evidence=len(case.evidence) if case else 0,
        )

    def entries(self, listed: Iterable[Listed]) -> list[Entry]:
        """Some of these pages with their texts; what is asked of the library, is asked for them."""
        self._titles.clear()
        records = self.edition.library.records
        return [
            one if isinstance(one, Entry) else self.entry(records[one.kind][one.id], one)
            for one in listed
        ]

    def entry(self, record: Record, listed: Listed) -> Entry:
        """A record's page, with what stands on it in this language."""
        edition = self.edition
        texts: dict[int, list[str]] = {NAME: [], BODY: []}
        self._read(record, texts)
        names, labels, more = self._referred(record)
        aliases = [*record.title.values(), *(a for alias in record.aliases for a in alias.values())]
        case = record if isinstance(record, Case) else None
        if case:
            labels.append(edition.language.choice("status", case.status))
        return Entry(
            **vars(listed),
            names=tuple(name for name in (*aliases, *names) if name != listed.title),
            labels=(*texts[NAME], *labels),
            summary=plain(edition.read(record.summary)),
            text="\n".join((*texts[BODY], *more)),
            extras=self._extras(case) if case else {},
            pattern=self._look(case)[0] if case else "",
            said=self.comparison.case(case) if case else {},
        )

    @property
    def framework(self) -> Framework | None:
        return self.edition.library.get(Framework, self.edition.library.info.framework)

    # -- words

    def _read(self, model: Model, texts: dict[int, list[str]]) -> None:
        """All that readers see of a record or part, apart from its title and summary."""
        values, searched = _searched(type(model))
        for value, (many, weight) in zip(values(model), searched, strict=True):
            if not value:
                continue
            for item in value if many else (value,):
                if isinstance(item, Text):
                    texts[weight].append(plain(self.edition.read(item)))
                elif isinstance(item, Model):
                    if isinstance(item, Figure):
                        texts[BODY].append(self._figure(item))
                    self._read(item, texts)

    def _figure(self, figure: Figure) -> str:
        indicator = self.edition.indicator(figure.indicator)
        said = phrase(figure, indicator, self.edition.language)
        return f"{self.edition.read(indicator.title) if indicator else ''} {said}"

    def _referred(self, record: Record) -> tuple[list[str], list[str], list[str]]:
        """Titles of the records that one refers to: its names, its labels, and the others."""
        names: dict[str, None] = {}
        labels: dict[str, None] = {}
        more: dict[str, None] = {}
        for _, kind, target in record.written.references:
            into = names if kind in _NAMING else labels if kind in _LABELLING else more
            if (titles := self._titles.get((kind, target))) is None:
                titles = self._titles[kind, target] = self._titles_of(kind, target)
            into |= titles
        return list(names), list(labels), list(more)

    def _titles_of(self, kind: str, target: str) -> dict[str, None]:
        """The title of what is referred to, and those of what it stands in."""
        above = self.edition.library.records.get(kind, {}).get(target)
        records = [above, *self.edition.library.ancestors(above)] if above else []
        titles = [self.edition.read(record.title) for record in records]
        return dict.fromkeys(filter(None, titles or [self.edition.title_of(kind, target)]))

    # -- facets

    def _facets(self) -> Iterator[Facet]:
        edition = self.edition
        for kind in TAXONOMIES:
            terms = [term for term in edition.taxonomies.terms[kind] if term.cases]
            ordered = terms if kind in {"status", "year"} else edition.sorted(terms)
            slugs = {term.slug for term in terms}
            found = []
            for term in ordered:
                above = edition.library.ancestors(term.record) if term.record else []
                parent = next((r.id for r in above if r.id in slugs), None)
                found.append(Term(term.slug, edition.term_title(term), parent))
                self._file(kind, term.slug, term.cases)
            yield Facet(kind, tuple(_tree(found)))
        dimensions = self.framework.dimensions if self.framework else []
        terms_of = []
        for dimension in dimensions:
            cases = edition.taxonomies.cases_of(
                "dimension", f"{self.edition.library.info.framework}/{dimension.id}"
            )
            if cases:
                self._file("dimension", dimension.id, cases)
                terms_of.append(Term(dimension.id, edition.read(dimension.title)))
        yield Facet("dimension", tuple(terms_of))
        yield self._choices("needs", get_args(Resource), _took)
        yield self._choices("duration", get_args(Duration), lambda case: [duration(case)])
        yield self._choices("level", get_args(Level), lambda case: [case.level or OPEN])
        for name, holds in _FLAGS.items():
            cases = tuple(case for case in edition.library.cases if holds(case))
            self._file(name, "yes", cases)
            label = edition.t(f"search.flags.{name}")
            yield Facet(name, (Term("yes", label),) if cases else ())

    def _choices(
        self, name: str, choices: tuple[str, ...], told: Callable[[Case], list[str]]
    ) -> Facet:
        """A facet of fixed values; that nobody reports it is one of them."""
        found: dict[str, list[Case]] = {}
        for case in self.edition.library.cases:
            for value in told(case):
                found.setdefault(value, []).append(case)
        words = {value: self.edition.language.choice(name, value) for value in choices}
        words[OPEN] = self.edition.t("ui.not-reported")
        for value, cases in found.items():
            self._file(name, value, tuple(cases))
        return Facet(name, tuple(Term(v, w) for v, w in words.items() if v in found))

    def _file(self, facet: str, slug: str, cases: tuple[Case, ...]) -> None:
        for case in cases:
            self._under.setdefault(case.id, {}).setdefault(facet, []).append(slug)

    def facets_of(self, case: Case) -> Mapping[str, list[str]]:
        return self._under.get(case.id, {})

    def _first_theme(self, case: Case) -> Record | None:
        themes = (self.edition.library.records["theme"].get(link.id) for link in case.themes)
        return next(filter(None, themes), None)

    def _look(self, case: Case) -> tuple[str, str]:
        """The pattern and the hue of a case's window."""
        theme, own = self._first_theme(case), self.edition.library.info.pattern
        look = getattr(theme, "pattern", None) or own, getattr(theme, "hue", None)
        return lattice.of_theme(theme.id if theme else "", *look)

    def _extras(self, case: Case) -> dict[str, object]:
        """What a result row shows beside words."""
        edition = self.edition
        place = edition.library.records["place"].get(case.place or "")
        theme, framework = self._first_theme(case), self.framework
        pattern, hue = self._look(case)
        profile = frameworks.profile(framework, [case]) if framework else None
        found: dict[str, object] = {
            "place": edition.read(place.title) if place else "",
            "theme": edition.read(theme.title) if theme else "",
            "status": case.status,
            "profile": profile.values if profile and case.evidence else [],
            "evidence": len(case.evidence),
            "picture": self._picture(case),
            "look": [pattern, hue, *lattice.weave(pattern, case.id)],
        }
        return {name: value for name, value in found.items() if value}

    def _picture(self, case: Case) -> str:
        """The smallest version of a case's first picture."""
        found = self.edition.library.pictures.get(case.id)
        return address(case.id, found[0], found[0].sizes[0][0]) if found else ""


def _took(case: Case) -> list[str]:
    found = [name for name, standing in resources(case).items() if standing == "needs"]
    return found or [OPEN]


@cache
def _searched(model: type[Model]) -> tuple[Values, list[tuple[bool, int]]]:
    """The values of fields that may hold text; and whether each is a list, and how heavy it is."""
    said_before = {"title", "summary", "aliases", "sources"} if issubclass(model, Record) else ()
    found = [
        (shape.name, shape.many, NAME if shape.name == "tags" else min(shape.weight, NAME))
        for shape in shapes(model)
        if (shape.model or shape.weight) and shape.name not in said_before
    ]
    return values_of([name for name, *_ in found]), [(many, weight) for _, many, weight in found]


def _as_number(date: tuple[int, ...]) -> int:
    year, month, day = (*date, 0, 0, 0)[:3]
    return year * 10_000 + month * 100 + day


def _tree(terms: list[Term]) -> list[Term]:
    """Terms with each one's children right behind it."""
    below: dict[str | None, list[Term]] = {}
    for term in terms:
        below.setdefault(term.parent, []).append(term)

    def walk(slug: str | None) -> Iterator[Term]:
        for term in below.get(slug, ()):
            yield term
            yield from walk(term.slug)

    return list(walk(None))


_UNSEEN = re.compile(
    r"<(script|style|svg|template)\b.*?</\1>|<a class=\"headerlink\".*?</a>|<!--.*?-->", re.DOTALL
)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|code|em|i|kbd|mark|q|s|small|span|strong|sub|sup|time|u|var)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")


def guide(address: str, title: str, page: str) -> Entry:
    """An ordinary page of the site, by the words of its HTML, a line for each block."""
    words = html.unescape(_TAG.sub("\n", _INLINE.sub("", _UNSEEN.sub("", page))))
    lines = (" ".join(line.split()) for line in words.split("\n"))
    text = [line for line in lines if line and line != title]
    return Entry(address, PAGE, address, title, text="\n".join(text), title_key=(title,))
