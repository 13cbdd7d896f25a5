"""Messages as people read them. Each file of `problems/` holds a library and what is told of it.

A file's content is text, or a mapping: `{text, encoding}`, `{text, times}` or `{link: target}`.
`--update` writes what is told now into the files; read it before you keep it.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml
from case_library.language import available, language
from case_library.library import Library, load
from case_library.report import text

from tests.codes import codes

GOLDEN = sorted((Path(__file__).parent / "problems").glob("*.yml"))
SETTINGS = "languages: [en, zh]\n"


def told(golden: dict[str, Any], folder: Path) -> Library:
    """Write the files of a golden test and read them as a library."""
    for name, content in ({"library.yml": SETTINGS} | golden["files"]).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        given = content if isinstance(content, dict) else {"text": content}
        if "link" in given:
            path.symlink_to(given["link"])
        else:
            whole = given["text"] * given.get("times", 1)
            path.write_bytes(whole.encode(given.get("encoding", "utf-8")))
    return load(folder, PurePosixPath("cases"))


class _Literal(str):
    pass


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(
    _Literal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", value, "|")
)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_messages(path: Path, tmp_path: Path, update: bool) -> None:
    written = path.read_text("utf-8")
    golden = yaml.safe_load(written)
    problems = told(golden, tmp_path).problems
    now = {
        code: "".join(f"{text(problem, language(code))}\n" for problem in problems)
        for code in available()
    }
    if update:
        literal = {code: _Literal(messages) for code, messages in now.items()}
        expected = yaml.dump({"expected": literal}, Dumper=_Dumper, allow_unicode=True, width=10**6)
        path.write_text(written.partition("\nexpected:")[0].rstrip() + "\n" + expected, "utf-8")
    assert update or now == golden["expected"]


def test_every_problem_is_shown(tmp_path: Path) -> None:
    shown = set()
    for path in GOLDEN:
        golden = yaml.safe_load(path.read_text("utf-8"))
        folder = tmp_path / path.stem
        folder.mkdir()
        shown |= {problem.code for problem in told(golden, folder).problems}
    # A superuser can read every file: see test_folder.py. Nothing makes "invalid" today. The
    # addresses that a site takes are not in its library: see test_library.py.
    elsewhere = {"unreadable", "invalid", "picture-broken", "picture-bytes", "address-taken"}
    assert codes() - shown == elsewhere
