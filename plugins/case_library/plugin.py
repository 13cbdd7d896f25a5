"""The MkDocs adapter: what happens at each of its events. With `press` alone it imports mkdocs."""

from __future__ import annotations

import errno
import gc
import logging
import posixpath
import threading
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import jinja2
from markupsafe import Markup
from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import ConfigurationError, PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils import get_build_date
from mkdocs.utils.templates import TemplateContext

from case_library import heap, kept, look, memory, press, report, work
from case_library.kept import Kept
from case_library.language import FALLBACK, language
from case_library.library import Library, load
from case_library.links import file_url
from case_library.press import CasePage, Press
from case_library.problems import Position, Problem
from case_library.publish import Beside, BusyError
from case_library.shell import Anyone, mark
from case_library.site import Guide, Options, Site
from case_library.templating import THEME, bytecode_cache

log = get_plugin_logger(__name__)


class CaseLibraryConfig(Config):
    cases_dir = c.Type(str, default="cases")
    """The folder of the case files, seen from mkdocs.yml."""
    edit_url = c.Type(str, default="")
    """Where a case file can be edited; `{path}` is its path from the project's root."""


class CaseLibraryPlugin(BasePlugin[CaseLibraryConfig]):
    """Reads the library when a build begins, and hands its pages to MkDocs."""

    supports_multiple_instances = False

    def __init__(self) -> None:
        self.serving = self.dirty = self.built = False
        self.beside: Beside | None = None
        self.building = threading.Lock()

    def on_startup(self, *, command: str, dirty: bool) -> None:
        self.serving, self.dirty = command == "serve", dirty

    # Before other plugins look where the site will be.
    @event_priority(50)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self.building.acquire(blocking=self.serving)
        self.started = time.monotonic()
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
            config.theme["palette"] = press.palette(language(FALLBACK))
        if not self.serving and not self.dirty:
            self._build_beside(config)
        gc.disable()
        return config

    def on_serve(self, server: Any, *, config: MkDocsConfig, builder: Any) -> Any:
        server.watch(str(self.folder), builder)
        server.watch(str(THEME), builder)
        answer = server.get_app()

        def asked(environ: Any, start: Any) -> Any:
            path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
            # A page is drawn when it is looked at, and never from half a build.
            with self.building:
                try:
                    self.press.fetch(path.removeprefix(server.mount_path))
                except Exception:
                    log.exception(f"{path} cannot be drawn")
            return answer(environ, start)

        server.set_app(asked)
        return server

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        self.others: dict[str, tuple[str, str]] = {}
        library = self._load(
            frozenset(a for file in files for a in (file.dest_uri, press.address(file)))
        )
        words = language(library.languages[0])
        for problem in library.problems:
            log.warning(report.text(problem, words))
        self.site = Site(library, self._options(files, config))
        last, index = Kept(None, {}), None
        if self.beside:
            last = Kept(kept.place(self.beside.site), self.site.answers)
            index = kept.index_place(self.folder, self.beside.site)
        self.press = Press(self.site, config, self, self.own_palette, last, index)
        self.press.files = files
        seen = press.seen(config, self, self.custom_folders)
        press.add(files, self.site, config, self.folder.parent, seen)
        for address, content in self.site.files():
            files.append(File.generated(config, address, content=content))
        return files

    def on_page_content(
        self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files
    ) -> str:
        wish = page.meta.get("search")
        unwanted = isinstance(wish, dict) and wish.get("exclude")
        if not isinstance(page, CasePage) and not unwanted:
            self.others[press.address(page.file)] = (press.plain_title(page), html)
        return html

    @event_priority(100)
    def _print(self, *, config: MkDocsConfig) -> None:
        others = [(address, *page) for address, page in self.others.items()]
        if self.serving:
            self.press.wait(others)
            return
        self.press.print(others, self.beside.site if self.beside else None)
        t, count = self.site.first.t, len(self.site.pages)
        cases = t("ui.cases", len(self.site.library.cases))
        seconds = round(time.monotonic() - self.started, 1)
        log.info(t("report.built", cases=cases, pages=count, seconds=seconds))

    # When other plugins have changed what they wish of the site's folder.
    @event_priority(-100)
    def _publish(self, *, config: MkDocsConfig) -> None:
        if self.beside:
            self.beside.publish()
            hands = work.workers(len(self.site.pages))
            for _ in work.share([self.beside.clear, self.press.kept.save], hands):
                pass
            self.beside.release()
            config.site_dir = str(self.beside.site)
        self._end()
        # MkDocs counts only what it logs: a quiet strict build would tell success.
        if config.strict and self.site.library.problems and not log.isEnabledFor(logging.WARNING):
            raise PluginError(f"case-library: problems in {len(self.site.library.problems)} places")

    on_post_build = CombinedEvent(_print, _publish)

    def on_build_error(self, *, error: Exception) -> None:
        self._end()
        if self.beside:
            self.beside.end()
        if isinstance(error, OSError) and error.strerror:
            unharmed = "; the published site is as it was" if self.beside else ""
            # Of a copy on a full disk the system names the source.
            full = error.errno in {errno.ENOSPC, errno.EDQUOT} or not error.filename
            place = self.beside.site if full and self.beside else error.filename
            raise PluginError(f"“{place}”: {error.strerror}{unharmed}") from None

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        self.press.nav = nav
        return nav

    def on_env(
        self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files
    ) -> jinja2.Environment:
        env.globals["case_library"] = self
        env.bytecode_cache = env.bytecode_cache or bytecode_cache("material")
        self.press.env = env
        # Only now have the site's own pages been read, and know their titles.
        for page in self.press.nav.pages:
            if not isinstance(page, CasePage) and not page.is_homepage:
                guide = Guide(press.plain_title(page), press.address(page.file))
                guides = self.site.guides.setdefault(self.site.edition_of(guide.address).code, [])
                guides.append(guide)
        return env

    def on_page_context(
        self, context: TemplateContext, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        self.press.speak(self.site.edition_of(press.address(page.file)).code, context)
        return context

    def on_shutdown(self) -> None:
        heap.leave(self)

    # -- what the theme's templates call

    @property
    def own_colours(self) -> bool:
        return bool(look.styles(self.site.library.info))

    def head(self, page: MkDocsPage | None, base_url: str) -> Markup:
        if isinstance(page, Anyone):
            return mark("head")
        title = press.plain_title(page) if page and not page.is_homepage else ""
        canonical = (page.canonical_url if page else None) or ""
        return self._frame("head", page, base_url, title=title, canonical=canonical)

    def header(self, page: MkDocsPage | None, base_url: str, palette: str) -> Markup:
        # While somebody writes, what is wrong stands above every page.
        problems = self.site.library.problems if self.serving else []
        told = [report.text(problem, language(self.site.first.code)) for problem in problems]
        self.press.given = {"palette": Markup(palette), "problems": told}
        return self._frame("header", page, base_url, **self.press.given)

    def footer(self, page: MkDocsPage | None, base_url: str) -> Markup:
        return self._frame("footer", page, base_url)

    def lost(self, base_url: str) -> Markup:
        return self._frame("lost", None, base_url)

    def addresses(self, pages: list[File]) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        """For the sitemap: every page's full address, its day, and each of its languages."""
        for file in pages:
            page = file.page
            if page and page.canonical_url and not isinstance(page, CasePage):
                yield page.canonical_url, page.update_date, []
        for ours in self.site.pages if self.site_url else ():
            if ours.kind == "withdrawn":
                continue
            found = self.site.alternates(ours)
            languages = [(edition.code, self._full(address)) for edition, address in found]
            yield self._full(ours.address), get_build_date(), languages

    def _full(self, address: str) -> str:
        url = file_url(address, self.site.options.directory_urls).removeprefix("./")
        return self.site_url.rstrip("/") + "/" + url

    def _frame(self, part: str, page: MkDocsPage | None, base_url: str, **given: object) -> Markup:
        """A part of the frame; without a page (404) links start at the site's root."""
        if isinstance(page, Anyone):
            return mark(part)
        root = None if page else base_url.rstrip("/") + "/"
        return self.site.frame(part, press.address(page.file) if page else "", root=root, **given)

    # -- helpers

    def _end(self) -> None:
        if not self.serving:
            gc.freeze()  # a last look at all that a build made would find nothing
        gc.enable()
        if self.building.locked():
            self.building.release()

    def _build_beside(self, config: MkDocsConfig) -> None:
        """What is published stays whole until all of the new is there."""
        self.beside = Beside(Path(config.site_dir))
        try:
            self.beside.begin()
        except BusyError:
            self.beside.end()
            raise PluginError(f"another build of “{self.beside.site}” is running") from None
        except OSError as error:
            self.on_build_error(error=error)
        config.site_dir = str(self.beside.folder)

    def _load(self, taken: frozenset[str]) -> Library:
        """While serving, a folder that has gone is a problem to show, not the end."""
        shown_as = PurePosixPath(self.config.cases_dir)
        try:
            return load(self.folder, shown_as, taken, memory.folder())
        except OSError as error:
            if not self.built:
                raise PluginError(f"“{self.folder}” cannot be read: {error.strerror}") from None
            reason = error.strerror or type(error).__name__
            problem = Problem("unreadable", Position(shown_as), "", {"reason": reason})
            return Library(problems=[problem])
        finally:
            self.built = self.serving

    def _options(self, files: Files, config: MkDocsConfig) -> Options:
        taken = {press.address(file) for file in files.documentation_pages()}
        return Options(
            site_name=config.site_name,
            # `serve` puts its own address there, which no paper may name.
            site_url="" if self.serving else config.site_url or "",
            edit_url=self.config.edit_url or _edit_url(config),
            repo_url=config.repo_url or "",
            taken=frozenset(taken),
            folders=self.custom_folders,
            directory_urls=config.use_directory_urls,
            logo=config.theme.get("logo") or "",
        )


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent if config.config_file_path else Path()


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
