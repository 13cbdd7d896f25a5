"""CPU time to read, check, link and summarise libraries of growing size; to relate their cases.

Reading: every case is the fullest one of the tests' sample library, all fields, about 2,000
characters. Relating: cases of a made-up library (`case-library demo`).
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from case_library.demo import Demo, write_cases
from case_library.indicators import summarise
from case_library.library import Library, load
from case_library.lineage import Lineage
from case_library.related import related

SAMPLE = Path(__file__).parents[1] / "tests/samples/gardens/cases"


def library(folder: Path, cases: int) -> Path:
    shutil.copytree(SAMPLE, folder)
    text = (SAMPLE / "mill-lane-garden.yml").read_text("utf-8").partition("media:")[0]
    for number in range(cases):
        (folder / f"garden-{number}.yml").write_text(text, "utf-8")
    return folder


def measure(folder: Path) -> float:
    start = time.process_time()
    found = load(folder)
    summarise(found, found.cases)
    assert not found.problems
    return time.process_time() - start


def relate(found: Library) -> tuple[float, float]:
    """For the related cases of every case, and for the lineage of all."""
    start = time.process_time()
    related(found)
    middle = time.process_time()
    Lineage(found).families(lambda record: record.id)
    return middle - start, time.process_time() - middle


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]] or [1000, 2000, 4000]
    reading(sizes)
    print("cases  related CPU s  lineage CPU s")
    for size in sizes:
        with tempfile.TemporaryDirectory() as temporary:
            found = load(write_cases(Path(temporary) / "cases", Demo(size)))
        times = zip(*(relate(found) for _ in range(3)), strict=True)
        cases, descent = (statistics.median(column) for column in times)
        print(f"{size:5}  {cases:13.2f}  {descent:13.2f}")


def reading(sizes: list[int]) -> None:
    print("cases  CPU s  ms a case")
    for size in sizes:
        with tempfile.TemporaryDirectory() as temporary:
            folder = library(Path(temporary) / "cases", size)
            seconds = statistics.median(measure(folder) for _ in range(3))
        print(f"{size:5}  {seconds:5.2f}  {1000 * seconds / size:9.2f}")


if __name__ == "__main__":
    main()
