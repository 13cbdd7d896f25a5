"""Reading: what a writer typed stays as it is, and no file can do harm, whatever is in it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import unicodedata
from pathlib import PurePosixPath
from typing import Any

import pytest
from case_library import document
from case_library.decoding import MAX_BYTES
from case_library.document import MAX_DEPTH, MAX_NODES, MAX_SCALAR, Document
from case_library.problems import DocumentError, Position
from hypothesis import given, settings
from hypothesis import strategies as st

FILE = PurePosixPath("cases/a.yml")


def read(content: str | bytes) -> Document:
    return document.read(content.encode() if isinstance(content, str) else content, FILE)


def refused(content: str | bytes) -> tuple[str, Position]:
    with pytest.raises(DocumentError) as caught:
        read(content)
    return caught.value.problem.code, caught.value.problem.position


def value(text: str) -> Any:
    return read(f"key: {text}\n").data.get("key")


@pytest.mark.parametrize(
    "typed",
    [
        "NO",
        "off",
        "true",
        "=",
        "12:30",
        "0123",
        "1_000",
        "0x1F",
        "1e400",
        ".nan",
        "-.INF",
        "5" * 5000,
    ],
    ids=lambda typed: typed[:30],
)
def test_plain_scalars_stay_text(typed: str) -> None:
    assert value(typed) == typed


@pytest.mark.parametrize("typed", ["", "~", "null", "# only a comment"])
def test_key_without_value_says_nothing(typed: str) -> None:
    assert read(f"key: {typed}\nother: x").data == {"other": "x"}


@pytest.mark.parametrize("typed", ['""', "'~'", '"null"'])
def test_quoted_nothing_is_text(typed: str) -> None:
    assert value(typed) == typed[1:-1]


def test_braces_may_hold_a_key_without_value() -> None:
    assert value("{zh: , en: ~, fr: 'null'}") == {"fr": "null"}


def test_nothing_in_a_list_keeps_its_place() -> None:
    assert value("[a, ~, b]") == ["a", None, "b"]


def test_positions_of_values() -> None:
    read_document = read("title: 家\nactors:\n  - people: a\n    role: [leads, guides]\n")
    assert read_document.position() == Position(FILE, 1, 1)
    assert read_document.position(("title",)) == Position(FILE, 1, 8)
    assert read_document.position(("actors", 0, "role", 1)) == Position(FILE, 4, 19)


def test_position_of_what_is_missing_is_where_it_would_stand() -> None:
    found = read("a: x\nactors:\n  - people: a\n")
    assert found.position(("actors", 0, "sector", "x")) == Position(FILE, 3, 5)


def test_positions_count_characters_not_bytes() -> None:
    assert read("{名: 家, b: x}").position(("b",)) == Position(FILE, 1, 11)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_system(line_end: str) -> None:
    content = "\ufefftitle: 家\n\nproblem: |\n  one\n  two\n".replace("\n", line_end)
    found = read(content)
    assert found.data == {"title": "家", "problem": "one\ntwo\n"}
    assert found.position(("problem",)).line == 3


def test_fault_after_any_line_end_is_told_in_its_line() -> None:
    assert refused("title: x\r\rsummary: @x\r")[1] == Position(FILE, 3, 10)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_composed_and_decomposed_letters_are_one(form: Any) -> None:
    assert read(unicodedata.normalize(form, "title: Café 한국")).data["title"] == "Café 한국"


def test_escaped_letters_are_composed_too() -> None:
    assert value(r'"Cafe\u0301"') == "Café"


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_line_separator_is_a_space(mark: str) -> None:
    found = read(f"title: one{mark}two: three\nsummary: x\n".replace("two:", "two"))
    assert found.data["title"] == "one two three"
    assert found.position(("summary",)).line == 2


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\\N", "\\L", "\\P"])
def test_line_separator_begins_no_field(mark: str) -> None:
    assert value(f'"one{mark}status: ended"') == "one status: ended"


def test_open_isolates_and_inner_byte_order_marks_are_dropped() -> None:
    assert value("a\u2067b\ufeffc\u202bd") == "abcd"
    assert value(r'"a\u2067b"') == "ab"


@pytest.mark.parametrize("character", ["\0", "\a", "\x1b", "\x7f", "\x9b", "\u202e", "\uffff"])
def test_control_characters_are_refused_where_they_stand(character: str) -> None:
    assert refused(f"title: x\nsummary: a{character}b\n" + "x: y\n" * 9) == (
        "control-character",
        Position(FILE, 2, 11),
    )


@pytest.mark.parametrize("escape", ["\\0", "\\e", "\\x7f", "\\u202e", "\\uFFFE"])
def test_escapes_bring_in_no_control_characters(escape: str) -> None:
    assert refused(f'title: x\nsummary: "a{escape}"')[0] == "control-character"


def test_lone_surrogates_are_refused() -> None:
    assert refused(b"title: \xed\xa0\x80")[0] == "encoding"
    assert refused('title: "\\ud800"')[0] == "escape"


def test_quoted_pieces_of_a_message_are_short() -> None:
    with pytest.raises(DocumentError) as caught:
        read(f"? {'x' * 60_000}\n: 1\n? {'x' * 60_000}\n: 2\n")
    assert len(caught.value.problem.details["key"]) < 100


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("gb18030", "GB18030"), ("gbk", "GB18030")],
)
def test_encodings_are_named(encoding: str, named: str) -> None:
    content = "title: 邻里共享家\nsummary: 居民，物业和社区\n".encode(encoding)
    with pytest.raises(DocumentError) as caught:
        read(content)
    assert caught.value.problem.details["found"] == named


@pytest.mark.parametrize("text", ["Café", "Straße und Höfe", "maçon", "año"])
def test_western_encodings_are_not_taken_for_chinese(text: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(f"title: {text}\n".encode("latin-1"))
    assert caught.value.problem.details["found"] == "ISO-8859-1"


def test_limits_hold_exactly() -> None:
    assert (MAX_BYTES, MAX_SCALAR, MAX_NODES, MAX_DEPTH) == (1_000_000, 64_000, 20_000, 20)
    assert read("title: x\n# ".ljust(MAX_BYTES, "x")).data
    assert refused("title: x\n# ".ljust(MAX_BYTES + 1, "x"))[0] == "file-too-large"
    assert len(value("x" * MAX_SCALAR)) == MAX_SCALAR
    assert refused("key: " + "x" * (MAX_SCALAR + 1))[0] == "text-too-long"
    # The mapping, its key and the list are three nodes.
    assert len(value("[" + "a," * (MAX_NODES - 3) + "]")) == MAX_NODES - 3
    assert refused("key: [" + "a," * (MAX_NODES - 2) + "]")[0] == "too-many-nodes"
    assert value("[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1))
    assert refused("key: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH)[0] == "too-deep"


ALIAS_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(9)
)
MERGE_BOMB = "a: &a {x: 1}\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} {{<<: [{','.join([f'*{chr(97 + i)}'] * 9)}]}}\n"
    for i in range(9)
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ALIAS_BOMB, "anchor"),
        (MERGE_BOMB, "anchor"),
        ("a: &a [*a]\n", "anchor"),
        ("<<: {a: b}\n", "merge-key"),
        ("[" * 100_000, "too-deep"),
        ("{" * 100_000, "key-not-text"),
        ("- " * 500_000, "too-deep"),
        ("? " * 500_000, "key-not-text"),
        ("".join(f"{' ' * i}a:\n" for i in range(1300)), "too-deep"),
        # Each of these once took a time that grew with the square of its length, or might.
        ("\n" * 900_000 + "[", "unclosed-bracket"),
        (" " * 900_000 + "[", "unclosed-bracket"),
        ("a: e" + "\u0301\u0323" * 200_000, "too-many-marks"),
        ("a: e" + ("\u0301\u0323" * 14 + "\ufeff") * 10_000, "too-many-marks"),
        ('a: "e' + "\\u0301\\u0323" * 30_000 + '"', "too-many-marks"),
        ("a: [" + "b," * 400_000, "too-many-nodes"),
        ("a:" * 400_000, "text-too-long"),
        ("%a\n" * 300_000, "not-yaml"),
        ('a: "' + "\\n" * 400_000, "unclosed-quote"),
        ("---\n" * 200_000, "empty-file"),
        ("a: !" + "%41" * 300_000 + " x", "tag"),
        ("\t" * 900_000, "tab-indentation"),
    ],
    ids=lambda part: part[:9] if len(part) > 20 else part,
)
def test_hostile_files_are_refused_quickly(content: str, code: str) -> None:
    begun = time.process_time()
    assert refused(content)[0] == code
    assert time.process_time() - begun < 1


def test_process_survives_brackets() -> None:
    """In a process of its own: a crash of the C parser could not be caught here."""
    program = (
        "import sys; from pathlib import PurePosixPath; from case_library import document\n"
        "for piece in ('[', '{', '- ', '? ', '[{a: ', '!!a [', '\"', '|\\n '):\n"
        "    try: document.read((piece * 25_000).encode(), PurePosixPath('a.yml'))\n"
        "    except document.DocumentError: pass\n"
        "print('alive')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=os.environ
    )
    assert done.stdout == "alive\n", done.stderr


def test_no_tag_constructs_anything(tmp_path: Any) -> None:
    target = tmp_path / "made"
    code, position = refused(f'title: !!python/object/apply:os.mkdir ["{target}"]')
    assert (code, position) == ("tag", Position(FILE, 1, 8))
    assert not target.exists()


@pytest.mark.parametrize(
    ("content", "code", "line", "column"),
    [
        ("title: x\nplace：东城\n", "fullwidth-colon", 2, 6),
        ("title: x\nplace:东城\nstatus: idea\n", "missing-space", 2, 6),
        ("title: x\nsummary：one\n  two\n\nstatus: idea\n", "fullwidth-colon", 2, 8),
        ("title:\n  zh：家\n\n  en: home\n", "fullwidth-colon", 2, 5),
        ("actors:\n  - people:邻居\n    sector: residents\n", "missing-space", 2, 11),
        # Colons that stand elsewhere have nothing to do with the fault.
        ("title: [x\nstatus: idea\nnote：x\n", "unclosed-bracket", 1, 8),
        ("text: |\n  note:x\n  note：x\ntitle: [x\na: b\n", "unclosed-bracket", 4, 8),
        ("text: |\n  note：x\n\nplace: a\ntitle: x: y\n", "unquoted-colon", 5, 9),
        ("url: https://example.org\n- x\n", "indentation", 2, 1),
    ],
)
def test_a_fault_is_told_by_its_cause(content: str, code: str, line: int, column: int) -> None:
    assert refused(content) == (code, Position(FILE, line, column))


@pytest.mark.parametrize("text", ["注意：一", "http://example.org/a:b", "a：b", "12:30", "x:y"])
def test_colons_inside_values_are_text(text: str) -> None:
    assert value(text) == text


NEAR_YAML = st.lists(
    st.sampled_from("：:[]{}\"'|>!%@`#\\~家😀 \n\t\r\0\x85\u0301\u2028\ufeff\u202e")
    | st.sampled_from(["title", "a", ": ", "- ", "? ", ", ", "\n  ", "\n    ", "\\u0301"])
    | st.sampled_from(["&a", "*a", "!!set", "<<", "---", "...", "null"]),
    max_size=60,
).map("".join)


def _survives(content: bytes) -> None:
    begun = time.process_time()
    try:
        found = document.read(content, FILE)
    except DocumentError as error:
        problem = error.problem
        lines = content.decode("utf-8", "replace").splitlines()
        assert problem.position.file == FILE
        assert problem.position.line <= len(lines) + 1
        assert (problem.position.line > 0) == (problem.position.column > 0)
    else:
        _is_plain(found.data)
    assert time.process_time() - begun < 1


def _is_plain(data: Any) -> None:
    assert type(data) in {dict, list, str, type(None)}
    for item in data if isinstance(data, (dict, list)) else ():
        _is_plain(item)
        if isinstance(data, dict):
            _is_plain(data[item])


@given(st.binary(max_size=300))
@settings(max_examples=300, derandomize=True, deadline=None, database=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    _survives(content)


@given(NEAR_YAML)
@settings(max_examples=400, derandomize=True, deadline=None, database=None)
def test_anything_like_yaml_is_read_or_refused(content: str) -> None:
    _survives(content.encode())
