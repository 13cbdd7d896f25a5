"""One bad case of many: the others are published, a strict build says so, memory stays bounded.

python -m benchmarks.one_bad 50000
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from case_library.demo import Demo, write

from benchmarks.speed import run

MEGABYTES = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=int)
    parser.add_argument("--languages", nargs="+", default=["zh"])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bad") as temporary:
        folder = Path(temporary)
        write(folder, Demo(asked.cases, languages=tuple(asked.languages)))
        bad = folder / "cases/part-0/case-1.yml"
        bad.write_text("title: no more than that: a colon\n")
        took = run([sys.executable, "-m", "mkdocs", "build", "-q", "--strict"], folder, code=1)
        pages = list((folder / "site/cases").glob("*/index.html"))
        print(f"{asked.cases} cases, one bad: exit code 1, {len(pages)} published, {took}")
        assert len(pages) == asked.cases - 1
        assert took["peak MB"] < MEGABYTES


if __name__ == "__main__":
    main()
