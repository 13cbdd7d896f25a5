"""How figures are said in a language: a number never stands without its qualifier and unit."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from case_library.indicators import Summary
from case_library.language import Language, language
from case_library.model.parts import Figure
from case_library.model.reference import Indicator

# Up to here characters are set with spaces between words; percent signs close up.
_LATIN, _CLOSE = "\u2e7f", "%％‰"


class Phrase(NamedTuple):
    """A figure in parts, so that a page can set the number large and the rest small.

    `unit_language` is the language that the unit is written in. `after` says what a number alone
    would hide ("and several dozen more").
    """

    before: str
    number: str
    unit: str
    unit_language: str
    after: str = ""
    known: bool = True

    def __str__(self) -> str:
        said = ""
        for part in filter(None, (self.before, self.number, self.unit)):
            wide = said[-1:] > _LATIN and part[0] > _LATIN
            said += part if not said or wide or part[0] in _CLOSE else f" {part}"
        return said + self.after


def phrase(figure: Figure, indicator: Indicator | None, lang: Language) -> Phrase:
    """One figure as its source gives it."""
    if figure.qualifier == "unknown":
        return not_reported(lang)
    return said(figure.value, figure.qualifier, indicator, lang)


def said(
    number: Decimal | None, qualifier: str, indicator: Indicator | None, lang: Language
) -> Phrase:
    """A number with its qualifier's words; no number means "several dozen"."""
    unit, written = indicator.unit.read(lang.code) if indicator else ("", lang.code)
    unit = language(written).unit(unit, number)
    if number is None:
        return Phrase("", lang.text("figures.number.dozens"), unit, written)
    key = f"figures.before.{qualifier}"
    before = lang.text(key) if lang.has(key) else ""
    return Phrase(before, lang.number(number), unit, written)


def summary_phrase(summary: Summary, lang: Language) -> Phrase:
    """The sum of a summary, or its median where nothing may be summed."""
    number, qualifier = summary.total, _qualifier(summary)
    if number is not None or not summary.numbers:
        text = said(number, qualifier, summary.indicator, lang) if summary.counted else None
        return _with_uncounted(text, summary, lang) if text else not_reported(lang)
    text = said(summary.median, qualifier, summary.indicator, lang)
    if len(summary.numbers) > 1:
        before = f"{lang.text('figures.median')} {text.before}".strip()
        text = Phrase(before, text.number, text.unit, text.unit_language)
    return _with_uncounted(text, summary, lang)


def range_words(summary: Summary, lang: Language) -> str:
    """From the lowest to the highest figure, each with its own qualifier; else nothing."""
    if not summary.extremes or len(summary.numbers) < 2:
        return ""
    low, high = (phrase(c.figure, summary.indicator, lang) for c in summary.extremes)
    return lang.text("figures.range", low=str(low), high=str(high))


def coverage_words(reporting: int, of: int, lang: Language) -> str:
    """How many of how many cases report."""
    return lang.text("figures.coverage", of, reporting=lang.number(reporting))


def not_reported(lang: Language) -> Phrase:
    return Phrase("", "", lang.text("figures.not-reported"), lang.code, known=False)


def _qualifier(summary: Summary) -> str:
    """The weakest qualifier of the numbers, and "at least" where a part is a lower bound.

    "About" beside a lower bound would promise too little error upwards: it becomes
    "at least about". A part without a number makes an exact sum a lower bound.
    """
    order = [c.figure.qualifier for c in summary.counted if c.figure.value is not None]
    if summary.lower_bound and "about" in order:
        return "at-least-about"
    if summary.uncounted and order:
        return "more-than"
    return summary.qualifier


def _with_uncounted(text: Phrase, summary: Summary, lang: Language) -> Phrase:
    if not summary.uncounted or not summary.numbers:
        return text
    after = lang.text("figures.uncounted", summary.uncounted)
    return Phrase(text.before, text.number, text.unit, text.unit_language, after)
