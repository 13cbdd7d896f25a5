"""The gap board: every pair of terms, with exactly the cases that have both."""

from __future__ import annotations

from case_library.gaps import cross
from hypothesis import given
from hypothesis import strategies as st

from tests.records import case

CASES = [case(f"c{n}") for n in range(6)]
GROUPS = st.dictionaries(
    st.text("abcde", min_size=1, max_size=2),
    st.lists(st.sampled_from(CASES), unique_by=lambda one: one.id),
    max_size=6,
)


@given(GROUPS, GROUPS)
def test_a_cell_holds_the_cases_of_both(
    rows: dict[str, list[object]], columns: dict[str, list[object]]
) -> None:
    board = cross(rows, columns)  # type: ignore[arg-type]
    assert list(board.rows) == list(rows)
    for row, members in rows.items():
        for column, others in columns.items():
            both = {id(one) for one in members} & {id(one) for one in others}
            assert {id(one) for one in board.cells.get((row, column), ())} == both
    assert board.filled == sum(1 for cases in board.cells.values() if cases)
    assert board.filled <= board.size


def test_of_too_many_rows_the_fullest_stay_in_their_order() -> None:
    rows = {"a": CASES[:1], "b": [], "c": CASES[:3], "d": CASES[:2]}
    board = cross(rows, {"x": CASES}, most=2)
    assert board.rows == ("c", "d")
    assert board.left_off == 2
