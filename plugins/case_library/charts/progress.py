"""Figures against others: before, now and target; a case among its like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from case_library.charts import svg
from case_library.charts.svg import Chart, Table
from case_library.figures import phrase, said, summary_phrase
from case_library.indicators import Progress, Summary
from case_library.language import Language
from case_library.model.reference import Indicator

#: Marks that differ in shape, so that they can be told apart without colour.
_BEFORE, _NOW, _TARGET = "○", "●", "◆"
#: More marks than this on one line would hide each other.
_MOST_MARKS = 40


def bars(
    chart_id: str, title: str, rows: Sequence[tuple[Indicator, Progress]], lang: Language
) -> Chart:
    """A track a figure: where it began, where it is, what it aims at. Each has its own scale."""
    body, notes, desc, data, y = [], [], [], [], 0.0
    for indicator, progress in rows:
        words = _progress_words(indicator, progress, lang)
        name = indicator.title.read(lang.code)[0]
        desc.append(f"{name}: {lang.text('charts.comma').join(words[1:])}")
        data.append((name, *_cells(indicator, progress, lang)))
        heads = svg.wrap(name, svg.NARROW / svg.SIZE, 2)
        body.append(svg.lines(0, y + 14, heads, "", ' font-weight="600"'))
        y += 16 * len(heads) + 18
        body.append(_track(y, progress))
        y += 26
        flow = _flow(words, svg.NARROW / svg.SIZE)
        notes.append(svg.lines(0, y, flow, step=18))
        y += 18 * len(flow) + 16
    body.append(svg.group(svg.fill("soft"), notes))
    if not rows:
        body, y = svg.empty(lang.text("charts.progress-empty"))
    head = tuple(lang.text(f"charts.{key}") for key in ("what", "before", "now", "target"))
    text = "; ".join(desc) or lang.text("charts.progress-empty")
    drawn = svg.drawing(chart_id, title, text, (0, y), body)
    return Chart("bars", (drawn,), Table(head, tuple(data)), lang)


@dataclass(frozen=True)
class Scale:
    """What every strip of one summary has in common, whichever case it looks at."""

    summary: Summary
    #: The marks of all cases, where they are too many for one a case.
    spread: str
    above: str
    height: float
    shown: str
    table: Table
    #: The table as HTML.
    data: str


def scale(summary: Summary, lang: Language, urls: Mapping[str, str]) -> Scale:
    """`urls` are links for the table, by the words of its first column."""
    numbered, height = summary.numbered, 86.0
    many = len(numbered) > _MOST_MARKS
    rows = tuple(
        (
            counted.record.title.read(lang.code)[0],
            str(phrase(counted.figure, summary.indicator, lang)),
        )
        for counted in (summary.extremes or () if many else numbered)
    )
    low, high = _ends(summary)
    above: list[str] = []
    if numbered and low != high:
        middle = summary.median or Decimal(0)
        x = _place(middle, low, high)
        words = f"{lang.text('figures.median')} {lang.number(middle)}"
        words_of_ends = [
            (lang.text(f"charts.{word}"), lang.number(number))
            for word, number in (("lowest", low), ("highest", high))
        ]
        half, room = svg.measure(words) / 2, svg.NARROW / svg.SIZE
        from_left, from_right = (max(map(svg.measure, end)) + half + 1 for end in words_of_ends)
        if not from_left < room * x / 100 < room - from_right:
            height = 104  # no room between the ends: a line of its own
        above.append(svg.line(_at(x), 31, _at(x), 49, svg.stroke("ink", 1.5)))
        above += [_below(2, 66, *words_of_ends[0]), _below(98, 66, *words_of_ends[1])]
        above.append(_by(x, height - 4 if height > 90 else 66, words))
    elif numbered:
        above.append(_by(50, 66, rows[0][1]))
    shown = str(summary_phrase(summary, lang)) if numbered else lang.text("figures.not-reported")
    table = Table((lang.text("charts.case"), lang.text("charts.value")), rows)
    table, spread = table.linked(urls), "".join(_density(summary.spread)) if many else ""
    return Scale(summary, spread, "".join(above), height, shown, table, table.html(lang))


def strip(
    chart_id: str, title: str, found: Summary | Scale, lang: Language, own: str = ""
) -> Chart:
    """Every case's figure on one line; `own` is the id of the case that is looked at."""
    found = scale(found, lang, {}) if isinstance(found, Summary) else found
    summary, (low, high) = found.summary, _ends(found.summary)
    marks = (
        [found.spread]
        if found.spread
        else [
            svg.circle(_at(_place(counted.figure.value or Decimal(0), low, high)), 40, 5, "")
            for counted in summary.numbered
            if counted.record.id != own
        ]
    )
    body = [svg.line("2%", 40, "98%", 40, svg.stroke("soft"))]
    body.append(svg.group(svg.fill("indigo", 0.4), marks))
    mine = summary.by_record.get(own)
    if mine and mine.figure.value is not None:
        x = _place(mine.figure.value, low, high)
        told = str(phrase(mine.figure, summary.indicator, lang))
        body.append(_by(x, 24, f"{lang.text('charts.this-case')} {told}", "accent"))
        body.append(_diamond(x, 40, "accent"))
    height = found.height
    if not summary.numbered:
        body, height = svg.empty(found.shown)
    drawn = svg.drawing(chart_id, title, found.shown, (0, height), [*body, found.above])
    return Chart("strip", (drawn,), found.table, lang, data=found.data)


def _ends(summary: Summary) -> tuple[Decimal, Decimal]:
    numbers = [end.figure.value or Decimal(0) for end in summary.extremes or ()] or [Decimal(0)]
    return numbers[0], numbers[-1]


def _density(spread: dict[int, int]) -> list[str]:
    """Bars instead of marks, where marks would hide each other: the higher, the more cases."""
    most = max(spread.values())
    heights = [(slot, max(20 * count / most, 2)) for slot, count in spread.items()]
    return [
        svg.rect(f"{svg.short(2 + 1.92 * slot)}%", 40 - h / 2, "1.6%", h, "", 1)
        for slot, h in heights
    ]


def _track(y: float, progress: Progress) -> str:
    stated = [
        number
        for number in (progress.baseline, progress.actual, progress.target)
        if number is not None
    ]
    low, high = min(Decimal(0), *stated), max(Decimal(0), *stated)

    def at(number: Decimal) -> str:
        return _at(_place(number, low, high))

    known = progress.actual is not None
    body = svg.line("2%", y, "98%", y, svg.stroke("line", 2, "" if known else "3 4"))
    if progress.actual is not None:
        start = at(progress.baseline if progress.baseline is not None else low)
        body += svg.line(start, y, at(progress.actual), y, svg.stroke("indigo", 5))
    if progress.baseline is not None:
        body += svg.circle(at(progress.baseline), y, 6, svg.look("paper", "indigo", 2))
    if progress.actual is not None:
        body += svg.circle(at(progress.actual), y, 7, svg.fill("indigo"))
    if progress.target is not None:
        body += _diamond(_place(progress.target, low, high), y, "accent")
    return body


def _progress_words(indicator: Indicator, progress: Progress, lang: Language) -> list[str]:
    before, now, target = _cells(indicator, progress, lang)
    words = [f"{_NOW} {lang.text('charts.now')} {now}"]
    if progress.baseline is not None:
        words.insert(0, f"{_BEFORE} {lang.text('charts.before')} {before}")
    if progress.target is not None:
        words.append(f"{_TARGET} {lang.text('charts.target')} {target}")
    if indicator.direction != "neutral":
        words.append(lang.choice("direction", indicator.direction))
    if progress.reached is not None:
        words.append(lang.text("charts.reached" if progress.reached else "charts.not-reached"))
    return words


def _cells(indicator: Indicator, progress: Progress, lang: Language) -> tuple[str, str, str]:
    missing = lang.text("figures.not-reported")

    def plain(number: Decimal | None, qualifier: str = "exact") -> str:
        return missing if number is None else str(said(number, qualifier, indicator, lang))

    now = plain(progress.actual, progress.qualifier)
    return plain(progress.baseline), now, plain(progress.target)


def _flow(words: Sequence[str], em: float) -> list[str]:
    """Words one after the other on as few lines as hold them."""
    lines: list[str] = []
    for word in words:
        joined = f"{lines[-1]}\u2002 {word}" if lines else word
        if lines and svg.measure(joined) <= em:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _place(number: Decimal, low: Decimal, high: Decimal) -> float:
    """Where a number stands, in percent; marks keep clear of the edges."""
    return 2 + 96 * float((number - low) / (high - low)) if high > low else 50


def _at(x: float) -> str:
    return f"{x:.1f}%"


def _by(x: float, y: float, words: str, paint: str = "") -> str:
    """Words at a mark: centred where a phone has room for that, else to the side that has."""
    room = svg.NARROW / svg.SIZE
    (words,) = svg.wrap(words, room)
    left, width = room * x / 100, svg.measure(words)
    if width / 2 <= min(left, room - left):
        return svg.text(_at(x), y, words, paint, ' text-anchor="middle"')
    if left + width <= room:
        return svg.text(_at(x), y, words, paint)
    if width <= left:
        return svg.text(_at(x), y, words, paint, ' text-anchor="end"')
    return svg.text(0, y, words, paint)


def _below(x: float, y: float, word: str, number: str) -> str:
    more = ' text-anchor="end"' if x > 50 else ""
    return svg.text(_at(x), y, word, "soft", more) + svg.text(_at(x), y + 17, number, "", more)


def _diamond(x: float, y: float, paint: str) -> str:
    # A path cannot stand at a share of the width; a nested drawing can.
    shape = f'<path d="M0-8L6 0L0 8L-6 0z"{svg.fill(paint)}/>'
    return f'<svg x="{_at(x)}" y="{svg.short(y)}" overflow="visible">{shape}</svg>'
