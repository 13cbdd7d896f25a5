"""The figures of all cases in one file, from which a browser sums up what a reader selected.

The rules are those of `indicators.py`: only the newest report of an entry and scope counts, one
with a scope is never added, nor a part to its whole, and results stand apart from plans.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from case_library.indicators import STANDINGS, reported, standing
from case_library.model.case import Case
from case_library.model.parts import QUALIFIERS
from case_library.pages.edition import Edition
from case_library.search.shards import as_json


def sums(edition: Edition, ids: Sequence[str], address: Callable[[str], str]) -> bytes:
    """`ids` are the cases in the order of the index; a row names them by their place in it."""
    cases = [case for i in ids if (case := edition.library.get(Case, i))]
    place = {case.id: number for number, case in enumerate(cases)}
    told = [(place[case.id], counted) for case in cases for counted in reported(case)]
    entries = edition.sorted(
        indicator
        for name in {counted.figure.indicator for _, counted in told}
        if (indicator := edition.indicator(name))
    )
    number = {entry.id: n for n, entry in enumerate(entries)}
    found = {
        "entries": [
            [
                edition.read(entry.title),
                edition.read(entry.unit),
                address(edition.prefix + entry.address),
                entry.summable,
            ]
            for entry in entries
        ],
        "standings": "".join(str(STANDINGS.index(standing(case))) for case in cases),
        "inside": {
            place[case.id]: [place[above.id] for above in edition.library.ancestors(case)]
            for case in cases
            if case.part_of
        },
        "rows": [
            [
                case,
                number[counted.figure.indicator],
                None if counted.figure.value is None else f"{counted.figure.value:f}",
                QUALIFIERS.index(counted.figure.qualifier),
                edition.read(counted.figure.scope),
                counted.index + 1,
            ]
            for case, counted in told
            if counted.figure.indicator in number
        ],
        "qualifiers": QUALIFIERS,
        "kinds": STANDINGS,
        "words": edition.language.messages("figures"),
    }
    return as_json(found)
