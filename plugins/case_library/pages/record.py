"""The page of a reference record or of a value term: what it is, its cases, its links."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from case_library import kit
from case_library.checks import DESCENT
from case_library.indicators import Counted, own, summarise
from case_library.library import Mention
from case_library.model.case import Case
from case_library.model.record import Record
from case_library.model.reference import Indicator, Method
from case_library.pages.edition import Edition
from case_library.pages.page import Crumb, Page
from case_library.pages.sections import facts, sections
from case_library.quality import quality
from case_library.taxonomy import TAXONOMIES, Term

#: Cases that a page shows as rows.
_MOST = 50


def page(edition: Edition, term: Term) -> Page:
    """The page of a term of any taxonomy."""
    title = edition.term_title(term)
    says = partial(_says, edition, term.kind, term.slug)
    return edition.page(term.address, term.kind, title, "record.html", says, term.record)


def _says(edition: Edition, kind: str, slug: str) -> dict[str, Any]:
    term = edition.taxonomies.terms_by_key[kind, slug]
    return {
        "description": _description(edition, term),
        "crumbs": _crumbs(edition, term),
        "term": term,
        "cases": edition.sorted(term.cases),
        # Of more the library page tells, where readers can narrow them further.
        "most": _MOST,
        "filters": kind in TAXONOMIES,
        "summaries": summarise(edition.library, term.cases),
        **(_of_record(edition, term.record, term.cases) if term.record else _OF_A_VALUE),
    }


#: A tag, a year or a status says nothing of itself.
_OF_A_VALUE = {
    **dict.fromkeys(("facts", "sections", "children", "mentions", "owned"), ()),
    **dict.fromkeys(("quality", "kit")),
}


def _of_record(edition: Edition, record: Record, cases: Sequence[Case]) -> dict[str, Any]:
    library = edition.library
    owned = _owned(edition, record)
    owners = {owner.key for owner, _ in owned}
    return {
        "facts": facts(edition, record),
        "sections": sections(edition, record),
        "children": edition.sorted(library.children(record)),
        "mentions": [m for m in _mentions(edition, record) if m.record.key not in owners],
        "owned": owned,
        "quality": quality(library, record),
        "kit": kit.of_method(library, record, cases) if isinstance(record, Method) else None,
    }


def _description(edition: Edition, term: Term) -> str:
    if term.record and term.record.summary:
        return edition.read(term.record.summary)
    kind, title = edition.language.kind(term.kind), edition.term_title(term)
    return f"{kind} · {title} · {edition.t('ui.cases', len(term.cases))}"


def _crumbs(edition: Edition, term: Term) -> list[Crumb]:
    above = reversed(edition.library.ancestors(term.record)) if term.record else ()
    return [
        edition.crumb(term.kind),
        *(Crumb(edition.read(r.title), edition.prefix + r.address) for r in above),
    ]


def _owned(edition: Edition, record: Record) -> list[tuple[Record, list[Counted]]]:
    """What programmes and places report of an indicator; what cases report is summed up."""
    if not isinstance(record, Indicator):
        return []
    owners = {m.record.key: m.record for m in edition.library.mentioned_by(*record.key)}
    figures = [
        (owner, [counted for counted in own(owner) if counted.figure.indicator == record.id])
        for owner in edition.sorted(owners.values())
        if owner.kind != "case"
    ]
    return [(owner, found) for owner, found in figures if found]


def _mentions(edition: Edition, record: Record) -> list[Mention]:
    """Other reference records that speak of this one; cases and children have their own lists."""
    children = {child.key for child in edition.library.children(record)}
    mentions = {
        mention.record.key: mention
        for mention in edition.library.mentioned_by(*record.key)
        if mention.record.kind != "case"
        and mention.record.key not in children
        and mention.field not in DESCENT
    }
    return sorted(mentions.values(), key=lambda m: (m.record.kind, edition.order(m.record)))
