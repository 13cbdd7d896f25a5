"""Occurrences of tokens, many at a time, as the bytes that shards hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from case_library.search.pieces import Flags, Numbers, Pieces

#: An occurrence is a number: the entry, two bits for how light its text is (0 is the title), and
#: the place in the entry; a text is cut where places end.
PLACE_BITS = 20
PLACE = (1 << PLACE_BITS) - 1
#: A token is a number too, its key; of those that are sorted here so many bits are 0.
ROOM = 21
#: Of a token in so few places none is kept: to compare the texts takes less.
RARE = 8
COLUMNS = ("keys", "counts", "times", "first", "last")


@dataclass(frozen=True)
class Run:
    """Tokens in the order of their keys, and what is known of each in a row of entries."""

    #: The varints of all postings but the first, and of the places.
    rest: Pieces
    places: Pieces | None
    keys: Numbers
    #: In how many entries a token is, and how often.
    counts: Numbers
    times: Numbers
    #: Its first posting, and the entry of its last.
    first: Numbers
    last: Numbers

    @cached_property
    def sizes(self) -> Numbers:
        """How long the postings are, the first one with them."""
        return Pieces.varints(self.first).sizes + self.rest.sizes

    @property
    def kept(self) -> Pieces | None:
        return self.places and self.places.but(self.times <= RARE)

    def take(self, order: Numbers | Flags | slice) -> Run:
        columns = (getattr(self, name)[order] for name in COLUMNS)
        places = self.places and self.places.take(order)
        return Run(self.rest.take(order), places, *columns)

    @classmethod
    def of(cls, keys: Numbers, rows: Numbers, places: Numbers | None = None) -> Run:
        """From occurrences sorted by token and place; a row is the entry and how light."""
        new_token = changes(keys)
        new_entry = new_token | changes(rows >> 2)
        begins = np.flatnonzero(new_token)
        told = None
        if places is not None:
            step = places - np.where(new_entry, 0, np.append(0, places[:-1]))
            told = Pieces.varints(step << 1 | ~np.append(new_entry[1:], True)).merged(begins)
        postings = rows[new_entry].astype(np.int32)
        starts = np.flatnonzero(new_token[new_entry])
        steps = postings - np.append(0, postings[:-1] & ~3)
        steps[starts] = 0  # one byte, which is left out: only a merged run knows the step
        rest = Pieces.varints(steps).merged(starts)
        counts = np.diff(starts, append=len(postings))
        return cls(
            Pieces(rest.data, rest.sizes - 1, rest.starts + 1),
            told,
            keys[begins],
            counts.astype(np.int32),
            np.diff(begins, append=len(keys)).astype(np.int32),
            postings[starts],
            postings[starts + counts - 1] >> 2,
        )


def merged(runs: Sequence[Run]) -> Run:
    """Runs of later and later entries as one, in the order of their keys."""
    keys = np.concatenate([run.keys for run in runs])
    order = np.argsort(keys, kind="stable")
    keys, counts, times, first, last = (
        np.concatenate([getattr(run, name) for run in runs])[order] for name in COLUMNS
    )
    if not len(keys):
        return runs[0]
    new = changes(keys)
    starts = np.flatnonzero(new)
    steps = Pieces.varints(np.where(new, 0, first - (np.roll(last, 1) << 2)))
    steps = Pieces(steps.data, np.where(new, 0, steps.sizes), steps.starts)
    rest = Pieces.chain(run.rest for run in runs).take(order)
    places = [run.places for run in runs if run.places]
    return Run(
        Pieces.zipped(steps, rest).merged(starts),
        Pieces.chain(places).take(order).packed().merged(starts) if places else None,
        keys[starts],
        np.add.reduceat(counts, starts, dtype=np.int32),
        np.add.reduceat(times, starts, dtype=np.int32),
        first[starts],
        last[np.append(starts[1:], len(keys)) - 1],
    )


class Postings:
    """The postings of one family's tokens, of later and later entries."""

    def __init__(self, with_places: bool = False) -> None:
        self.with_places = with_places
        self.runs: list[Run] = []

    def add(self, keys: Numbers, spots: Numbers) -> None:
        """The next occurrences in their order: each one's token as a key, and where."""
        order = np.argsort(keys, kind="stable") if len(keys) >> ROOM else _sorted(keys)
        spots = spots[order]
        self.append(
            keys[order] << ROOM,
            spots >> PLACE_BITS,
            spots & PLACE if self.with_places else None,
        )

    def append(self, keys: Numbers, rows: Numbers, places: Numbers | None = None) -> None:
        """Occurrences sorted already, by whole keys."""
        self.runs.append(Run.of(keys, rows, places))

    def whole(self) -> Run:
        return self.runs[0] if len(self.runs) == 1 else merged(self.runs)


def held(keys: Numbers, entries: Collection[Collection[int]], with_places: bool = False) -> Run:
    """Tokens that stand at the beginning of titles, by the entries that have them."""
    rows = [some if len(some) == 1 else sorted(set(some)) for some in entries]
    keys = np.repeat(keys, list(map(len, rows)))
    spots = np.fromiter(chain.from_iterable(rows), np.int64) << 2
    return Run.of(keys, spots, 0 * keys if with_places else None)


def changes(numbers: Numbers) -> Flags:
    return np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]


def _sorted(keys: Numbers) -> Numbers:
    """The same as `np.argsort`, in half the time."""
    return np.sort(keys << ROOM | np.arange(len(keys))) & (1 << ROOM) - 1
