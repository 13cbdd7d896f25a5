"""A case in a few lines, to be pasted into a chat."""

from __future__ import annotations

from case_library.figures import phrase
from case_library.model.case import Case
from case_library.model.reference import Place, Source
from case_library.pages.edition import Edition, shorten

_LONGEST = 120


def message(edition: Edition, case: Case, url: str) -> str:
    """Title, one sentence, place, a figure with its source and year, address; what is known."""
    place = edition.library.get(Place, case.place) if case.place else None
    where = " · ".join(edition.read(p.title) for p in edition.way_to(place)) if place else ""
    labelled = ((edition.language.label("case", "place"), where), _figure(edition, case))
    facts = [f"{label}{edition.t('ui.colon')}{told}" for label, told in labelled if told]
    summary = shorten(edition.read(case.summary), _LONGEST)
    return "\n".join(filter(None, (edition.read(case.title), summary, *facts, url)))


def _figure(edition: Edition, case: Case) -> tuple[str, str]:
    """What is counted and the first number reported of the whole case, else of a part of it."""
    known = [figure for figure in case.indicators if figure.value is not None]
    figure = next((f for f in known if not f.scope), known[0] if known else None)
    indicator = edition.indicator(figure.indicator) if figure else None
    source = edition.library.get(Source, figure.source.id) if figure else None
    if not figure or not indicator or not source:
        return "", ""
    year = str(source.date.year) if source.date else ""
    dated = [year, edition.read(source.date_note)]
    when = edition.t("ui.semicolon").join(filter(None, dated)) or edition.t("share.undated")
    said = str(phrase(figure, indicator, edition.language))
    return edition.read(indicator.title), edition.t(
        "share.figure",
        said=f"{edition.read(figure.scope)}{edition.t('ui.colon')}{said}" if figure.scope else said,
        source=edition.read(source.title),
        when=when,
    )
