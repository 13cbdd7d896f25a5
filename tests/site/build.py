"""Building sites for tests, as a user would: the mkdocs command in a folder of its own."""

from __future__ import annotations

import contextlib
import functools
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Mapping
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from mkdocs.__main__ import cli

ROOT = Path(__file__).parents[2]
GARDENS = ROOT / "tests" / "samples" / "gardens"
MKDOCS_YML = "site_name: A library\ntheme:\n  name: material\nplugins:\n  - case-library\n"


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files by their names below a folder; a `docs` folder is there as MkDocs wants one."""
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def mkdocs(
    folder: Path, *arguments: str, python: str = sys.executable, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run `mkdocs build` in a folder, with warnings shown and Material's advertisement off."""
    environment = {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONHASHSEED": "random",
        **variables,
    }
    return subprocess.run(
        [python, "-m", "mkdocs", "build", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def build(folder: Path, files: Mapping[str, str | bytes], *arguments: str) -> Path:
    """Write files, build strictly in this process, and return the folder of the site."""
    write(folder, {"mkdocs.yml": MKDOCS_YML, **files})
    settings = str(folder / "mkdocs.yml")
    done = CliRunner().invoke(cli, ["build", "--strict", "-f", settings, *arguments])
    assert done.exit_code == 0, done.output
    return folder / "site"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder; the packed sitemap tells the time of its packing."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "sitemap.xml.gz"
    }


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def copyfile(self, source: Any, outputfile: Any) -> None:
        # A browser that leaves a page stops listening in the middle.
        with contextlib.suppress(ConnectionError):
            super().copyfile(source, outputfile)


def serve(folder: Path, headers: Mapping[str, str] | None = None) -> Generator[str, None, None]:
    """Serve a folder on the loopback address while the iterator is held; gives its address."""

    class Handler(_Quiet):
        def end_headers(self) -> None:
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            super().end_headers()

    handler = functools.partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:  # closed too early, its thread would ask a closed socket for ever
            server.shutdown()
