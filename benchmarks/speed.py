"""Our build beside the peers' of the same pages: CPU, wall and memory, medians of some runs.

python -m benchmarks.speed 1000 --runs 3 --languages zh --languages zh en
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import importlib.metadata
import json
import math
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from case_library.demo import Demo, write

from benchmarks import sites

RESULTS = Path(__file__).parent / "results"
FIGURES = ("CPU s", "wall s", "peak MB")
#: A build that takes so many times our CPU is broken off: its figures are what it took until then.
MOST = 12
#: To serve is measured with so many cases at most: the peer builds all anew for every edit.
SERVED_AT_MOST = 1000
QUIET = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "ASTRO_TELEMETRY_DISABLED": "1"}


def run(
    command: list[str], folder: Path, code: int = 0, most: float = math.inf
) -> dict[str, float]:
    """One build: CPU of all its processes, time on the wall, memory of all at their most; and
    whether it was broken off, having taken `most` seconds of CPU."""
    started = time.monotonic()
    child = subprocess.Popen(
        command, cwd=folder, env={**QUIET, "XDG_CACHE_HOME": str(folder / ".cache")}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True, text=True,
    )  # fmt: skip
    peak, ended = [0], list[float]()
    threading.Thread(target=_watch, args=(child.pid, peak, most, ended), daemon=True).start()
    told = child.stderr.read() if child.stderr else ""
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != code and not ended:
        raise RuntimeError(f"{command[0]}: {told[-400:]}")
    # A process too short to be looked at tells of itself, or of the one it was copied from.
    memory = (peak[0] or usage.ru_maxrss) / 1024
    cpu = max(ended, default=usage.ru_utime + usage.ru_stime)
    return {"CPU s": cpu, "wall s": wall, "peak MB": memory, "broken off": bool(ended)}


def _watch(session: int, peak: list[int], most: float, ended: list[float]) -> None:
    """The memory of all processes of a session, what they share counted once; and their end when
    they have taken too long."""
    ticks = os.sysconf("SC_CLK_TCK")
    while True:
        total = found = 0
        spent = 0.0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if os.getsid(int(folder.name)) == session:
                    found += 1
                    lines = (folder / "smaps_rollup").read_text().splitlines()
                    total += next(int(x.split()[1]) for x in lines if x.startswith("Pss:"))
                    # From the 14th on: its own time, the system's for it, that of its children.
                    told = (folder / "stat").read_text().rpartition(")")[2].split()
                    spent += sum(map(int, told[11:15])) / ticks
            except (OSError, StopIteration):
                continue
        if not found:
            return
        peak[0] = max(peak[0], total)
        if spent > most:
            ended.append(spent)
            os.killpg(session, signal.SIGKILL)
        time.sleep(0.5)  # to look takes as long as the processes are large, up to a tenth of a core


#: Builds in the round of this number, and tells what that took.
Turn = Callable[[int], dict[str, float]]


def in_turn(turns: dict[str, Turn], runs: int) -> dict[str, dict[str, float]]:
    """Medians of each, all of them once in every round: a machine that slows down slows all. Who
    fails is left out with a word, who was broken off is not asked again."""
    found: dict[str, list[dict[str, float]]] = {}
    asked = dict(turns)
    for number in range(runs):
        for name, turn in list(asked.items()):
            try:
                found.setdefault(name, []).append(turn(number))
            except RuntimeError as error:
                print(f"{name}: left out: {error}")
                found.pop(name, None)
                del asked[name]
                continue
            if found[name][-1]["broken off"]:
                del asked[name]
    return {
        name: {figure: statistics.median(row[figure] for row in rows) for figure in FIGURES}
        | {"broken off": rows[-1]["broken off"]}
        for name, rows in found.items()
    }


def clean(command: list[str], folder: Path, output: str, most: float = math.inf) -> Turn:
    """Builds without what the one before left."""

    def turn(number: int) -> dict[str, float]:
        for left in (output, ".cache", ".astro"):
            shutil.rmtree(folder / left, ignore_errors=True)
        return run(command, folder, most=most)

    return turn


def edited(command: list[str], folder: Path, cases: int) -> Turn:
    """Builds after one case was edited: one from the middle, for the first have most followers."""
    [path] = folder.rglob(f"case-{cases // 2}.yml")
    text = path.read_text("utf-8")

    def turn(number: int) -> dict[str, float]:
        case = json.loads(text) | {"updated": f"2026-01-{number + 1:02}"}
        path.write_text(json.dumps(case, ensure_ascii=False), "utf-8")
        return run(command, folder)

    return turn


def reloaded(folder: Path, edit: Path, old: str, address: str, runs: int) -> float:
    """Seconds from saving one file to the page that tells it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", "-q", "--dev-addr", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=folder, env=QUIET, stderr=subprocess.DEVNULL)
    text, found = edit.read_text("utf-8"), []

    def until(told: str) -> float:
        start = time.monotonic()
        while time.monotonic() - start < 600:
            with contextlib.suppress(OSError):
                url = f"http://127.0.0.1:{port}/{address}"
                if told in urllib.request.urlopen(url, timeout=600).read().decode():
                    break
            time.sleep(0.02)
        return time.monotonic() - start

    try:
        until("<html")
        time.sleep(2)
        for number in range(runs):
            edit.write_text(text.replace(old, f"edited {number} {old}", 1), "utf-8")
            found.append(until(f"edited {number} "))
    finally:
        server.terminate()
        server.wait()
        edit.write_text(text, "utf-8")
    return statistics.median(found)


def measure(
    cases: int, languages: tuple[str, ...], runs: int, peers: list[str]
) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="bench") as temporary:
        folder = Path(temporary)
        ours = folder / "ours"
        write(ours, Demo(cases, languages=languages))
        texts = list(sites.pages(ours / "cases")) if peers else []
        case = ours / "cases/part-0/case-1.yml"
        title = json.loads(case.read_text("utf-8"))["title"]
        title = title if isinstance(title, str) else title[languages[0]]
        command = [sys.executable, "-m", "mkdocs", "build", "-q"]
        turns = {
            "Case Library": clean(command, ours, "site"),
            "Case Library, one edit": edited(command, ours, cases),
        }
        most = MOST * run(command, ours)["CPU s"] if peers else math.inf
        for name in peers:
            if not sites.version(name):
                print(f"{name}: cannot be had here, left out")
                continue
            place = folder / name.split()[0]
            made = sites.PEERS[name](place, texts)
            output = {"Eleventy": "_site", "Hugo": "public", "Astro": "dist"}.get(name, "site")
            turns[name] = clean(made, place, output, most)
        rows = in_turn(turns, runs)
        if cases <= SERVED_AT_MOST:
            served = {"Case Library": (ours, case)}
            if "MkDocs + Material" in rows:
                plain = folder / "MkDocs"
                served["MkDocs + Material"] = plain, plain / "docs/cases/case-1.md"
            for name, (place, edit) in served.items():
                wait = reloaded(place, edit, title, "cases/case-1/", runs)
                rows[f"{name}, serve"] = {"CPU s": math.nan, "wall s": wait, "peak MB": math.nan}
    return {"cases": cases, "languages": list(languages), "pages": len(texts), "rows": rows}


def show(result: dict[str, object]) -> None:
    rows: dict[str, dict[str, float]] = result["rows"]  # type: ignore[assignment]
    ours = rows["Case Library"]
    print(f"\n{result['cases']} cases, {'+'.join(result['languages'])}, {result['pages']} pages")  # type: ignore[arg-type]
    print(f"{'':24}{''.join(f'{name:>10}' for name in FIGURES)}   ours: x CPU  x wall")
    for name, row in rows.items():
        ratios = "".join(f"{ours[figure] / row[figure]:8.2f}" for figure in FIGURES[:2])
        figures = "".join(f"{row[figure]:10.1f}" for figure in FIGURES)
        broken = "  broken off, so it takes more" if row.get("broken off") else ""
        print(f"{name:24}{figures}        {ratios}{broken}")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("cases", type=int, nargs="*", default=[1000])
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--languages", nargs="+", action="append")
    asked.add_argument("--peers", nargs="*", default=list(sites.PEERS))
    wish = asked.parse_args()
    if wish.peers:
        sites.install()
    results = []
    for cases in wish.cases:
        for languages in wish.languages or [["zh"], ["zh", "en"]]:
            results.append(measure(cases, tuple(languages), wish.runs, wish.peers))
            show(results[-1])
    versions = {name: sites.version(name) for name in wish.peers}
    versions["Case Library"] = importlib.metadata.version("mkdocs-case-library")
    versions["Python"] = platform.python_version()
    RESULTS.mkdir(exist_ok=True)
    day = datetime.datetime.now(datetime.timezone.utc)
    told = {
        "when": day.isoformat(),
        "cores": os.cpu_count(),
        "versions": versions,
        "results": results,
    }
    path = RESULTS / f"speed-{day:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"written: {path.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
