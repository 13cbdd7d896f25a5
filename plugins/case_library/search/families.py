"""Families of tokens, put together from batches as tables for shards."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, count, repeat

import numpy as np

from case_library.search.batch import Batch, part_of
from case_library.search.groups import BACKWARDS, PARTS, Before
from case_library.search.index import Holders, keys_of, written
from case_library.search.pieces import Pieces
from case_library.search.postings import ROOM, Run, held, merged
from case_library.search.shards import Family, Table, hashed, ranged, spread, spreads

# A table holds about so many bytes, or sounds: that bounds memory.
_TABLE = 1 << 21
_SOUNDS = 1 << 16


def hashed_families(batches: Sequence[Batch], before: Before) -> Iterator[Family]:
    """Tokens that are found by their hash, in tables for some parts of them."""
    names = dict(sorted(_gathered(batch.holders("names") for batch in batches).items()))
    pairs = keys_of(name.partition("\t")[0] for name in names)
    whole = held(pairs + np.arange(1, len(names) + 1), names.values(), with_places=True)
    parts = part_of(written(pairs))
    tails = Pieces.of([b"", *(name[name.index("\t") :].encode() for name in names)])

    def grams(some: slice) -> Table:
        runs = [batch.run("gram", some) for batch in batches]
        run = merged([*runs, whole.take((some.start <= parts) & (parts < some.stop))])
        heads = written(run.keys >> ROOM << ROOM)
        ends = tails.take(run.keys & (1 << ROOM) - 1)
        return Table(run, Pieces.zipped(heads, ends), spreads(heads))

    def singles(some: slice) -> Table:
        run = merged([batch.run("single", some) for batch in batches])
        heads = written(run.keys)
        return Table(run, heads, spreads(heads))

    for family, table in {"gram": grams, "single": singles}.items():
        size, width = sum(batch.bytes_of(family) for batch in batches), PARTS
        while size > _TABLE * (PARTS // width) and width > 1:
            width //= 2
        starts = range(0, PARTS if batches else 0, width)
        tables = [slice(start, start + width) for start in starts]
        yield hashed(family, table, tables, partial(_made_from, batches, family), before)


def _made_from(batches: Sequence[Batch], family: str, groups: int) -> list[object]:
    """What the tokens of each group of a family are made from."""
    sums = [(batch.first, batch.sums(family)) for batch in batches]
    names = [batch.sums("names") for batch in batches] if family == "gram" else []
    width = PARTS // groups
    slices = (slice(start, start + width) for start in BACKWARDS[:groups].tolist())
    return [(names, [(first, parts[some]) for first, parts in sums]) for some in slices]


def ranged_families(batches: Sequence[Batch], before: Before) -> Iterator[Family]:
    """Tokens that are found by their order, in tables that follow on each other."""
    for family, tables in (("word", _words), ("sound", _sounds)):
        made_from = [(batch.first, batch.sums(family)) for batch in batches]
        yield ranged(family, tables(batches), made_from, before)


def _words(batches: Sequence[Batch]) -> Iterator[Table]:
    number: dict[str, int] = defaultdict(count().__next__)
    runs = []
    for batch in batches:
        numbers = np.array([number[word] for word in batch.vocabulary()], np.int64)
        run = batch.run("word")
        runs.append(replace(run, keys=numbers[run.keys >> ROOM] << ROOM))
    names = _gathered(batch.holders("words") for batch in batches)
    keys = np.array([number[name] for name in names], np.int64)
    runs.append(held(keys << ROOM, names.values(), with_places=True))
    yield _of_words(merged(runs), number)


def _sounds(batches: Sequence[Batch]) -> Iterator[Table]:
    """A table for some first letters: all at once would take half as much as all records."""
    counts: Counter[str] = Counter()
    for batch in batches:
        counts.update(batch.about["letters"])
    waiting: list[str] = []
    for letter in sorted(counts):
        waiting.append(letter)
        if letter == max(counts) or sum(counts[a] for a in waiting) > _SOUNDS:
            found = _gathered(batch.sounds(waiting) for batch in batches)
            yield _of_words(held(np.arange(len(found)) << ROOM, found.values()), found)
            waiting = []


def _gathered(holders: Iterable[Iterable[tuple[str, list[int]]]]) -> Holders:
    found: Holders = defaultdict(list)
    for token, entries in chain.from_iterable(holders):
        found[token] += entries
    return found


def _of_words(run: Run, words: Collection[str]) -> Table:
    """Of words that are numbered in their order."""
    # Only what is kept of places is found by its hash.
    hashes = map(spread, words) if run.places else repeat(0)
    spots = np.fromiter(hashes, np.int64, len(words))
    return Table(run, Pieces.of([word.encode() for word in words]), spots)
