"""Lighthouse on a phone: home, library and a case of the bundled library, served compressed.

Needs node and npm; without them, says so and leaves it at that.
"""

from __future__ import annotations

import gzip
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNS = 3  # the best counts: what else a machine does only takes away
VERSION = "12"  # the last that node 20 runs
PAGES = {"home": "", "library": "library/", "case": "cases/linli-gongxiang-jia/"}
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
SHOWN = ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
CHROME = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-quic"


class Compressed(http.server.SimpleHTTPRequestHandler):
    """As any host of static files serves them: compressed, kept alive."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=31536000")
        self.end_headers()
        self.wfile.write(body)


def measure(program: Path, address: str) -> tuple[dict[str, int], list[str]]:
    """The four scores of a page, and the times that make the first of them."""
    done = subprocess.run(
        [str(program), address, "--quiet", "--output=json", f"--chrome-flags={CHROME}"],
        env={**os.environ, "CHROME_PATH": shutil.which("chromium") or ""},
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(done.stdout)
    scores = {name: round(100 * report["categories"][name]["score"]) for name in LEAST}
    return scores, [f"{name} {report['audits'][name]['displayValue']}" for name in SHOWN]


def main() -> None:
    npm = shutil.which("npm")
    if not npm or not shutil.which("chromium"):
        print("lighthouse: left out, for want of npm or chromium")
        return
    with tempfile.TemporaryDirectory() as folder:
        install = [npm, "install", "--silent", "--no-audit", "--no-fund", f"lighthouse@{VERSION}"]
        if subprocess.run(install, cwd=folder, check=False).returncode:
            print("lighthouse: left out, for it could not be installed")
            return
        site = Path(folder) / "site"
        build = [sys.executable, "-m", "mkdocs", "build", "-q", "--strict", "-d", str(site)]
        subprocess.run(build, cwd=ROOT, check=True)
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), lambda *given: Compressed(*given, directory=str(site))
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
        program = Path(folder) / "node_modules" / ".bin" / "lighthouse"
        weak = False
        for name, path in PAGES.items():
            address = f"http://127.0.0.1:{server.server_address[1]}/{path}"
            scores, times = max(
                (measure(program, address) for _ in range(RUNS)), key=lambda m: m[0]["performance"]
            )
            weak = weak or any(scores[kind] < least for kind, least in LEAST.items())
            print(
                f"{name:8} {'  '.join(f'{k} {v}' for k, v in scores.items())}  ({'; '.join(times)})"
            )
        sys.exit(1 if weak else 0)


if __name__ == "__main__":
    main()
