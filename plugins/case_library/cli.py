"""The command line: check a library, begin one, ask for schema and field reference."""

from __future__ import annotations

import errno
import functools
import json
import os
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import NoReturn

import click

from case_library import casebook, demo, mend, policy, report, scaffold, schema, withdraw
from case_library.language import FALLBACK, Language, available, language
from case_library.library import Library, load
from case_library.publish import put
from case_library.site import Options, Site

_language = click.option(
    "--language", "code", type=click.Choice(available()), help="Language of the messages."
)


class _Commands(click.Group):
    """A full disk, a folder that may only be read: one line instead of a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno == errno.EPIPE:  # nobody reads on: for click
                raise
            name = f"“{error.filename}”: " if error.filename else ""
            _give_up(report.visible(f"{name}{error.strerror or error}"))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mkdocs-case-library")
def main() -> None:
    """Turn a folder of YAML case files into a public case library."""


@main.command()
@click.argument("path", default="cases", type=click.Path(path_type=Path))
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
@_language
def check(path: Path, style: str, code: str | None) -> None:
    """Tell every problem of every file below PATH (default: cases).

    Exit code 0: all is well. 1: there are problems. 2: the check could not run.
    """
    folder = path / "cases" if (path / "mkdocs.yml").is_file() else path
    try:
        library = load(folder, PurePosixPath(folder.as_posix()))
    except NotADirectoryError:
        _give_up(f"There is no folder “{folder}”. To begin a library: case-library init FOLDER")
    words = _words(code, library)
    if style == "json":
        click.echo(
            json.dumps(report.as_json(library.problems, words), ensure_ascii=False, indent=2)
        )
    else:
        for problem in library.problems:
            click.echo(report.text(problem, words))
        click.echo(words.text("report.checked", sum(map(len, library.records.values()))), err=True)
        if library.problems:
            click.echo(words.text("report.problems", len(library.problems)), err=True)
    sys.exit(1 if library.problems else 0)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_language
def init(folder: Path, code: str | None) -> None:
    """Begin a library in FOLDER with one commented example case."""
    written, kept = scaffold.init(folder, code or _system_language())
    words = language(code or _system_language())
    for path in written:
        click.echo(words.text("report.written", path=path))
    for path in kept:
        click.echo(words.text("report.kept", path=path))
    click.echo(words.text("report.next", folder=folder))


@main.command("fix")
@click.argument("folder", default="cases", type=click.Path(exists=True, path_type=Path))
@click.option("--yes", is_flag=True, help="Write; without it the difference is only shown.")
@_language
def fix_command(folder: Path, yes: bool, code: str | None) -> None:
    """Mend in the files of FOLDER what is safe: encoding, line ends, Chinese colons, tabs.

    A copy of each file is kept beside it, with “.bak” after its name.
    """
    words, found = language(code or _system_language()), list(mend.mend(folder))
    for mended in found:
        for line in mended.difference():
            click.echo(report.visible(line.rstrip("\n")))
        if yes:
            copy = mend.write(folder, mended)
            click.echo(report.visible(words.text("report.mended", copy=copy)))
    click.echo(words.text("report.mends" if found and not yes else "report.mends-done", len(found)))


@main.command("csp")
@click.argument("site", default="site", type=click.Path(exists=True, path_type=Path))
@click.option("--form", type=click.Choice([*policy.SERVERS, "meta"]), default="headers")
def csp_command(site: Path, form: str) -> None:
    """Print the content security policy of a built SITE for nginx, Apache or a _headers file.

    “meta” writes it into the pages themselves, for servers such as GitHub Pages; pages so
    treated need a server and cannot be opened from a folder.
    """
    if form == "meta":
        click.echo(policy.write_into_pages(site))
    else:
        click.echo(policy.lines(form, site), nl=False)


@main.command("withdraw")
@click.argument("case_id", metavar="ID")
@click.option("--reason", required=True, help="Why; kept in the case's file, never published.")
@click.option("--cases", default="cases", type=click.Path(exists=True, path_type=Path))
@click.option("--site", type=click.Path(path_type=Path), help="The built site.")
@_language
def withdraw_command(
    case_id: str, reason: str, cases: Path, site: Path | None, code: str | None
) -> None:
    """Take the case ID out of everything, build the site anew, and look for it in every file.

    Exit code 0: nothing of it is left. 1: something is, and where. 2: there is no such case.
    """
    words = language(code or _system_language())
    taken = withdraw.withdraw(cases, case_id, reason)
    if not taken:
        _give_up(f"There is no case “{case_id}” in “{cases}”.")
    for key, path in (("withdrawn", taken.file), *(("deleted", path) for path in taken.deleted)):
        click.echo(report.visible(words.text(f"report.{key}", path=path)))
    click.echo(words.text("report.history"))
    site = site or withdraw.site_of(cases.parent)
    if (cases.parent / "mkdocs.yml").is_file():
        command = [sys.executable, "-m", "mkdocs", "build", "--clean", "-d", str(site.resolve())]
        if subprocess.run(command, cwd=cases.parent, check=False).returncode:  # noqa: S603
            sys.exit(1)
        click.echo(words.text("report.rebuilt", site=site))
    left = list(withdraw.traces(site, case_id, taken.texts)) if site.is_dir() else []
    for path, text in left:
        key = "report.unsearched" if text == "?" else "report.left"
        click.echo(report.visible(words.text(key, file=path, text=text)))
    if site.is_dir() and not left:
        counts = {"texts": len(taken.texts), "files": len(withdraw.files(site))}
        click.echo(words.text("report.searched", **counts))
    sys.exit(1 if left else 0)


@main.command("casebook")
@click.argument("selection", nargs=-1)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--cases", default="cases", type=click.Path(path_type=Path), show_default=True)
@click.option("--site-url", default="", help="Where the library is published, for links and codes.")
@_language
def casebook_command(
    selection: tuple[str, ...], output: Path, cases: Path, site_url: str, code: str | None
) -> None:
    """Bind cases into one booklet: OUTPUT.pdf, through a browser, or OUTPUT.html.

    SELECTION: ids of cases, and filters as in the address of the library page, such as
    `theme=food,play` or `status=completed`; nothing is the whole library.

    Exit code 0: written. 1: something was not found; the rest is written. 2: nothing is written.
    """
    library = load(cases, PurePosixPath(cases.as_posix()))
    code = code if code in library.languages else library.languages[0]
    words = language(code)
    if library.problems:
        click.echo(words.text("casebook.problems", len(library.problems)), err=True)
    site = Site(library, Options(site_name=cases.resolve().parent.name, site_url=site_url))
    chosen = casebook.select(site.editions[code], selection)
    if chosen.unknown:
        names = report.visible(", ".join(chosen.unknown))
        click.echo(words.text("casebook.unknown", names=names), err=True)
    count = len(chosen.cases)
    if not count:
        _give_up(words.text("casebook.empty"))
    if count > casebook.MOST:
        _give_up(words.text("casebook.too-many", count, most=casebook.MOST))
    book = functools.partial(casebook.html, site, code, chosen)
    pages = 0
    if output.suffix.lower() in {".html", ".htm"}:
        put(output, book({}).encode())
    elif browser := casebook.find_browser():
        try:
            pages = casebook.pdf(book, browser, output)
        except (OSError, subprocess.SubprocessError) as error:
            _give_up(words.text("casebook.failed", reason=error))
    else:
        _give_up(words.text("casebook.no-browser"))
    click.echo(words.text("casebook.written", count, path=output, pages=pages or "–"))
    sys.exit(1 if chosen.unknown else 0)


@main.command("demo")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--cases", default=300, type=click.IntRange(1), show_default=True)
@click.option("--seed", default=3, show_default=True)
@click.option("--language", "codes", multiple=True, type=click.Choice(["zh", "en"]))
def demo_command(folder: Path, cases: int, seed: int, codes: tuple[str, ...]) -> None:
    """Write a made-up site into FOLDER, for trying out and measuring.

    The same seed gives the same bytes. Give `--language` once for each language.
    """
    demo.write(folder, demo.Demo(cases, seed, codes or ("zh", "en")))
    click.echo(language(_system_language()).text("report.next", folder=folder))


@main.command()
@_language
def new(code: str | None) -> None:
    """Print an empty case with every field and what to write there."""
    click.echo(scaffold.new_case(language(code or _system_language())), nl=False)


@main.command("schema")
@click.argument("kind", type=click.Choice(schema.KINDS_OF_FILE), default="case")
@_language
def schema_command(kind: str, code: str | None) -> None:
    """Print the JSON Schema of a kind of file, for editors that complete and check."""
    click.echo(schema.schema_file(kind, language(code or _system_language())), nl=False)


@main.command()
@_language
def reference(code: str | None) -> None:
    """Print the reference of all fields, as Markdown."""
    click.echo(schema.reference(language(code or _system_language())), nl=False)


def _words(code: str | None, library: Library) -> Language:
    return language(code or library.languages[0])


def _system_language() -> str:
    """The language of the terminal, where we speak it."""
    setting = next((v for n in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(n))), "")
    code = setting.partition("_")[0].partition(".")[0]
    return code if code in available() else FALLBACK


def _give_up(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)
