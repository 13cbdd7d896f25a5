"""`make fuzz N=2000000`: the reader, the texts and the model under so many inputs, coverage-led.

With atheris a quarter are files and a quarter are texts, led by coverage of our reader and of the
Markdown parser. The others, or all, are bent by a seed.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

REPORT = 10_000
#: What is led by coverage: of which modules, how long inputs are, what they begin as.
LED: dict[str, tuple[list[str], int, str]] = {
    "file": (["case_library"], 6_000, "seeds"),
    "words": (["case_library.prose", "markdown"], 1_000, "texts"),
}


def led_by_coverage(count: int, target: str) -> None:
    """A process of its own: libFuzzer ends it, and says what it found."""
    modules, longest, begin = LED[target]
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=modules):
        fuzzing = importlib.import_module("tests.fuzzing")
    corpus = Path(tempfile.gettempdir()) / f"case-library-{target}"
    corpus.mkdir(exist_ok=True)
    for number, content in enumerate(getattr(fuzzing, begin)()):
        (corpus / f"seed-{number}").write_bytes(content)
    limits = [f"-max_len={longest}", "-timeout=10", f"-rss_limit_mb={fuzzing.MEGABYTES}"]
    limits += [f"-artifact_prefix={tempfile.gettempdir()}/case-library-"]
    gc.freeze()
    atheris.Setup([sys.argv[0], f"-runs={count}", *limits, str(corpus)], getattr(fuzzing, target))
    atheris.Fuzz()


def bent_by_seed(count: int, seed: int) -> None:
    fuzzing: Any = importlib.import_module("tests.fuzzing")
    mutator = fuzzing.Mutator(seed)
    gc.freeze()
    for number in range(1, count + 1):
        content = mutator.next()
        try:
            fuzzing.file(content)
        except BaseException:
            failed = Path(tempfile.gettempdir()) / "case-library-crash"
            failed.write_bytes(content)
            print(f"input {number} of seed {seed} failed: {failed}", flush=True)
            raise
        if number % REPORT == 0:
            print(f"{number} of {count}, {fuzzing.megabytes():.0f} MB", flush=True)
            assert fuzzing.megabytes() < fuzzing.MEGABYTES


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    if len(sys.argv) > 2:
        led_by_coverage(count, sys.argv[2])
    elif importlib.util.find_spec("atheris"):
        for target in LED:
            with contextlib.suppress(KeyboardInterrupt):
                command = [sys.executable, "-m", "tests.fuzz", str(count // 4), target]
                if code := subprocess.run(command, check=False).returncode:
                    sys.exit(code)
        bent_by_seed(count - count // 4 * 2, seed=1)
    else:
        print("without atheris: inputs are bent by a seed only", flush=True)
        bent_by_seed(count, seed=1)


if __name__ == "__main__":
    main()
