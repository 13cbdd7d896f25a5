"""A seeded minute of `make fuzz`: nearly right files, and any text in every field."""

from __future__ import annotations

import json
import os

import pytest
from case_library.document import Document
from case_library.model.case import Case
from case_library.model.record import Written
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.fuzzing import CONTEXT, FILE, MEGABYTES, Mutator, exported, file, megabytes
from tests.hostile import full

#: `make fuzz` tries twenty times as many.
EXAMPLES = int(os.environ.get("EXAMPLES", "1000"))
TEXT = st.text(max_size=400) | st.text(st.sampled_from("<>[]()`*_!&#:;\"'\\/ \n家a1"), max_size=80)


@pytest.mark.parametrize("seed", range(4))
def test_nearly_right_files_are_survived(seed: int) -> None:
    before = megabytes()
    mutator = Mutator(seed)
    for _ in range(10_000):
        file(mutator.next())
    assert megabytes() - before < MEGABYTES


@given(TEXT, TEXT)
@settings(max_examples=EXAMPLES, derandomize=True, deadline=None, database=None)
def test_any_text_in_every_field_is_refused_or_exported(text: str, prose: str) -> None:
    data = json.loads(json.dumps(full(text, prose)))
    try:
        read = Document(FILE, data)
        record = Written.of(Case, "a", read).build(read, CONTEXT)
    except ValidationError:
        return
    exported(record)
