"""Occurrences of tokens, many at a time, as the bytes that shards hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: An occurrence is a number: the entry, two bits for how light its text is (0 is the title), and
#: the place in the entry; a text is cut where places end.
PLACE_BITS = 20
PLACE = (1 << PLACE_BITS) - 1
#: Of a token in so few places none is kept: to compare the texts takes less.
RARE = 8
# So many occurrences can be sorted at once.
_BATCH_BITS = 26

#: What is known of a token: in how many entries it is, which, where in them, the last of them,
#: how often it occurs.
Value = tuple[int, bytes, bytes, int, int]
_NONE: Value = (0, b"", b"", 0, 0)


class Postings:
    """The values of one family's tokens; occurrences come in batches of later and later entries."""

    def __init__(self, family: str, with_places: bool = False) -> None:
        self.family = family
        self.with_places = with_places
        self.found: dict[str, Value] = {}

    def add(self, keys: Numbers, spots: Numbers, named: Callable[[Numbers], Sequence[str]]) -> None:
        """The next occurrences: each one's token as a key, and where; `named` reads the keys."""
        if not len(keys):
            return
        order = np.sort(keys << _BATCH_BITS | np.arange(len(keys)))
        keys, spots = order >> _BATCH_BITS, spots[order & (1 << _BATCH_BITS) - 1]
        rows = spots >> PLACE_BITS
        new_token = _changes(keys)
        new_entry = new_token | _changes(rows >> 2)
        tokens = named(keys[new_token])
        known = [self.found.get(token, _NONE) for token in tokens]

        postings = rows[new_entry]
        starts = np.flatnonzero(new_token[new_entry])
        before = np.roll(postings >> 2, 1)
        before[starts] = [value[3] for value in known]
        told = _pieces(postings - (before << 2), starts)
        counts = np.diff(starts, append=len(postings))
        lasts = postings[starts + counts - 1] >> 2

        starts = np.flatnonzero(new_token)
        times = np.diff(starts, append=len(spots))
        places = [b""] * len(tokens)
        if self.with_places:
            place = spots & PLACE
            step = place - np.where(new_entry, 0, np.roll(place, 1))
            places = _pieces(step << 1 | ~np.append(new_entry[1:], True), starts)
        for token, old, *new in zip(
            tokens,
            known,
            counts.tolist(),
            told,
            places,
            lasts.tolist(),
            times.tolist(),
            strict=True,
        ):
            count, rows_of, places_of, last, often = new
            self.found[token] = (
                old[0] + count,
                old[1] + rows_of,
                old[2] + places_of,
                last,
                old[4] + often,
            )


def _changes(numbers: Numbers) -> Flags:
    return np.append(True, numbers[1:] != numbers[:-1])


def _pieces(numbers: Numbers, starts: Numbers) -> list[bytes]:
    """Numbers as varints, cut where pieces start."""
    sizes = np.ones(len(numbers), int)
    for bits in range(7, int(numbers.max()).bit_length(), 7):
        sizes += numbers >> bits > 0
    ends = np.cumsum(sizes)
    at = ends - sizes
    packed = np.empty(ends[-1], np.uint8)
    for n in range(int(sizes.max())):
        some = sizes > n
        packed[at[some] + n] = numbers[some] >> 7 * n & 127 | (sizes[some] > n + 1) << 7
    whole = packed.tobytes()
    cuts = [*at[starts].tolist(), len(whole)]
    return [whole[a:b] for a, b in pairwise(cuts)]
