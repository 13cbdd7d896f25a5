"""The index: which entry holds which token, how weightily, and where in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain, count
from operator import add

import numpy as np

from case_library.search import tokens
from case_library.search.postings import PLACE, PLACE_BITS, Flags, Numbers, Postings
from case_library.search.shards import spread

# After so many characters, what came so far is turned into bytes: that bounds memory.
_BATCH = 1 << 21
_CHARACTERS = 0x110000


class Index:
    """Takes entries one after the other, in the order of their numbers."""

    def __init__(self) -> None:
        self.size = 0
        self.grams = Postings("gram", with_places=True)
        self.words = Postings("word", with_places=True)
        self.singles = Postings("single")
        self.sounds = Postings("sound")
        self._is_han = np.zeros(_CHARACTERS, bool)
        for first, last in zip(tokens.HAN[::3], tokens.HAN[2::3], strict=True):
            self._is_han[ord(first) : ord(last) + 1] = True
        self._wait()

    def _wait(self) -> None:
        self._first, self._characters = self.size, 0
        self._texts: list[str] = []
        self._names: dict[str, list[int]] = defaultdict(list)
        self._spoken: dict[str, list[int]] = defaultdict(list)

    def add(self, fields: tuple[str, str, str, str], names: Iterable[str]) -> None:
        """Index the next entry: its texts by weight, and the names that can be spoken."""
        room = PLACE
        for text in fields:
            self._texts.append(tokens.fold(text)[:room])
            room = max(0, room - len(self._texts[-1]) - 1)
        title, others = self._texts[-4:-2]
        for name in {title, *others.split("\n")} - {""}:
            self._names[name].append(self.size)
        for name in set(names):
            self._spoken[name].append(self.size)
        self.size += 1
        self._characters += PLACE - room
        if self._characters > _BATCH:
            self.flush()

    def flush(self) -> None:
        """Turn what waits into postings."""
        if not self._texts:
            return
        text = "\n".join(self._texts)
        codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
        spots = self._spots()[: len(codes)]
        gap = (codes == ord(" ")) | (codes == ord("\n"))
        han = self._is_han[codes]
        self._add_grams(codes, spots, gap, han)
        inside = ~(gap | han)
        self._add_words(text, spots[inside & np.append(True, ~inside[:-1])], codes[han], spots[han])
        self._add_names()
        self._wait()

    def _spots(self) -> Numbers:
        """The occurrence that a token at each place of the joined texts is."""
        lengths = np.array([len(text) + 1 for text in self._texts], np.int64)
        numbers = np.arange(len(lengths))
        starts = (np.cumsum(lengths) - lengths)[numbers // 4 * 4]
        firsts = (self._first * 4 + numbers << PLACE_BITS) - starts
        return np.repeat(firsts, lengths) + np.arange(lengths.sum())

    def _add_grams(self, codes: Numbers, spots: Numbers, gap: Flags, han: Flags) -> None:
        """Pairs of characters, in pieces that have Han."""
        piece = np.cumsum(gap)
        paired = (np.bincount(piece, han) > 0)[piece][1:] & ~gap[:-1] & ~gap[1:]
        known = np.flatnonzero(np.bincount(codes))
        number = np.zeros(_CHARACTERS, np.int64)
        number[known] = np.arange(len(known))
        keys = number[codes[:-1][paired]] * len(known) + number[codes[1:][paired]]

        def named(keys: Numbers) -> Sequence[str]:
            first, second = (
                _characters(known[keys // len(known)]),
                _characters(known[keys % len(known)]),
            )
            return list(map(add, first, second))

        self.grams.add(keys, spots[:-1][paired], named)

    def _add_words(self, text: str, spots: Numbers, han: Numbers, at: Numbers) -> None:
        """Words; and as single tokens their first letters and each Han character."""
        number: dict[str, int] = defaultdict(count().__next__)
        keys = np.array([number[word] for word in tokens.words(text)], np.int64)
        words = list(number)
        self.words.add(keys, spots, partial(_taken, words))
        number = defaultdict(count(_CHARACTERS).__next__)
        firsts = [[number[word[:1]], number[word[:2]], number[word[:3]]] for word in words]
        prefixes = np.array(firsts, np.int64).reshape(-1, 3)[keys].ravel()
        begun = list(number)
        self.singles.add(
            np.append(han, prefixes),
            np.append(at, np.repeat(spots, 3)),
            lambda keys: [
                chr(key) if key < _CHARACTERS else begun[key - _CHARACTERS] for key in keys.tolist()
            ],
        )

    def _add_names(self) -> None:
        """Each whole name as one token beside its first pair or word: an exact name wins."""
        whole: dict[bool, dict[str, list[int]]] = {True: {}, False: {}}
        for name, entries in self._names.items():
            piece = name.partition(" ")[0]
            han = tokens.has_han(piece)
            whole[han][f"{piece[:2] if han else piece}\t{spread(name):x}"] = entries
        sounds: dict[str, set[int]] = defaultdict(set)
        for name, entries in self._spoken.items():
            for sound in tokens.spoken(name):
                sounds[sound].update(entries)
        for postings, found in (
            (self.grams, whole[True]),
            (self.words, whole[False]),
            (self.sounds, sounds),
        ):
            names = list(found)
            keys = np.repeat(np.arange(len(names)), [len(entries) for entries in found.values()])
            rows = np.fromiter(chain.from_iterable(map(sorted, found.values())), np.int64)
            postings.add(keys, rows << PLACE_BITS + 2, partial(_taken, names))


def _taken(names: Sequence[str], keys: Numbers) -> list[str]:
    return [names[key] for key in keys.tolist()]


def _characters(codes: Numbers) -> str:
    return codes.astype(np.uint32).tobytes().decode("utf-32-le")
