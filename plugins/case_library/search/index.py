"""The index: which entry holds which token, how weightily, and where in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from operator import add

from case_library.search import tokens
from case_library.search.shards import Values, spread, varints

#: So many first letters of every word are tokens of their own: short queries need one list only.
PREFIX = 3
#: A text is cut here, so that a place fits its bits.
LONGEST = 1 << 20

# Occurrences are numbers: entry, then how light its text is (0 is the title), then the place.
_PLACE_BITS = 20
_PLACE = (1 << _PLACE_BITS) - 1
# After so many of them, lists of numbers become bytes: that bounds memory.
_BATCH = 4_000_000


class Postings:
    """Occurrences by token, kept as rising varints; with their places or without."""

    def __init__(self, family: str, with_places: bool = False) -> None:
        self.values = Values(family)
        self.batch: dict[str, list[int]] = defaultdict(list)
        self._with_places = with_places
        self._last: dict[str, int] = {}

    def flush(self) -> None:
        """Move the batch into `values`."""
        values = self.values
        for token, occurrences in self.batch.items():
            rows, places = _taken_apart(occurrences, self._last.get(token, 0))
            self._last[token] = occurrences[-1] >> _PLACE_BITS + 2
            values.counts[token] = values.counts.get(token, 0) + len(rows)
            values.postings.setdefault(token, bytearray()).extend(varints(rows))
            if self._with_places:
                values.places.setdefault(token, bytearray()).extend(varints(places))
        self.batch.clear()


def _taken_apart(occurrences: list[int], last: int) -> tuple[list[int], list[int]]:
    """Postings: `entries since the last << 2 | weight`; places: `step << 1 | more in this entry`."""
    rows: list[int] = []
    places: list[int] = []
    entry = before = -1
    for occurrence in occurrences:
        place = occurrence & _PLACE
        row = occurrence >> _PLACE_BITS
        if row >> 2 != entry:
            entry = row >> 2
            rows.append(entry - last << 2 | 3 - (row & 3))
            places.append(place << 1)
            last = entry
        else:
            places[-1] |= 1
            places.append(place - before << 1)
        before = place
    return rows, places


class Index:
    """Takes entries one after the other, in the order of their numbers."""

    def __init__(self) -> None:
        self.size = 0
        self.grams = Postings("gram", with_places=True)
        self.words = Postings("word", with_places=True)
        self.singles = Postings("single")
        self.sounds = Postings("sound")
        self._waiting = 0

    def add(self, fields: tuple[str, str, str, str], names: Iterable[str]) -> None:
        """Index the next entry: its texts by weight, and the names that can be spoken."""
        folded = [tokens.fold(text) for text in fields]
        place = 0
        singles: dict[str, int] = {}
        for lightness, text in enumerate(folded):
            base = (self.size << 2 | lightness) << _PLACE_BITS
            self._text(text[: LONGEST - place], base + place, singles)
            place += len(text) + 1
        for single, occurrence in singles.items():
            self.singles.batch[single].append(occurrence)
        first = self.size << _PLACE_BITS + 2
        self._names([folded[0], *folded[1].split("\n")], first)
        for sound in sorted({sound for name in names for sound in tokens.spoken(name)}):
            self.sounds.batch[sound].append(first)
        self.size += 1
        self._waiting += place
        if self._waiting > _BATCH:
            self.finish()

    def finish(self) -> None:
        """Turn what waits in lists into bytes; to be called after the last entry."""
        for postings in (self.grams, self.words, self.singles, self.sounds):
            postings.flush()
        self._waiting = 0

    def _text(self, text: str, at: int, singles: dict[str, int]) -> None:
        """Note every token of a folded text that begins at the occurrence `at`."""
        grams, words, start = self.grams.batch, self.words.batch, at
        met: set[str] = set()
        for piece in text.replace("\n", " ").split(" "):
            if tokens.has_han(piece):
                for gram, here in zip(map(add, piece, piece[1:]), range(at, at + len(piece))):
                    grams[gram].append(here)
                for word, within in tokens.words(piece):
                    words[word].append(at + within)
                    met.add(word)
            elif piece:
                words[piece].append(at)
                met.add(piece)
            at += len(piece) + 1
        for character in filter(tokens.IS_HAN.__getitem__, set(text)):
            singles.setdefault(character, start)
        for word in met:
            for length in range(1, PREFIX + 1):
                singles.setdefault(word[:length], start)

    def _names(self, names: list[str], occurrence: int) -> None:
        """Each whole name as one token beside its first pair or word: an exact name wins."""
        for name in dict.fromkeys(filter(None, names)):
            piece = name.partition(" ")[0]
            if tokens.has_han(piece):
                self.grams.batch[f"{piece[:2]}\t{spread(name):x}"].append(occurrence)
            else:
                self.words.batch[f"{piece}\t{spread(name):x}"].append(occurrence)
