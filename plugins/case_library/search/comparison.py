"""Cases side by side: what each says, field by field, in files that the comparison page loads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from case_library.charts.flow import period_words
from case_library.figures import phrase
from case_library.model.case import Case
from case_library.model.fields import PARTS, FieldShape, Model, Values, shapes, values_of
from case_library.model.parts import Figure, Period
from case_library.model.values import PartialDate, Text
from case_library.pages.edition import Edition
from case_library.prose import plain

_LEFT_OUT = frozenset(
    {"title", "aliases", "sort_as", "media", "consent", "indicators", "license", "updated"}
)
#: What backs a statement is not compared.
_BACKING = frozenset({"source", "basis"})
#: No line begins with it, and after a sentence it is not needed.
_DOT = "\u00a0· "
_SENTENCE_AND_DOT = re.compile(rf"(?<=[.!?。！？]){_DOT}")


class Comparison:
    """What one edition's cases say, field by field, as lists of lines."""

    def __init__(self, edition: Edition, address: Callable[[str], str]) -> None:
        self.edition = edition
        self.address = address
        self.labels: dict[str, str] = {}
        self._comma = edition.t("ui.list-comma")
        self._title_of = cache(edition.title_of)

    def fields(self) -> dict[str, object]:
        """What all cases' comparisons share: names of fields and indicators in their order."""
        for case in self.edition.library.cases[:1]:
            self.case(case)
        return {"fields": self.labels, "indicators": self._indicators()}

    def case(self, case: Case) -> dict[str, Any]:
        figures: dict[str, list[list[str]]] = {}
        for figure in case.indicators:
            figures.setdefault(figure.indicator, []).append(self._figure(figure))
        return {
            "title": self.edition.read(case.title),
            "address": self.address(self.edition.prefix + case.address),
            "fields": dict(self._fields(case, "case", "")),
            "figures": figures,
        }

    def _fields(self, model: Model, name: str, prefix: str) -> Iterator[tuple[str, list[str]]]:
        values, compared = _compared(type(model), PARTS)
        for value, shape in zip(values(model), compared, strict=True):
            if not prefix and shape.name in _LEFT_OUT:
                continue
            key = prefix + shape.name
            if shape.name == "replication" and shape.model:
                yield from self._fields(value or _nothing(shape.model), "replication", f"{key}.")
                continue
            if key not in self.labels:
                self.labels[key] = self.edition.language.label(name, shape.name)
            if value:
                items = value if shape.many else (value,)
                yield key, list(filter(None, (self._words(shape, item) for item in items)))

    def _words(self, shape: FieldShape, item: Any) -> str:
        """One value in one line."""
        if isinstance(item, Text):
            return plain(self.edition.read(item))
        if isinstance(item, PartialDate):
            return self.edition.language.date(item)
        if isinstance(item, Period):
            return period_words(item, self.edition.language)
        if isinstance(item, Model):
            if shape.refers_to:
                return self._title_of(shape.refers_to, getattr(item, "id", ""))
            return self._line(item)
        if shape.refers_to:
            return self._title_of(shape.refers_to, item)
        return self.edition.language.choice(shape.name, item) if shape.choices else str(item)

    def _line(self, model: Model) -> str:
        said = []
        values, compared = _compared(type(model))
        for value, shape in zip(values(model), compared, strict=True):
            if value and not isinstance(value, bool):
                items = value if shape.many else (value,)
                words = filter(None, (self._words(shape, item) for item in items))
                said.append(self._comma.join(words))
        # What comes first is the name of the rest, which stands below it.
        name, *rest = said or [""]
        return f"{name}\t{_SENTENCE_AND_DOT.sub(' ', _DOT.join(rest))}" if rest else name

    def _figure(self, figure: Figure) -> list[str]:
        """The value with its unit, then what it covers and when it was so."""
        said = phrase(figure, self.edition.indicator(figure.indicator), self.edition.language)
        when = self.edition.language.date(figure.as_of) if figure.as_of else ""
        scope = self.edition.read(figure.scope)
        return [str(said), _DOT.join(filter(None, (scope, when)))]

    def _indicators(self) -> dict[str, str]:
        used = {
            figure.indicator for case in self.edition.library.cases for figure in case.indicators
        }
        indicators = self.edition.library.records["indicator"]
        records = self.edition.sorted(indicators[name] for name in used if name in indicators)
        return {record.id: self.edition.read(record.title) for record in records}


@cache
def _compared(model: type[Model], parts: tuple[str, ...] = ()) -> tuple[Values, list[FieldShape]]:
    """What is compared of a model, in the order of the page's parts where these are given."""
    found = [shape for shape in shapes(model) if shape.name not in _BACKING]
    found.sort(key=lambda shape: parts.index(shape.part) if parts else 0)
    return values_of([shape.name for shape in found]), found


@cache
def _nothing(model: type[Model]) -> Model:
    return model()
