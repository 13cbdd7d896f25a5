"""What parts of an index were made from: kept while that is the same, and whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from case_library.noted import Noted
from case_library.search.stored import Store

NUMBERS = np.arange(5, dtype=np.int64)


class Made:
    """Makes a part, and tells how often it had to."""

    def __init__(self, answers: Noted[str, str]) -> None:
        self.answers = answers
        self.times = 0

    def ask(self, folder: Path | None) -> tuple[str, list[int]]:
        store = Store(folder, lambda asked: repr([self.answers.answer(key) for _, key in asked]))
        found = store.part("one", self._make)
        store.close()
        return found.about["word"], found.read("numbers", 1, 3).tolist()

    def _make(self) -> tuple[dict[str, str], dict[str, np.ndarray]]:
        self.times += 1
        return {"word": self.answers["a"]}, {"numbers": NUMBERS}


def test_a_part_is_kept_until_an_answer_is_another(tmp_path: Path) -> None:
    made = Made(Noted("n", {"a": "x", "b": "y"}))
    assert made.ask(tmp_path / "in/deep") == made.ask(tmp_path / "in/deep") == ("x", [1, 2])
    assert made.times == 1
    made.answers = Noted("n", {"a": "x", "b": "z"})
    made.ask(tmp_path / "in/deep")
    assert made.times == 1  # nobody asked for b
    made.answers = Noted("n", {"a": "other", "b": "z"})
    assert made.ask(tmp_path / "in/deep") == ("other", [1, 2])
    assert made.times == 2


@pytest.mark.parametrize("damage", [b"", b"x", None])
def test_what_is_damaged_is_made_again(tmp_path: Path, damage: bytes | None) -> None:
    made = Made(Noted("n", {"a": "x"}))
    made.ask(tmp_path)
    content = bytearray((tmp_path / "one").read_bytes())
    content[-3] ^= 1
    (tmp_path / "one").write_bytes(content if damage is None else damage)
    assert made.ask(tmp_path) == ("x", [1, 2])
    assert made.times == 2


def test_nothing_else_stays_and_without_room_nothing_is_lost(tmp_path: Path) -> None:
    made = Made(Noted("n", {"a": "x"}))
    (tmp_path / "old").write_text("a part that nobody asks for any more")
    made.ask(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    (tmp_path / "file").write_text("no folder")
    assert made.ask(tmp_path / "file") == made.ask(None) == ("x", [1, 2])
