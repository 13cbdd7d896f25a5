"""Related cases, and why: what two cases share, the rarer the better."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from case_library.library import Key, Library
from case_library.model.case import Case
from case_library.taxonomy import slug

#: How much sharing a term of this kind says; a rare term says more than a common one.
_WEIGHTS = {
    "method": 3.0,
    "audience": 1.5,
    "theme": 1.5,
    "tag": 2.0,
    "organisation": 1.5,
    "programme": 1.0,
    "place": 1.0,
}
#: A term that more cases share says little, and following it would cost quadratic time.
_COMMON = 100


@dataclass(frozen=True)
class Related:
    """A case near another: the terms that both have (kind, id), the most telling first."""

    case: Case
    shared: tuple[Key, ...]


def related(library: Library, most: int = 4) -> dict[str, list[Related]]:
    """For each case id up to `most` cases near it; those that its file names stand first."""
    terms = {case.id: list(_terms(case)) for case in library.cases}
    members: dict[Key, list[str]] = defaultdict(list)
    for case_id, keys in terms.items():
        for key in keys:
            members[key].append(case_id)
    return {
        case.id: _nearest(case, terms[case.id], members, library, most) for case in library.cases
    }


def _terms(case: Case) -> Iterator[Key]:
    yield from (("method", link.id) for link in case.methods)
    yield from (("audience", link.id) for link in case.audiences)
    yield from (("theme", link.id) for link in case.themes)
    yield from (("tag", slug(next(iter(tag.values())))) for tag in case.tags)
    yield from {("organisation", a.organisation): None for a in case.actors if a.organisation}
    if case.programme:
        yield "programme", case.programme
    if case.place:
        yield "place", case.place


def _nearest(
    case: Case,
    keys: list[Key],
    members: dict[Key, list[str]],
    library: Library,
    most: int,
) -> list[Related]:
    scores: dict[str, float] = defaultdict(float)
    shared: dict[str, list[tuple[float, Key]]] = defaultdict(list)
    for key in keys:
        if len(members[key]) > _COMMON:
            continue
        weight = _WEIGHTS[key[0]] / math.log2(1 + len(members[key]))
        for other in members[key]:
            scores[other] += weight
            shared[other].append((-weight, key))
    named = {i: index for index, i in enumerate(case.related) if i in library.records["case"]}
    others = (set(scores) | set(named)) - {case.id}
    order = sorted(others, key=lambda i: (named.get(i, len(named)), -scores.get(i, 0.0), i))
    return [
        Related(library.records["case"][i], tuple(key for _, key in sorted(shared[i])))  # type: ignore[arg-type]
        for i in order[:most]
    ]
