"""What is wrong, where, and with which details; never in which words (see `language.py`)."""

from __future__ import annotations

import dataclasses
from pathlib import PurePosixPath
from typing import NoReturn


@dataclasses.dataclass(frozen=True, order=True)
class Position:
    """A place in a file. `line` and `column` count from 1; 0 means the file as a whole."""

    file: PurePosixPath
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else str(self.file)


@dataclasses.dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one record.

    `code` names a message in `locale/*.yml` under `problems`; `details` are its values.
    `field` is the path inside the record, such as `indicators.0.value`; `excerpt` the line of the
    file in which it stands.
    """

    code: str
    position: Position
    field: str = ""
    details: dict[str, str] = dataclasses.field(default_factory=dict)
    excerpt: str = ""

    def sort_key(self) -> tuple[Position, str, str]:
        return (self.position, self.field, self.code)


class DocumentError(Exception):
    """A document that cannot be read at all; carries the one problem that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem.position), problem.code)
        self.problem = problem


def refuse(position: Position, code: str, **details: object) -> NoReturn:
    """Raise the problem that forbids reading on."""
    told = {name: short(str(value)) for name, value in details.items()}
    raise DocumentError(Problem(code, position, "", told))


def short(text: str) -> str:
    """As much of a text as a message should quote."""
    return text if len(text) <= 60 else text[:60] + "…"


def position_in(text: str, offset: int, file: PurePosixPath) -> Position:
    """Where an offset of a text stands in the file that holds it."""
    before = text[:offset]
    return Position(file, before.count("\n") + 1, offset - before.rfind("\n"))
