"""The same cases, searched by Material with jieba and by Pagefind, where these are installed."""

from __future__ import annotations

import html
import importlib.util
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, Page

if TYPE_CHECKING:
    from benchmarks.search import Server, Texts

#: Of more cases the peers' builds take too long.
MOST = 10_000
#: Queries with more hits than this are left out: a peer tells its hits one by one.
FEW_HITS = 300

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
  const first = await Promise.all(results.slice(0, 10).map((result) => result.data()));
  const spent = performance.now() - start;
  const rest = await Promise.all(results.slice(10, 320).map((result) => result.data()));
  return {spent, hits: [...first, ...rest].map(({url}) => url.split("/").at(-2))};
}"""
#: The same for a first page of results only.
FIRST = {MATERIAL: MATERIAL, PAGEFIND: PAGEFIND.replace("slice(10, 320)", "slice(10, 10)")}


def measure(
    browser: Browser, folder: Path, code: str, texts: Texts, asked: list[str], server: type[Server]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The figures of each peer that is installed; of one that is not, a word."""
    for title, module, build, script in (
        ("Material + jieba", "jieba", _material, MATERIAL),
        ("Pagefind", "pagefind", _pagefind, PAGEFIND),
    ):
        if not importlib.util.find_spec(module):
            yield title, {"left out": f"{module} is not installed"}
            continue
        site = folder / f"{module}-{code}"
        started = time.monotonic()
        build(site, code, texts)
        spent = time.monotonic() - started
        with server(site / "site").running() as running:
            row = _ask(browser, running, script, texts, asked)
        yield title, {**row, "build, s": spent}


def _ask(
    browser: Browser, server: Server, script: str, texts: Texts, asked: list[str]
) -> dict[str, Any]:
    recall, precision, spent, sizes = [], [], [], []
    place = {name: number for number, name in enumerate(texts.ids)}

    def ask(page: Page, script: str, query: str) -> tuple[float, list[int]]:
        answer = page.evaluate(script, query)
        return answer["spent"], [place[name] for name in answer["hits"] if name in place]

    def visited(work: Callable[[Page], None]) -> None:
        with browser.new_context() as session:
            page = session.new_page()
            page.goto(server.address)
            work(page)

    def cold(page: Page) -> None:
        server.sent.clear()
        ask(page, FIRST[script], asked[len(sizes)])
        sizes.append(sum(server.sent.values()) / 1024)

    def warm(page: Page) -> None:
        for query in asked:
            wanted = texts.holding(query)
            if len(wanted) > FEW_HITS:
                continue
            ask(page, script, query)
            took, hits = ask(page, script, query)
            spent.append(took)
            recall.append(len(wanted & set(hits)) / len(wanted))
            if hits:
                precision.append(statistics.mean([hit in wanted for hit in hits[:10]]))

    for _ in asked[:10]:
        visited(cold)
    visited(warm)
    return {
        "recall": statistics.mean(recall),
        "precision of ten": statistics.mean(precision),
        "first query, page excluded, KB": statistics.median(sizes),
        "cached query, ms": statistics.median(spent),
    }


def _material(folder: Path, code: str, texts: Texts) -> None:
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
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def _pagefind(folder: Path, code: str, texts: Texts) -> None:
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
    command = [sys.executable, "-m", "pagefind", "--site", str(site)]
    subprocess.run(command, check=True, capture_output=True)
