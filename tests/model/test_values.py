"""Scalar values: what is taken as a number, a date, an id, an address, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from case_library.model.values import (
    Context,
    FileName,
    Id,
    Number,
    PartialDate,
    Prose,
    Text,
    Url,
    is_id,
    near_id,
    parse_nested_id,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

NUMBER: TypeAdapter[Decimal] = TypeAdapter(Number)
ID: TypeAdapter[str] = TypeAdapter(Id)
URL: TypeAdapter[str] = TypeAdapter(Url)
FILE: TypeAdapter[str] = TypeAdapter(FileName)
DATE: TypeAdapter[PartialDate] = TypeAdapter(PartialDate)
TEXT: TypeAdapter[Text] = TypeAdapter(Text)
PROSE: TypeAdapter[Prose] = TypeAdapter(Prose)
BOTH = Context(("zh", "en"))


def fault(kind: TypeAdapter[Any], value: Any, context: Context | None = None) -> tuple[str, Any]:
    with pytest.raises(ValidationError) as caught:
        kind.validate_python(value, context=context)
    (error,) = caught.value.errors()
    return error["type"], error.get("ctx", {})


@pytest.mark.parametrize(
    "typed", ["0", "7", "-3", "1200", "0.5", "39.915", "9007199254740992", "0.000000001"]
)
def test_numbers_are_exact(typed: str) -> None:
    assert str(NUMBER.validate_python(typed)) == typed.replace("0.000000001", "1E-9")


@pytest.mark.parametrize(
    "typed",
    [
        *["", "NO", "0123", "1_000", "0x1F", "1e3", "1e400", "nan", ".nan", "inf", "-inf", "12:30"],
        *["1,200", "1 200", "+5", ".5", "5.", "--5", "１２", "१२", "5" * 5000, "0." + "1" * 10],
        *["5\n", " 5"],
    ],
    ids=lambda typed: typed[:9],
)
def test_what_could_be_read_in_two_ways_is_no_number(typed: str) -> None:
    assert fault(NUMBER, typed)[0] == "number"


@pytest.mark.parametrize("value", [None, 5, 5.0, True, ["5"], {"value": "5"}])
def test_only_text_becomes_a_number(value: object) -> None:
    assert fault(NUMBER, value)[0] == "number"


@pytest.mark.parametrize("typed", ["9007199254740993", "-9007199254740993", "9" * 20])
def test_numbers_that_browsers_round_are_too_large(typed: str) -> None:
    assert fault(NUMBER, typed)[0] == "number-too-large"


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("200多", "200"),
        ("超过200个", "200"),
        ("about 200 households", "200"),
        ("1,200", "1200"),
        ("1'200 francs", "1200"),
        ("１２", "12"),
        ("50%", "50"),
        ("-5 °C", "-5"),
        ("0.5公里", "0.5"),
        ("0123", "123"),
        ("1万", "10000"),
        ("2.5万余户", "25000"),
        ("3千", "3000"),
        ("1.2亿", "120000000"),
        # Rather any number than one that nobody wrote.
        ("三十", "12"),
        ("10万亿", "12"),
        ("2 million", "12"),
        ("5k", "12"),
        ("1万2千", "12"),
        ("10-20", "12"),
        ("1,5", "12"),
        ("12.5.3", "12"),
        ("9" * 50, "12"),
    ],
)
def test_suggested_number_is_the_one_that_was_meant(typed: str, suggested: str) -> None:
    assert fault(NUMBER, typed)[1]["suggestion"] == suggested


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(st.text("0123456789,.' _-%万千亿k約个", max_size=12))
def test_suggestion_can_always_be_typed(typed: str) -> None:
    try:
        NUMBER.validate_python(typed)
    except ValidationError as error:
        (found,) = error.errors()
        if found["type"] == "number":
            NUMBER.validate_python(found["ctx"]["suggestion"])


@pytest.mark.parametrize(
    ("typed", "date"),
    [("2025", (2025, None, None)), ("2025-06", (2025, 6, None)), ("2024-02-29", (2024, 2, 29))],
)
def test_dates_keep_what_is_known(typed: str, date: tuple[int, ...]) -> None:
    found = DATE.validate_python(typed)
    assert found == date
    assert str(found) == typed


@pytest.mark.parametrize(
    "typed",
    [
        *["2025-02-29", "2025-13", "2025-00", "2025-01-00", "0000", "2025-6-1", "06-2025"],
        *["25-06-01", "2025/06/01", "2025-06-01T00:00:00Z", "2025-06-01 10:00", "２０２５"],
        *["2025年", "NO", "", None, 2025],
    ],
)
def test_other_dates_are_refused(typed: object) -> None:
    assert fault(DATE, typed)[0] == "date"


def test_first_and_last_day_of_a_coarse_date() -> None:
    days = {
        (2024, None, None): ("2024-01-01", "2024-12-31"),
        (2024, 2, None): ("2024-02-01", "2024-02-29"),
        (2024, 2, 7): ("2024-02-07", "2024-02-07"),
    }
    for parts, (first, last) in days.items():
        date = PartialDate(*parts)
        assert (str(date.first_day()), str(date.last_day())) == (first, last)


@pytest.mark.parametrize("typed", ["a", "7", "older-people", "64-hao", "a" * 64])
def test_ids(typed: str) -> None:
    assert ID.validate_python(typed) == typed


NOT_IDS = [
    *["", "A", "a_b", "a--b", "-a", "a-", "a.b", ".", "..", "../a", "/a", "C:", "a\\b", "a/b"],
    *["a b", "a\n", "a" * 65, "邻里", "é", "о" + "lder", "a\u200bb", "a\u2013b", "ａ", "a%2fb"],
    *["con", "nul", "aux", "prn", "com1", "lpt9", "__proto__", "~", "a?b", "a#b", "a:b"],
    *[None, 7, ["a"], {"id": "a"}],
]


@pytest.mark.parametrize("typed", NOT_IDS)
def test_what_is_no_id(typed: object) -> None:
    assert fault(ID, typed)[0] == "id"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Older People", "older-people"),
        ("older_people", "older-people"),
        ("older\u2013people", "older-people"),
        ("older\u200b-people", "older-people"),
        ("ｏｌｄｅｒ－ｐｅｏｐｌｅ", "older-people"),
        (" older - people ", "older-people"),
        ("Plan.2", "plan-2"),
        ("CON", ""),
        ("老人", ""),
        ("../etc", ""),
        ("оlder", "older"),
        ("ραrk", "park"),
        ("Café", "cafe"),
        ("a" * 65, ""),
        ("a, b", ""),
        ("", ""),
    ],
)
def test_nearest_id(typed: str, meant: str) -> None:
    assert near_id(typed) == meant


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(st.text(max_size=80))
def test_nearest_id_is_an_id(typed: str) -> None:
    near = near_id(typed)
    assert not near or is_id(near)


def test_nested_ids() -> None:
    assert parse_nested_id("five-forces/action") == "five-forces/action"
    for typed, code in [
        ("action", "nested-id"),
        ("", "nested-id"),
        (None, "nested-id"),
        ({"a/b": "c"}, "nested-id"),
        ("a/", "id"),
        ("/a", "id"),
        ("a/b/c", "id"),
        ("a/B", "id"),
    ]:
        with pytest.raises(PydanticCustomError) as caught:
            parse_nested_id(typed)
        assert caught.value.type == code, typed


@pytest.mark.parametrize(
    "typed",
    [
        "https://example.org",
        "http://例子.中国/路径?q=1#a",
        "https://[::1]:8000/",
        "https://a.b/" + "c" * 500,
    ],
)
def test_addresses(typed: str) -> None:
    assert URL.validate_python(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        *["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "file:///etc"],
        *["//example.org", "/local", "www.example.org", "ftp://example.org", "mailto:a@b.c", ""],
        *["https://", "https:///path", "https://user@example.org", "https://u:p@example.org"],
        *["https://example.org:port", "https://[::1", "https://a b", "https://a\nb"],
        *["https://a\\b", 'https://a"b', "https://a<b", "https://a{b}", "https://a\u200bb"],
        *["https://a.b/" + "c" * 2000, None, 5, ["https://example.org"]],
    ],
    ids=lambda typed: str(typed)[:30],
)
def test_other_addresses_are_refused(typed: object) -> None:
    assert fault(URL, typed)[0] == "url"


@pytest.mark.parametrize("typed", ["yard.jpg", "照片 1.jpg".replace(" ", "_"), "a", "a.b-c.PNG"])
def test_file_names(typed: str) -> None:
    assert FILE.validate_python(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        *["", ".", "..", ".hidden", "a/b.jpg", "../a.jpg", "a\\b.jpg", "C:a.jpg", "a.", "a b"],
        *["nul", "a.jpg.", "NUL.jpg", "com1.png", "a\0.jpg", "a\n", "-a.jpg", "a:b", "x" * 101],
        *[None, ["a"]],
    ],
)
def test_other_file_names_are_refused(typed: object) -> None:
    assert fault(FILE, typed)[0] == "file-name"


def test_plain_text_is_in_the_first_language() -> None:
    assert TEXT.validate_python("家", context=BOTH) == {"zh": "家"}
    assert TEXT.validate_python("home") == {"en": "home"}


def test_text_keeps_the_order_of_the_library_not_of_the_writer() -> None:
    text = TEXT.validate_python({"en": "home", "zh": "家"}, context=BOTH)
    assert list(text) == ["zh", "en"]
    assert text.read("en") == ("home", "en")
    assert text.read("fr") == ("家", "zh")


def test_line_breaks_in_a_line_are_spaces_and_stay_in_prose() -> None:
    typed = "  one\n   two\n\n three  "
    assert TEXT.validate_python(typed)["en"] == "one two three"
    assert PROSE.validate_python(typed)["en"] == "one\n   two\n\n three"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "text"),
        ("  \n ", "text"),
        (None, "text"),
        (5, "text"),
        ([], "text"),
        ({}, "text"),
        ({"zh": ""}, "text"),
        ({"zh": None}, "text"),
        ({"zh": ["家"]}, "text"),
        ({"zh": "家", "fr": "maison"}, "language"),
        ({"text": "x"}, "language"),
        ("x" * 301, "text-length"),
        ("zh：家", "fullwidth-colon"),
        ("en:home", "missing-space"),
        ("zh ：家", "fullwidth-colon"),
    ],
)
def test_what_is_no_text(value: object, code: str) -> None:
    assert fault(TEXT, value, BOTH)[0] == code


@pytest.mark.parametrize("typed", ["x" * 300, "注意：一", "fr：x", "note: x", "zh-yue：x", "12:30"])
def test_other_colons_are_text(typed: str) -> None:
    assert TEXT.validate_python(typed, context=BOTH) == {"zh": typed}


def test_any_language_will_do_while_nobody_knows_which() -> None:
    assert TEXT.validate_python({"fr": "x"}, context=Context(())) == {"fr": "x"}
    assert TEXT.validate_python("x", context=Context(())) == {"en": "x"}


def test_quoted_values_are_short() -> None:
    for kind in (NUMBER, ID, URL, FILE, DATE):
        assert len(fault(kind, "x" * 50_000)[1]["found"]) < 70
        assert fault(kind, {"a": "b"})[1]["found"] == "{…}"
