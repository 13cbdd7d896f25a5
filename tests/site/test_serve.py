"""`mkdocs serve`: it says where, reloads, and lives through bad YAML, told in the page."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.site.build import MKDOCS_YML, write

CASE = "title: A bench\nsummary: Neighbours built a bench.\nstatus: proposed\n"


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, Callable[[str], str]]]:
    """A folder that is being served, and a function that reads a page once it holds a text."""
    write(tmp_path, {"mkdocs.yml": MKDOCS_YML, "cases/bench.yml": CASE})
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", address]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)

    def page_with(text: str) -> str:
        last = ""
        for _ in range(150):
            with contextlib.suppress(OSError):
                with urllib.request.urlopen(f"http://{address}/cases/bench/", timeout=5) as answer:
                    last = str(answer.read(), "utf-8")
                if text in last:
                    return last
            time.sleep(0.2)
        raise AssertionError(f"never saw {text!r}: {last[-500:]}{(tmp_path / 'log').read_text()}")

    yield tmp_path, page_with
    server.terminate()
    server.wait(10)


def test_serving_reloads_and_tells_problems_in_the_page(
    served: tuple[Path, Callable[[str], str]],
) -> None:
    folder, page_with = served
    first = page_with("Neighbours built a bench.")
    assert "cl-problems" not in first
    assert "livereload" in first
    (folder / "cases/bench.yml").write_text(CASE.replace("built", "painted"))
    page_with("Neighbours painted a bench.")
    (folder / "cases/broken.yml").write_text("title: a: b\n")
    assert "cases/broken.yml:1:9" in page_with("cl-problems")
    (folder / "cases/broken.yml").unlink()
    (folder / "cases/bench.yml").write_text(CASE.replace("built", "mended"))
    assert "cl-problems" not in page_with("Neighbours mended a bench.")
    log = (folder / "log").read_text()
    assert re.search(r"Serving on http://127\.0\.0\.1:\d+", log)
    assert "Traceback" not in log
