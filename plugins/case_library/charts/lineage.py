"""What came from what: a family of cases and programmes as a tree, from the oldest down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape

from case_library.charts import svg
from case_library.charts.svg import Chart, Outline
from case_library.language import Language

#: How far a step stands in, how many of them fit a phone, where words begin beside a mark.
_STEP, _DEEPEST, _WORDS = 20, 5, 24
#: How the line to a record looks, by how close the tie is.
_LINES = {
    "replicates": ("accent", 2.5, ""),
    "succeeds": ("ink", 1.5, ""),
    "inspired_by": ("ink", 1.5, "2 3"),
}


@dataclass(frozen=True)
class Branch:
    """One record of a family in words; `url` leads to its page, `relation` chooses its line.

    A branch without a `kind` says how many are left off.
    """

    title: str
    depth: int
    about: str = ""
    also: str = ""
    kind: str = ""
    relation: str = ""
    happened: bool = True
    url: str = ""


def lineage(chart_id: str, title: str, branches: Sequence[Branch], lang: Language) -> Chart:
    """The family as a tree; marks of what happened are filled, lines are as close as the ties."""
    body, y = [], 0.0
    last: dict[int, float] = {}
    for branch in branches:
        depth = min(branch.depth, _DEEPEST)
        x, room = _STEP * depth + 8, (svg.NARROW - _STEP * depth - _WORDS) / svg.SIZE
        words = svg.wrap(branch.title, room, 3)
        notes = [
            line for part in (branch.about, branch.also) if part for line in _wrapped(part, room)
        ]
        height = max(44, 16 * (len(words) + len(notes)) + 14)
        if branch.depth:
            paint, width, dashes = _LINES.get(branch.relation, ("line", 1.5, ""))
            above = last.get(depth - 1, y)
            way = f"M{x - _STEP} {svg.short(above + 8)}V{svg.short(y + 13)}H{x - 7}"
            body.append(f'<path d="{way}"{svg.stroke(paint, width, dashes)}/>')
        last[depth] = y + 13
        paint = "" if branch.kind else "soft"
        drawn = svg.lines(x + 16, y + 18, words, paint)
        drawn += svg.lines(x + 16, y + 18 + 16 * len(words), notes, "soft", ' font-size="12"')
        if branch.kind:
            drawn += _mark(branch, x, y + 13)
        if branch.url:
            # As wide as the drawing, so that a thumb finds it.
            area = svg.rect(x - 8, y, "100%", height, ' fill-opacity="0"', 0)
            drawn = f'<a href="{escape(branch.url)}">{area}{drawn}</a>'
        body.append(drawn)
        y += height
    known = sum(1 for branch in branches if branch.kind)
    desc = lang.text("charts.family", known)
    rows = tuple((b.title, b.about, b.also) for b in branches)
    head = (lang.text("charts.what"), lang.text("charts.from"), lang.text("charts.also"))
    table = Outline(head, rows, tuple(b.depth for b in branches))
    role = "" if any(branch.url for branch in branches) else "img"
    drawn = svg.drawing(chart_id, title, desc, (0, y), body, role)
    return Chart("lineage", (drawn,), table, lang)


def _wrapped(words: str, room: float) -> tuple[str, ...]:
    return svg.wrap(words, room * svg.SIZE / 12, 3)


def _mark(branch: Branch, x: float, y: float) -> str:
    """A circle is a case, a square a programme, a square on its point anything else."""
    look = (
        svg.look("indigo", "indigo", 1.5)
        if branch.happened
        else svg.look("paper", "soft", 1.5, "3 2")
    )
    if branch.kind == "case":
        return svg.circle(x, y, 6, look)
    turn = (
        ""
        if branch.kind == "programme"
        else f' transform="rotate(45 {svg.short(x)} {svg.short(y)})"'
    )
    return svg.rect(x - 5.5, y - 5.5, 11, 11, look + turn, 1)
