"""The gap board: theme by dimension, place by theme, method by audience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, NamedTuple

from case_library.gaps import Board, cross
from case_library.model.reference import Framework
from case_library.pages.edition import Edition
from case_library.pages.page import Crumb, Page
from case_library.taxonomy import Term


class Head(NamedTuple):
    """What a row or column is called, its page, and how the library page is asked for it."""

    title: str
    path: str
    query: str


@dataclass(frozen=True)
class Named:
    """A board with what its rows and columns are called, and where each has its page."""

    id: str
    title: str
    board: Board
    heads: dict[str, Head]
    #: How deep a row stands inside others, by key.
    depths: dict[str, int]


def page(edition: Edition) -> Page | None:
    """None where the library has nothing to set against each other."""
    terms = edition.taxonomies.terms
    framework = edition.library.get(Framework, edition.library.info.framework)
    dimensions = framework.dimensions if framework else []
    pairs = [("place", terms["theme"]), ("method", terms["audience"]), ("theme", dimensions)]
    if not any(terms[kind] and others for kind, others in pairs):
        return None
    title = edition.t("gaps.title")
    return edition.page("gaps/", "gaps", title, "gaps.html", partial(_says, edition))


def _says(edition: Edition) -> dict[str, Any]:
    terms = edition.taxonomies.terms
    framework = edition.library.get(Framework, edition.library.info.framework)
    boards = [_boards(edition, "place-theme", terms["place"], terms["theme"])]
    boards.append(_boards(edition, "method-audience", terms["method"], terms["audience"]))
    if framework:
        boards.insert(0, _by_dimension(edition, framework))
    return {
        "description": edition.t("gaps.lead"),
        "crumbs": [Crumb(edition.t("board.title"), f"{edition.prefix}indicators/")],
        "boards": [named for named in boards if named.board.size],
    }


def first_gap(edition: Edition) -> tuple[str, str] | None:
    """A theme and a dimension that no case brings together yet."""
    framework = edition.library.get(Framework, edition.library.info.framework)
    if not framework:
        return None
    named = _by_dimension(edition, framework)
    board = named.board
    empty = (pair for pair in product(board.rows, board.columns) if pair not in board.cells)
    pair = next(empty, None)
    return (named.heads[pair[0]].title, named.heads[pair[1]].title) if pair else None


def _by_dimension(edition: Edition, framework: Framework) -> Named:
    themes = edition.sorted(edition.taxonomies.terms["theme"])
    sides = {f"{framework.id}/{d.id}": d for d in framework.dimensions}
    columns = {key: edition.taxonomies.cases_of("dimension", key) for key in sides}
    heads = _heads(edition, themes) | {
        key: Head(
            edition.read(side.title), f"{framework.address}#{side.id}", f"dimension={side.id}"
        )
        for key, side in sides.items()
    }
    title = edition.t("gaps.theme-dimension", framework=edition.read(framework.title))
    board = cross({_key(term): term.cases for term in themes}, columns)
    return Named("theme-dimension", title, board, heads, {})


def _boards(edition: Edition, name: str, rows: Sequence[Term], columns: Sequence[Term]) -> Named:
    ordered, across = sorted(rows, key=lambda t: _path(edition, t)), edition.sorted(columns)
    board = cross({_key(t): t.cases for t in ordered}, {_key(t): t.cases for t in across})
    title = edition.t(f"gaps.{name}")
    depths = {_key(term): len(_path(edition, term)) - 1 for term in ordered}
    return Named(name, title, board, _heads(edition, [*ordered, *across]), depths)


def _path(edition: Edition, term: Term) -> list[tuple[str, ...]]:
    """Sorts a term below its parents: their titles from the outermost in, then its own."""
    above = reversed(edition.library.ancestors(term.record)) if term.record else ()
    titles = [*(edition.read(record.title) for record in above), edition.term_title(term)]
    return [edition.language.sort_key(title) for title in titles]


def _heads(edition: Edition, terms: Sequence[Term]) -> dict[str, Head]:
    return {
        _key(term): Head(edition.term_title(term), term.address, f"{term.kind}={term.slug}")
        for term in terms
    }


def _key(term: Term) -> str:
    return f"{term.kind}:{term.slug}"
