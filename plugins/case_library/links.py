"""Links and words of one page, and what it has in common with others."""

from __future__ import annotations

import functools
import re
import zlib
from collections.abc import Iterable
from typing import Any, TypeVar

from markupsafe import Markup

from case_library import prose
from case_library.library import Mention
from case_library.model.kinds import PART_KINDS
from case_library.model.record import Record
from case_library.model.values import Text
from case_library.noted import Question, note, noting
from case_library.pages.edition import Edition
from case_library.pages.page import Page
from case_library.prose import EMPTY
from case_library.prose import escaped as escape
from case_library.taxonomy import Term, slug
from case_library.templating import Called

V = TypeVar("V")
#: So many pieces of pages are kept for those of one depth: some megabytes.
_MOST_KEPT = 20_000
_is_safe = re.compile("[A-Za-z0-9_.~/-]*").fullmatch
_UNSAFE = re.compile("[^A-Za-z0-9_.~/-]+")
_CLAUSE = re.compile(r"[^，。！？：；、]*[，。！？：；、]+|[^，。！？：；、]+")


class Links:
    """What templates ask of one page: where its links lead, and how its words are put."""

    def __init__(
        self, edition: Edition, page: Page, directory_urls: bool, root: str | None = None
    ) -> None:
        self.edition = edition
        self.page = page
        self.language = edition.language
        self.t = edition.language.text
        self.words = edition.language.words
        self.shown = edition.shown
        self._code, self._prefix = edition.code, edition.prefix
        self._directory_urls = directory_urls
        depth = page.depth if directory_urls else max(page.depth - 1, 0)
        self.root = "../" * depth if root is None else root
        #: What was made for other pages whose links begin alike.
        folder = (self.root, directory_urls)
        self._made: dict[Any, Markup] = edition.made.setdefault(folder, {})
        self._told: dict[Any, tuple[Markup, tuple[Question, ...]]]
        self._told = edition.made.setdefault(("told", *folder), {})

    # -- what pages have in common

    def kept(self, macro: Called, about: Record | Term, *more: object) -> Markup:
        """What a macro makes of a record, once for all pages of this depth: no more than that
        may it depend on, and what the library tells it."""
        key = (macro.name, about.address, *more)
        if not (found := self._told.get(key)):
            with noting() as asked:
                made = macro(about, *more)
            found = keep(self._told, key, (made, tuple(asked)))
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
        return keep(self._made, address, made)

    def links(self, items: Iterable[Record | Term]) -> Markup:
        """Links one after the other, with commas between."""
        return prose.join(self._comma, map(self.link, items))

    @property
    def _comma(self) -> str:
        return self.shown["ui.list-comma"]

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
            return EMPTY
        record = self.find(kind, record_id)
        return self.link(record) if record else EMPTY

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
            return EMPTY
        words, language = text.read(self._code)
        if language == self._code:
            return prose.safe(words)
        return prose.put('<span lang="{}">{}</span>', language, words)

    @staticmethod
    def mark(text: Text) -> str:
        """A short name of an item to be ticked, the same in every language of the page."""
        return f"{zlib.crc32(next(iter(text.values())).encode()):x}"

    @staticmethod
    def clauses(words: str) -> Markup:
        """A heading that prefers to break after its punctuation, as Chinese readers expect."""
        parts = _CLAUSE.findall(words)
        return EMPTY.join(prose.put('<span class="cl-clause">{}</span>', p) for p in parts)

    def prose(self, text: Text | None) -> Markup:
        if not text:
            return EMPTY
        words, language = text.read(self.edition.code)
        rendered = prose.html(words)
        if language == self.edition.code:
            return rendered
        return prose.put('<div lang="{}">{}</div>', language, rendered)

    def inline(self, text: Text | None) -> Markup:
        """Prose inside a line: without paragraph tags where it is one paragraph."""
        if not text:
            return EMPTY
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
            return EMPTY
        *above, _ = self.edition.way_to(place)
        # No line begins with the dot.
        return Markup("\u00a0· ").join([*(self.text(p.title) for p in above), self.link(place)])


def keep(made: dict[Any, V], key: object, value: V) -> V:
    if len(made) >= _MOST_KEPT:
        made.clear()
    made[key] = value
    return value


def quoted(text: str) -> str:
    """As `urllib` quotes, which asks every byte by itself."""
    if _is_safe(text):
        return text
    return _UNSAFE.sub(lambda found: f"%{found[0].encode().hex('%').upper()}", text)


@functools.cache
def file_url(address: str, directory_urls: bool) -> str:
    """The link to a page's address: `cases/x/`, or `cases/x.html` without directory addresses."""
    path = quoted(address)
    if directory_urls or (path and not path.endswith("/")):
        return path or "./"
    return f"{path.rstrip('/')}.html" if path else "index.html"
