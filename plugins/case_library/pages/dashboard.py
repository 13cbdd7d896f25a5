"""The dashboard: the library in figures, charts and tables; the catalogue of what is counted."""

from __future__ import annotations

from functools import partial
from typing import Any

from case_library.indicators import STANDINGS, Counted, own, standing, unreported
from case_library.library import Library
from case_library.model.record import Record
from case_library.model.reference import Framework, Indicator, Place, Process, Programme
from case_library.pages.drawings import FEWEST_ON_A_STRIP
from case_library.pages.edition import Edition
from case_library.pages.page import Page


def page(edition: Edition, with_gaps: bool = True) -> Page:
    says = partial(_says, edition, with_gaps)
    return edition.page(
        "indicators/", "dashboard", edition.t("board.title"), "dashboard.html", says
    )


def _says(edition: Edition, with_gaps: bool) -> dict[str, Any]:
    library = edition.library
    summaries = list(edition.shared.summaries.values())
    programmes = edition.sorted(library.all(Programme))
    return {
        "description": edition.t("board.lead"),
        "cases": library.cases,
        "with_gaps": with_gaps,
        "counts": _counts(library),
        "reporting": sum(1 for case in library.cases if any(c.reports for c in own(case))),
        "summaries": summaries,
        "strips": [
            s for s in summaries if s.standing == "results" and len(s.numbers) >= FEWEST_ON_A_STRIP
        ],
        "owned": _owned([*programmes, *edition.sorted(library.all(Place))]),
        "unreported": edition.sorted(_nowhere(library, unreported(library, summaries))),
        "framework": library.get(Framework, library.info.framework),
        "programmes": programmes,
        "processes": edition.sorted(library.all(Process)),
        "actors": [actor for case in library.cases for actor in case.actors],
        "catalogue": edition.sorted(library.all(Indicator)),
    }


def _counts(library: Library) -> list[tuple[str, int]]:
    """How many cases there are of each standing that there are any of."""
    found = [(s, sum(1 for c in library.cases if standing(c) == s)) for s in STANDINGS]
    return [(name, count) for name, count in found if count]


def _owned(records: list[Record]) -> list[tuple[Record, list[Counted]]]:
    return [(record, figures) for record in records if (figures := own(record))]


def _nowhere(library: Library, entries: list[Indicator]) -> list[Indicator]:
    """Of the entries that no case reports those that no programme or place reports either."""
    told = {
        counted.figure.indicator
        for record in [*library.all(Programme), *library.all(Place)]
        for counted in own(record)
        if counted.reports
    }
    return [entry for entry in entries if entry.id not in told]
