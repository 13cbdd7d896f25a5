"""Who and where: actors by sector and role, places as tiles of one size, without borders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from case_library.charts import svg
from case_library.charts.svg import Chart, Table
from case_library.language import Language
from case_library.model.parts import Actor

_COLUMNS = 3
#: More dots than this would not fit beside their name on a phone.
_MOST_DOTS = 9

SECTORS = {
    "government": "indigo",
    "community": "jade",
    "residents": "clay",
    "business": "ochre",
    "academia": "plum",
}


def tiles(chart_id: str, title: str, counts: Sequence[tuple[str, int]], lang: Language) -> Chart:
    """One tile a place with its number of cases; a place without any is dashed."""
    most = max((count for _, count in counts), default=0)
    body, rows = [], []
    for i, (name, count) in enumerate(counts):
        column, y = i % _COLUMNS, 88 * (i // _COLUMNS) + 1
        x = (0.3, 34.1, 67.9)[column]
        words = svg.wrap(name, 6.4, 3)
        look = svg.fill("jade", 0.12 + 0.28 * count / most) if count else svg.dashed()
        body.append(svg.rect(f"{x}%", y, "31.8%", 80, look, 4))
        number = lang.number(count) if count else "—"
        big = ' dx="9" font-size="22" font-family="Georgia,serif"'
        body.append(svg.text(f"{x}%", y + 26, number, "" if count else "soft", big))
        small = ' dx="9" font-size="12"'
        body.append(svg.lines(f"{x}%", y + 45, words, "" if count else "soft", small, 14))
        said = lang.text("charts.cases", count) if count else lang.text("charts.no-case")
        rows.append((name, said))
    height = 88 * -(-len(counts) // _COLUMNS)
    desc = lang.text("charts.comma").join(f"{name} {said}" for name, said in rows)
    head = (lang.text("charts.place"), lang.text("charts.case"))
    drawn = svg.drawing(chart_id, title, desc, (0, height), body)
    return Chart("tiles", (drawn,), Table(head, tuple(rows)), lang)


def actors(chart_id: str, title: str, actors: Iterable[Actor], lang: Language) -> Chart:
    """A row of dots for each role that a sector plays; a sector that nobody names is dashed."""
    counts: Counter[tuple[str, str]] = Counter()
    bodies: Counter[str] = Counter()
    for actor in actors:
        bodies[actor.sector] += 1
        for role in dict.fromkeys(actor.role) or ("",):
            counts[actor.sector, role] += 1
    body, notes, rows, y, end = [], [], [], 0.0, ' text-anchor="end"'
    for sector, hue in SECTORS.items():
        name = lang.choice("sector", sector)
        number = (
            lang.number(bodies[sector]) if bodies[sector] else lang.text("figures.not-reported")
        )
        weight = ' font-weight="600"' if bodies[sector] else ""
        body.append(svg.text(0, y + 15, name, "" if bodies[sector] else "soft", weight))
        notes.append(svg.text("100%", y + 15, number, "", end))
        look = svg.stroke(hue, 1.5) if bodies[sector] else svg.stroke("soft", 1, "3 4")
        body.append(svg.line(0, y + 23, "100%", y + 23, look))
        y += 30
        found = {role: count for (s, role), count in counts.items() if s == sector}
        for role in sorted(found, key=lambda role: (-found[role], role)):
            words = lang.choice("role", role) if role else lang.text("charts.role-open")
            notes.append(svg.text(0, y + 13, svg.wrap(words, 10)[0]))
            notes.append(svg.text("100%", y + 13, lang.number(found[role]), "", end))
            body.append(_dots(y + 9, found[role], hue))
            rows.append((name, words, lang.number(found[role])))
            y += 21
        if not found:
            rows.append((name, lang.text("figures.not-reported"), ""))
        y += 10
    comma = lang.text("charts.comma")
    desc = comma.join(" ".join(part for part in row if part) for row in rows)
    head = tuple(lang.text(f"charts.{key}") for key in ("sector", "role", "actors"))
    body.append(svg.group(svg.fill("soft"), notes))
    drawn = svg.drawing(chart_id, title, desc, (0, y), body)
    return Chart("actors", (drawn,), Table(head, tuple(rows)), lang)


def _dots(y: float, count: int, hue: str) -> str:
    """A dot an actor, beside the role's name; many become one bar."""
    if count > _MOST_DOTS:
        return svg.rect("50%", y - 5, "38%", 10, svg.fill(hue))
    # A dot is the round cap of a line without length: the shortest way to draw many.
    dots = "m13 0h.01".join(["M6 0h.01", *[""] * (count - 1)])
    path = f'<path d="{dots}" stroke-linecap="round"{svg.stroke(hue, 10)}/>'
    return f'<svg x="50%" y="{svg.short(y)}" overflow="visible">{path}</svg>'
