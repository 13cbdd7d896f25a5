"""Profiles of a framework: radar of one case, small multiples of several, bars for a row."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from case_library.charts import svg
from case_library.charts.svg import Chart, Table
from case_library.frameworks import Profile
from case_library.language import Language
from case_library.prose import escaped as escape

#: With more sides than this the names around a radar would collide, with fewer there is no area.
_FEWEST, _MOST = 3, 8


class Axis(NamedTuple):
    """One dimension: its name, how much speaks for it, its hue."""

    label: str
    value: int
    hue: str = "accent"


def axes(profile: Profile, lang: Language) -> list[Axis]:
    return [
        Axis(side.dimension.title.read(lang.code)[0], side.value, side.dimension.hue or "accent")
        for side in profile.sides
    ]


def radar(chart_id: str, title: str, axes: Sequence[Axis], lang: Language, most: int = 0) -> Chart:
    """A dimension each way, its name and count at the end. `most` is the outermost ring."""
    if not _FEWEST <= len(axes) <= _MOST:
        return rows(chart_id, title, axes, lang)
    drawn = _radar(chart_id, title, tuple(axes), lang, (62, 7.2, svg.SIZE), most)
    return Chart("radar", (drawn,), _table(axes, lang), lang)


def multiples(
    chart_id: str, title: str, profiles: Sequence[tuple[str, Sequence[Axis]]], lang: Language
) -> Chart:
    """One small radar a case, all on one scale."""
    most = max((axis.value for _, axes in profiles for axis in axes), default=0)
    drawn = tuple(
        _radar(f"{chart_id}-{i}", name, tuple(axes), lang, (29, 6.8, 11), most, heading=True)
        if _FEWEST <= len(axes) <= _MOST
        else _rows(f"{chart_id}-{i}", name, axes, lang, most, svg.wrap(name, 20, 2))
        for i, (name, axes) in enumerate(profiles)
    )
    head = (lang.text("charts.case"), *(axis.label for axis in profiles[0][1] if profiles))
    body = tuple((name, *(_count(axis.value, lang) for axis in axes)) for name, axes in profiles)
    return Chart("multiples", drawn, Table(head, body), lang, title)


def rows(chart_id: str, title: str, axes: Sequence[Axis], lang: Language) -> Chart:
    """The same as bars below each other: for frameworks of any number of dimensions."""
    return Chart("rows", (_rows(chart_id, title, axes, lang),), _table(axes, lang), lang)


def _rows(
    chart_id: str,
    title: str,
    axes: Sequence[Axis],
    lang: Language,
    most: int = 0,
    heads: Sequence[str] = (),
) -> Markup:
    most, top = max([most, 3, *(axis.value for axis in axes)]), 16.0 * len(heads)
    body = [svg.lines(0, 13, heads, "", ' font-weight="600"')]
    for i, axis in enumerate(axes):
        y = top + 40 * i
        words = svg.wrap(axis.label, svg.NARROW / svg.SIZE - 4)
        body.append(svg.text(0, y + 15, words[0]))
        count = _count(axis.value, lang)
        body.append(svg.text("100%", y + 15, count, "soft", ' text-anchor="end"'))
        if axis.value:
            body.append(svg.rect(0, y + 22, svg.percent(axis.value, most), 8, svg.fill(axis.hue)))
        else:
            body.append(svg.line(0, y + 26, "100%", y + 26, svg.stroke("soft", 1, "3 4")))
    return svg.drawing(chart_id, title, _desc(axes, lang), (0, top + 40 * len(axes)), body)


def mini(chart_id: str, title: str, axes: Sequence[Axis], lang: Language) -> Markup:
    """A bar a dimension, for one row of a list; the row itself says the total."""
    most, body = max([3, *(axis.value for axis in axes)]), []
    for i, axis in enumerate(axes):
        x, height = 20 * i, 40 * axis.value / most
        if axis.value:
            body.append(svg.rect(x, 42 - height, 14, height, svg.fill(axis.hue), 1))
        else:
            body.append(svg.line(x, 41, x + 14, 41, svg.stroke("soft", 1, "2 2")))
    return svg.drawing(chart_id, title, _desc(axes, lang), (20 * len(axes) - 6, 42), body)


# Of a library's cases many have the same profile.
@functools.lru_cache(maxsize=1_000)
def _radar(
    chart_id: str,
    title: str,
    axes: tuple[Axis, ...],
    lang: Language,
    size: tuple[float, float, int],
    most: int,
    heading: bool = False,
) -> Markup:
    radius, em, text_size = size
    most = max(most, 3, *(axis.value for axis in axes))
    turns = [2 * math.pi * i / len(axes) for i in range(len(axes))]
    ways = [(math.sin(turn), -math.cos(turn)) for turn in turns]
    names = [svg.wrap(axis.label, em, 2) for axis in axes]
    heads = svg.wrap(title, 11, 2) if heading else ()
    widest = max(svg.measure(name) for lines in names for name in lines) * text_size
    wide = max([radius * 0.96 + 8 + widest, *(7 * svg.measure(head) for head in heads)])
    half = math.ceil(wide)
    rise = (max(map(len, names)) + 1) * (text_size + 3)
    top = 16 * len(heads) + (8 if heads else 0) + rise + radius + 4
    middle, height = (half, top), top + radius + rise + 8

    def at(i: int, share: float) -> tuple[float, float]:
        x, y = ways[i]
        return middle[0] + radius * share * x, middle[1] + radius * share * y

    body = [svg.lines(half, 13, heads, "", ' text-anchor="middle" font-weight="600"')]
    rings = range(1, most + 1) if most <= 5 else (most / 4, most / 2, most * 3 / 4, most)
    grid = "".join(_polygon([at(i, ring / most) for i in range(len(axes))]) for ring in rings)
    spokes = "".join(
        f"M{_pair(middle)}L{_pair(at(i, 1))}" for i, axis in enumerate(axes) if axis.value
    )
    body.append(f'<path d="{grid}{spokes}"{svg.stroke("line")}/>')
    silent = "".join(
        f"M{_pair(middle)}L{_pair(at(i, 1))}" for i, axis in enumerate(axes) if not axis.value
    )
    if silent:
        body.append(f'<path d="{silent}"{svg.stroke("soft", 1, "2 3")}/>')
    points = [at(i, axis.value / most) for i, axis in enumerate(axes)]
    if any(axis.value for axis in axes):
        shape = _polygon(points)
        look = svg.look("accent", "accent", 1.8, opacity=0.16)
        body.append(f'<path d="{shape}" stroke-linejoin="round"{look}/>')
    body += [
        svg.circle(*points[i], 3.4, svg.fill(axis.hue)) for i, axis in enumerate(axes) if axis.value
    ]
    for i, axis in enumerate(axes):
        body.append(_label(at(i, 1), ways[i], names[i], _count(axis.value, lang), text_size))
    return svg.drawing(chart_id, title, _desc(axes, lang), (2 * half, height), body)


def _label(
    point: tuple[float, float],
    way: tuple[float, float],
    name: Sequence[str],
    count: str,
    size: int,
) -> str:
    """A name and its count outside the end of a spoke."""
    x, y = point[0] + 8 * way[0], point[1] + 8 * way[1]
    anchor = "middle" if abs(way[0]) < 0.3 else "start" if way[0] > 0 else "end"
    step = size + 3
    rows = len(name) + 1
    # Upwards the label ends above the point, downwards it begins below, sideways it is centred.
    first = y + size * 0.8 - (1 - way[1]) / 2 * (rows * step - 3)
    spans = "".join(
        f'<tspan x="{svg.short(x)}" y="{svg.short(first + step * i)}">{escape(line)}</tspan>'
        for i, line in enumerate(name)
    )
    spans += (
        f'<tspan x="{svg.short(x)}" y="{svg.short(first + step * (rows - 1))}"'
        f"{svg.fill('soft')}>{escape(count)}</tspan>"
    )
    return f'<text text-anchor="{anchor}" font-size="{size}">{spans}</text>'


def _polygon(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(_pair(point) for point in points) + "Z"


def _pair(point: tuple[float, float]) -> str:
    return f"{svg.short(point[0])} {svg.short(point[1])}"


def _count(value: int, lang: Language) -> str:
    return lang.number(value) if value else lang.text("charts.none")


def _desc(axes: Sequence[Axis], lang: Language) -> str:
    if not any(axis.value for axis in axes):
        return lang.text("charts.profile-empty")
    comma = lang.text("charts.comma")
    return comma.join(f"{axis.label} {_count(axis.value, lang)}" for axis in axes)


def _table(axes: Sequence[Axis], lang: Language) -> Table:
    head = (lang.text("charts.dimension"), lang.text("charts.evidence"))
    return Table(head, tuple((axis.label, _count(axis.value, lang)) for axis in axes))
