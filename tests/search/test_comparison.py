"""What a case says of each field, beside another."""

from __future__ import annotations

from typing import Any

import pytest
from case_library.model.reference import Framework, Method
from case_library.pages.edition import Edition, Shared
from case_library.search.comparison import Comparison

from tests.records import case, library, record


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ({"end": "2021"}, "until 2021"),
        ({"start": "2021"}, "since 2021"),
        ({"start": "2021", "end": "2023"}, "2021–2023"),
        ({"start": "2021", "end": "2021", "approximate": "true"}, "about 2021"),
    ],
)
def test_a_period_says_which_end_is_known(period: dict[str, Any], said: str) -> None:
    one = case("one", period=period)
    comparison = Comparison(Edition(Shared(library(one)), "en"), str)
    assert comparison.case(one)["fields"]["period"] == [said]


def test_a_part_of_a_record_is_called_by_its_own_title() -> None:
    dimensions = [{"id": i, "title": f"To {i}", "means": i} for i in ("act", "learn")]
    forces = record(Framework, "forces", dimensions=dimensions)
    evidence = {"dimension": "forces/act", "what": "They built it", "source": "s"}
    one = case("one", evidence=[evidence])
    comparison = Comparison(Edition(Shared(library(forces, one)), "en"), str)
    assert comparison.case(one)["fields"]["evidence"] == ["To act\tThey built it"]


def test_what_a_thing_is_called_stands_apart_and_sentences_need_no_dot() -> None:
    steps = [{"title": "Meet", "text": "They met.", "who": "residents", "method": "cafe"}]
    one = case("one", steps=steps)
    known = library(one, record(Method, "cafe"))
    told = Comparison(Edition(Shared(known), "en"), str).case(one)["fields"]
    assert told["steps"] == ["Meet\tThey met. residents\u00a0· cafe"]
