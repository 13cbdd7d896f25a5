"""A disk of its own that is really full: what builds on it do, told as JSON.

`python -m tests.site.disk FOLDER`, run in a mount namespace: see `namespace`.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from case_library import memory
from case_library.cli import main as case_library
from click.testing import CliRunner
from mkdocs.__main__ import cli

from tests.site.build import MKDOCS_YML, mkdocs, tree, write

CASE = "title: A bench\nsummary: Neighbours built it in year {year}.\nstatus: idea\n"
#: How much of the room that a build needs there is: the last one fits.
SHARES = (0, 0.01, 0.3, 0.8, 0.995, 1.3)
BLOCK = 4096


@functools.cache
def namespace() -> list[str]:
    """What gives a process mounts of its own here; nothing where only an administrator can."""
    for way in (["unshare", "-m"], ["unshare", "-rm"], ["sudo", "-nE", "unshare", "-m"]):
        probe = [*way, "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
        there = all(map(shutil.which, (way[0], "unshare")))
        if there and not subprocess.run(probe, capture_output=True, check=False).returncode:
            return way
    return []


def used(disk: Path) -> int:
    return shutil.disk_usage(disk).used


def fill(disk: Path, left: int) -> Path:
    """A file that leaves so many bytes of a disk free."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - max(left, 0))
    return filler


def state(site: Path, before: dict[str, bytes], year: int) -> str:
    now = tree(site)
    told = f"in year {year}." in (site / "cases/bench/index.html").read_text("utf-8")
    if now == before:
        return "old"
    return "new" if told and now.keys() == before.keys() else "neither"


def commands(disk: Path) -> dict[str, list[object]]:
    """What commands say on a disk without room, and whether anything is another than before."""
    room, told = disk / "room", {}
    broken = CASE.format(year=1998).replace(": ", "：").encode()
    write(room, {"mkdocs.yml": MKDOCS_YML, "cases/bench.yml": CASE.format(year=1998)})
    write(room, {"cases/broken.yml": broken, "book.html": "old", "site/index.html": "<head>old"})
    (room / "cases/bench").mkdir()
    (room / "cases/bench/bench.jpg").write_bytes(b"picture")
    cases, site = str(room / "cases"), str(room / "site")
    before, filler = tree(room), fill(disk, 0)
    for command in (
        ["fix", cases, "--yes"],
        ["withdraw", "bench", "--reason", "x", "--cases", cases, "--site", site],
        ["casebook", "bench", "-o", str(room / "book.html"), "--cases", cases],
        ["csp", site, "--form", "meta"],
        ["init", str(room / "new")],
        ["demo", str(room / "demo"), "--cases", "1"],
    ):
        done = CliRunner().invoke(case_library, command)
        said = done.output.splitlines()
        shutil.rmtree(room / "demo", ignore_errors=True)  # a site that was begun
        is_whole = tree(room) == before
        told[command[0]] = [done.exit_code, said[-1], repr(done.exception), is_whole]
    filler.unlink()
    shutil.rmtree(room)
    return told


def main(folder: Path) -> None:
    disk, project = folder / "disk", folder / "project"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], check=True)
    site, caches = disk / "site", disk / "caches"
    caches.mkdir()
    print(json.dumps(commands(disk)))
    settings = f"{MKDOCS_YML}site_dir: {site}\n"
    write(project, {"cases/bench.yml": CASE.format(year=2000), "mkdocs.yml": settings})
    os.chdir(project)
    empty = used(disk)
    assert not CliRunner().invoke(cli, ["build"]).exit_code
    needed = used(disk) - empty
    told = []
    for number, share in enumerate(SHARES, 2001):
        before = tree(site)
        write(project, {"cases/bench.yml": CASE.format(year=number)})
        # Without what is remembered every page is written again, and needs its room.
        if remembered := memory.folder():
            shutil.rmtree(remembered)
        filler = fill(disk, int(needed * share))
        done = CliRunner().invoke(cli, ["build"])
        told.append([share, done.exit_code, done.output, state(site, before, number)])
        filler.unlink()
    # Only the caches are on the full disk.
    before = tree(site)
    shutil.move(site, project / "site")
    write(project, {"mkdocs.yml": MKDOCS_YML, "cases/bench.yml": CASE.format(year=1999)})
    for left in (0, 3 * BLOCK):
        filler = fill(disk, left)
        ended = mkdocs(project, TMPDIR=str(caches))
        told.append(
            [
                f"caches with {left}",
                ended.returncode,
                ended.stderr,
                state(project / "site", before, 1999),
            ]
        )
        filler.unlink()
    # A disk that may only be read.
    write(project, {"mkdocs.yml": settings})
    site.mkdir()
    (site / "index.html").write_text("old")
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    done = CliRunner().invoke(cli, ["build"])
    kept = (site / "index.html").read_text() == "old"
    told.append(["read-only", done.exit_code, done.output, "old" if kept else "neither"])
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
