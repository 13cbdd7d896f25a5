"""Search of a seeded library of the product's own schema, measured in Chromium, beside its peers.

    python -m benchmarks.search [--peers] [--languages zh,en] [cases ...]

Recall and precision come from comparing with a look at every text. Bytes are those of a server
that compresses, as static hosts do. `--peers` adds Material's search with jieba and Pagefind,
those of them that are installed: pip install jieba pagefind pagefind-bin-extended; each has its
time (`--minutes`), after which what is known of it is printed. What is
printed is also kept in benchmarks/results/, with the versions of all that took part.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.metadata
import json
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from case_library import demo
from case_library.library import load
from case_library.pages.edition import Edition, Shared
from case_library.search import FOLDER, Index
from case_library.search.collection import Collection
from case_library.search.entry import CASE, Entry
from case_library.search.writer import place_in_order
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import peers

RESULTS = Path(__file__).parent / "results"
PARTS = ("mkdocs-case-library", "numpy", "mkdocs", "mkdocs-material", "jieba", "pagefind")
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
#: A library of so many cases is read from its files.
LOADED = 10_000
SIZES = (1_000, 10_000, 100_000)
_HAN = "\u3400-\u9fff"


@dataclass
class Server:
    """Static files, compressed; counts the bytes it sends, by what they are for."""

    folder: Path
    sent: dict[str, int] = field(default_factory=dict)
    address: str = ""

    def count(self, path: str, size: int) -> None:
        kind = (
            "index"
            if any(part in path for part in ("/index/", "/search/", "/pagefind/"))
            else "page"
        )
        self.sent[kind] = self.sent.get(kind, 0) + size

    @contextmanager
    def running(self) -> Iterator[Server]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                file = server.folder / path.lstrip("/")
                file = file / "index.html" if file.is_dir() else file
                if not file.is_file():
                    self.send_error(404)
                    return
                types = {".js": "text/javascript", ".html": "text/html", ".css": "text/css"}
                content = gzip.compress(file.read_bytes(), 6)
                server.count(path, len(content))
                self.send_response(200)
                self.send_header("Content-Type", types.get(file.suffix, "application/octet-stream"))
                self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with suppress(ConnectionError):  # the page has left
                    self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
            threading.Thread(target=http.serve_forever, daemon=True).start()
            self.address = f"http://127.0.0.1:{http.server_address[1]}/"
            yield self
            http.shutdown()


@dataclass
class Texts:
    """What a reader of each case would see, for comparison; in the order of the index."""

    ids: list[str]
    texts: list[str]

    def holding(self, query: str) -> set[int]:
        word = plain(query)
        found = (i for i, text in enumerate(self.texts) if word in text)
        if re.search(f"[{_HAN}]", word):
            return set(found)
        start = re.compile(rf"(?<![^\W{_HAN}]){re.escape(word)}")
        return {i for i in found if start.search(self.texts[i])}


def plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    return re.sub(rf"(?<=[{_HAN}])[ ]+|[ ]+(?=[{_HAN}])", "", text)


def queries(texts: Texts, language: str, count: int, seed: int = 7) -> list[str]:
    """Pieces of the texts, cut anywhere, of one to six characters; in English, word beginnings."""
    draw = random.Random(seed)
    found: list[str] = []
    while len(found) < count:
        text = draw.choice(texts.texts)
        if language == "zh":
            start = draw.randrange(len(text))
            query = text[start : start + draw.randint(1, 6)]
        else:
            word = draw.choice(re.findall(r"[a-z]+", text))
            query = word[: draw.randint(3, 8)]
        # A piece from within a number or a word is not what people type, nor what is promised.
        if re.fullmatch(r"\w+", query) and query not in found and texts.holding(query):
            found.append(query)
    return found


def build(
    folder: Path, cases: int, languages: list[str]
) -> tuple[dict[str, Texts], dict[str, float]]:
    """A site whose library page searches so many cases, and CPU ms a case of each language's index.

    Pages come from a build of few cases; only the index is of all of them: the page is the same.
    Beyond LOADED cases, entries are drawn like those of the library, with words of their own.
    """
    small = folder / "small"
    demo.write(small, demo.Demo(min(cases, 150)))
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(folder / "site")]
    subprocess.run(command, cwd=small, check=True, capture_output=True)
    demo.write_cases(folder / "cases", demo.Demo(min(cases, LOADED)))
    library = load(folder / "cases")
    # What is drawn can look like personal data, and the case is refused.
    faulty = {problem.code for problem in library.problems} - {"contact-data", "personal-data"}
    assert not faulty, faulty
    assert len(library.cases) > 0.99 * min(cases, LOADED)
    cases = max(len(library.cases), cases - LOADED + len(library.cases))
    shared = Shared(library)
    texts: dict[str, Texts] = {}
    spent: dict[str, float] = {}
    for code in languages:
        edition = Edition(shared, code)
        collection = Collection(edition, lambda address: address)
        entries = collection.entries(collection.listed())
        cases_only = [entry for entry in entries if entry.kind == CASE]
        drawn = list(further(edition, cases_only, cases - len(cases_only)))
        started = time.process_time()
        for name, content in Index(edition, drawn, lambda address: address).files():
            paused = time.process_time()
            path = folder / "site" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            started += time.process_time() - paused
        spent[code] = 1000 * (time.process_time() - started) / cases
        cases_only = sorted([*cases_only, *drawn], key=place_in_order)
        texts[code] = Texts(
            [entry.id for entry in cases_only],
            ["\n".join(plain(text) for text in entry.fields()) for entry in cases_only],
        )
    return texts, spent


def further(edition: Edition, cases: list[Entry], count: int) -> Iterator[Entry]:
    """Entries like those of the cases, filed under the same terms, with other titles and texts."""
    draw = demo.Demo(count, seed=11, languages=(edition.code,))
    letters = 2 if edition.code == "zh" else 6
    titles = {title for entry in cases for title in (entry.title, *entry.names[:1])}
    for number in range(count):
        like = draw.random.choice(cases)
        title = draw.text("title", 5)
        lines = (draw.text("", max(1, len(line) // letters)) for line in like.text.split("\n"))
        yield replace(
            like,
            address=like.address.replace(like.id, f"drawn-{number}"),
            id=f"drawn-{number}",
            title=title,
            names=tuple(name for name in like.names if name not in titles),
            summary=draw.text("summary", 14),
            text="\n".join(lines),
            title_key=edition.language.sort_key(title),
        )


FOUND = """async ([base, query]) => {
  const index = await CaseLibrarySearch.open(base);
  const {docs, exact} = await index.found(query);
  const {hits} = await index.search({query, size: 10});
  return {docs: [...docs].filter((doc) => doc < index.cases), exact, hits: hits.map(({doc}) => doc)};
}"""
TIMED = """async ([base, queries, counts]) => {
  const index = await CaseLibrarySearch.open(base);
  const spent = queries.map(() => Infinity);
  for (let turn = 0; turn < 4; turn++) for (const [i, query] of queries.entries()) {
    index.answers.clear();
    const start = performance.now();
    await index.search({query, size: 10, counts});
    if (turn) spent[i] = Math.min(spent[i], performance.now() - start);
  }
  return spent;
}"""


def p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def memory(page: Page, collect: bool) -> float:
    """Megabytes that the page holds for its scripts, without or with what is garbage already."""
    session = page.context.new_cdp_session(page)
    if collect:
        session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")
    session.detach()
    parts = ("usedSize", "embedderHeapUsedSize", "backingStorageSize")
    return float(sum(heap[part] for part in parts)) / 2**20


def measure(
    browser: Browser, server: Server, texts: dict[str, Texts], count: int
) -> dict[str, Any]:
    recall, precision, exact, spent = [], [], [], []
    used, heaps = [0.0], [0.0]
    cold: dict[str, list[int]] = {"index": [], "all": []}
    for code, known in texts.items():
        prefix = "" if code == "zh" else f"{code}/"
        asked = queries(known, code, count)
        for query in asked[: count // 2]:
            with browser.new_context() as session:
                page = session.new_page()
                server.sent.clear()
                page.goto(f"{server.address}{prefix}library/?q={query}")
                page.locator(".cl-results").wait_for()
                page.wait_for_load_state("networkidle")
                cold["index"].append(server.sent.get("index", 0))
                cold["all"].append(sum(server.sent.values()))
                heaps.append(memory(page, collect=False))
        with browser.new_context() as session:
            page = session.new_page()
            page.goto(f"{server.address}{prefix}library/")
            page.locator(".cl-results").wait_for()
            base = server.address + FOLDER.format(code=code)
            for number, query in enumerate(asked):
                wanted = known.holding(query)
                found = page.evaluate(FOUND, [base, query])
                recall.append(len(wanted & set(found["docs"])) / len(wanted))
                precision.append(statistics.mean([hit in wanted for hit in found["hits"]] or [0]))
                exact.append(set(found["docs"]) == wanted)
                if not exact[-1]:
                    said = "the same" if found["exact"] else "about"
                    print(f"  {code} {query}: {said} {len(found['docs'])}, scan {len(wanted)}")
                heaps.append(memory(page, collect=False))
                if number % 5 == 4:
                    used.append(memory(page, collect=True))
            spent += page.evaluate(TIMED, [base, asked, ["theme", "place", "status"]])
            heaps.append(memory(page, collect=False))
            used.append(memory(page, collect=True))
    kb = {kind: [size / 1024 for size in sizes] for kind, sizes in cold.items()}
    return {
        "recall": statistics.mean(recall),
        "precision of ten": statistics.mean(precision),
        "counts right": statistics.mean(exact),
        "first query, page included, KB": _spread(kb["all"]),
        "page excluded, KB": _spread(kb["index"]),
        "cached query, ms, best of three": _spread(spent),
        "page memory in use, MB": max(used),
        "page memory with garbage, MB": max(heaps),
    }


def _spread(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "p95": p95(values), "most": max(values)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int)
    parser.add_argument("--queries", type=int, default=40, help="of each language")
    parser.add_argument("--languages", default="zh,en")
    parser.add_argument("--peers", action="store_true", help="measure installed peers too")
    parser.add_argument("--minutes", type=float, default=peers.MINUTES, help="for each peer")
    options = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as temporary:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        for size in options.sizes or SIZES:
            folder = Path(temporary) / str(size)
            texts, cpu = build(folder, size, options.languages.split(","))
            index = folder / "site/assets/case-library/index"
            sizes = [file.stat().st_size for file in index.rglob("*") if file.is_file()]
            with Server(folder / "site").running() as server:
                found = measure(browser, server, texts, options.queries)
            for code, spent in cpu.items():
                found[f"index of {code}, ms of CPU a case"] = spent
            found["index, MB"] = sum(sizes) / 2**20
            found["index, files"] = len(sizes)
            told = {"Case Library": found}
            show(f"{size:,} cases", found)
            if options.peers and size <= peers.MOST:
                for code, known in texts.items():
                    asked = queries(known, code, options.queries)
                    for title, row in peers.measure(
                        browser, folder, code, known, asked, Server, options.minutes
                    ):
                        told[f"{title}, {code}"] = row
                        show(f"{size:,} cases, {code}: {title}", row)
            keep(size, told, browser.version)
        browser.close()


def show(title: str, found: dict[str, Any]) -> None:
    print(f"\n{title}")
    for name, value in found.items():
        if isinstance(value, dict):
            value = ", ".join(f"{part} {_rounded(number)}" for part, number in value.items())
        print(f"  {name:36} {value if isinstance(value, str) else _rounded(value)}")
    sys.stdout.flush()


def _rounded(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.4g}"


def keep(size: int, told: dict[str, Any], chromium: str) -> None:
    """All figures as data, with what they were measured on."""
    versions = {"python": platform.python_version(), "chromium": chromium}
    for part in PARTS:
        with suppress(importlib.metadata.PackageNotFoundError):
            versions[part] = importlib.metadata.version(part)
    RESULTS.mkdir(exist_ok=True)
    kept = {"cases": size, "versions": versions, "figures": told}
    (RESULTS / f"search-{size}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
