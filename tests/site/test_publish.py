"""Nothing that happens to a build harms the site that is published."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from case_library.publish import Beside, BusyError

from tests.site.build import MKDOCS_YML, ROOT, build, mkdocs, tree, write
from tests.site.disk import namespace

CASE = "title: A bench\nsummary: Neighbours built a bench.\nstatus: proposed\n"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A published site, with what its owner keeps hidden in it."""
    folder = tmp_path / "project/site"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("old")
    (folder / ".git").mkdir()
    return folder


def test_the_old_site_stands_until_the_new_one_is_whole(site: Path) -> None:
    beside = Beside(site)
    beside.begin()
    (beside.folder / "index.html").write_text("new")
    assert (site / "index.html").read_text() == "old"
    beside.publish()
    beside.end()
    assert (site / "index.html").read_text() == "new"
    assert (site / ".git").is_dir()
    assert names(site.parent) == ["site"]


def test_a_second_build_is_told_so(site: Path) -> None:
    first = Beside(site)
    first.begin()
    (first.folder / "index.html").write_text("new")
    with pytest.raises(BusyError):
        Beside(site).begin()
    first.publish()
    first.clear()
    assert (site / "index.html").read_text() == "new"
    other = Beside(site)
    other.begin()
    (other.folder / "index.html").write_text("newer")
    first.release()
    assert (other.folder / "index.html").read_text() == "newer"


def test_a_folder_that_was_renamed_while_it_was_locked_is_another_builds(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = Beside(site)

    def published(*_: object) -> None:
        beside.folder.rename(site.parent / "published")
        beside.folder.mkdir()

    monkeypatch.setattr("fcntl.flock", published)
    with pytest.raises(BusyError):
        beside.begin()


def test_what_a_link_leads_to_is_not_cleared(site: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    beside = Beside(site)
    beside.folder.symlink_to(tmp_path)
    beside.begin()
    beside.publish()
    beside.end()
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_what_a_killed_build_left_is_cleared(site: Path) -> None:
    killed = Beside(site)
    killed.folder.mkdir()
    (killed.folder / "half.html").write_text("half")
    (killed.folder / ".well-known").mkdir()
    beside = Beside(site)
    beside.begin()
    assert not names(beside.folder)
    beside.publish()
    beside.end()
    assert names(site) == [".git", ".well-known"]


def test_without_an_exchange_in_one_step_a_killed_build_is_made_good(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("case_library.publish._exchange", lambda *_: False)
    beside = Beside(site)
    beside.begin()
    (beside.folder / "index.html").write_text("new")
    renames = iter([Path.rename])

    def killed_at_the_second(self: Path, target: Path) -> Path:
        rename = next(renames, None)
        if not rename:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        beside.publish()
    monkeypatch.undo()
    beside.end()
    assert not site.exists()
    Beside(site).begin()
    assert (site / "index.html").read_text() == "old"


def test_a_folder_whose_name_cannot_change_is_filled_in_place(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_mount", lambda _: True)
    (site / "gone.html").write_text("old")
    (site / "cases").mkdir()
    beside = Beside(site)
    beside.begin()
    (beside.folder / "cases/bench").mkdir(parents=True)
    (beside.folder / "index.html").write_text("new")
    beside.publish()
    beside.end()
    assert names(site) == [".git", "cases", "index.html"]
    assert (site / "cases/bench").is_dir()


def test_a_site_can_be_read_by_all_under_any_umask(tmp_path: Path) -> None:
    old = os.umask(0o077)
    try:
        site = build(tmp_path, {"cases/bench.yml": CASE})
    finally:
        os.umask(old)
    for path in site.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path


@pytest.mark.skipif(not namespace(), reason="nothing can be mounted: the faults are made up below")
def test_a_disk_that_is_really_full_or_read_only_harms_no_site(tmp_path: Path) -> None:
    """Whatever room there is: a whole site, the old with one line of reason, or the new."""
    python = [sys.executable, "-m", "tests.site.disk", str(tmp_path)]
    done = subprocess.run(
        [*namespace(), *python], cwd=ROOT, capture_output=True, text=True, check=False
    )
    commands, builds = map(json.loads, done.stdout.splitlines())
    for code, said, exception, is_whole in commands.values():
        assert (code, exception, is_whole) == (2, "SystemExit(2)", True), commands
        assert said.endswith("No space left on device"), commands
    assert len(commands) == 6
    told = {str(name): rest for name, *rest in builds}
    for name, (code, said, site) in told.items():
        fits = name in ("1.3", "caches with 0", "caches with 12288")
        assert (code, site) == ((0, "new") if fits else (1, "old")), (name, said)
        assert "Traceback" not in said
        assert fits or len(said.splitlines()) < 4, said
        reason = "Read-only file system" if name == "read-only" else "No space left on device"
        assert fits or f"disk/site{'/.site.building' * (name == 'read-only')}”: {reason}" in said, (
            said
        )
    assert len(told) == 9


made_up = pytest.mark.skipif(bool(namespace()), reason="a real disk is full in the test above")


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param("full disk", marks=made_up),
        pytest.param("read-only", marks=made_up),
        "second build",
        "no room for a file",
    ],
)
def test_a_build_that_cannot_write_says_so_in_one_line(tmp_path: Path, fault: str) -> None:
    files = {"cases/bench.yml": CASE, "mkdocs.yml": MKDOCS_YML, "site/index.html": "old"}
    site = write(tmp_path, files) / "site"
    before = tree(site)
    # What the system answers when a disk is full, or when a folder may only be read.
    number = {"full disk": "ENOSPC", "read-only": "EROFS"}.get(fault, "")
    hook = (
        "import builtins, errno, os\n"
        "whole = builtins.open\n"
        "def full(path, mode='r', *rest, **more):\n"
        "    if 'building' in str(path) and 'w' in mode and str(path).endswith('html'):\n"
        f"        raise OSError(errno.{number}, os.strerror(errno.{number}), path)\n"
        "    return whole(path, mode, *rest, **more)\n"
        "def on_config(config):\n"
        "    builtins.open = full\n"
    )
    beside = Beside(site)
    if number:
        write(tmp_path, {"full.py": hook, "mkdocs.yml": MKDOCS_YML + "hooks: [full.py]\n"})
    elif fault == "second build":
        beside.begin()
    else:
        beside.folder.write_text("a file in the way")
    done = mkdocs(tmp_path)
    beside.end()
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "building" in done.stderr or "another build" in done.stderr
    assert len(done.stderr.splitlines()) < 8, done.stderr
    assert tree(site) == before


#: Tells that all is written and only the exchange is left.
NEAR = "import pathlib\ndef on_post_build(config):\n    pathlib.Path('near').touch()\n"


def test_kills_at_random_moments_leave_old_or_new(tmp_path: Path) -> None:
    """`make fuzz` kills two hundred times and has a thousand cases; here it is a handful.

    Half of the kills are spread over the time that a build takes, half fall into its last moment.
    """
    kills, cases = int(os.environ.get("KILLS", "4")), int(os.environ.get("CASES", "1"))
    draw, near = random.Random(7), tmp_path / "near"
    files = {f"cases/bench-{n}.yml": f"{CASE}tags: [oak {n % 9}]\n" for n in range(cases)}
    files |= {"near.py": NEAR, "mkdocs.yml": MKDOCS_YML + "hooks: [near.py]\n"}
    site = write(tmp_path, {**files, "cases/library.yml": "title: Version 0.\n"}) / "site"
    started = time.monotonic()
    assert mkdocs(tmp_path, "--strict").returncode == 0
    takes = time.monotonic() - started
    published, told = 0, tree(site)
    for number in range(1, kills + 1):
        near.unlink(missing_ok=True)
        # All pages name the library, so that old beside new would be seen.
        write(tmp_path, {"cases/library.yml": f"title: Version {number}.\n"})
        child = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "build", "-q"], cwd=tmp_path, stderr=subprocess.DEVNULL
        )
        if number % 2:
            time.sleep(takes * draw.uniform(0.3, 1.05))
        else:
            while not near.exists() and child.poll() is None:
                time.sleep(0.001)
            time.sleep(draw.uniform(0, 0.02 + takes / 100))
        child.send_signal(signal.SIGKILL)
        child.wait()
        found = tree(site)
        if found != told:
            assert found.keys() == told.keys()
            pages = [page.decode() for name, page in found.items() if name.endswith("index.html")]
            assert len(pages) > cases
            assert {re.findall(r"Version (\d+)\.", page)[0] for page in pages} == {str(number)}
            published, told = published + 1, found
    print(f"{kills} kills of a build of {cases} cases ({takes:.1f} s): {published} published")
    assert mkdocs(tmp_path, "--strict").returncode == 0
    assert {".site.building", ".site.old"}.isdisjoint(names(tmp_path))


def test_every_job_is_done_once_however_many_hands_and_long_ones() -> None:
    script = (
        "from case_library import work\n"
        "from functools import partial\n"
        "for count in (0, 1, 2, 3, 95):\n"
        "    jobs = [partial(int, number) for number in range(count)]\n"
        "    for hands in (1, 2, 3):\n"
        "        for long in range(min(count, 3)):\n"
        "            assert sorted(work.share(jobs, hands, long)) == list(range(count))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr


def test_workers_end_with_a_killed_build() -> None:
    """They would hold its lock for ever, and go on writing where the next build writes."""
    script = (
        "import os, time\n"
        "from case_library import work\n"
        "def job():\n    os.write(1, b'begun\\n')\n    time.sleep(60)\n"
        "list(work.share([job, job], 2))\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    assert [child.stdout.readline() for _ in range(2)] == ["begun\n"] * 2
    child.kill()
    # Their output ends when the last of them has.
    child.communicate(timeout=20)


def test_damaged_and_cut_caches_are_read_as_none(tmp_path: Path) -> None:
    caches = tmp_path / "caches"
    caches.mkdir()
    write(tmp_path, {"mkdocs.yml": MKDOCS_YML, "cases/bench.yml": CASE})
    assert mkdocs(tmp_path, TMPDIR=str(caches)).returncode == 0
    before = tree(tmp_path / "site")
    found = sorted(caches.rglob("*.cache"))
    assert found
    for number, path in enumerate(found):
        content = path.read_bytes()
        half = len(content) // 2
        turned = content[:half] + bytes([content[half] ^ 255]) + content[half + 1 :]
        path.write_bytes((b"not ours", content[:half], b"", turned)[number % 4])
    done = mkdocs(tmp_path, "--strict", TMPDIR=str(caches))
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "site") == before
