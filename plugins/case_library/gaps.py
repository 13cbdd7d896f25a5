"""Gap board: which pairs of terms have cases, and which have none yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from case_library.model.case import Case


@dataclass(frozen=True)
class Board:
    """The cases of every pair of a row and a column, by their keys; a pair without has no entry."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], list[Case]]
    #: How many rows were left off to keep the board readable.
    left_off: int = 0

    @property
    def filled(self) -> int:
        return len(self.cells)

    @property
    def size(self) -> int:
        return len(self.rows) * len(self.columns)


def cross(
    rows: Mapping[str, Iterable[Case]], columns: Mapping[str, Iterable[Case]], most: int = 60
) -> Board:
    """Two groupings of cases against each other. Of more than `most` rows the fullest stay."""
    found_in: dict[str, list[str]] = {}
    for name, cases in columns.items():
        for case in cases:
            found_in.setdefault(case.id, []).append(name)
    cases_of = {name: list(cases) for name, cases in rows.items()}
    fullest = sorted(cases_of, key=lambda name: -len(cases_of[name]))[:most]
    kept = [name for name in cases_of if name in set(fullest)]
    cells: dict[tuple[str, str], list[Case]] = {}
    for name in kept:
        for case in cases_of[name]:
            for column in found_in.get(case.id, ()):
                cells.setdefault((name, column), []).append(case)
    return Board(tuple(kept), tuple(columns), cells, len(cases_of) - len(kept))
