"""What follows one after the other: the stages of a selection, the steps of a process, time."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from case_library.charts import svg
from case_library.charts.svg import Chart, Table
from case_library.figures import phrase
from case_library.language import Language
from case_library.model.parts import Figure, Funnel, Period, funnel_figures
from case_library.model.reference import Indicator, Process

_EM = svg.NARROW / svg.SIZE
_MOST_UNDATED = 2
_OPEN_ENDED = {"at-least", "more-than"}


def funnel(
    chart_id: str,
    funnel: Funnel,
    figures: list[Figure],
    catalogue: Mapping[str, Indicator],
    lang: Language,
) -> Chart:
    """The stages of one selection, with the scope and the period that all of them share."""
    scope = " · ".join(text.read(lang.code)[0] for text in (funnel.scope, funnel.period) if text)
    body, rows, y = [], [], 0.0
    found = [figure for figure in funnel_figures(funnel, figures) if figure]
    most = max((figure.value for figure in found if figure.value is not None), default=None)
    width = 100.0
    for figure in found:
        entry = catalogue.get(figure.indicator)
        said = phrase(figure, entry, lang)
        name = entry.title.read(lang.code)[0] if entry else figure.indicator
        rows.append((name, str(said)))
        room = _EM - svg.measure(str(said)) - 2
        words = svg.wrap(name, room if svg.measure(name) <= room else _EM, 2)
        body.append(svg.lines(0, y + 16, words))
        # A long name has its lines for itself, the number stands below it.
        y += 16 * len(words) if svg.measure(name) > room else 0
        body.append(svg.text("100%", y + 16, str(said), "", ' text-anchor="end" font-weight="600"'))
        if figure.value is not None and most:
            # A quarter of room is left for an open end, so that more than 200 reaches beyond 200.
            width = 88 * float(figure.value / most)
            body.append(svg.rect(0, y + 25, f"{width:.1f}%", 14, svg.fill("indigo")))
            if figure.qualifier in _OPEN_ENDED:
                x = f"{width:.1f}%"
                look = svg.stroke("indigo", 14, "2 4")
                body.append(svg.line(x, y + 32, f"{width + 8:.1f}%", y + 32, look))
        else:
            look = svg.dashed()
            body.append(svg.rect("0.3%", y + 25, f"{width:.1f}%", 14, look))
        y += 54
    title = funnel.title.read(lang.code)[0]
    desc = scope + ": " + lang.text("charts.comma").join(" ".join(row) for row in rows)
    head = (lang.text("charts.stage"), lang.text("charts.number"))
    drawn = svg.drawing(chart_id, title, desc, (0, y), body)
    return Chart("funnel", (drawn,), Table(head, tuple(rows)), lang, scope)


def process(
    chart_id: str, process: Process, told: Mapping[str, int], lang: Language, cases: int = 1
) -> Chart:
    """The steps of a process: filled where the record tells of it, dashed where it does not.

    `told` counts, by a step's id, the cases that tell of it; `cases` are all that could.
    """
    rings: dict[bool, list[str]] = {True: [], False: []}
    texts: dict[bool, list[str]] = {True: [], False: []}
    numbers, rows, y, way = [], [], 0.0, ""
    for number, step in enumerate(process.steps, 1):
        count = told.get(step.id, 0)
        title = step.title.read(lang.code)[0]
        words = svg.wrap(title, _EM - 3, 2)
        height = 16 * len(words) + (36 if cases > 1 else 22)
        if number < len(process.steps):
            way += f"M12 {svg.short(y + 24)}V{svg.short(y + height)}"
        rings[count > 0].append(svg.circle(12, y + 13, 11, ""))
        numbers.append(svg.text(12, y + 17.5, str(number), "paper" if count else "soft"))
        texts[count > 0].append(svg.lines(34, y + 18, words))
        state = lang.text("charts.told" if count else "charts.not-told")
        if cases > 1:
            state = lang.text("charts.told-in", count) if count else state
            texts[False].append(svg.text(34, y + 18 + 16 * len(words), state))
        rows.append((f"{number} {title}", state))
        y += height
    body = [
        f'<path d="{way}"{svg.stroke("line", 2)}/>',
        svg.group(svg.fill("jade"), rings[True]),
        svg.group(svg.dashed(), rings[False]),
        svg.group("", texts[True]),
        svg.group(svg.fill("soft"), texts[False]),
        svg.group(' text-anchor="middle"', numbers),
    ]
    known = sum(1 for step in process.steps if told.get(step.id))
    desc = lang.text("charts.steps-told", len(process.steps), told=lang.number(known))
    head = (lang.text("charts.step"), lang.text("charts.documented"))
    name = process.title.read(lang.code)[0]
    drawn = svg.drawing(chart_id, name, desc, (0, y), body)
    return Chart("process", (drawn,), Table(head, tuple(rows)), lang, desc)


def timeline(
    chart_id: str, title: str, spans: Sequence[tuple[str, Period | None]], lang: Language
) -> Chart:
    """Bars over years, the earliest first; what has no date stands last, dashed."""
    found = [(*ends, n, period) for n, period in spans if period and (ends := _ends(period))]
    dated = sorted(found, key=lambda span: span[:3])
    undated = [name for name, period in spans if not period or not _ends(period)]
    first = min((start.year for start, _, _, _ in dated), default=0)
    years = max((end.year for _, end, _, _ in dated), default=0) - first + 1

    def at(day: datetime.date) -> float:
        length = datetime.date(day.year, 12, 31).timetuple().tm_yday
        return 100 * (day.year - first + (day.timetuple().tm_yday - 1) / length) / years

    body, rows, y = [], [], 30.0 if dated else 0.0
    for year in range(first, first + years, -(-years // 5)) if dated else ():
        x = svg.percent(year - first, years)
        # Dashes as long as a bar's row and gaps as long as its name, so that no text is crossed.
        body.append(svg.line(x, 50, x, y + 44 * len(dated), svg.stroke("line", 1, "18 26")))
        body.append(svg.text(x, 15, str(year), "soft"))
    for start, end, name, period in dated:
        width = max(at(end + datetime.timedelta(days=1)) - at(start), 3)
        from_x = min(at(start), 100 - width)
        body.append(svg.text(0, y + 16, svg.wrap(name, _EM)[0]))
        look = svg.fill("indigo")
        if period.approximate:
            look = svg.look("indigo", "indigo", 1.2, "4 3", opacity=0.2)
        body.append(svg.rect(svg.percent(from_x, 100), y + 24, svg.percent(width, 100), 10, look))
        rows.append((name, period_words(period, lang)))
        y += 44
    missing = lang.text("charts.undated")
    rows += [(name, missing) for name in undated]
    # Many rows that say nothing would bury the few that do: they become one.
    many = len(undated) > _MOST_UNDATED
    for name in [lang.text("charts.undated-many", len(undated))] if many else undated:
        said = "" if many else missing
        body.append(svg.text(0, y + 16, svg.wrap(name, _EM - svg.measure(said) - 2)[0], "soft"))
        body.append(svg.text("100%", y + 16, said, "soft", ' text-anchor="end"'))
        body.append(svg.line(0, y + 29, "100%", y + 29, svg.stroke("soft", 1, "3 4")))
        y += 44
    desc = "; ".join(": ".join(row) for row in rows)
    head = (lang.text("charts.what"), lang.text("charts.when"))
    drawn = svg.drawing(chart_id, title, desc, (0, y), body)
    return Chart("timeline", (drawn,), Table(head, tuple(rows)), lang)


def period_words(period: Period, lang: Language) -> str:
    """A period in plain words."""
    ends = [lang.date(date) for date in (period.start, period.end) if date]
    if len(ends) == 1:
        key = "charts.since" if period.start else "charts.until"
        words = lang.text(key, date=ends[0])
    else:
        words = "–".join(dict.fromkeys(ends))
    return lang.text("charts.around", date=words) if period.approximate else words


def _ends(period: Period) -> tuple[datetime.date, datetime.date] | None:
    start, end = period.start or period.end, period.end or period.start
    return (start.first_day(), end.last_day()) if start and end else None
