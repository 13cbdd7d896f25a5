"""Words, plurals, numbers, dates and order in one language; the words stand in `locale/*.yml`.

A key that a language lacks is taken from English; a key that English lacks is an error here,
not an empty place on a page.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import sys
from collections.abc import Mapping
from decimal import Context, Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_decimal, format_decimal

from case_library import document
from case_library.model.values import PartialDate
from case_library.pinyin import pinyin
from case_library.problems import Problem

FALLBACK = "en"
_EXACT = Context(prec=60)
_FOLDER = Path(__file__).parent / "locale"


class Language:
    """One language of the interface. `code` is its BCP 47 tag, such as `zh` or `en`."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.locale = _locale(code)
        self._messages = _flat(_load(code)) if code != FALLBACK else {}
        self._fallback = _flat(_load(FALLBACK))
        #: Every message by its key.
        self.words: Mapping[str, str] = {**self._fallback, **self._messages}

    def keys(self, own: bool = False) -> frozenset[str]:
        """Every message key; `own` leaves out what is only there in English."""
        fallback = frozenset() if own and self._messages else frozenset(self._fallback)
        return fallback.union(self._messages)

    def has(self, key: str) -> bool:
        return key in self.words

    def text(self, key: str, count: Decimal | int | None = None, **values: Any) -> str:
        """The message `key` with its values put in; `count` also chooses the plural form."""
        if count is None:
            message = self.words[key]
        else:
            message = self.form(key, str(count))
            values["count"] = self.number(count)
        return message.format_map(values) if "{" in message else message

    @functools.lru_cache(maxsize=50_000)  # noqa: B019  a language stays
    def form(self, key: str, count: str) -> str:
        """The message `key` in the plural form that goes with a count."""
        messages = self._messages if self._has_any(self._messages, key) else self._fallback
        form = _form(self.code, count)
        key = next((k for k in (f"{key}.{form}", f"{key}.other", key) if k in messages), key)
        return messages[key]

    def messages(self, section: str) -> dict[str, str]:
        """All messages below a key, by the rest of their keys, as scripts of a page need them."""
        start = f"{section}."
        own = self._messages
        # A message without plural forms stands for all those of English.
        spare = {k: v for k, v in self._fallback.items() if k.rpartition(".")[0] not in own}
        found = {**spare, **own}
        return {key[len(start) :]: found[key] for key in found if key.startswith(start)}

    @staticmethod
    def _has_any(messages: Mapping[str, str], key: str) -> bool:
        return key in messages or f"{key}.other" in messages

    def label(self, model: str, field: str) -> str:
        """The name of a field, as readers see it."""
        return self._field(model, field, "label")

    def help(self, model: str, field: str) -> str:
        """One sentence on what to write into a field."""
        return self._field(model, field, "help")

    def _field(self, model: str, field: str, what: str) -> str:
        own = self.words.get(f"fields.{model}.{field}.{what}")
        return self.words[f"fields.any.{field}.{what}"] if own is None else own

    def choice(self, field: str, value: str) -> str:
        """The name of one of a field's choices: `choice("status", "running")`."""
        return self.words[f"choices.{field}.{value}"]

    def kind(self, kind: str, count: int = 1) -> str:
        """The name of a kind of record, for one or for many."""
        return self.words[f"kinds.{kind}.{'one' if count == 1 else 'many'}"]

    def problem(self, problem: Problem) -> tuple[str, str]:
        """What is wrong, and how to mend it."""
        details = _Details(problem.details)
        if kind := details.get("kind"):
            details["kind"] = self.kind(kind, 2)
        if personal := details.get("personal"):
            details["personal"] = self.text(f"personal.{personal}")
        if known := details.get("known"):
            details["known"] = ", ".join(self._glossed(w, problem) for w in known.split(", "))
        details["label"] = self._glossed(details["name"], problem)
        code = problem.code if self.has(f"problems.{problem.code}.wrong") else "invalid"
        mend = f"problems.{code}.mend"
        if details.get("nearest") and self.has(f"problems.{code}.mend-nearest"):
            mend = f"problems.{code}.mend-nearest"
        wrong, how = self.words[f"problems.{code}.wrong"], self.words[mend]
        return wrong.format_map(details), how.format_map(details)

    def _glossed(self, word: str, problem: Problem) -> str:
        """The name of a field or choice as it is written, with the one that readers see."""
        model, field = problem.details.get("model"), problem.field.rstrip(".0123456789")
        choices = f"choices.{field.rpartition('.')[2]}"
        places = (f"fields.{model}.{word}.label", f"fields.any.{word}.label", f"{choices}.{word}")
        keys = places[:2] if model else places[2:]
        label = next((self.text(key) for key in keys if self.has(key)), word)
        same = label.casefold().replace(" ", "-") == word.casefold().replace("_", "-")
        return word if same else self.text("report.gloss", word=word, label=label)

    def number(self, value: Decimal | int) -> str:
        """A number with all its digits: a locale's habit of rounding would tell a wrong figure."""
        return _number(self.code, value)

    def short(self, value: int) -> str:
        """A count as one says it: `1.2 万` where one counts in ten thousands, else `12,000`."""
        myriad = str(self.locale.compact_decimal_formats["short"]["other"]["10000"])
        if value < 10_000 or myriad.count("0") != 1:
            return self.number(value)
        return str(format_compact_decimal(value, fraction_digits=1, locale=self.locale))

    def date(self, date: PartialDate) -> str:
        """A date exactly as far as it is known."""
        return _date(self.code, date)

    def unit(self, unit: str, value: Decimal | int | None) -> str:
        """The form of `singular | plural` that goes with a value."""
        if "|" not in unit:
            return unit.strip()
        one, _, many = (part.strip() for part in unit.partition("|"))
        return one if value is not None and self.is_one(value) else many

    def is_one(self, value: Decimal | int) -> bool:
        return _form(self.code, str(value)) == "one"

    def sort_key(self, text: str) -> tuple[str, ...]:
        """Alphabetical order; Chinese characters count as their pinyin with tone."""
        return sort_key(text)

    @property
    def direction(self) -> str:
        return str(self.locale.text_direction)


class _Details(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


@functools.lru_cache(maxsize=50_000)
def _number(code: str, value: Decimal | int) -> str:
    exact, locale = _EXACT.normalize(Decimal(value)), language(code).locale
    return str(format_decimal(exact, locale=locale, decimal_quantization=False))


@functools.lru_cache(maxsize=50_000)
def _form(code: str, count: str) -> str:
    return str(language(code).locale.plural_form(abs(Decimal(count))))


@functools.lru_cache(maxsize=50_000)
def _date(code: str, date: PartialDate) -> str:
    locale = language(code).locale
    if date.day:
        return str(format_date(date.first_day(), "long", locale=locale))
    skeleton = "yMMMM" if date.month else "y"
    moment = datetime.datetime(date.year, date.month or 1, 1)
    return str(format_skeleton(skeleton, moment, tzinfo=None, locale=locale))


@functools.cache
def sort_key(text: str) -> tuple[str, ...]:
    if text.isascii():
        return (text.casefold(),)
    return tuple(sys.intern(part.casefold()) for part in pinyin(text))


@functools.cache
def language(code: str) -> Language:
    """The language of a code; an unknown one speaks English words with its own dates."""
    return Language(code)


def available() -> list[str]:
    """The codes of the languages that the interface speaks."""
    return sorted(path.stem for path in _FOLDER.glob("*.yml"))


def _locale(code: str) -> Locale:
    for name in (code, code.partition("-")[0]):
        with contextlib.suppress(UnknownLocaleError, ValueError):
            return Locale.parse(name, sep="-")
    return Locale.parse(FALLBACK)


@functools.cache
def _load(code: str) -> dict[str, Any]:
    for name in (code, code.partition("-")[0]):
        path = _FOLDER / f"{name}.yml"
        if path.is_file():
            return document.read(path.read_bytes(), PurePosixPath(path.name)).data
    return {}


def _flat(messages: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Nested mappings to dotted keys; a pair `[label, help]` to `.label` and `.help`."""
    found: dict[str, str] = {}
    for name, value in messages.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping):
            found |= _flat(value, f"{key}.")
        elif isinstance(value, list):
            found |= {f"{key}.label": str(value[0]), f"{key}.help": str(value[1])}
        else:
            found[key] = str(value)
    return found
