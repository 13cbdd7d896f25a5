"""A problem in words, for a terminal, a log, a page or a program. Prints nothing itself."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from case_library.language import Language
from case_library.personal import mask
from case_library.problems import Problem


def lines(problem: Problem, language: Language) -> list[str]:
    """Where and what is wrong, the line in question, then how to mend it."""
    told = as_data(problem, language)
    key = "report.line-field" if problem.field else "report.line"
    position = mask(visible(str(problem.position)))
    return [
        language.text(key, position=position, field=told["field"], wrong=told["wrong"]),
        *_excerpt(problem),
        f"    {told['mend']}",
    ]


def text(problem: Problem, language: Language) -> str:
    """All of it in one."""
    return "\n".join(lines(problem, language))


def as_data(problem: Problem, language: Language) -> dict[str, str | int]:
    """The same for programs."""
    wrong, mend = language.problem(problem)
    return {
        "file": mask(visible(str(problem.position.file))),
        "line": problem.position.line,
        "column": problem.position.column,
        "field": visible(problem.field),
        "code": problem.code,
        "line_text": mask(visible(problem.excerpt.strip())),
        "wrong": mask(visible(wrong)),
        "mend": mask(visible(mend)),
    }


def as_json(problems: Iterable[Problem], language: Language) -> list[dict[str, str | int]]:
    return [as_data(problem, language) for problem in problems]


def _excerpt(problem: Problem) -> list[str]:
    """The line as it was written, cut to what surrounds the place, and a mark below the place."""
    line, column = mask(problem.excerpt), problem.position.column
    if not line.strip():
        return []
    start = max(0, column - 40)
    before, after = visible(line[start : column - 1]), visible(line[column - 1 : start + 72])
    # A full-width blank is as wide as the character above it.
    blank = "".join("\u3000" if unicodedata.east_asian_width(c) in "WF" else " " for c in before)
    after += "…" if len(line) > start + 72 else ""
    number = f"{problem.position.line:5} | "
    return [f"{number}{before}{after}".rstrip(), f"{' ' * (len(number) - 2)}| {blank}^"]


def visible(words: str) -> str:
    """Text that cannot move the cursor, turn the line around or hide letters.

    File names and quoted pieces come from strangers; a name may not even be encodable.
    """
    if words.isprintable():
        return words
    return "".join(c if c.isprintable() or c == "\u3000" else f"\\u{ord(c):04x}" for c in words)
