"""The index of a kind or of a value taxonomy: every term with its number of cases."""

from __future__ import annotations

from functools import partial
from typing import Any

from case_library.model.kinds import KINDS
from case_library.model.record import Record
from case_library.pages.edition import Edition
from case_library.pages.page import Page
from case_library.taxonomy import VALUE_TAXONOMIES, Term

#: Kinds whose records stand inside one another.
_TREES = {"place", "programme", "organisation"}


def page(edition: Edition, kind: str) -> Page:
    """All terms of one kind; trees are shown as trees, in the order of their titles."""
    plural = KINDS[kind].plural if kind in KINDS else VALUE_TAXONOMIES[kind]
    says = partial(_says, edition, kind)
    return edition.page(f"{plural}/", "index", edition.plural(kind), "index.html", says)


def _says(edition: Edition, kind: str) -> dict[str, Any]:
    terms = edition.taxonomies.terms[kind]
    ordered = terms if kind in {"status", "year"} else edition.sorted(terms)
    return {
        "description": edition.t(f"ui.about-kind.{kind}"),
        "of_kind": kind,
        "terms": ordered,
        "tree": _tree(edition, terms) if kind in _TREES else [(0, term) for term in ordered],
    }


def _tree(edition: Edition, terms: list[Term]) -> list[tuple[int, Term]]:
    """Terms with their depth, each below its parent."""
    by_id = {term.slug: term for term in terms}
    children: dict[str, list[Term]] = {}
    for term in terms:
        children.setdefault(_parent_id(edition, term.record), []).append(term)
    found: list[tuple[int, Term]] = []
    waiting = [(0, term) for term in reversed(edition.sorted(children.get("", [])))]
    while waiting:
        depth, term = waiting.pop()
        found.append((depth, by_id[term.slug]))
        below = edition.sorted(children.get(term.slug, []))
        waiting += [(depth + 1, child) for child in reversed(below)]
    return found


def _parent_id(edition: Edition, record: Record | None) -> str:
    above = edition.library.ancestors(record) if record else []
    return above[0].id if above else ""
