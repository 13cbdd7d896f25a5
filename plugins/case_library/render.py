"""Pages to HTML, in our own Jinja environment: autoescape on, undefined names are errors."""

from __future__ import annotations

import functools
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from jinja2.runtime import Macro
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
from case_library.library import Mention
from case_library.model.case import Case
from case_library.model.kinds import PART_KINDS
from case_library.model.parts import Evidence, Figure, Media, Period, SourceLink
from case_library.model.record import Record
from case_library.model.reference import Framework, Indicator, Process, Source
from case_library.model.values import PartialDate, Text
from case_library.noted import Question, note, noting
from case_library.pages.drawings import Drawings
from case_library.pages.edition import Edition
from case_library.pages.page import Page
from case_library.pictures import address
from case_library.prose import escaped as escape
from case_library.prose import markup
from case_library.taxonomy import Term, slug
from case_library.templating import environment

V = TypeVar("V")
#: So many pieces of pages are kept for those of one depth: some megabytes.
_MOST_KEPT = 20_000
_is_safe = re.compile("[A-Za-z0-9_.~/-]*").fullmatch
_UNSAFE = re.compile("[^A-Za-z0-9_.~/-]+")
_CLAUSE = re.compile(r"[^，。！？：；、]+[，。！？：；、]?")


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


class Here:
    """What templates ask of one page: its links, its words, its source notes."""

    def __init__(
        self, edition: Edition, page: Page, directory_urls: bool, root: str | None = None
    ) -> None:
        self.edition = edition
        self.page = page
        self.language = edition.language
        self.t = edition.language.text
        self._code, self._prefix = edition.code, edition.prefix
        self._directory_urls = directory_urls
        depth = page.depth if directory_urls else max(page.depth - 1, 0)
        self.root = "../" * depth if root is None else root
        #: What was made for other pages whose links begin alike.
        folder = (self.root, directory_urls)
        self._made: dict[Any, Markup] = edition.made.setdefault(folder, {})
        self._told: dict[Any, tuple[Markup, tuple[Question, ...]]]
        self._told = edition.made.setdefault(("told", *folder), {})
        self._drawings = 0
        self._notes: dict[tuple[str, ...], Note] = {}
        self._named: set[str] = set()

    @property
    def draw(self) -> Drawings:
        return Drawings(self.edition, self.to)

    # -- what pages have in common

    def kept(self, macro: Macro, about: Record | Term, *more: object) -> Markup:
        """What a macro makes of a record, once for all pages of this depth: no more than that
        may it depend on, and what the library tells it."""
        key = (macro.name, about.address, *more)
        if not (found := self._told.get(key)):
            with noting() as asked:
                made = markup(macro(about, *more))
            found = _keep(self._told, key, (made, tuple(asked)))
        note(found[1])
        return found[0]

    # -- links

    def href(self, address: str) -> str:
        """A link from this page to an address below the site's root."""
        address, hash_, fragment = address.partition("#")
        return f"{self.root}{file_url(address, self._directory_urls)}{hash_}{fragment}"

    def to(self, path: str) -> str:
        """A link to a path in this page's language."""
        return self.href(self._prefix + path)

    def url(self, item: Record | Term) -> str:
        return self.to(item.address)

    def link(self, item: Record | Term) -> Markup:
        address = item.address
        if made := self._made.get(address):
            return made
        made = prose.put('<a href="{}">{}</a>', self.to(address), self.title(item))
        return _keep(self._made, address, made)

    def links(self, items: Iterable[Record | Term]) -> Markup:
        """Links one after the other, with commas between."""
        return prose.join(self._comma, map(self.link, items))

    @property
    def _comma(self) -> str:
        return escape(self.t("ui.list-comma"))

    @property
    def public(self) -> str:
        """This page's full address; nothing where the site does not say where it is published."""
        base = self.edition.shared.site_url.rstrip("/")
        return f"{base}/{file_url(self.page.address, self._directory_urls)}" if base else ""

    @property
    def short(self) -> Markup:
        """The same for paper: without the scheme, and it may be broken after a stroke."""
        return Markup("/<wbr>").join(self.public.partition("://")[2].split("/"))

    def find(self, kind: str, record_id: str) -> Record | None:
        return self.edition.library.records[kind].get(record_id)

    def reference(self, kind: str, record_id: str) -> Markup:
        """A link to a record, or to a part of one; nothing where the record was left out."""
        if kind in PART_KINDS:
            owner_kind, attribute = PART_KINDS[kind]
            owner_id, _, part_id = record_id.partition("/")
            owner = self.find(owner_kind, owner_id)
            for part in getattr(owner, attribute, ()):
                if owner and part.id == part_id:
                    target = f"{self.url(owner)}#{part_id}"
                    return prose.put('<a href="{}">{}</a>', target, self.text(part.title))
            return Markup("")
        record = self.find(kind, record_id)
        return self.link(record) if record else Markup("")

    def index_of(self, kind: str) -> str:
        """The link to the index of a kind or value taxonomy."""
        return self.href(self.edition.crumb(kind).address or "")

    def tag(self, tag: Text) -> Markup:
        address = self.to(f"tags/{slug(next(iter(tag.values())))}/")
        return prose.put('<a href="{}">{}</a>', address, self.text(tag))

    # -- words

    def title(self, item: Record | Term) -> Markup:
        if item.title is None:  # a status: its name is the language's
            return Markup.escape(self.edition.term_title(item))
        return self.text(item.title)

    def text(self, text: Text | None) -> Markup:
        """One line; marked with its language where that is not the page's."""
        if not text:
            return Markup("")
        words, language = text.read(self._code)
        if language == self._code:
            return prose.safe(words)
        return prose.put('<span lang="{}">{}</span>', language, words)

    @staticmethod
    def mark(text: Text) -> str:
        """A short name of an item to be ticked, the same in every language of the page."""
        return f"{zlib.crc32(next(iter(text.values())).encode()):x}"

    def clauses(self, text: Text | None) -> Markup:
        """A heading that prefers to break after its punctuation, as Chinese readers expect."""
        if not text:
            return Markup("")
        parts = _CLAUSE.findall(text.read(self.edition.code)[0])
        return Markup("").join(prose.put('<span class="cl-clause">{}</span>', p) for p in parts)

    def prose(self, text: Text | None) -> Markup:
        if not text:
            return Markup("")
        words, language = text.read(self.edition.code)
        rendered = prose.html(words)
        if language == self.edition.code:
            return rendered
        return prose.put('<div lang="{}">{}</div>', language, rendered)

    def inline(self, text: Text | None) -> Markup:
        """Prose inside a line: without paragraph tags where it is one paragraph."""
        if not text:
            return Markup("")
        words, language = text.read(self.edition.code)
        rendered = prose.inline(words)
        if language == self.edition.code:
            return rendered
        tag = "div" if "<p>" in rendered else "span"
        return Markup('<{0} lang="{1}">{2}</{0}>').format(Markup(tag), language, rendered)

    def choice(self, field: str, value: str) -> str:
        return self.language.choice(field, value)

    def choices(self, field: str, values: Iterable[str]) -> Markup:
        """The same of several, with commas between."""
        return prose.join(self._comma, (escape(self.choice(field, value)) for value in values))

    def label(self, model: str, field: str) -> str:
        return self.language.label(model, field)

    def kind(self, kind: str, count: int = 1) -> str:
        return self.language.kind(kind, count)

    def mention(self, mention: Mention) -> str:
        """In which field another record speaks of this one."""
        return self.label(type(mention.record).model_name, mention.field)

    def place_path(self, place_id: str) -> Markup:
        """A place with what it stands in, without the levels that tell a reader least."""
        place = self.find("place", place_id)
        if not place:
            return Markup("")
        *above, _ = self.edition.way_to(place)
        return Markup(" · ").join([*(self.text(p.title) for p in above), self.link(place)])

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
        return Markup.escape(radar("profile", title, sides, self.language)) if sides else Markup("")

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
        return mini(chart_id, title, sides, self.language) if sides else Markup("")

    def _profile(self, case: Case) -> tuple[str, list[Axis]]:
        framework = self.edition.library.get(Framework, self.edition.library.info.framework)
        if not framework:
            return "", []
        title = self.t("ui.profile-of", framework=self.edition.read(framework.title))
        return title, axes(frameworks.profile(framework, [case]), self.language)

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
        return qr(self.public, self.t("share.qr")) if self.public else Markup("")

    def message(self, case: Case) -> str:
        return message(self.edition, case, self.public)

    def mail(self, case: Case, message: str) -> str:
        """A link that writes a message about a case."""
        title, body = self.edition.read(case.title), message.replace("\n", "\r\n")
        return f"mailto:?subject={_quoted(title)}&body={_quoted(body)}"

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
        return _keep(self._made, key, made) if record is not self.page.record else made

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
            return Markup("")
        key = (link.id, *link.at.values()) if link.at else (link.id,)
        if note := self._notes.get(key):
            return note.mark
        if not (source := self.source(link)):
            return Markup("")
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


def _keep(made: dict[Any, V], key: object, value: V) -> V:
    if len(made) >= _MOST_KEPT:
        made.clear()
    made[key] = value
    return value


@functools.lru_cache(maxsize=50_000)
def _time(code: str, date: PartialDate) -> Markup:
    return prose.put('<time datetime="{}">{}</time>', str(date), language(code).date(date))


def _quoted(text: str) -> str:
    """As `urllib` quotes, which asks every byte by itself."""
    if _is_safe(text):
        return text
    return _UNSAFE.sub(lambda found: f"%{found[0].encode().hex('%').upper()}", text)


def file_url(address: str, directory_urls: bool) -> str:
    """The link to a page's address: `cases/x/`, or `cases/x.html` without directory addresses."""
    quoted = _quoted(address)
    if directory_urls or (quoted and not quoted.endswith("/")):
        return quoted or "./"
    return f"{quoted.rstrip('/')}.html" if quoted else "index.html"


def html(
    edition: Edition,
    page: Page,
    folders: tuple[Path, ...],
    *,
    template: str = "",
    directory_urls: bool = True,
    root: str | None = None,
    **given: Any,
) -> Markup:
    """A page's body; or, with a `template`, the part of its frame that this one draws."""
    here = Here(edition, page, directory_urls, root)
    if not template:
        template, given = page.template, given | page.context
    filled = environment(folders).get_template(f"case_library/{template}")
    return Markup(filled.render(here=here, page=page, edition=edition, **given))
