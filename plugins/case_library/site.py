"""Plan: a library and some options to every page and file of its site. Knows no engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, cast

from markupsafe import Markup

from case_library import kept, links, look, pictures, render, search
from case_library.library import Library
from case_library.links import quoted
from case_library.model.kinds import KINDS
from case_library.model.reference import Method, Process
from case_library.model.values import today
from case_library.noted import Noted, Question, note, noting, stamp
from case_library.pages import (
    about,
    blank,
    case,
    dashboard,
    framework,
    gaps,
    home,
    index,
    kit,
    library,
    lineage,
    practice,
    record,
    selection,
    withdrawn,
)
from case_library.pages.edition import Edition, Shared
from case_library.pages.page import ANY_NAME, Page
from case_library.prose import escaped
from case_library.shell import Anyone, PersonalError, Shell, encoded, mark
from case_library.templating import THEME

#: What the header offers, in its order: page kinds or record kinds.
NAVIGATION = (
    "library", "practice", "theme", "place", "method", "programme", "indicator", "about",
)  # fmt: skip
#: What the footer adds to them.
FURTHER = ("organisation", "audience", "framework", "source", "lineage", "gaps")


@dataclass(frozen=True)
class Options:
    """What the site around the library decides."""

    site_name: str = ""
    #: Where the site is published; without it no QR code and no citation names an address.
    site_url: str = ""
    #: Where a record's file can be edited; `{path}` is its path from the project's root.
    edit_url: str = ""
    #: Where the files of the library are kept for everybody to read.
    repo_url: str = ""
    #: Addresses that the site's own pages take: ours give way.
    taken: frozenset[str] = frozenset()
    #: Folders whose templates come before the theme's.
    folders: tuple[Path, ...] = ()
    directory_urls: bool = True
    #: The address of a picture in the place of the seal.
    logo: str = ""


@dataclass(frozen=True)
class Guide:
    """A page of the site that is not ours, for the footer: title and address."""

    title: str
    address: str


@dataclass
class Site:
    """All pages of all languages, and how each is rendered."""

    library: Library
    options: Options
    guides: dict[str, list[Guide]] = field(default_factory=dict)
    _drawn: dict[tuple[str, ...], tuple[list[bytes] | None, set[Question]]] = field(
        default_factory=dict
    )
    _heads: dict[tuple[object, ...], tuple[Shell, set[Question]]] = field(default_factory=dict)

    @cached_property
    def editions(self) -> dict[str, Edition]:
        shared = Shared(self.library, self.options.site_name, self.options.site_url)
        return {code: Edition(shared, code) for code in self.library.languages}

    @cached_property
    def pages(self) -> list[Page]:
        return [
            page
            for edition in self.editions.values()
            for page in _pages(edition)
            if page.address not in self.options.taken
        ]

    @property
    def first(self) -> Edition:
        return next(iter(self.editions.values()))

    def edition_of(self, address: str) -> Edition:
        """The language that an address belongs to: by its prefix, else the first."""
        code = address.partition("/")[0]
        return self.editions.get(code, self.first)

    def body(self, page: Page) -> str:
        if page.record:  # a page asks for what it is about
            self.library.records[page.record.kind].get(page.record.id)
        return render.html(
            self.editions[page.language],
            page,
            self.options.folders,
            directory_urls=self.options.directory_urls,
            edit_url=self._edit_url(page),
        )

    def frame(self, part: str, address: str, root: str | None = None, **given: Any) -> Markup:
        """Head, header or footer of any page of the site, ours or not.

        `root` leads to the site's root where the address alone does not tell it (the 404 page).
        """
        edition = self.edition_of(address)
        path, says = address.removeprefix(edition.prefix), {"description": ""}.copy
        page = self.page_at.get(address) or Page(path, address, edition.code, "other", "", "", says)
        return Markup(self._part(part, page, given, root))

    def filled(self, page: Page, shell: Shell, canonical: str) -> bytes:
        """A whole page of ours: the theme's shell with everything that is the page's own."""
        parts = {
            "content": encoded(self.body(page)),
            "head": self._head(page, canonical),
            "header": self._shared("header", page, shell.known),
            "footer": self._shared("footer", page, {}),
        }
        vars(page).pop("context", None)  # what it says is not asked again
        return shell.fill(parts)

    @cached_property
    def answers(self) -> dict[str, Noted[Any, Any]]:
        """What pages ask for the library, by name."""
        library, shared = self.library, self.first.shared
        found: list[Any] = [*library.records.values(), library.mentions, library.pictures]
        found += [library.withdrawn, *shared.taxonomies.all]
        found += [shared.lineage.before, shared.lineage.after, shared.summaries, shared.related]
        found += [each for e in self.editions.values() for each in (e.turns, e.parts)]
        return {each.name: each for each in found if isinstance(each, Noted)}

    def made_with(self, page: Page, shell: Shell, canonical: str) -> str:
        """Stands for what a page is made with, besides what it asks of the library."""
        file = str(page.record.file) if page.record else ""
        own = page.path, page.kind, page.title, page.template, file, canonical
        others = [address for _, address in self.alternates(page)]
        return stamp(self.made_with_all, shell.drawn, own, others)

    @cached_property
    def made_with_all(self) -> str:
        """The same for all pages and for indexes."""
        names = self.library.info.navigation or NAVIGATION
        navigation = [
            (self._searchable(e), self._navigation(e, (*names, *FURTHER)))
            for e in self.editions.values()
        ]
        options = replace(self.options, taken=frozenset())
        program = kept.program([THEME, *options.folders])
        info = kept.plain(self.library.info)
        return stamp(
            program, options, info, self.library.languages, navigation, self.guides, today()
        )

    def _part(self, part: str, page: Page, given: dict[str, Any], root: str | None = None) -> str:
        edition = self.editions[page.language]
        return self._draw(part, page, edition, self.alternates(page), root, given)

    def _head(self, page: Page, canonical: str) -> bytes:
        """Title and meta: the same for all pages of a sort but for what each tells of itself."""
        edition = self.editions[page.language]
        told = {"title": page.title, "canonical": canonical, "description": page.description}
        if page.title == edition.title or "head" in self._own:
            drawn = self._part("head", page, {"title": page.title, "canonical": canonical})
            return encoded(drawn)
        key = (edition.code, page.depth, page.kind, page.record is None, *map(bool, told.values()))
        if key not in self._heads:
            marks = {name: mark(name) if said else "" for name, said in told.items()}
            about = Anyone() if page.record else None
            anyone = Anyone(kind=page.kind, record=about, depth=page.depth, **marks)
            with noting() as asked:
                drawn = self._draw("head", cast("Page", anyone), edition, [], None, marks)
            self._heads[key] = Shell(drawn), asked
        shell, asked = self._heads[key]
        note(asked)
        return shell.fill({name: encoded(escaped(said)) for name, said in told.items()})

    def _shared(self, part: str, page: Page, given: dict[str, Any]) -> bytes:
        """Header or footer: the same for all pages of a sort but for the page's own name."""
        edition, path = self.editions[page.language], page.any_path
        alternates = [
            (other, other.prefix + path if address.endswith(page.path) else address)
            for other, address in self.alternates(page)
        ]
        key = (part, edition.code, path, *(address for _, address in alternates))
        below = path.count("/") > 1
        if below and key not in self._drawn:
            with noting() as asked:
                drawn = self._draw_shared(part, path, edition, alternates, given)
            self._drawn[key] = drawn, asked
        drawn, asked = self._drawn[key] if below else (None, set())
        note(asked)
        if drawn is None:
            return encoded(self._part(part, page, given))
        return quoted(page.own_folder.split("/")[1]).encode().join(drawn)

    def _draw_shared(
        self,
        part: str,
        path: str,
        edition: Edition,
        alternates: list[tuple[Edition, str]],
        given: dict[str, Any],
    ) -> list[bytes] | None:
        """What stands around the page's own name; nothing where the template asks for more than
        its address, or is the site's."""
        if part in self._own:
            return None
        address = edition.prefix + path
        anyone = Anyone(path=path, address=address, language=edition.code, depth=address.count("/"))
        try:
            page = cast("Page", anyone)
            drawn = self._draw(part, page, edition, alternates, None, given)
            return [encoded(some) for some in drawn.split(ANY_NAME)]
        except PersonalError:
            return None

    @cached_property
    def _own(self) -> set[str]:
        """The parts of the frame and the pages that the site has templates of its own for."""
        folders = (folder / "case_library" for folder in self.options.folders)
        return {template.stem for folder in folders for template in folder.glob("*.html")}

    def _draw(
        self,
        part: str,
        page: Page,
        edition: Edition,
        alternates: list[tuple[Edition, str]],
        root: str | None,
        given: dict[str, Any],
    ) -> str:
        return render.html(
            edition,
            page,
            self.options.folders,
            template=f"{part}.html",
            directory_urls=self.options.directory_urls,
            root=root,
            alternates=alternates,
            guides=self.guides.get(edition.code, []),
            **self._around[edition.code],
            **given,
        )

    @cached_property
    def _around(self) -> dict[str, dict[str, Any]]:
        """What all parts of the frame are told, by language."""
        names = self.library.info.navigation or NAVIGATION
        return {
            code: {
                "navigation": self._navigation(edition, names),
                "further": self._navigation(edition, FURTHER),
                "logo": self.options.logo,
                "data": self.options.repo_url,
                "searchable": self._searchable(edition),
            }
            for code, edition in self.editions.items()
        }

    def _searchable(self, edition: Edition) -> bool:
        """Whether there are cases to look for, without asking for them."""
        address = f"{edition.prefix}library/"
        return address in self.page_at or address in self.options.taken

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file that is not a page: its address and its bytes."""
        yield from look.files(self.library.info, self.first.seal)
        for case_id, found in self.library.pictures.items():
            for picture in found:
                for width, content in pictures.versions(picture):
                    yield pictures.address(case_id, picture, width), content

    def search_index(
        self,
        others: Iterable[tuple[str, str, str]],
        code: str,
        store: search.Store | None = None,
    ) -> search.Index:
        """The search index of one language; `others` are pages not ours.

        Of each: its address, its title, the HTML of its content.
        """
        url = partial(links.file_url, directory_urls=self.options.directory_urls)
        guides = [
            search.guide(url(address), title, html)
            for address, title, html in others
            if self.edition_of(address).code == code
        ]
        return search.Index(self.editions[code], guides, url, store)

    def index_store(self, folder: Path | None, last: kept.Kept) -> search.Store:
        """What was made for an index, for as long as what it was made from is the same."""
        return search.Store(folder, lambda asked: stamp(self.made_with_all, last.stand_for(asked)))

    @cached_property
    def page_at(self) -> dict[str, Page]:
        return {page.address: page for page in self.pages}

    def alternates(self, page: Page) -> list[tuple[Edition, str]]:
        """Each language with the address of this page in it, or of its home page."""
        found = []
        for edition in self.editions.values():
            address = edition.prefix + page.path
            known = address in self.page_at or address in self.options.taken
            found.append((edition, address if known else edition.prefix))
        return found

    def _navigation(self, edition: Edition, names: Iterable[str]) -> list[tuple[str, str]]:
        """Titles and paths of those of these pages that there are."""
        found = []
        for name in names:
            path = f"{KINDS[name].plural if name in KINDS else name}/"
            if edition.prefix + path in self.page_at:
                found.append((edition.language.choice("navigation", name), path))
        return found

    def _edit_url(self, page: Page) -> str:
        if not page.record or not self.options.edit_url:
            return ""
        return self.options.edit_url.replace("{path}", str(page.record.file))


def _pages(edition: Edition) -> Iterator[Page]:
    yield home.page(edition)
    yield about.page(edition)
    for case_id in edition.library.withdrawn:
        yield withdrawn.page(edition, case_id)
    yield from blank.pages(edition)
    if not edition.library.cases:
        return
    yield from library.pages(edition)
    yield from selection.pages(edition)
    yield practice.page(edition)
    for item in edition.library.cases:
        yield case.page(edition, item)
        yield kit.of_case(edition, item)
    for kind, terms in edition.taxonomies.terms.items():
        if terms and kind != "indicator":
            yield index.page(edition, kind)
        for term in terms:
            yield (
                framework.page(edition, term) if kind == "framework" else record.page(edition, term)
            )
            if isinstance(term.record, Method):
                yield kit.of_method(edition, term.record)
            elif isinstance(term.record, Process) and term.record.steps:
                yield kit.form(edition, term.record)
    if families := lineage.page(edition):
        yield families
    board = gaps.page(edition)
    yield dashboard.page(edition, with_gaps=board is not None)
    if board:
        yield board
