"""Kits: what it takes to do a case or a method again, and what nobody tells of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, TypeVar, cast, get_args

from case_library.library import Library
from case_library.model.case import Case
from case_library.model.fields import shapes
from case_library.model.parts import (
    Actor,
    ActorRole,
    BuildingBlock,
    Challenge,
    Claim,
    Replication,
    Resource,
    Step,
)
from case_library.model.record import Record
from case_library.model.reference import Method, Organisation, Process, ProcessStep, Programme
from case_library.model.values import Text

T = TypeVar("T")

#: What the writer of a case is asked for in words; what is missing is an open question.
NEEDS = tuple(shape.name for shape in shapes(Replication) if shape.shape == "text")
#: Who is asked first.
_ROLES = get_args(ActorRole)
#: Cases whose experience one kit gathers, and organisations that it names to be asked.
_MOST_CASES, _MOST_ASKED = 12, 3

Standing = Literal["needs", "without", "open"]
#: How filters call what nobody reports.
OPEN = "open"


@dataclass(frozen=True)
class Told(Generic[T]):
    """One thing that is said, and the record that says it."""

    owner: Record
    said: T


class Point(NamedTuple):
    """One thing to see to, and all who say so in the same words."""

    text: Text
    told: list[Told[Replication]]


@dataclass(frozen=True)
class Ask:
    """An organisation that should know, and the part it played."""

    organisation: Organisation
    actor: Actor


@dataclass(frozen=True)
class Kit:
    """What cases tell those who want to do it too. `left_off` counts cases that are not read."""

    cases: tuple[Case, ...]
    left_off: int
    needs: dict[str, list[Point]]
    blocks: list[Told[BuildingBlock]]
    steps: list[Told[list[Step]]]
    challenges: list[Told[Challenge]]
    lessons: list[Told[Claim]]
    ask: list[Ask]

    @property
    def open(self) -> list[tuple[str, str]]:
        """What nobody tells, as model and field."""
        missing = [("replication", name) for name in NEEDS if not self.needs[name]]
        rest = {
            "steps": self.steps,
            "building_blocks": self.blocks,
            "challenges": self.challenges,
            "lessons": self.lessons,
        }
        return missing + [("case", name) for name, found in rest.items() if not found]


def of_case(library: Library, case: Case) -> Kit:
    return _kit(library, [case])


def of_method(library: Library, method: Method, cases: Iterable[Case]) -> Kit:
    """What all cases tell that use a method; pieces that belong to another method are not its."""
    users = [case for case in cases if any(link.id == method.id for link in case.methods)]
    return _kit(library, sorted(users, key=richness), method)


def _kit(library: Library, cases: list[Case], method: Method | None = None) -> Kit:
    read = cases[:_MOST_CASES]
    own = [Told[list[Step]](method, method.steps)] if method and method.steps else []
    programmes = _programmes(library, read, method)
    return Kit(
        cases=tuple(read),
        left_off=len(cases) - len(read),
        needs={name: _points(read, name) for name in NEEDS},
        blocks=[Told(c, block) for c in read for block in _of(method, c.building_blocks)],
        steps=own + [Told(c, steps) for c in read if (steps := _of(method, c.steps))],
        challenges=list(_challenges(read, programmes)),
        lessons=[Told(case, lesson) for case in read for lesson in case.lessons],
        ask=list(_asked(library, read, programmes)),
    )


def _points(cases: list[Case], name: str) -> list[Point]:
    found: dict[tuple[str, ...], Point] = {}
    for case in cases:
        value = getattr(case.replication, name, None) or ()
        for text in (value,) if isinstance(value, Text) else value:
            point = found.setdefault(tuple(text.values()), Point(text, []))
            point.told.append(Told(case, cast("Replication", case.replication)))
    return list(found.values())


def richness(case: Case) -> tuple[int, str]:
    """Cases that tell more stand first."""
    told = len(case.building_blocks) + len(case.steps) + len(case.lessons)
    return -told - (5 if case.replication else 0), case.id


S = TypeVar("S", Step, BuildingBlock)


def _of(method: Method | None, items: list[S]) -> list[S]:
    return [item for item in items if not method or item.method in (None, method.id)]


def _programmes(
    library: Library, cases: list[Case], method: Method | None = None
) -> list[Programme]:
    """The programmes that cases belong to or that use a method, the nearest first."""
    found: dict[str, Programme] = {}
    for case in cases:
        programme = library.get(Programme, case.programme)
        for above in (programme, *library.ancestors(programme)) if programme else ():
            if isinstance(above, Programme):
                found[above.id] = above
    for mention in library.mentioned_by("method", method.id) if method else ():
        if isinstance(mention.record, Programme):
            found[mention.record.id] = mention.record
    return list(found.values())


def _challenges(cases: list[Case], programmes: list[Programme]) -> Iterator[Told[Challenge]]:
    """Those of the cases, then those that their programmes report for all."""
    owners: list[Case | Programme] = [*cases, *programmes]
    for owner in owners:
        yield from (Told[Challenge](owner, challenge) for challenge in owner.challenges)


def _asked(library: Library, cases: list[Case], programmes: list[Programme]) -> Iterator[Ask]:
    """Organisations of the cases, else of their programmes; who coordinates stands first."""
    near = [actor for case in cases for actor in case.actors]
    far = [actor for programme in programmes for actor in programme.actors]
    seen: set[str] = set()
    for actor in (*sorted(near, key=_rank), *sorted(far, key=_rank)):
        organisation = library.get(Organisation, actor.organisation)
        if organisation and organisation.id not in seen and len(seen) < _MOST_ASKED:
            seen.add(organisation.id)
            yield Ask(organisation, actor)


def _rank(actor: Actor) -> int:
    return min((_ROLES.index(role) for role in actor.role), default=len(_ROLES))


def resources(case: Case) -> dict[str, Standing]:
    """What a case took: as its writer lists it, or as those who took part contributed it."""
    replication = case.replication or Replication.model_validate({})
    took = {*replication.needs, *(given for actor in case.actors for given in actor.support)}
    if replication.materials:
        took.add("materials")
    return {
        name: "needs" if name in took else "without" if name in replication.without else "open"
        for name in get_args(Resource)
    }


def duration(case: Case) -> str:
    """How long it took, roughly; `OPEN` where nobody tells."""
    return (case.replication and case.replication.duration) or OPEN


@dataclass(frozen=True)
class Stage:
    """One step of a process, and the cases that tell of it: what they did, with which methods."""

    step: ProcessStep
    told: list[Told[Step]]

    @property
    def methods(self) -> list[str]:
        """The ids of the methods that the process names for the step, or that cases used."""
        used = (told.said.method for told in self.told if told.said.method)
        return list(dict.fromkeys([*self.step.methods, *used]))


def stages(process: Process, cases: Iterable[Case]) -> list[Stage]:
    told: dict[str, list[Told[Step]]] = {}
    for case in cases:
        for step in case.steps:
            told.setdefault(step.process_step or "", []).append(Told(case, step))
    return [Stage(step, told.get(f"{process.id}/{step.id}", [])) for step in process.steps]
