"""Prose: whatever is accepted is rendered at once, and is no more than its few tags."""

from __future__ import annotations

import re
import time

import pytest
from case_library import prose
from case_library.model.values import PROSE_LIMIT, Prose
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

TEXT: TypeAdapter[Prose] = TypeAdapter(Prose)
ALLOWED = {"p", "strong", "em", "ul", "ol", "li", "a", "code", "blockquote", "br"}
PIECES = ["[", "](", "`", "``", "<", ">", "> ", "- ", "1. ", "* ", "**", "_", "\\", "&", "&#", "!"]
PIECES += [
    "<a ",
    "<!--",
    "<p>",
    "</p>",
    "[a]: ",
    "\n",
    "\n\n",
    "    ",
    "  \n",
    "a",
    " ",
    "http://a.b",
]
PIECES += [
    "<?",
    "<![CDATA[",
    "=\n=",
    "# ",
    "***",
    "'",
    '"',
    "javascript:",
    "\t",
    "家",
    "</",
    "<svg>",
]


def survives(text: str, seconds: float = 1) -> None:
    """A text is refused, or rendered soon, with allowed tags only."""
    try:
        accepted = TEXT.validate_python(text)
    except ValidationError:
        return
    begun = time.process_time()
    rendered = prose.html.__wrapped__(accepted["en"])
    assert time.process_time() - begun < seconds
    assert set(re.findall(r"</?([a-z0-9]+)", rendered)) <= ALLOWED


@pytest.mark.parametrize("code", ["1", "27", "x7f", "x85", "x202e", "x2066", "xfeff", "x2028"])
def test_a_reference_to_a_character_brings_in_none_that_a_file_may_not_hold(code: str) -> None:
    for text in (f"*a*&#{code};b", f"[a](http://b.c 'd&#{code};e')", f"<b title='&#{code};'>c</b>"):
        assert str(prose.html(text)).isprintable()
    # What is left when it is gone is no way round the schemes.
    found = prose.html(f"[a](java&#{code};&#10;script:b) [c](java&#{code};script:d)")
    assert "javascript:" not in re.sub(r"[\t\n\r]", "", found)


def filled(piece: str) -> str:
    return (piece * (PROSE_LIMIT // len(piece))).strip() or "x"


@pytest.mark.parametrize("piece", PIECES)
def test_one_piece_repeated_is_quick(piece: str) -> None:
    survives(filled(piece))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100 + "a" * 19_000,
        "[a " * 100 + "b " * 9_000,
        "``a`" * 25 + "b " * 9_000,
        "<a " * 100 + "'" * 10_000,
        "<p><b>" * 50 + "x" * 19_000,
        "[a]: <" * 50 + " " * 10_000 + "x",
        "\n".join(f"{'    ' * i}- a" for i in range(95)),
        "\n".join(f"{'>' * (i % 9)} a" for i in range(900)),
        "* a\n\n      " * 1_500,
        "&#x" * 6_000,
    ],
    ids=range(10),
)
def test_the_costliest_text_that_is_accepted_is_quick(text: str) -> None:
    accepted = TEXT.validate_python(text)
    assert accepted
    survives(text)


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.integers(1, 200)), max_size=30))
@settings(max_examples=200, derandomize=True, deadline=None, database=None)
def test_any_mix_is_refused_or_quick(parts: list[tuple[str, int]]) -> None:
    survives("".join(piece * count for piece, count in parts)[:PROSE_LIMIT])
