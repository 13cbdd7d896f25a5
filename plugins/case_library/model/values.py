"""Scalar values: how the text that a writer typed becomes a number, a date, an address.

Documents hold text only, so nothing is converted before its field's type says how.
"""

from __future__ import annotations

import calendar
import datetime
import functools
import os
import re
import sys
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, NamedTuple
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from case_library.problems import short

LINE_LIMIT = 300
PROSE_LIMIT = 20_000
LARGEST_NUMBER = 2**53

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ID_LIMIT = 64
# Names that Windows keeps for devices: a folder of that name cannot be made there.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9])")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,9})?")
# One number among other words, and words that would multiply it.
_NEAR_NUMBER = re.compile(
    r"[^0-9]*?(-?[0-9]{1,3}(?:[,'_ ][0-9]{3})+|-?[0-9]+(?:\.[0-9]{1,9})?)([百千万亿]?)([^0-9]*)"
)
_POWERS = {"百": 2, "千": 3, "万": 4, "亿": 8}
_MULTIPLES = re.compile(r"[十百千万亿]|hundred|thousand|[mb]illion|^\s*[kKmM]\b")
_BAD_COLON = re.compile(r"([A-Za-z_-]+)\s*(：|:)")
_NOT_IN_URL = re.compile(r'[\s<>"\\^`{|}\u200b-\u200f\u2060-\u206f]')
_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?")
# What a safe small Markdown has no use for, and what would cost its parser seconds: hundreds of
# openings, each of which it follows to the end, and lists inside lists on one line.
_MARKUP = re.compile(r"[\[<`*+>.)-]")
_PICTURE = re.compile(r"!\[|<img\b", re.IGNORECASE)
_OPENINGS = re.compile(r"[\[<`]")
_MANY_OPENINGS = 100
_NESTED = re.compile(r"^[ \t]*(?:[-*+][ \t]+|[0-9]+[.)][ \t]+|>[ \t]*){10}", re.MULTILINE)
# Cyrillic and Greek letters that look like those of an id.
_ALIKE = str.maketrans("аеорсухіјѕкмтнвαονρτυικ", "aeopcyxijskmthbaovptuik")
_TEXT_JSON_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1},
    ]
}


@dataclass(frozen=True)
class Context:
    """What reading a record needs to know of its library: the first language is the default.

    No languages: nobody could read which they are, and any will do.
    """

    languages: tuple[str, ...] = ("en",)


class Text:
    """One line that people read, by language code: `{"zh": "...", "en": "..."}`.

    Words in the language they were written in, and behind them the next translation: a library
    holds dozens of texts a case, and a dictionary takes three times the memory.
    """

    __slots__ = ("_language", "_next", "_words")
    limit: ClassVar[int] = LINE_LIMIT

    def __init__(self, words: Mapping[str, str]) -> None:
        """In the order of `words`, of which there is one at least."""
        (self._language, self._words), *others = words.items()
        self._next = type(self)(dict(others)) if others else None

    def read(self, language: str) -> tuple[str, str]:
        """The text in `language`, else in the language it was written in, and which that is."""
        text: Text | None = self
        while text is not None:
            if text._language == language:
                return text._words, language
            text = text._next
        return self._words, self._language

    def items(self) -> Iterator[tuple[str, str]]:
        """Language codes and words, the language it was written in first."""
        text: Text | None = self
        while text is not None:
            yield text._language, text._words
            text = text._next

    def values(self) -> Iterator[str]:
        return (words for _, words in self.items())

    def __getitem__(self, language: str) -> str:
        return dict(self.items())[language]

    def __iter__(self) -> Iterator[str]:
        return (language for language, _ in self.items())

    def __eq__(self, other: object) -> bool:
        return dict(self.items()) == (dict(other.items()) if isinstance(other, Text) else other)

    def __repr__(self) -> str:
        return repr(dict(self.items()))

    @classmethod
    def _validate(cls, value: Any, info: core_schema.ValidationInfo) -> Text:
        languages = (info.context or Context()).languages
        if isinstance(value, str):
            refuse_bad_colon(value, languages)
            return cls({languages[0] if languages else "en": cls._checked(value)})
        if not isinstance(value, dict) or not value:
            raise PydanticCustomError("text", "text or a mapping of languages")
        languages = languages or tuple(value)
        for language in value:
            if language not in languages:
                raise PydanticCustomError(
                    "language",
                    "not a language of this library",
                    {"found": str(language), "known": ", ".join(languages)},
                )
        return cls({k: cls._checked(value[k]) for k in languages if k in value})

    @classmethod
    def _checked(cls, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise PydanticCustomError("text", "text or a mapping of languages")
        if len(value) > cls.limit:
            raise PydanticCustomError(
                "text-length", "too long", {"length": str(len(value)), "limit": str(cls.limit)}
            )
        return cls._tidy(value)

    @classmethod
    def _tidy(cls, value: str) -> str:
        if value.isprintable():  # one line
            return value.strip()
        return " ".join(line.strip() for line in value.splitlines() if line.strip())

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(cls._validate)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(_TEXT_JSON_SCHEMA)


Mapping.register(Text)


class Prose(Text):
    """Paragraphs in a small, safe Markdown, by language code."""

    __slots__ = ()
    limit: ClassVar[int] = PROSE_LIMIT

    @classmethod
    def _checked(cls, value: Any) -> str:
        text = super()._checked(value)
        if not _MARKUP.search(text):
            return text
        if _PICTURE.search(text):
            raise PydanticCustomError("picture-in-text", "a picture")
        if len(_OPENINGS.findall(text)) > _MANY_OPENINGS or _NESTED.search(text):
            raise PydanticCustomError("markup", "too much", {"limit": str(_MANY_OPENINGS)})
        return text

    @classmethod
    def _tidy(cls, value: str) -> str:
        return value.strip()


def today() -> datetime.date:
    """The day of this build: SOURCE_DATE_EPOCH where it is set, so that it can be repeated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.datetime.now(datetime.timezone.utc)
    return (datetime.datetime.fromtimestamp(int(epoch), now.tzinfo) if epoch else now).date()


def coarse(value: Decimal) -> Decimal:
    """A coordinate to about a hundred metres: a place, not a door."""
    return round(value, 3)


class PartialDate(NamedTuple):
    """A year, a month or a day, as exactly as it is known. No time, no time zone."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        parts = (f"{self.year:04}", *(f"{p:02}" for p in (self.month, self.day) if p))
        return "-".join(parts)

    def first_day(self) -> datetime.date:
        return datetime.date(self.year, self.month or 1, self.day or 1)

    def last_day(self) -> datetime.date:
        """The last day that it may mean."""
        if self.day:
            return self.first_day()
        month = self.month or 12
        return datetime.date(self.year, month, calendar.monthrange(self.year, month)[1])

    @classmethod
    def _validate(cls, value: Any) -> PartialDate:
        if isinstance(value, str) and (date := _date(value)):
            return date
        raise PydanticCustomError("date", "not a date", {"found": _quoted(value)})

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls._validate)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        # A lone year is a number to an editor that checks with this schema.
        text = {"type": "string", "pattern": f"^{_DATE.pattern}$"}
        return {"anyOf": [text, {"type": "integer", "minimum": 1000, "maximum": 9999}]}


@functools.lru_cache(maxsize=50_000)
def _date(text: str) -> PartialDate | None:
    match = _DATE.fullmatch(text)
    try:
        date = PartialDate(*(int(p) if p else None for p in match.groups())) if match else None  # type: ignore[arg-type]
        return date if date and date.first_day() else None
    except ValueError:
        return None


def refuse_bad_colon(text: str, names: Collection[str]) -> None:
    """Refuse `zh：…` and `zh:…`, which YAML takes for text that begins so."""
    if ":" not in text and "：" not in text:
        return
    found = _BAD_COLON.match(text)
    if found and found[1] in names:
        code = "fullwidth-colon" if found[2] == "：" else "missing-space"
        raise PydanticCustomError(code, "no colon and space", {"found": found[1]})


def parse_number(value: Any) -> Decimal:
    """Digits to an exact number; anything that could be read in two ways is refused."""
    text = value if isinstance(value, str) else ""
    if _NUMBER.fullmatch(text):
        number = Decimal(text)
        if abs(number) <= LARGEST_NUMBER:
            return number
        details = {"found": text, "limit": str(LARGEST_NUMBER)}
        raise PydanticCustomError("number-too-large", "too large", details)
    details = {"found": _quoted(value), "suggestion": _near_number(text)}
    raise PydanticCustomError("number", "not a number", details)


def _near_number(text: str) -> str:
    """The digits that a writer most likely means, or any: never a value that was not written."""
    plain = unicodedata.normalize("NFKC", text) if len(text) <= 40 else ""
    near = _NEAR_NUMBER.fullmatch(plain)
    if near is None or _MULTIPLES.search(near[3]):
        return "12"
    number = Decimal(re.sub("[,'_ ]", "", near[1])).scaleb(_POWERS.get(near[2], 0))
    digits = f"{number:f}"
    return digits if _NUMBER.fullmatch(digits) else "12"


def parse_id(value: Any) -> str:
    """An id that is safe as a file name, an address and a reference on every system."""
    if isinstance(value, str) and "/" not in value and is_id(value):
        return sys.intern(value)
    details = {"found": _quoted(value), "nearest": near_id(value) if isinstance(value, str) else ""}
    raise PydanticCustomError("id", "not an id", details)


@functools.lru_cache(maxsize=50_000)
def is_id(text: str) -> bool:
    """Whether it could be the id of a record, or of a part of one (`record/part`)."""
    return all(
        len(part) <= _ID_LIMIT and _ID.fullmatch(part) and not _DEVICES.fullmatch(part)
        for part in text.split("/")
    )


def near_id(text: str) -> str:
    """The id that a writer most likely means by `Older People` or `older–people`, or nothing."""
    plain = unicodedata.normalize("NFKD", text[: _ID_LIMIT + 1]).lower().translate(_ALIKE)
    plain = "".join(c for c in plain if unicodedata.category(c) not in {"Cf", "Mn"})
    near = re.sub(r"[\s_\-\u2010-\u2015\u2212.]+", "-", plain).strip("-")
    return near if is_id(near) else ""


def parse_nested_id(value: Any) -> str:
    """The id of a part of a record: `record/part`, such as `five-forces/action`."""
    record, slash, part = value.partition("/") if isinstance(value, str) else ("", "", "")
    if not slash:
        raise PydanticCustomError("nested-id", "not record/part", {"found": _quoted(value)})
    return sys.intern(f"{parse_id(record)}/{parse_id(part)}")


def parse_url(value: Any) -> str:
    """An http or https address without credentials."""
    if isinstance(value, str) and len(value) <= 2_000 and not _NOT_IN_URL.search(value):
        try:
            parts = urlsplit(value)
            parts.port  # noqa: B018  raises ValueError where it is not a number
            safe = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
        except ValueError:
            safe = False
        if safe:
            return value
    raise PydanticCustomError("url", "not an address", {"found": _quoted(value)})


def parse_file_name(value: Any) -> str:
    """A plain file name inside the record's own folder."""
    text = value if isinstance(value, str) else ""
    is_device = _DEVICES.fullmatch(text.partition(".")[0].lower())
    if re.fullmatch(r"\w(?:[\w.-]{0,98}[\w-])?", text) and not is_device:
        return text
    raise PydanticCustomError("file-name", "not a file name", {"found": _quoted(value)})


def _quoted(value: Any) -> str:
    if isinstance(value, str):
        return short(value)
    return "{…}" if isinstance(value, dict) else "[…]" if isinstance(value, list) else ""


Number = Annotated[
    Decimal, BeforeValidator(parse_number), WithJsonSchema({"type": "number"}, mode="validation")
]
Id = Annotated[
    str,
    BeforeValidator(parse_id),
    WithJsonSchema({"type": "string", "pattern": f"^{_ID.pattern}$"}),
]
Url = Annotated[
    str, BeforeValidator(parse_url), WithJsonSchema({"type": "string", "format": "uri"})
]
Coordinate = Annotated[Number, AfterValidator(coarse)]
FileName = Annotated[str, BeforeValidator(parse_file_name), WithJsonSchema({"type": "string"})]
