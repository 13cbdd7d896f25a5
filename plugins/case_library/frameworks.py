"""Profiles: what speaks for each dimension of a framework, counted by the declared formula."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from case_library.model.case import Case
from case_library.model.parts import Assessment, Evidence, Figure
from case_library.model.record import once
from case_library.model.reference import Dimension, Framework


@dataclass(slots=True, eq=False)
class Item:
    """One thing that speaks for a dimension, and the case that tells it."""

    case: Case
    told: Evidence | Figure
    index: int

    @property
    def is_figure(self) -> bool:
        return isinstance(self.told, Figure)


class Rating(NamedTuple):
    """What an assessor gave by rubric. Shown beside the evidence, never mixed into its count."""

    case: Case
    assessment: Assessment


class Side(NamedTuple):
    """One dimension of a profile. `value` is what the framework's formula makes of the items."""

    dimension: Dimension
    items: tuple[Item, ...]
    ratings: tuple[Rating, ...]
    value: int

    @property
    def cases(self) -> list[Case]:
        """The cases that tell something of this dimension."""
        return list({item.case.id: item.case for item in self.items}.values())

    @property
    def by_case(self) -> dict[str, list[Item]]:
        """The items of each case, by its id."""
        found: dict[str, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.case.id, []).append(item)
        return found


@dataclass(frozen=True)
class Profile:
    """The evidence of one case, or of several, under each dimension of a framework."""

    framework: Framework
    sides: tuple[Side, ...]
    cases: int

    @property
    def values(self) -> list[int]:
        return [side.value for side in self.sides]

    @property
    def total(self) -> int:
        return sum(self.values)

    @property
    def covered(self) -> int:
        """How many dimensions have any evidence."""
        return sum(1 for value in self.values if value)

    @property
    def formula(self) -> str:
        """The key of the sentence that says how the values are made."""
        return f"frameworks.formula.{self.framework.formula}"


def _evidence(items: Iterable[Item]) -> int:
    return len([item for item in items if not item.is_figure])


def _all_items(items: Iterable[Item]) -> int:
    return len(list(items))


def _sources(items: Iterable[Item]) -> int:
    return len({item.told.source.id for item in items})


#: What a framework may declare as its `formula`.
FORMULAS: dict[str, Callable[[Iterable[Item]], int]] = {
    "evidence": _evidence,
    "evidence-and-figures": _all_items,
    "sources": _sources,
}


@once
def _told(case: Case) -> list[tuple[str, Item]]:
    """What speaks for dimensions, with their names."""
    told = [(e.dimension, Item(case, e, i)) for i, e in enumerate(case.evidence)]
    return told + [
        (f.dimension, Item(case, f, i))
        for i, f in enumerate(case.indicators)
        if f.dimension and f.qualifier != "unknown"
    ]


def profile(framework: Framework, cases: Iterable[Case]) -> Profile:
    """The profile of some cases, in the order of their ids."""
    items: dict[str, list[Item]] = {}
    ratings: dict[str, list[Rating]] = {}
    chosen = sorted(cases, key=lambda case: case.id)
    for case in chosen:
        for name, item in _told(case):
            items.setdefault(name, []).append(item)
        for assessment in case.assessments:
            ratings.setdefault(assessment.dimension, []).append(Rating(case, assessment))
    formula = FORMULAS[framework.formula]
    sides = []
    for dimension in framework.dimensions:
        name = f"{framework.id}/{dimension.id}"
        found = tuple(items.get(name, ()))
        sides.append(Side(dimension, found, tuple(ratings.get(name, ())), formula(found)))
    return Profile(framework, tuple(sides), len(chosen))
