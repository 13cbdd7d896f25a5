"""The page of a case."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from case_library.kit import NEEDS
from case_library.model.case import Case
from case_library.model.parts import Replication
from case_library.model.reference import Place, Theme
from case_library.pages.edition import Edition
from case_library.pages.page import Crumb, Page
from case_library.pages.sections import sections
from case_library.quality import quality

#: What every reader of a case asks, even where the sources are silent.
ASKED = ("problem", "indicators", "replication")


def page(edition: Edition, case: Case) -> Page:
    """One case: what, where, for whom, did it work, could we do it, how do we know."""
    title = edition.read(case.title)
    return edition.page(
        case.address, "case", title, "case.html", partial(_says, edition, case.id), case
    )


def _says(edition: Edition, case_id: str) -> dict[str, Any]:
    case = cast("Case", edition.library.records["case"][case_id])
    return {
        "description": edition.read(case.summary),
        "crumbs": _crumbs(edition, case),
        "case": case,
        "sections": sections(edition, case, asked=ASKED),
        "questions": _questions(case.replication),
        "turn": edition.turns[case.id],
        "quality": quality(edition.library, case),
        "related": edition.shared.related[case.id],
        "translated": edition.code in case.title and edition.code in case.summary,
    }


def _questions(told: Replication | None) -> tuple[int, int]:
    """Of what one must know to do it again: how much is answered, and how much there is to ask."""
    return sum(1 for name in NEEDS if getattr(told, name, None)), len(NEEDS)


def _crumbs(edition: Edition, case: Case) -> list[Crumb]:
    crumbs = [edition.crumb("case")]
    theme = next((t for link in case.themes if (t := edition.library.get(Theme, link.id))), None)
    place = edition.library.get(Place, case.place)
    crumbs += [
        Crumb(edition.read(record.title), edition.prefix + record.address)
        for record in (theme, place)
        if record
    ]
    return crumbs
