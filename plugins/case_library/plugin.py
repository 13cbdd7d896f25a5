"""The MkDocs adapter: our pages become MkDocs pages. The only module that imports mkdocs."""

from __future__ import annotations

import copy
import posixpath
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

import jinja2
from markupsafe import Markup, escape
from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import ConfigurationError, PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils import write_file
from mkdocs.utils.templates import TemplateContext

from case_library import look, report
from case_library.language import FALLBACK, Language, language
from case_library.library import Library, load
from case_library.pages.page import Page
from case_library.problems import Position, Problem
from case_library.render import THEME, file_url
from case_library.site import Guide, Options, Site

log = get_plugin_logger(__name__)


class CaseLibraryConfig(Config):
    cases_dir = c.Type(str, default="cases")
    """The folder of the case files, seen from mkdocs.yml."""
    edit_url = c.Type(str, default="")
    """Where a case file can be edited; `{path}` is its path from the project's root."""


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
        self.content = str(self._site.body(self.ours))
        self.toc = TableOfContents([])
        self.present_anchor_ids = set()


class CaseLibraryPlugin(BasePlugin[CaseLibraryConfig]):
    """Reads the library when a build begins, and hands its pages to MkDocs."""

    supports_multiple_instances = False

    def __init__(self) -> None:
        self.serving = self.built = False

    def on_startup(self, *, command: str, dirty: bool) -> None:
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self.site_url = config.site_url or ""
        self.folder = _root(config) / self.config.cases_dir
        if not self.folder.is_dir() and not self.built:
            raise ConfigurationError(
                f"case-library: there is no folder “{self.config.cases_dir}” beside mkdocs.yml. "
                "To begin a library here: case-library init ."
            )
        theme_folders = [Path(folder) for folder in config.theme.dirs]
        custom = config.theme.custom_dir
        self.custom_folders = (Path(custom),) if custom else ()
        if THEME not in theme_folders:
            config.theme.dirs.insert(1 if custom else 0, str(THEME))
        _turn_off_search(config)
        # Fonts would be asked from another host.
        config.theme["font"] = False
        self.own_palette = not config.theme.get("palette")
        if self.own_palette:
            config.theme["palette"] = _palette(language(FALLBACK))
        return config

    def on_serve(self, server: Any, *, config: MkDocsConfig, builder: Any) -> Any:
        server.watch(str(self.folder), builder)
        server.watch(str(THEME), builder)
        return server

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        self.others: dict[str, tuple[str, str]] = {}
        library = self._load(
            frozenset(a for file in files for a in (file.dest_uri, _address(file)))
        )
        words = language(library.languages[0])
        for problem in library.problems:
            log.warning(report.text(problem, words))
        self.site = Site(library, self._options(files, config))
        for page in self.site.pages:
            _add(files, page, self.site, config, self.folder.parent)
        for address, content in self.site.files():
            files.append(File.generated(config, address, content=content))
        return files

    def on_page_content(
        self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files
    ) -> str:
        wish = page.meta.get("search")
        unwanted = isinstance(wish, dict) and wish.get("exclude")
        if not isinstance(page, CasePage) and not unwanted:
            self.others[_address(page.file)] = (_plain_title(page), html)
        return html

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        others = [(address, *page) for address, page in self.others.items()]
        for address, content in self.site.search_files(others):
            write_file(content, str(Path(config.site_dir) / address))

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        self.nav = nav
        return nav

    def on_env(
        self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files
    ) -> jinja2.Environment:
        env.globals["case_library"] = self
        # Only now have the site's own pages been read, and know their titles.
        for page in self.nav.pages:
            if not isinstance(page, CasePage) and not page.is_homepage:
                guide = Guide(_plain_title(page), _address(page.file))
                guides = self.site.guides.setdefault(self.site.edition_of(guide.address).code, [])
                guides.append(guide)
        return env

    def on_page_context(
        self, context: TemplateContext, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        # Material takes its own words from the language of the theme.
        edition = self.site.edition_of(_address(page.file))
        config.theme["language"] = edition.code
        if self.own_palette:
            config.theme["palette"] = _palette(edition.language)
        if len(self.site.editions) > 1:
            context["nav"] = Navigation(self._in_language(nav.items, edition.code), nav.pages)
        return context

    # -- what the theme's templates call

    @property
    def own_colours(self) -> bool:
        return bool(look.styles(self.site.library.info))

    def head(self, page: MkDocsPage | None, base_url: str) -> Markup:
        title = _plain_title(page) if page and not page.is_homepage else ""
        canonical = (page.canonical_url if page else None) or ""
        return self._frame("head", page, base_url, title=title, canonical=canonical)

    def header(self, page: MkDocsPage | None, base_url: str, palette: str) -> Markup:
        # While somebody writes, what is wrong stands above every page.
        problems = self.site.library.problems if self.serving else []
        told = [report.text(problem, language(self.site.first.code)) for problem in problems]
        return self._frame("header", page, base_url, palette=Markup(palette), problems=told)

    def footer(self, page: MkDocsPage | None, base_url: str) -> Markup:
        return self._frame("footer", page, base_url)

    def lost(self, base_url: str) -> Markup:
        return self._frame("lost", None, base_url)

    def alternates(self, page: MkDocsPage) -> list[tuple[str, str]]:
        """For the sitemap: each language of one of our pages, with its full address."""
        if not isinstance(page, CasePage) or not self.site_url:
            return []
        found = self.site.alternates(page.ours)
        root = self.site_url.rstrip("/") + "/"
        directories = self.site.options.directory_urls
        return [(edition.code, root + file_url(address, directories)) for edition, address in found]

    def _frame(self, part: str, page: MkDocsPage | None, base_url: str, **given: object) -> Markup:
        """A part of the frame; without a page (404) links start at the site's root."""
        root = None if page else base_url.rstrip("/") + "/"
        return self.site.frame(part, _address(page.file) if page else "", root=root, **given)

    # -- helpers

    def _load(self, taken: frozenset[str]) -> Library:
        """While serving, a folder that has gone is a problem to show, not the end."""
        shown_as = PurePosixPath(self.config.cases_dir)
        try:
            return load(self.folder, shown_as, taken)
        except OSError as error:
            if not self.built:
                raise PluginError(f"“{self.folder}” cannot be read: {error.strerror}") from None
            reason = error.strerror or type(error).__name__
            problem = Problem("unreadable", Position(shown_as), "", {"reason": reason})
            return Library(problems=[problem])
        finally:
            self.built = self.serving

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
        return self.site.edition_of(_address(item.file)).code if is_page else otherwise

    def _options(self, files: Files, config: MkDocsConfig) -> Options:
        taken = {_address(file) for file in files.documentation_pages()}
        return Options(
            site_name=config.site_name,
            edit_url=self.config.edit_url or _edit_url(config),
            taken=frozenset(taken),
            folders=self.custom_folders,
            directory_urls=config.use_directory_urls,
            logo=config.theme.get("logo") or "",
        )


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent if config.config_file_path else Path()


def _add(files: Files, page: Page, site: Site, config: MkDocsConfig, root: Path) -> None:
    source = f"{page.address.rstrip('/') or 'index'}.md"
    file = File.generated(config, source, content="", inclusion=InclusionLevel.NOT_IN_NAV)
    if page.record:
        # Dates, feeds and edit links of other plugins look at the file on the disk.
        file.abs_src_path = str(root / page.record.file)
    files.append(file)
    CasePage(page, site, file, config)


def _address(file: File) -> str:
    """Where a file's page stands, as `Page.address` says it, with or without directory URLs."""
    path = unquote(file.dest_uri).removesuffix(".html")
    path = "" if path == "index" else path.removesuffix("/index")
    return f"{path}/" if path else ""


def _plain_title(page: MkDocsPage) -> str:
    """MkDocs keeps titles as HTML."""
    return str(Markup(page.title or page.file.name).unescape())


def _edit_url(config: MkDocsConfig) -> str:
    if not config.repo_url or not config.edit_uri:
        return ""
    # `edit_uri` leads to the folder of the Markdown pages; case files stand beside it.
    base = posixpath.join(config.repo_url, config.edit_uri.lstrip("/"))
    docs = Path(config.docs_dir).name
    return base.rstrip("/").removesuffix(f"/{docs}") + "/{path}"


def _turn_off_search(config: MkDocsConfig) -> None:
    """Our own takes its place. The lists of events are replaced: one is being walked right now."""
    for name in ("search", "material/search"):
        if plugin := config.plugins.pop(name, None):
            events = config.plugins.events
            for event, methods in events.items():
                others = [m for m in methods if getattr(m, "__self__", None) is not plugin]
                events[event] = others


def _palette(words: Language) -> list[dict[str, Any]]:
    """Light, dark, or as the reader's device says; Material draws the button."""

    def option(media: str, scheme: str, icon: str, name: str) -> dict[str, Any]:
        toggle = {"icon": f"material/{icon}", "name": words.text(f"ui.theme-{name}")}
        return {"media": f"({media})", "scheme": scheme, "toggle": toggle}

    return [
        option("prefers-color-scheme", "default", "theme-light-dark", "auto"),
        option("prefers-color-scheme: light", "default", "weather-sunny", "light"),
        option("prefers-color-scheme: dark", "slate", "weather-night", "dark"),
    ]
