"""Folding and tokens: the rules that the browser follows too."""

from __future__ import annotations

import pytest
from case_library.search import tokens


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("64 号院的居民，先说", "64号院的居民 先说"),
        ("Open Space 开放空间", "open space开放空间"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ １７Ｎ", "full width 17n"),
        ("學校裡的老人", "学校里的老人"),
        ("co-building, A_b!", "co building a b"),
        ("e\u0301tude", "étude"),
        ("一行\n二行\n\n third", "一行\n二行\nthird"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("ΟΔΟΣ", "οδοσ"),
        ("！？…", ""),
        ("著名 乾杯", "著名乾杯"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert tokens.fold(text) == folded


def test_texts_folded_together_are_those_folded_alone() -> None:
    texts = ["", " 一", "—", "a ", " b\n", "½㎡", "\u0301", "二 ", "\u200b", "\x1d", "c\n \n三"]
    codes, ends = tokens.folded(texts)
    together = tokens.decoded(codes).split(chr(tokens.END))
    assert together == [*map(tokens.fold, texts), ""]
    assert ends.tolist() == [i for i, code in enumerate(codes) if code == tokens.END]


def test_words_between_han_are_words() -> None:
    assert tokens.words("第64号17n微自治\nopen space") == ["64", "17n", "open", "space"]


@pytest.mark.parametrize("typed", ["linligongxiangjia", "gongxiang", "llgxj", "gxj", "jia"])
def test_names_are_found_as_they_are_typed(typed: str) -> None:
    assert any(token.startswith(typed) for token in tokens.spoken("邻里共享家"))


def test_numbers_in_names_are_typed_whole() -> None:
    assert "64hyyst" in tokens.spoken("64 号院议事厅")
    assert "64haoyuanyishiting" in tokens.spoken("64 号院议事厅")


def test_a_name_without_chinese_has_no_sound() -> None:
    assert not tokens.spoken("Open Space")
