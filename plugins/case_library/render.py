"""Pages to HTML, in our own Jinja environment: autoescape on, undefined names are errors."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup

from case_library import frameworks, prose
from case_library.charts import lattice
from case_library.charts.profile import Axis, axes, mini, radar
from case_library.charts.qr import qr
from case_library.exports import citation
from case_library.exports.message import message
from case_library.figures import Phrase, coverage_words, phrase, range_words, summary_phrase
from case_library.indicators import Counted, Summary
from case_library.kit import Stage, stages
from case_library.language import language
from case_library.links import Links, keep, quoted
from case_library.model.case import Case
from case_library.model.parts import Evidence, Figure, Media, Period, SourceLink
from case_library.model.record import Record
from case_library.model.reference import Framework, Indicator, Process, Source
from case_library.model.values import PartialDate
from case_library.pages.drawings import Drawings
from case_library.pages.edition import Edition
from case_library.pages.page import Page
from case_library.pictures import address
from case_library.prose import EMPTY, markup
from case_library.prose import escaped as escape
from case_library.templating import environment


class Note(NamedTuple):
    """A numbered source note of one page: the source and the place in it."""

    number: int
    link: SourceLink
    source: Source
    #: Whether an earlier note names the same source in full.
    again: bool
    #: Its raised number.
    mark: Markup


@dataclass(frozen=True)
class Shown:
    """A picture on a page: what is said of it, and link, width and height of each version."""

    media: Media
    versions: list[tuple[str, int, int]]

    @property
    def largest(self) -> tuple[str, int, int]:
        return self.versions[-1]

    @property
    def srcset(self) -> str:
        return ", ".join(f"{link} {width}w" for link, width, _ in self.versions)


class Here(Links):
    """What templates ask of one page: its links, its words, its drawings, its source notes."""

    def __init__(
        self, edition: Edition, page: Page, directory_urls: bool, root: str | None = None
    ) -> None:
        super().__init__(edition, page, directory_urls, root)
        self._drawings = 0
        self._notes: dict[tuple[str, ...], Note] = {}
        self._named: set[str] = set()
        self._profiles: dict[str, list[Axis]] = {}

    @property
    def draw(self) -> Drawings:
        return Drawings(self.edition, self.to)

    def known_from(self, case: Case) -> str:
        """What kinds of sources a case rests on."""
        sources = [source for link in case.sources if (source := self.source(link))]
        kinds = dict.fromkeys(
            self.choice("grade", s.grade) if s.grade else self.choice("type", s.type)
            for s in sources
        )
        return self.t("ui.list-comma").join(kinds)

    def stages(self) -> list[Stage]:
        """The steps of the process whose page this is, with the cases that tell of them."""
        process = self.page.record
        if not isinstance(process, Process):
            return []
        return stages(process, self.edition.taxonomies.cases_of("process", process.id))

    # -- drawings and pictures

    def pictures(self, case: Case) -> list[Shown]:
        """The pictures of a case, with links to their versions."""
        found = self.edition.library.pictures.get(case.id, [])
        return [
            Shown(
                media,
                [(self.href(address(case.id, picture, w)), w, h) for w, h in picture.sizes],
            )
            for media, picture in zip(case.media, found, strict=True)
        ]

    def cover(self, case: Case, ratio: float) -> Markup:
        """A case's first picture; else its window: its first theme's lattice, woven by its id."""
        pictured = case.id in self.edition.library.pictures
        if pictured and (shown := next(iter(self.pictures(case)), None)):
            link, width, height = shown.versions[0]
            return Markup(
                '<img class="cl-photo" src="{}" width="{}" height="{}" alt="" loading="lazy">'
            ).format(link, width, height)
        themes = (self.find("theme", link.id) for link in case.themes)
        return self._window(next((t for t in themes if t), None), case.id, ratio)

    def theme_cover(self, theme: Record, ratio: float) -> Markup:
        return self._window(theme, theme.id, ratio)

    def hue(self, theme: Record) -> str:
        return self._look(theme)[1]

    def _look(self, theme: Record | None) -> tuple[str, str]:
        pattern = getattr(theme, "pattern", None) or self.edition.library.info.pattern
        return lattice.of_theme(theme.id if theme else "", pattern, getattr(theme, "hue", None))

    def _window(self, theme: Record | None, seed: str, ratio: float) -> Markup:
        pattern, hue = self._look(theme)
        self._drawings += 1
        return lattice.cover(pattern, hue, seed, ratio, f"window-{self._drawings}")

    def profile(self, case: Case) -> Markup:
        """What speaks for each dimension of the library's framework; nothing without one."""
        title, sides = self._profile(case)
        return Markup.escape(radar("profile", title, sides, self.language)) if sides else EMPTY

    def by_dimension(self, evidence: list[Evidence]) -> list[tuple[str, list[Evidence]]]:
        """Evidence under its dimension, in the order of the frameworks."""
        groups: dict[str, list[Evidence]] = {
            f"{framework.id}/{dimension.id}": []
            for framework in self.edition.library.all(Framework)
            for dimension in framework.dimensions
        }
        for item in evidence:
            groups.setdefault(item.dimension, []).append(item)
        return [(name, items) for name, items in groups.items() if items]

    def mini(self, case: Case) -> Markup:
        """The same as a few small bars."""
        title, sides = self._profile(case)
        self._drawings += 1
        chart_id = f"mini-{self._drawings}"
        return mini(chart_id, title, sides, self.language) if sides else EMPTY

    def _profile(self, case: Case) -> tuple[str, list[Axis]]:
        framework = self.edition.library.get(Framework, self.edition.library.info.framework)
        if not framework:
            return "", []
        title = self.t("ui.profile-of", framework=self.edition.read(framework.title))
        if case.id not in self._profiles:
            profile = frameworks.profile(framework, [case])
            self._profiles[case.id] = axes(profile, self.language)
        return title, self._profiles[case.id]

    def shared(self, kind: str, term_id: str) -> str:
        """What two cases have in common, in words: `same method: Open Space`."""
        title = self.edition.read(self.edition.taxonomies.title_of(kind, term_id)) or term_id
        return self.t("ui.same", kind=self.kind(kind).lower(), title=title)

    def date(self, date: PartialDate) -> Markup:
        return _time(self._code, date)

    def period(self, period: Period) -> Markup:
        ends = [date for date in (period.start, period.end) if date]
        dates = ends[:1] if len(set(ends)) == 1 and len(ends) == 2 else ends
        words = Markup("–").join(self.date(date) for date in dates)
        if len(ends) == 1:
            words = self._around("ui.since" if period.start else "ui.until", words)
        return self._around("ui.approximately", words) if period.approximate else words

    def _around(self, key: str, date: Markup) -> Markup:
        return markup(str(escape(self.t(key, date="{}"))).format(date))

    # -- on paper and in other programs

    def qr(self) -> Markup:
        return qr(self.public, self.t("share.qr")) if self.public else EMPTY

    def message(self, case: Case) -> str:
        return message(self.edition, case, self.public)

    def mail(self, case: Case, message: str) -> str:
        """A link that writes a message about a case."""
        title, body = self.edition.read(case.title), message.replace("\n", "\r\n")
        return f"mailto:?subject={quoted(title)}&body={quoted(body)}"

    def citations(self, case: Case) -> list[tuple[str, str, str]]:
        """Each format's name, the name of its file if it is one to import, and the citation."""
        work = citation.work(self.edition, case, self.public)
        return [
            (name, f"{case.id}.{ending}" if ending else "", write(work))
            for name, ending, write in citation.FORMATS.values()
        ]

    # -- figures and sources

    def said(self, item: Figure | Summary) -> Phrase | None:
        """A figure or a sum with its qualifier and unit; None where its entry was left out."""
        if isinstance(item, Summary):
            return summary_phrase(item, self.language)
        indicator = self.edition.library.get(Indicator, item.indicator)
        return phrase(item, indicator, self.language) if indicator else None

    def reports(self, figures: Iterable[Counted]) -> Markup:
        """Who reports figures: links to the rows that say all of each, with their sources."""
        return prose.join(
            self._comma, (f"{self._row(c)}{self.cite(c.figure.source)}" for c in figures)
        )

    def _row(self, counted: Counted) -> Markup:
        record, key = counted.record, (counted.record.address, counted.index)
        if (made := self._made.get(key)) and record is not self.page.record:
            return made
        row = self.row_of(record, counted.figure)
        made = prose.put('<a href="{}">{}</a>', row, self.text(record.title))
        return keep(self._made, key, made) if record is not self.page.record else made

    def row_of(self, record: Record, figure: Figure) -> str:
        """The link to the row of a record's page that says all of one of its figures."""
        figures: list[Figure] = getattr(record, "indicators", [])
        number = next((n for n, item in enumerate(figures, 1) if item is figure), 1)
        page = "" if record is self.page.record else self.url(record)
        return f"{page}#figure-{number}"

    def range(self, summary: Summary) -> str:
        return range_words(summary, self.language)

    def coverage(self, summary: Summary) -> str:
        return coverage_words(summary.reporting, len(summary.cases), self.language)

    def source(self, link: SourceLink) -> Source | None:
        return self.edition.library.get(Source, link.id)

    def cite(self, link: SourceLink | None) -> Markup:
        """The raised number of a source note, made when it is first asked for."""
        if not link:
            return EMPTY
        key = (link.id, *link.at.values()) if link.at else (link.id,)
        if note := self._notes.get(key):
            return note.mark
        if not (source := self.source(link)):
            return EMPTY
        number = len(self._notes) + 1
        label = escape(
            self.t("ui.source-note", number=number, title=self.edition.read(source.title))
        )
        to = f'<a href="#note-{number}" aria-label="{label}">{number}</a>'
        mark = markup(f'\u2060<sup class="cl-note">{to}</sup>')
        self._notes[key] = Note(number, link, source, link.id in self._named, mark)
        self._named.add(link.id)
        return mark

    def notes(self, rest: Iterable[SourceLink] = ()) -> list[Note]:
        """All notes of the page so far; `rest` adds sources that no sentence cites."""
        cited = self._named.copy()
        for link in rest:
            if link.id not in cited or link.at:
                self.cite(link)
        return list(self._notes.values())


@functools.lru_cache(maxsize=50_000)
def _time(code: str, date: PartialDate) -> Markup:
    return prose.put('<time datetime="{}">{}</time>', str(date), language(code).date(date))


@functools.cache
def _template(folders: tuple[Path, ...], name: str) -> jinja2.Template:
    return environment(folders).get_template(f"case_library/{name}")


def html(
    edition: Edition,
    page: Page,
    folders: tuple[Path, ...],
    *,
    template: str = "",
    directory_urls: bool = True,
    root: str | None = None,
    **given: Any,
) -> str:
    """A page's body as HTML; or, with a `template`, the part of its frame that this one draws."""
    here = Here(edition, page, directory_urls, root)
    if not template:
        template, given = page.template, given | page.context
    filled = _template(folders, template)
    return filled.render(here=here, page=page, edition=edition, **given)
