"""Related cases, and why: what two cases share, the rarer the better."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

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
    terms = {case.id: dict.fromkeys(_terms(case)) for case in library.cases}
    members: dict[Key, list[str]] = defaultdict(list)
    for case_id, keys in terms.items():
        for key in keys:
            members[key].append(case_id)
    weights = {
        key: _WEIGHTS[key[0]] / math.log2(1 + len(ids))
        for key, ids in members.items()
        if len(ids) <= _COMMON
    }
    return {
        case.id: list(_nearest(case, terms, members, weights, library, most))
        for case in library.cases
    }


def _terms(case: Case) -> Iterator[Key]:
    yield from (("method", link.id) for link in case.methods)
    yield from (("audience", link.id) for link in case.audiences)
    yield from (("theme", link.id) for link in case.themes)
    yield from (("tag", slug(next(iter(tag.values())))) for tag in case.tags)
    yield from (("organisation", a.organisation) for a in case.actors if a.organisation)
    if case.programme:
        yield "programme", case.programme
    if case.place:
        yield "place", case.place


def _nearest(
    case: Case,
    terms: dict[str, dict[Key, None]],
    members: dict[Key, list[str]],
    weights: dict[Key, float],
    library: Library,
    most: int,
) -> Iterator[Related]:
    cases = cast("dict[str, Case]", library.records["case"])
    told = [key for key in terms[case.id] if key in weights]
    scores: dict[str, float] = defaultdict(float)
    for key in told:
        weight = weights[key]
        for other in members[key]:
            scores[other] += weight
    named = [i for i in dict.fromkeys(case.related) if i in cases and i != case.id]
    for known in (case.id, *named):
        scores.pop(known, None)
    best = heapq.nsmallest(most, [(-score, i) for i, score in scores.items()])
    told.sort(key=lambda key: (-weights[key], key))
    for i in [*named, *(i for _, i in best)][:most]:
        yield Related(cases[i], tuple(key for key in told if key in terms[i]))
