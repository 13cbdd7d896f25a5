"""Drawing by hand: text that is measured, marks of several shapes, the frame of every chart.

Colours stand in attributes, so that print and foreign viewers have them; classes let the page's
style sheet override them on screen. A number is in pixels, a text with "%" in the chart's width.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup
from typing_extensions import Self

from case_library.language import Language
from case_library.prose import EMPTY, put
from case_library.prose import escaped as escape

#: Print-safe colours of the light theme, and the class that replaces each on screen.
INK, SOFT, LINE, ACCENT = "#23201b", "#655e53", "#ddd3c1", "#a8352a"
PAPER = "#fffdf8"
HUES = {
    "indigo": "#1e4e8d",
    "jade": "#3f765d",
    "clay": "#822c28",
    "plum": "#563a50",
    "ochre": "#8a6710",
}
#: The text's size, and the narrowest drawing for which text is wrapped (a phone of 320 px).
SIZE, NARROW = 13, 280

# Characters that may not begin a line.
_NO_START = frozenset("，。、；：！？）》」』”’…—·)]}.,;:!?")

X = float | str


@dataclass(frozen=True)
class Table:
    """What a chart shows, in words and numbers. A cell may be Markup, such as a link."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def linked(self, urls: Mapping[str, str]) -> Self:
        """The same with links, by the words of its first column."""
        rows = tuple(
            (
                put('<a href="{}">{}</a>', urls[row[0]], row[0]) if row[0] in urls else row[0],
                *row[1:],
            )
            for row in self.rows
        )
        return replace(self, rows=rows)

    def html(self, lang: Language) -> Markup:
        """The table behind a toggle."""
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in self.head)
        rows = "".join(
            f'<tr><th scope="row">{escape(row[0])}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in self.rows
        )
        return Markup(
            f'<details class="cl-data"><summary>{escape(lang.text("charts.table"))}</summary>'
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></details>"
        )


@dataclass(frozen=True)
class Outline(Table):
    """A table that is a tree: its rows are shown as lists inside lists."""

    depths: tuple[int, ...] = ()

    def html(self, lang: Language) -> Markup:
        items, depth = "", 0
        for level, row in zip(self.depths, self.rows, strict=True):
            items += (
                "<ul><li>" * (level + 1 - depth) or "</li></ul>" * (depth - level - 1) + "</li><li>"
            )
            items += " · ".join(str(escape(cell)) for cell in row if cell)
            depth = level + 1
        items += "</li></ul>" * depth
        return Markup(
            f'<details class="cl-data"><summary>{escape(lang.text("charts.list"))}</summary>'
            f"{items}</details>"
        )


@dataclass(frozen=True)
class Chart:
    """One drawing or several, and their data. Printed by a template it is a whole figure."""

    kind: str
    svgs: tuple[Markup, ...]
    table: Table
    lang: Language
    caption: str = ""
    #: The table as HTML, where it was made for several charts.
    data: str = ""

    def linked(self, urls: Mapping[str, str]) -> Chart:
        """The same with links in the table, by the words of its first column."""
        return replace(self, table=self.table.linked(urls))

    @property
    def svg(self) -> Markup:
        return EMPTY.join(self.svgs)

    def __html__(self) -> str:
        caption = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        data = self.data or self.table.html(self.lang)
        figure = f"<figure>{self.svg}{caption}</figure>{data}"
        return f'<div class="cl-chart cl-chart--{self.kind}">{figure}</div>'


def drawing(
    chart_id: str,
    title: str,
    desc: str,
    size: tuple[float, float],
    body: Iterable[str],
    role: str = "img",
) -> Markup:
    """A frame of fixed size, or as wide as the page where the width is 0.

    A drawing with links inside has no role: what an `img` holds is nothing to a screen reader.
    """
    width, height = (short(value) for value in size)
    if size[0]:
        box = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    else:
        box = f'width="100%" height="{height}"'
    key = escape(chart_id)
    named = f' role="{role}"' if role else ""
    return Markup(
        f'<svg {box}{named} aria-labelledby="{key}-t {key}-d"'
        f' font-size="{SIZE}" fill="{INK}"'
        f' class="cl-svg"><title id="{key}-t">{escape(title)}</title>'
        f'<desc id="{key}-d">{escape(desc)}</desc>{"".join(body)}</svg>'
    )


@functools.lru_cache(maxsize=20_000)
def measure(text: str) -> float:
    """The width of a text in em, rather too wide than too narrow."""
    if text.isascii():
        return 0.56 * len(text)
    wide = sum(map(_is_broad, text))
    return wide + 0.56 * (len(text) - wide)


@functools.lru_cache(maxsize=20_000)
def wrap(text: str, em: float, lines: int = 1) -> tuple[str, ...]:
    """A text in at most so many lines of at most so many em; what does not fit ends in "…"."""
    if measure(text) <= em:
        return (text,)
    found, line = [], ""
    for piece in _pieces(text):
        if line and measure(line + piece.rstrip()) > em and piece[0] not in _NO_START:
            found.append(line.rstrip())
            line = ""
        line += piece
    found.append(line.rstrip())
    kept = found[:lines]
    if len(found) > lines or measure(kept[-1]) > em:
        last = kept[-1]
        while last and measure(last) + 1 > em:
            last = last[:-1]
        kept[-1] = last.rstrip() + "…"
    return tuple(kept)


def _pieces(text: str) -> list[str]:
    """Where a line may break: after a space or hyphen, and around every wide character."""
    pieces = [""]
    for character in text:
        if pieces[-1] and (
            _is_wide(character) or pieces[-1][-1] in " -/" or _is_wide(pieces[-1][-1])
        ):
            pieces.append("")
        pieces[-1] += character
    return pieces


@functools.lru_cache(maxsize=10_000)
def _is_broad(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WFA"


@functools.lru_cache(maxsize=10_000)
def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def text(x: X, y: float, words: str, paint: str = "", more: str = "") -> str:
    """One line of text. `paint` is `soft`, `accent` or a hue; ink is the default."""
    return f'<text x="{short(x)}" y="{short(y)}"{fill(paint)}{more}>{escape(words)}</text>'


def lines(
    x: X, y: float, words: Sequence[str], paint: str = "", more: str = "", step: float = 16
) -> str:
    """Some lines of text below each other."""
    return "".join(text(x, y + step * i, line, paint, more) for i, line in enumerate(words))


def group(look: str, shapes: Iterable[str]) -> str:
    """Shapes of one look, which is written once."""
    drawn = "".join(shapes)
    return f"<g{look}>{drawn}</g>" if drawn else ""


def empty(words: str) -> tuple[list[str], float]:
    """What a chart shows when there is nothing to draw: a dashed frame that says so."""
    said = wrap(words, NARROW / SIZE - 2, 3)
    height = 40 + 16 * len(said)
    frame = rect("0.5%", 1, "99%", height - 2, dashed(), 6)
    return [frame, lines("50%", 32, said, "soft", ' text-anchor="middle"')], height


@functools.lru_cache(maxsize=1_000)
def look(
    fill: str = "", stroke: str = "", width: float = 1, dashes: str = "", opacity: float = 1
) -> str:
    """The attributes of a shape: colours for print, classes for the screen."""
    written = f' fill="{_colour(fill)}"' if fill else ' fill="none"'
    if opacity < 1:
        written += f' fill-opacity="{opacity:.2f}"'
    if stroke:
        written += f' stroke="{_colour(stroke)}" stroke-width="{short(width)}"'
    if dashes:
        written += f' stroke-dasharray="{dashes}"'
    classes = " ".join(f"{kind}-{name}" for kind, name in (("f", fill), ("s", stroke)) if name)
    return f'{written} class="{classes}"'


def fill(paint: str, opacity: float = 1) -> str:
    return look(paint, opacity=opacity) if paint else ""


def stroke(paint: str, width: float = 1, dashes: str = "") -> str:
    return look("", paint, width, dashes)


def dashed(paint: str = "soft") -> str:
    """The look of a shape that stands for something not there."""
    return look("", paint, 1.2, "4 3")


def rect(x: X, y: float, width: X, height: float, look: str, radius: float = 2) -> str:
    return (
        f'<rect x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}"'
        f' rx="{short(radius)}"{look}/>'
    )


def line(x: X, y: float, to_x: X, to_y: float, look: str) -> str:
    return f'<line x1="{short(x)}" y1="{short(y)}" x2="{short(to_x)}" y2="{short(to_y)}"{look}/>'


def circle(x: X, y: float, radius: float, look: str) -> str:
    return f'<circle cx="{short(x)}" cy="{short(y)}" r="{short(radius)}"{look}/>'


def percent(part: float, whole: float) -> str:
    """A share of the width; it never leaves the drawing."""
    share = 100 * part / whole if whole else 0
    return f"{short(min(max(share, 0), 100))}%"


def _colour(paint: str) -> str:
    return (
        HUES.get(paint)
        or {"soft": SOFT, "line": LINE, "accent": ACCENT, "ink": INK, "paper": PAPER}[paint]
    )


@functools.lru_cache(maxsize=10_000)
def short(value: X) -> str:
    """A short number: one decimal is finer than a screen shows."""
    if isinstance(value, str):
        return value
    written = f"{value:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written
