"""Finding what fits: what cases took, for whom, how long and how wide, to be narrowed down."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

from case_library import kit
from case_library.model.case import Case
from case_library.model.parts import Duration, Level
from case_library.model.record import Record
from case_library.model.reference import Audience, Theme
from case_library.pages.edition import Edition
from case_library.pages.page import Page

#: Cases that stand on the page: those that tell most.
_MOST = 200


@dataclass(frozen=True)
class Offer:
    """A case as somebody sees it who wants to do it too; `fits` holds the values of each filter."""

    case: Case
    resources: dict[str, kit.Standing]
    fits: dict[str, tuple[str, ...]]

    def standing(self, standing: str) -> list[str]:
        return [name for name, found in self.resources.items() if found == standing]


def page(edition: Edition) -> Page:
    title = edition.t("practice.title")
    return edition.page("practice/", "practice", title, "practice.html", partial(_says, edition))


def _says(edition: Edition) -> dict[str, Any]:
    library = edition.library
    told = sorted(library.cases, key=kit.richness)[:_MOST]
    offers = [_offer(edition, case) for case in told]
    groups: dict[str, list[Offer]] = {}
    for offer in offers:
        theme = next(
            (link.id for link in offer.case.themes if link.id in library.records["theme"]), ""
        )
        groups.setdefault(theme, []).append(offer)
    themes = [theme.id for theme in edition.sorted(library.all(Theme))]
    filters = {
        "audience": _audiences(edition, offers),
        "duration": _used(edition, "duration", get_args(Duration), offers),
        "level": _used(edition, "level", get_args(Level), offers),
    }
    return {
        "description": edition.t("practice.lead"),
        "groups": [(name, groups[name]) for name in [*themes, ""] if name in groups],
        "resources": list(offers[0].resources),
        "filters": filters,
        "total": len(offers),
        "left_off": len(library.cases) - len(offers),
        "example": _telling(filters["audience"], offers),
        "descended": edition.shared.lineage.is_known(),
    }


def _offer(edition: Edition, case: Case) -> Offer:
    found = kit.resources(case)
    known = [link.id for link in case.audiences if edition.library.get(Audience, link.id)]
    fits = {
        **{name: (standing,) for name, standing in found.items()},
        "audience": tuple(known) or (kit.OPEN,),
        "duration": (kit.duration(case),),
        "level": (case.level or kit.OPEN,),
    }
    return Offer(case, found, fits)


def _audiences(edition: Edition, offers: list[Offer]) -> list[tuple[str, str]]:
    """Ids and titles of those whom the cases are for."""
    used = {name for offer in offers for name in offer.fits["audience"]}
    records: list[Record] = [r for r in edition.library.all(Audience) if r.id in used]
    return [(r.id, edition.read(r.title)) for r in edition.sorted(records)]


def _telling(audiences: list[tuple[str, str]], offers: list[Offer]) -> tuple[str, str] | None:
    """The audience of most cases that is not that of nearly all: a filter worth trying."""
    counts = Counter(name for offer in offers for name in offer.fits["audience"])
    some = [pair for pair in audiences if counts[pair[0]] * 2 <= len(offers)]
    return max(some, key=lambda pair: counts[pair[0]], default=None)


def _used(
    edition: Edition, name: str, choices: tuple[str, ...], offers: list[Offer]
) -> list[tuple[str, str]]:
    used = {value for offer in offers for value in offer.fits[name]}
    return [(c, edition.language.choice(name, c)) for c in choices if c in used]
