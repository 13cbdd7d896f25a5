"""A problem in words: the same data as text and for programs, and nothing that can mislead."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

import pytest
from case_library.language import language
from case_library.problems import Position, Problem, short
from case_library.report import as_data, as_json, lines, text, visible

EN, ZH = language("en"), language("zh")
HERE = Position(PurePosixPath("cases/a.yml"), 3, 5)


def test_text_and_data_say_the_same() -> None:
    details = {"found": "run", "nearest": "", "known": "idea"}
    problem = Problem("choice", HERE, "status", details, "    status: run")
    assert lines(problem, EN) == [
        "cases/a.yml:3:5: problem in field “status”: “run” is not one of the words that can stand"
        " here.",
        "    3 |     status: run",
        "      |     ^",
        "    Choose one of: idea.",
    ]
    assert as_data(problem, ZH) == {
        "file": "cases/a.yml",
        "line": 3,
        "column": 5,
        "field": "status",
        "code": "choice",
        "line_text": "status: run",
        "wrong": "这里不能写“run”。",
        "mend": "从这些词里选：idea（设想）。",
    }
    for words in (EN, ZH):
        data = as_data(problem, words)
        assert text(problem, words).count(str(data["wrong"])) == 1
        assert text(problem, words).endswith(f"\n    {data['mend']}")


def test_problem_of_a_whole_file_has_no_line() -> None:
    problem = Problem("empty-file", Position(PurePosixPath("cases/a.yml")))
    assert lines(problem, EN)[0] == "cases/a.yml: problem: The file is empty."
    assert as_data(problem, EN)["line"] == 0


def test_unknown_code_is_told_by_its_reason() -> None:
    problem = Problem("from-a-newer-version", HERE, "", {"reason": "of the moon"})
    assert "of the moon" in text(problem, EN)
    assert as_data(problem, EN)["code"] == "from-a-newer-version"


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b[2J\x1b[31m",
        "one\ntwo: forged",
        "a\rb",
        "a\u202egpj.exe",
        "a\u200bb",
        "\udcff",
        "\x9b1m",
    ],
)
def test_nothing_quoted_moves_the_cursor_or_hides(hostile: str) -> None:
    position = Position(PurePosixPath(f"cases/{hostile}.yml"), 1, 1)
    details = {"found": hostile, "nearest": hostile, "known": hostile}
    problem = Problem("choice", position, f"a.{hostile}", details)
    told = text(problem, ZH)
    assert told.count("\n") == 1
    assert all(c.isprintable() for c in told.replace("\n", ""))
    encoded = json.dumps(as_json([problem], ZH), ensure_ascii=False).encode()
    assert json.loads(encoded)[0]["code"] == "choice"


@pytest.mark.parametrize("words", ["", "邻里共享家", "全角\u3000空格", "a b", "“é”"])
def test_ordinary_text_is_shown_as_it_is(words: str) -> None:
    assert visible(words) == words


def test_long_values_are_cut_and_short_ones_are_not() -> None:
    assert (short("x" * 60), short("x" * 61)) == ("x" * 60, "x" * 60 + "…")


def test_details_with_braces_are_not_read_as_places() -> None:
    problem = Problem("number", HERE, "", {"found": "{suggestion} {0} {x.__class__}"})
    assert "{suggestion} {0} {x.__class__}" in text(problem, EN)
