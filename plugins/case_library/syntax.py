"""The YAML parser's complaints, told by what most often causes them."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import yaml

from case_library.problems import Position, Problem, position_in, refuse, short

_BAD_COLON = re.compile(r"^[ \t]*(?:- )?([A-Za-z_-]+)(：|:(?=[^\s/]))", re.MULTILINE)
_COLON = re.compile(r":(?=\s|$)")

# What the parser says, the code by which we say it, and whether the fault lies where the
# parser began to look rather than where it gave up. The first that fits is taken.
_COMPLAINTS = (
    ("quoted scalar: found unexpected end", "unclosed-quote", True),
    ("escape c", "escape", False),
    ("tab character", "tab-indentation", False),
    ("cannot start any token", "bad-start", False),
    ("alphabetic or numeric character", "bad-start", True),
    ("did not find expected comment or line break", "bar", True),
    ("entries are not allowed in this context", "bad-start", False),
    ("mapping keys are not allowed in this context", "bad-start", False),
    ("simple key: could not find expected ':'", "no-colon", True),
    ("while parsing a flow", "unclosed-bracket", True),
    ("expected key", "indentation", False),
    ("block collection", "indentation", False),
)


def suspect_colon(text: str, file: PurePosixPath, start: int, end: int) -> None:
    """A Chinese colon, or one without a space, makes YAML fail further on; point at the colon."""
    if found := _BAD_COLON.search(text, start, end):
        code = "fullwidth-colon" if found[2] == "：" else "missing-space"
        refuse(position_in(text, found.start(2), file), code, found=found[1])


def syntax_problem(error: yaml.YAMLError, text: str, file: PurePosixPath) -> Problem:
    """The parser's complaint, told by what most often causes it."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Problem("not-yaml", Position(file))
    complaint = f"{getattr(error, 'context', '')}: {getattr(error, 'problem', '')}"
    found = (c for c in _COMPLAINTS if c[0] in complaint)
    _, code, from_context = next(found, ("", "not-yaml", False))
    if text[: mark.index].rstrip(" ").endswith(('"', "'")):
        code, from_context = "after-quote", False
    context = getattr(error, "context_mark", None)
    offset = context.index if from_context and context else mark.index
    if code in {"no-colon", "indentation", "not-yaml"}:
        above = text[: text.rfind("\n", 0, offset) + 1].rstrip()
        suspect_colon(text, file, above.rfind("\n") + 1, mark.index)
    if "flow node" in complaint:  # it expects a value where a bracket should have been closed
        offset = max(text.rfind("[", 0, offset), text.rfind("{", 0, offset))
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:].partition("\n")[0]
    details = {}
    if "\t" in line[: len(line) - len(line.lstrip())]:
        code = "tab-indentation"
    elif "mapping values" in complaint:
        code = "unquoted-colon" if len(_COLON.findall(line)) > 1 else "indentation"
        details = {"line": short(line.strip())}
    if code == "indentation":
        offset = start + len(line) - len(line.lstrip())
    elif code in {"bad-start", "bar"}:
        details = {"found": text[offset : offset + 1]}
    return Problem(code, position_in(text, offset, file), "", details)
