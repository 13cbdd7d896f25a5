"""The page of a reference record or of a value term: what it is, its cases, its links."""

from __future__ import annotations

from case_library import kit
from case_library.checks import DESCENT
from case_library.indicators import summarise
from case_library.library import Mention
from case_library.model.record import Record
from case_library.model.reference import Method
from case_library.pages.edition import Edition
from case_library.pages.page import Crumb, Page
from case_library.pages.sections import facts, sections
from case_library.quality import quality
from case_library.taxonomy import Term


def page(edition: Edition, term: Term) -> Page:
    """The page of a term of any taxonomy."""
    record = term.record
    title = edition.term_title(term)
    above = reversed(edition.library.ancestors(record)) if record else ()
    crumbs = [
        edition.crumb(term.kind),
        *(Crumb(edition.read(r.title), edition.prefix + r.address) for r in above),
    ]
    summary = edition.read(record.summary) if record else ""
    count = edition.t("ui.cases", len(term.cases))
    return edition.page(
        term.address,
        term.kind,
        title,
        "record.html",
        description=summary or f"{edition.language.kind(term.kind)} · {title} · {count}",
        crumbs=crumbs,
        record=record,
        term=term,
        facts=facts(edition, record) if record else [],
        sections=sections(edition, record) if record else [],
        children=edition.sorted(edition.library.children(record)) if record else [],
        mentions=_mentions(edition, record) if record else [],
        cases=edition.sorted(term.cases),
        summaries=summarise(edition.library, term.cases),
        quality=quality(edition.library, record) if record else None,
        kit=kit.of_method(edition.library, record, term.cases)
        if isinstance(record, Method)
        else None,
    )


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
