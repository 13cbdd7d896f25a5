"""Tokens of neighbouring entries: which entry holds which, how weightily, and where in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from itertools import count, islice
from typing import NamedTuple

import numpy as np

from case_library.search import tokens
from case_library.search.entry import Entry
from case_library.search.pieces import Flags, Numbers, Pieces
from case_library.search.postings import PLACE, PLACE_BITS, ROOM, Postings, Run
from case_library.search.shards import spread

# After so many characters, what came so far is turned into bytes: that bounds memory.
_BATCH = 1 << 19
#: Lines begin at multiples of it: a few words more in one move nothing that stands in others.
_LINE = 64

#: Tokens by name, with the entries that have them.
Holders = dict[str, list[int]]


class Tokens(NamedTuple):
    """What neighbouring entries bring to an index; their numbers begin with 0."""

    grams: Run
    singles: Run
    words: Run
    #: The words by their numbers.
    vocabulary: list[str]
    #: Whole names beside their first pair, and beside their first word; names as they are typed.
    han_names: Holders
    word_names: Holders
    #: By the letters that they begin with.
    sounds: dict[str, Holders]


def tokens_of(entries: Iterable[Entry]) -> Tokens:
    found = _Reader()
    for entry in entries:
        found.add(entry.fields(), (entry.title, *entry.names))
    return found.whole()


class _Reader:
    """Takes entries one after the other, in the order of their numbers."""

    def __init__(self) -> None:
        self.size = 0
        self.grams, self.words = Postings(with_places=True), Postings(with_places=True)
        self.singles = Postings()
        self._word: dict[str, int] = defaultdict(count().__next__)
        self._begun = _packed([])
        self._names: Holders = defaultdict(list)
        self._spoken: Holders = defaultdict(list)
        self._wait()

    def _wait(self) -> None:
        self._first, self._characters = self.size, 0
        self._texts: list[str] = []

    def add(self, fields: tuple[str, str, str, str], names: Iterable[str]) -> None:
        """Take the next entry: its texts by weight, and the names that can be spoken."""
        self._texts += fields
        for name in dict.fromkeys(names):  # always in the same order, as digests need it
            self._spoken[name].append(self.size)
        self.size += 1
        self._characters += sum(map(len, fields))
        if self._characters > _BATCH:
            self.flush()

    def whole(self) -> Tokens:
        self.flush()
        whole: tuple[Holders, Holders] = ({}, {})
        for name, entries in self._names.items():
            piece = name.partition(" ")[0]
            han = tokens.has_han(piece)
            whole[han][f"{piece[:2] if han else piece}\t{spread(name):x}"] = entries
        sounds: dict[str, Holders] = defaultdict(partial(defaultdict, list))
        for name, entries in self._spoken.items():
            for sound in tokens.spoken(name):
                sounds[sound[0]][sound] += entries
        return Tokens(
            grams=self.grams.whole(),
            singles=self.singles.whole(),
            words=self.words.whole(),
            vocabulary=list(self._word),
            han_names=whole[True],
            word_names=whole[False],
            sounds={letter: dict(some) for letter, some in sounds.items()},
        )

    def flush(self) -> None:
        """Turn what waits into postings."""
        if not self._texts:
            return
        codes, ends = tokens.folded(self._texts)
        lengths = np.diff(ends, prepend=-1)
        rows = np.repeat(self._first * 4 + np.arange(len(lengths)), lengths)
        codes[ends] = ord("\n")
        place = _places(np.flatnonzero(codes == ord("\n")), ends[3::4])
        self._add_names(tokens.decoded(codes), ends.reshape(-1, 4))
        keep = place < PLACE
        if not keep.all():
            keep[ends] = True
            codes, place, rows = codes[keep], place[keep], rows[keep]
        spots = rows << PLACE_BITS | place
        gap = (codes == ord(" ")) | (codes == ord("\n"))
        han = tokens.IS_HAN[codes]
        self._add_grams(codes, spots, gap, han)
        begun = ~(gap | han)
        begun[1:] &= ~begun[:-1]
        words = self._add_words(tokens.words(tokens.decoded(codes)), spots[begun])
        self._add_singles(codes[han], rows[han], words, rows[begun])
        self._wait()

    def _add_grams(self, codes: Numbers, spots: Numbers, gap: Flags, han: Flags) -> None:
        """Pairs of characters, in pieces that have Han."""
        starts = np.append(0, np.flatnonzero(gap))
        has_han = np.logical_or.reduceat(han, starts)
        within = np.repeat(has_han, np.diff(starts, append=len(gap)))
        paired = within[1:] & ~gap[:-1] & ~gap[1:]
        keys = codes[:-1][paired] << ROOM | codes[1:][paired]
        self.grams.add(keys, spots[:-1][paired])

    def _add_words(self, words: list[str], spots: Numbers) -> Numbers:
        """Numbers of the words."""
        keys = np.fromiter(map(self._word.__getitem__, words), np.int64, len(words))
        self.words.add(keys, spots)
        return keys

    def _add_singles(self, han: Numbers, at: Numbers, words: Numbers, begun: Numbers) -> None:
        """Each Han character and the first letters of words, as a table of them and entries."""
        letters, letter = _ranked(han)
        used, word = _ranked(words)
        new = islice(self._word, len(self._begun), None)
        self._begun = np.append(self._begun, _packed(new), 0)
        keys = np.append(letters << 2 * ROOM, self._begun[used])
        known, number = np.unique(keys, return_inverse=True)
        number, numbers = number[: len(letters)][letter], number[len(letters) :].reshape(-1, 3)
        rows = np.append(at, np.repeat(begun, 3)) - self._first * 4
        width = self.size - self._first
        cells = np.append(number, numbers[word]) * width + (rows >> 2)
        table = np.zeros(len(known) * width, np.uint8)
        for light in (3, 2, 1, 0):
            table[cells[rows & 3 == light]] = 4 - light
        cells = np.flatnonzero(table)
        token, entry = np.divmod(cells, width)
        self.singles.append(known[token], (self._first + entry + 1 << 2) - table[cells])

    def _add_names(self, text: str, ends: Numbers) -> None:
        """Each whole name, so that it can be one token beside its first pair or word."""
        start = 0
        for entry, (title, others, _, end) in enumerate(ends.tolist(), self._first):
            for name in dict.fromkeys((text[start:title], *text[title + 1 : others].split("\n"))):
                if name:
                    self._names[name].append(entry)
            start = end + 1


def _places(lines: Numbers, entries: Numbers) -> Numbers:
    """Where each character stands in its entry, by the ends of lines and of entries."""
    lengths = np.diff(lines, prepend=-1)
    room = -(-lengths // _LINE) * _LINE
    starts = np.cumsum(room) - room
    last = np.searchsorted(lines, entries)
    starts -= np.repeat(starts[np.append(0, last[:-1] + 1)], np.diff(last, prepend=-1))
    places: Numbers = np.arange(lengths.sum()) + np.repeat(starts - lines - 1 + lengths, lengths)
    return places


def _packed(words: Iterable[str]) -> Numbers:
    """Keys of each word's first character, of the first two, and of the first three."""
    text = "".join(word[:3].ljust(3, "\0") for word in words)
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64).reshape(-1, 3)
    return np.cumsum(codes << np.array([2 * ROOM, ROOM, 0]), 1)


def keys_of(words: Iterable[str]) -> Numbers:
    """Keys of the pairs that words begin with."""
    return _packed(words)[:, 1]


def written(keys: Numbers) -> Pieces:
    """Tokens in UTF-8 by their keys."""
    codes = keys >> np.array([[2 * ROOM], [ROOM], [0]]) & (1 << ROOM) - 1
    size = np.searchsorted([1, 0x80, 0x800, 0x10000], codes, "right")
    codes = codes.T
    text = tokens.decoded(codes[codes > 0]).encode()
    return Pieces(np.frombuffer(text, np.uint8), size.sum(0, np.int32))


def _ranked(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """The different numbers in their order, and for each number its place among them."""
    found = np.flatnonzero(np.bincount(numbers))
    place = np.empty(int(found[-1]) + 1 if len(found) else 0, np.int64)
    place[found] = np.arange(len(found))
    return found, place[numbers]
