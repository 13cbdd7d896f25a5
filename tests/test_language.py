"""Words: every field, choice, kind and problem has them in every language, and they fit."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

import case_library
import pytest
from case_library import document
from case_library.language import Language, available, language, sort_key
from case_library.model.fields import Model, shapes
from case_library.model.kinds import KINDS, PART_KINDS
from case_library.model.values import PartialDate
from case_library.pinyin import pinyin
from case_library.problems import Position, Problem
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT
from pypinyin.seg.simpleseg import seg

from tests.codes import codes

FOLDER = Path(case_library.__path__[0]) / "locale"
PLURALS = ("zero", "one", "two", "few", "many", "other")


def messages(code: str) -> dict[str, str]:
    """All texts of a locale file, read by our own strict reader: nothing twice, no booleans."""
    content = (FOLDER / f"{code}.yml").read_bytes()
    return dict(_flat(document.read(content, PurePosixPath(f"{code}.yml")).data, ""))


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    else:
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _flat(item, f"{path}.{name}" if path else str(name))


def _models(base: type[Model] = Model) -> Iterator[type[Model]]:
    for model in base.__subclasses__():
        # Tests declare models, too; and each Model with slots was another class first.
        if model.__module__.startswith("case_library.") and hasattr(model, "__pydantic_fields__"):
            yield model
        yield from _models(model)


def _places(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def _without_plural(key: str) -> str:
    head, _, last = key.rpartition(".")
    return head if last in PLURALS and not key.startswith("kinds.") else key


ENGLISH = messages("en")
OTHERS = [code for code in available() if code != "en"]
FIELDS = [(model.model_name, shape) for model in _models() for shape in shapes(model)]


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_has_every_key_and_no_other(code: str) -> None:
    theirs = {_without_plural(key) for key in messages(code)}
    assert theirs == {_without_plural(key) for key in ENGLISH}


@pytest.mark.parametrize("code", OTHERS)
def test_messages_name_the_same_values(code: str) -> None:
    """A count may be spelled out in one language and left to the plural in another."""
    theirs = messages(code)
    different = {
        key
        for key in theirs.keys() & ENGLISH.keys()
        if _places(theirs[key]) - {"count"} != _places(ENGLISH[key]) - {"count"}
    }
    assert not different


@pytest.mark.parametrize("code", available())
def test_every_field_has_label_and_help(code: str) -> None:
    words = messages(code)
    for model, shape in FIELDS:
        for part in ("0", "1"):
            keys = (f"fields.{model}.{shape.name}.{part}", f"fields.any.{shape.name}.{part}")
            assert any(words.get(key) for key in keys), (model, shape.name)
    assert language(code).help("case", "title") != language(code).label("case", "title")


def test_words_of_a_model_come_before_those_of_all() -> None:
    zh = language("zh")
    assert (zh.label("case", "summary"), zh.label("theme", "summary")) == ("一句话", "简介")
    assert zh.help("case", "sources") == zh.help("theme", "sources") != zh.label("case", "sources")
    assert (zh.choice("sector", "academia"), zh.kind("place")) == ("学界", "地方")


@pytest.mark.parametrize("code", available())
def test_help_is_one_sentence(code: str) -> None:
    for key, text in messages(code).items():
        if key.startswith("fields.") and key.endswith(".1"):
            assert text.endswith((".", "。")), key
            assert "\n" not in text, key
            assert len(text) < 160, key


@pytest.mark.parametrize("code", available())
def test_labels_name_existing_fields(code: str) -> None:
    known = {(model, shape.name) for model, shape in FIELDS}
    for key in messages(code):
        if key.startswith("fields."):
            _, model, field, _ = key.split(".")
            owners = {m for m, name in known if name == field}
            assert owners if model == "any" else (model, field) in known, key


@pytest.mark.parametrize("code", available())
def test_every_choice_has_a_word_and_no_other_has(code: str) -> None:
    words = messages(code)
    choices = {f"choices.{shape.name}.{choice}" for _, shape in FIELDS for choice in shape.choices}
    assert choices == {key for key in words if key.startswith("choices.")}


def test_one_word_for_two_fields_means_the_same() -> None:
    """Choices share a table by field name, so equal names must offer equal choices."""
    offered: dict[str, set[tuple[str, ...]]] = {}
    for _, shape in FIELDS:
        if shape.choices:
            offered.setdefault(shape.name, set()).add(shape.choices)
    assert {name for name, choices in offered.items() if len(choices) > 1} == set()


@pytest.mark.parametrize("code", available())
def test_every_kind_has_a_word(code: str) -> None:
    words = messages(code)
    for kind in (*KINDS, *PART_KINDS, "tag", "year", "status"):
        assert words[f"kinds.{kind}.one"]
        assert words[f"kinds.{kind}.many"]
    assert language(code).kind("case", 2) == words["kinds.case.many"]


@pytest.mark.parametrize("code", available())
def test_every_problem_has_words_and_no_others_have(code: str) -> None:
    words = messages(code)
    told = {key.split(".")[1] for key in words if key.startswith("problems.")}
    assert told == codes()
    for problem in told:
        assert words[f"problems.{problem}.wrong"]
        assert words[f"problems.{problem}.mend"]


def test_no_message_holds_another_languages_sentence() -> None:
    for key, text in messages("zh").items():
        if key.startswith("problems.") and key.endswith((".wrong", ".mend")):
            assert any("\u4e00" <= c <= "\u9fff" for c in text), key
    for key, text in ENGLISH.items():
        assert not any(c in text for c in "。，；（"), key


def _problem(**details: str) -> tuple[str, str]:
    position = Position(PurePosixPath("a.yml"))
    return language("en").problem(Problem("choice", position, "status", details))


def test_nearest_name_is_offered_where_there_is_one() -> None:
    assert "Did you mean “idea”?" in _problem(found="ida", nearest="idea", known="idea")[1]
    assert "Did you mean" not in _problem(found="x", nearest="", known="idea")[1]


def test_names_are_told_with_what_readers_see() -> None:
    position = Position(PurePosixPath("a.yml"))
    missing = {"name": "problem", "model": "case", "known": "problem, title"}
    wrong, _ = language("zh").problem(Problem("missing-field", position, "problem", missing))
    assert "problem（为什么做）" in wrong
    unknown = missing | {"name": "titel"}
    _, mend = language("en").problem(Problem("unknown-field", position, "titel", unknown))
    assert "problem (Why), title." in mend
    role = {"found": "x", "known": "leads, takes-part"}
    _, mend = language("zh").problem(Problem("choice", position, "actors.0.role.1", role))
    assert "leads（牵头）, takes-part（参与）" in mend
    reference = {"found": "x", "kind": "theme", "file": "reference/themes.yml"}
    wrong, _ = language("zh").problem(Problem("unknown-reference", position, "themes", reference))
    assert "没有编号为“x”的主题" in wrong


@pytest.mark.parametrize(
    ("code", "words", "dates"),
    [
        ("zh-Hans", "案例", "zh"),
        ("zh-foo-bar", "案例", "zh"),
        ("fr", "Case", "fr"),
        ("xx", "Case", "en"),
        ("tlh-Latn", "Case", "en"),
    ],
)
def test_unknown_languages_have_words_and_dates(code: str, words: str, dates: str) -> None:
    found = Language(code)
    assert found.kind("case") == words
    assert found.locale.language == dates


@pytest.mark.parametrize(
    ("date", "en", "zh"),
    [
        (PartialDate(2025), "2025", "2025年"),
        (PartialDate(2025, 6), "June 2025", "2025年6月"),
        (PartialDate(2025, 6, 1), "June 1, 2025", "2025年6月1日"),
        (PartialDate(987), "987", "987年"),
    ],
)
def test_dates_are_told_as_exactly_as_they_are_known(date: PartialDate, en: str, zh: str) -> None:
    assert (language("en").date(date), language("zh").date(date)) == (en, zh)


def test_numbers_keep_all_their_digits() -> None:
    assert language("en").number(Decimal("9007199254740992")) == "9,007,199,254,740,992"
    assert language("en").number(Decimal("0.123456789")) == "0.123456789"
    assert language("en").number(Decimal("1200.50")) == "1,200.5"


def test_units_follow_the_number_where_the_language_does() -> None:
    en, zh = language("en"), language("zh")
    unit = "project | projects"
    assert [en.unit(unit, n) for n in (1, 2, 0, None, Decimal("1.5"))] == [
        "project",
        "projects",
        "projects",
        "projects",
        "projects",
    ]
    assert zh.unit("个", 1) == zh.unit("个", 2) == "个"


def test_chinese_is_ordered_by_its_pinyin() -> None:
    titles = ["卓越", "安全", "重庆", "阿姨", "长城", "Bridge", "北京", "apple"]
    assert sorted(titles, key=sort_key) == [
        "阿姨",
        "安全",
        "apple",
        "北京",
        "Bridge",
        "长城",
        "重庆",
        "卓越",
    ]


@pytest.mark.parametrize(
    ("code", "short"),
    [("zh", ["9,999", "1.2万", "100万"]), ("en", ["9,999", "12,000", "1,000,000"])],
)
def test_counts_are_said_as_one_says_them(code: str, short: list[str]) -> None:
    assert [language(code).short(number) for number in (9_999, 12_000, 1_000_000)] == short


def test_pinyin_is_what_pypinyin_says() -> None:
    draw = random.Random(3)
    characters = [*map(chr, range(0x3400, 0xA000)), *"ab 0·—，。Äé한か𠀀😀⺀々〇"]
    texts = ["".join(draw.choices(characters, k=draw.randint(1, 6))) for _ in range(2_000)]
    texts += draw.sample(sorted(PHRASES_DICT), 2_000)
    for text in texts:
        words = (lazy_pinyin(word, style=Style.TONE3) for word in seg(text))
        assert pinyin(text) == tuple(chain.from_iterable(words))
