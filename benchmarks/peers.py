"""The same cases, searched by Material with jieba and by Pagefind, where these are installed."""

from __future__ import annotations

import gzip
import html
import importlib.util
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, Page

if TYPE_CHECKING:
    from benchmarks.search import Server, Texts

#: Of more cases the peers' builds take too long.
MOST = 10_000
#: A peer that has not built its index and answered after so many minutes is left.
MINUTES = 20

MATERIAL = """async (query) => {
  if (!window.worker) {
    const index = await (await fetch("search/search_index.json")).json();
    const config = JSON.parse(document.getElementById("__config").textContent);
    window.worker = new Worker(config.search);
    const ready = new Promise((done) => worker.onmessage = ({data}) => data.type === 1 && done());
    worker.postMessage({type: 0, data: {...index, options: {suggest: false}}});
    await ready;
  }
  const start = performance.now();
  const found = new Promise((done) => worker.onmessage = ({data}) => data.type === 3 && done(data.data));
  worker.postMessage({type: 2, data: query});
  const {items} = await found;
  const hits = items.map((parts) => parts[0].location.split("/")[0]);
  return {spent: performance.now() - start, hits};
}"""
PAGEFIND = """async (query) => {
  window.pagefind ??= await import("/pagefind/pagefind.js");
  const start = performance.now();
  const {results} = await pagefind.search(query);
  await Promise.all(results.slice(0, 10).map((result) => result.data()));
  return {spent: performance.now() - start, hits: results.map(({id}) => id)};
}"""
#: Nothing when the time is over.
IN_TIME = """([query, left]) => Promise.race([
  (SCRIPT)(query), new Promise((done) => setTimeout(done, left, null)),
])"""


def measure(
    browser: Browser,
    folder: Path,
    code: str,
    texts: Texts,
    asked: list[str],
    server: type[Server],
    minutes: float = MINUTES,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The figures of each peer that is installed; of one that is not or is too slow, a word."""
    for title, module, build, script, places in (
        ("Material + jieba", "jieba", _material, MATERIAL, _places),
        ("Pagefind", "pagefind", _pagefind, PAGEFIND, _fragments),
    ):
        if not importlib.util.find_spec(module):
            yield title, {"left out": f"{module} is not installed"}
            continue
        site = folder / f"{module}-{code}"
        started = time.monotonic()
        end = started + 60 * minutes
        row: dict[str, Any] = {}
        try:
            _finish(build(site, code, texts), site, end)
            row["build, s"] = time.monotonic() - started
            with server(site / "site").running() as running:
                _ask(browser, running, script, texts, places(site, texts), asked, end, row)
        except TimeoutError:
            row["left"] = f"did not finish in {minutes:g} min"
        yield title, row


def _finish(command: list[str], folder: Path, end: float) -> None:
    """Run a build, and stop it with all that it started when its time is over."""
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-m", *command]
    build = subprocess.Popen(
        command, cwd=folder, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        if build.wait(end - time.monotonic()):
            raise subprocess.CalledProcessError(build.returncode, command)
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(build.pid, signal.SIGKILL)
        build.wait()


def _ask(
    browser: Browser,
    server: Server,
    script: str,
    texts: Texts,
    place: dict[str, int],
    asked: list[str],
    end: float,
    row: dict[str, Any],
) -> None:
    """Fills in what is found out before the time is over."""
    recall, precision, spent = [], [], []
    sizes: list[float] = []

    def ask(page: Page, script: str, query: str) -> tuple[float, list[int]]:
        left = 1000 * (end - time.monotonic())
        answer = page.evaluate(IN_TIME.replace("SCRIPT", script), [query, left])
        if answer is None:
            raise TimeoutError
        return answer["spent"], [place[name] for name in answer["hits"] if name in place]

    def visited(work: Callable[[Page], None]) -> None:
        with browser.new_context() as session:
            page = session.new_page()
            page.goto(server.address)
            work(page)

    def cold(page: Page) -> None:
        server.sent.clear()
        ask(page, script, asked[len(sizes)])
        sizes.append(sum(server.sent.values()) / 1024)
        row["first query, page excluded, KB"] = statistics.median(sizes)

    def warm(page: Page) -> None:
        for query in asked:
            wanted = texts.holding(query)
            ask(page, script, query)
            took, hits = ask(page, script, query)
            spent.append(took)
            recall.append(len(wanted & set(hits)) / len(wanted))
            if hits:
                precision.append(statistics.mean([hit in wanted for hit in hits[:10]]))
            row["queries"] = len(recall)
            row["recall"] = statistics.mean(recall)
            row["precision of ten"] = statistics.mean(precision or [0])
            row["cached query, ms"] = statistics.median(spent)

    visited(cold)
    visited(warm)
    for _ in asked[1:10]:
        visited(cold)


def _places(_: Path, texts: Texts) -> dict[str, int]:
    return {name: number for number, name in enumerate(texts.ids)}


def _fragments(folder: Path, texts: Texts) -> dict[str, int]:
    """Which text is meant by what Pagefind calls a hit: to fetch all hits would take too long."""
    places = _places(folder, texts)
    found = {}
    for file in (folder / "site/pagefind/fragment").iterdir():
        told = json.loads(gzip.decompress(file.read_bytes()).removeprefix(b"pagefind_dcd"))
        name = str(told["url"]).strip("/")
        if name in places:
            found[file.stem] = places[name]
    return found


def _material(folder: Path, code: str, texts: Texts) -> list[str]:
    docs = folder / "docs"
    docs.mkdir(parents=True)
    (docs / "index.md").write_text("# Bench\n")
    for name, text in zip(texts.ids, texts.texts, strict=True):
        title, _, rest = text.partition("\n")
        body = rest.replace("\n", "\n\n")
        (docs / f"{name}.md").write_text(f"# {title}\n\n{body}\n", "utf-8")
    settings = {
        "site_name": "Bench",
        "theme": {"name": "material", "font": False, "language": code},
        "plugins": [{"search": {"lang": code}}],
        "nav": ["index.md"],
        "not_in_nav": "*",
        "site_dir": str(folder / "site"),
    }
    (folder / "mkdocs.yml").write_text(json.dumps(settings))
    return ["mkdocs", "build", "-q"]


def _pagefind(folder: Path, code: str, texts: Texts) -> list[str]:
    site = folder / "site"
    for name, text in zip(texts.ids, texts.texts, strict=True):
        title, _, rest = map(html.escape, text.partition("\n"))
        paragraphs = "".join(f"<p>{line}</p>" for line in rest.split("\n"))
        (site / name).mkdir(parents=True)
        (site / name / "index.html").write_text(
            f'<!doctype html><html lang="{code}"><title>{title}</title>'
            f"<body><h1>{title}</h1>{paragraphs}</body></html>",
            "utf-8",
        )
    home = f'<!doctype html><html lang="{code}"><title>Bench</title></html>'
    (site / "index.html").write_text(home)
    return ["pagefind", "--site", str(site)]
