"""What `pip install .` brings is complete: a foreign library builds with it, elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.site.build import GARDENS, ROOT


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment},
        capture_output=True,
        text=True,
        check=True,
    )


def test_an_installed_wheel_publishes_a_foreign_library(tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    pip = ("-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", tmp_path, ROOT, cwd=ROOT)
    wheel = next(tmp_path.glob("*.whl"))
    run(*pip, "install", "-q", "--no-deps", "--target", installed, wheel, cwd=tmp_path)
    shutil.copytree(GARDENS, tmp_path / "gardens")
    where = run(
        "-c",
        "import case_library; print(case_library.__path__[0])",
        cwd=tmp_path,
        PYTHONPATH=str(installed),
    )
    assert where.stdout.startswith(str(installed))
    done = run(
        "-m", "mkdocs", "build", "--strict", cwd=tmp_path / "gardens", PYTHONPATH=str(installed)
    )
    assert "WARNING" not in done.stderr
    assert (tmp_path / "gardens/site/cases/mill-lane-garden/index.html").is_file()
    assert (tmp_path / "gardens/site/assets/case-library/case-library.css").is_file()
    begun = run(
        "-c",
        "from case_library.cli import main; main()",
        "init",
        "new",
        cwd=tmp_path,
        PYTHONPATH=str(installed),
    )
    assert "example.yml" in begun.stdout
