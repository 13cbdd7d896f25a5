"""Press: our pages inside MkDocs, written in the shell of its theme, or as MkDocs does it."""

from __future__ import annotations

import copy
import functools
import gc
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin

import jinja2
from markupsafe import Markup, escape
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils.templates import TemplateContext

from case_library import work
from case_library.index_folder import IndexFolder
from case_library.kept import Kept, Made
from case_library.language import Language, language
from case_library.links import file_url
from case_library.noted import noting
from case_library.pages.page import Page
from case_library.publish import take_over, write
from case_library.search import FOLDER
from case_library.shell import Anyone, PersonalError, Shell, encoded, mark
from case_library.site import Site

#: Events at which other plugins may look at our pages: these are MkDocs' own then.
LOOKING = (
    *("files", "nav", "env", "pre_template", "template_context", "post_template"),
    *("pre_page", "page_read_source", "page_markdown", "page_content", "page_context", "post_page"),
)
#: In templates of a site: what lists all pages, or changes what a page says.
_LOOKING = re.compile(r"\bpages\b|page\.content\s*\||%-?\s*filter\b")
#: So many pages are one job, about; and so many neighbours, which are about the same record, stay
#: together: pages of some kinds take longer than those of others, and jobs should be alike.
CHUNK, TOGETHER = 250, 10

#: Writes pages, and tells by their addresses what is known of them.
Job = Callable[[], dict[str, Made | bool]]


class CasePage(MkDocsPage):
    """A page of ours: it is there already and needs no Markdown."""

    def __init__(self, page: Page, site: Site, file: File, config: MkDocsConfig) -> None:
        self.ours = page
        self._site = site
        super().__init__(escape(page.title), file, config)

    def read_source(self, config: MkDocsConfig) -> None:
        # What a writer typed stays out of `meta`: themes take templates and icons from there.
        self.markdown, self.meta = "", {}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        self.content = self._site.body(self.ours)
        self.toc = TableOfContents([])
        self.present_anchor_ids = set()


class CaseFile(File):
    """The place of a page that only links look at: MkDocs copies it, and we write it."""

    def __init__(self, page: Page, config: MkDocsConfig, source: Path | None) -> None:
        name = page.address.rstrip("/")
        super().__init__(
            f"{name}.md",
            None,
            config.site_dir,
            config.use_directory_urls,
            dest_uri=f"{name}/index.html" if config.use_directory_urls else f"{name}.html",
            inclusion=InclusionLevel.NOT_IN_NAV,
        )
        self.ours = page
        self.generated_by = "case-library"
        self.abs_src_path = str(source) if source else None
        self.wanted = False

    def is_documentation_page(self) -> bool:
        return False

    def copy_file(self, dirty: bool = False) -> None:
        self.wanted = True


def add(files: Files, site: Site, config: MkDocsConfig, root: Path, seen: set[str] | None) -> None:
    """Our pages as files of MkDocs: those that are `seen` (None: all) as pages of its own."""
    for page in site.pages:
        # Dates, feeds and edit links of other plugins look at the file on the disk.
        source = root / page.record.file if page.record else None
        uri = f"{page.address.rstrip('/') or 'index'}.md"
        if seen is not None and uri not in seen:
            files.append(CaseFile(page, config, source))
            continue
        file = File.generated(config, uri, content="", inclusion=InclusionLevel.NOT_IN_NAV)
        if source:
            file.abs_src_path = str(source)
        files.append(file)
        CasePage(page, site, file, config)


def seen(config: MkDocsConfig, ours: object, folders: Iterable[Path]) -> set[str] | None:
    """The sources of the pages that the site looks at in its own ways; None: of all."""
    if _others(config, ours, LOOKING):
        return None
    for folder in folders:
        for path in folder.rglob("*.*ml"):
            own = "case_library" in path.parts
            if not own and _LOOKING.search(path.read_text("utf-8", "replace")):
                return None
    return {"index.md", *_strings(config.nav)}


def _others(config: MkDocsConfig, ours: object, events: Iterable[str]) -> bool:
    """Whether other plugins have something to do at one of these events."""
    methods = (method for event in events for method in config.plugins.events[event])
    return any(getattr(method, "__self__", None) is not ours for method in methods)


class Press:
    """Writes the pages of a site when all that MkDocs does for it is known."""

    def __init__(
        self,
        site: Site,
        config: MkDocsConfig,
        plugin: object,
        own_palette: bool,
        kept: Kept,
        index: Path | None = None,
    ) -> None:
        """In the folder `index` stands what indexes are made from, from build to build."""
        self.site, self.plugin, self.kept, self.index = site, plugin, kept, index
        self.config = config
        self.own_palette = own_palette
        self.files: Files
        self.nav: Navigation
        self.env: jinja2.Environment
        #: What the theme drew for our header.
        self.given: dict[str, object] = {}
        self._shells: dict[str, Shell | None] = {}
        #: While serving: what is written when somebody asks for it, by path.
        self._due: dict[str, Callable[[], object]] = {}

    def speak(self, code: str, context: TemplateContext) -> None:
        """Material takes its own words from the language of the theme."""
        self.config.theme["language"] = code
        if self.own_palette:
            self.config.theme["palette"] = palette(language(code))
        if len(self.site.editions) > 1:
            context["nav"] = Navigation(self._in_language(self.nav.items, code), self.nav.pages)

    def print(self, others: list[tuple[str, str, str]], published: Path | None) -> None:
        """Write our pages and the index of all; what is published is kept where it is right."""
        pages, link = self._pages(), not _others(self.config, self.plugin, ("post_build",))
        # What all pages are made from stays, and need not be looked at again.
        gc.freeze()
        hands = work.workers(len(pages))
        codes = list(self.site.editions)
        jobs: list[Job] = [
            partial(self._write_index, others, code, published, link) for code in codes
        ]
        jobs += [partial(self._renew, some, published, link) for some in _dealt(pages)]
        done = work.share(jobs, hands, long=len(codes))
        ours, told = {file.ours.address for file in pages}, self.site.first.t("report.writing")

        def count(made: dict[str, Made | bool]) -> int:
            return len(ours & made.keys())

        for written in work.watched(done, count, len(pages), told):
            for address, made in written.items():
                self.kept.add(address, made)

    def _renew(
        self, files: list[CaseFile], published: Path | None, link: bool
    ) -> dict[str, Made | bool]:
        """Take over pages that would be the same again, and write the others."""
        due: list[CaseFile] = []
        done: dict[str, Made | bool] = {}
        for file in files:
            if published and self._keep(file, published, link):
                done[file.ours.address] = True
            else:
                due.append(file)
        return done | self._write_pages(due)

    def _keep(self, file: CaseFile, published: Path, link: bool) -> bool:
        if file.ours.address not in self.kept:
            return False
        shell, old = self._shell(file.ours), f"{published}/{file.dest_uri}"
        frame = shell and self.site.made_with(file.ours, shell, self._canonical(file))
        if not frame or not self.kept.is_fresh(file.ours.address, frame, old):
            return False
        take_over(old, file.abs_dest_path, link)
        return True

    def wait(self, others: list[tuple[str, str, str]]) -> None:
        """Nothing is written yet but known to `fetch`: one reader looks at one page."""
        self._due = {file.dest_uri: partial(self._write_pages, [file]) for file in self._pages()}
        for code in self.site.editions:
            write_index = partial(self._write_index, others, code, None, False)
            self._due[FOLDER.format(code=code)] = write_index

    def fetch(self, path: str) -> None:
        """Write what stands at a path, or what leads there, where that is still to be done."""
        index = "/".join(path.split("/")[:4]) + "/"
        for name in (path, f"{path}index.html", f"{path}/index.html", index):
            if work := self._due.pop(name, None):
                work()

    def _pages(self) -> list[CaseFile]:
        return [file for file in self.files if isinstance(file, CaseFile) and file.wanted]

    def _shell(self, page: Page) -> Shell | None:
        """What the theme draws around all pages of a sort; None where it asks for one page."""
        prefix = self.site.editions[page.language].prefix
        # Links to what the site itself has beside a page are that page's own.
        own = prefix + page.own_folder in self._folders
        place = page.address if own else prefix + page.any_path
        if place not in self._shells:
            url = file_url(place, self.config.use_directory_urls)
            self._shells[place] = self._draw_shell(url, page.language)
        return self._shells[place]

    @functools.cached_property
    def _folders(self) -> set[str]:
        """Where the site has pages that are not ours, and all above."""
        urls = [PurePosixPath(page.url) for page in self.nav.pages]
        return {f"{folder}/" for url in urls for folder in (url, *url.parents)}

    def _draw_shell(self, url: str, code: str) -> Shell | None:
        nothing = dict.fromkeys(("parent", "children", "previous_page", "next_page", "edit_url"))
        page: Any = Anyone(
            ours=Anyone(),
            content=mark("content"),
            meta={},
            toc=TableOfContents([]),
            active=True,
            is_homepage=False,
            **nothing,
        )
        filters = self.env.filters
        original = {name: filters[name] for name in ("url", "script_tag")}
        place: Any = Anyone(url=url)
        # Links need to know where the page stands; templates are not told.
        filters.update({name: _placed(filter_, place) for name, filter_ in original.items()})
        try:
            return Shell(self._draw(place, page, code), **self.given)
        except PersonalError:
            return None
        finally:
            filters.update(original)

    def _draw(self, place: MkDocsPage, page: MkDocsPage, code: str) -> str:
        context = get_context(self.nav, self.files, self.config, place)
        self.speak(code, context)
        return self.env.get_template("main.html").render({**context, "page": page})

    def _write_pages(self, files: list[CaseFile]) -> dict[str, Made | bool]:
        """What is known of each page then; not anything of some."""
        done: dict[str, Made | bool] = {}
        for file in files:
            made: Made | bool = False
            with noting() as asked:
                content, frame = self._content(file)
            state = write(file.abs_dest_path, content)
            if frame and not self._due:  # while serving nothing is kept
                made = Made.of(frame, asked, state)
            done[file.ours.address] = made
        return done

    def _content(self, file: CaseFile) -> tuple[bytes, str]:
        """A whole page, and what it was made with where all of that is known."""
        if shell := self._shell(file.ours):
            canonical = self._canonical(file)
            frame = self.site.made_with(file.ours, shell, canonical)
            return self.site.filled(file.ours, shell, canonical), frame
        page = CasePage(file.ours, self.site, file, self.config)
        page.read_source(self.config)
        page.render(self.config, self.files)
        return encoded(self._draw(page, page, file.ours.language)), ""

    def _canonical(self, file: CaseFile) -> str:
        root = self.config.site_url
        return urljoin(root.rstrip("/") + "/", file.url) if root else ""

    def _write_index(
        self, others: list[tuple[str, str, str]], code: str, published: Path | None, link: bool
    ) -> dict[str, Made | bool]:
        store = self.site.index_store(self.index and self.index / code, self.kept)
        index = self.site.search_index(others, code, store)
        address, new = FOLDER.format(code=code), Path(self.config.site_dir)
        with_all = self.site.made_with_all
        folder = IndexFolder(self.kept, address, with_all, published, new, link)
        for path, script in index.files(folder.before):
            folder.write(path, script)
        return folder.made()

    def _in_language(self, items: list[Any], code: str) -> list[Any]:
        """The part of the site's navigation that is written in one language."""
        found: list[Any] = []
        for item in items:
            if isinstance(item, Section):
                below = copy.copy(item)
                below.children = self._in_language(item.children, code)
                found += [below] if below.children else []
            elif code == self._code_of(item, code):
                found.append(item)
        return found

    def _code_of(self, item: Any, otherwise: str) -> str:
        """The language of a navigation entry; a link to elsewhere is in every language."""
        is_page = isinstance(item, MkDocsPage)
        return self.site.edition_of(address(item.file)).code if is_page else otherwise


def _dealt(pages: list[CaseFile]) -> Iterator[list[CaseFile]]:
    """All pages as jobs that take about as long as each other."""
    some = [pages[start : start + TOGETHER] for start in range(0, len(pages), TOGETHER)]
    count = -(-len(pages) // CHUNK)
    return (list(chain.from_iterable(some[n::count])) for n in range(count))


def address(file: File) -> str:
    """Where a file's page stands, as `Page.address` says it, with or without directory URLs."""
    path = unquote(file.dest_uri).removesuffix(".html")
    path = "" if path == "index" else path.removesuffix("/index")
    return f"{path}/" if path else ""


def plain_title(page: MkDocsPage) -> str:
    """MkDocs keeps titles as HTML."""
    return str(Markup(page.title or page.file.name).unescape())


def palette(words: Language) -> list[dict[str, Any]]:
    """Light, dark, or as the reader's device says; Material draws the button."""

    def option(media: str, scheme: str, icon: str, name: str) -> dict[str, Any]:
        toggle = {"icon": f"material/{icon}", "name": words.text(f"ui.theme-{name}")}
        return {"media": f"({media})", "scheme": scheme, "toggle": toggle}

    return [
        option("prefers-color-scheme", "default", "theme-light-dark", "auto"),
        option("prefers-color-scheme: light", "default", "weather-sunny", "light"),
        option("prefers-color-scheme: dark", "slate", "weather-night", "dark"),
    ]


def _placed(filter_: Callable[..., str], place: object) -> Callable[..., str]:
    @jinja2.pass_context
    def placed(context: Any, value: object) -> str:
        return filter_({"page": place, "base_url": context["base_url"]}, value)

    return placed


def _strings(value: Any) -> Iterator[str]:
    """All texts of a navigation: titles, which harm nobody, and the pages it names."""
    if isinstance(value, str):
        yield value
    elif value:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)
