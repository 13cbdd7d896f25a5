"""The index: which entry holds which token, how weightily, and where in it."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from itertools import pairwise

from case_library.search import tokens
from case_library.search.shards import Values, spread, varint, varints

#: After so many entries, lists of numbers become bytes: that bounds memory.
_BATCH = 8_192


class Postings:
    """Rising lists of `entry << 2 | weight` by token, kept as varints of their differences."""

    def __init__(self, family: str) -> None:
        self.values = Values(family)
        self.batch: dict[str, list[int]] = defaultdict(list)
        self._last: dict[str, int] = {}

    def flush(self) -> None:
        """Move the batch into `values`."""
        counts, bodies = self.values.counts, self.values.bodies
        for token, rows in self.batch.items():
            last = self._last.get(token, 0)
            steps = [rows[0] - last, *(b - (a & -4) for a, b in pairwise(rows))]
            bodies.setdefault(token, bytearray()).extend(varints(steps))
            counts[token] = counts.get(token, 0) + len(rows)
            self._last[token] = rows[-1] & -4
        self.batch.clear()


class Index:
    """Takes entries one after the other, in the order of their numbers."""

    def __init__(self) -> None:
        self.size = 0
        self.grams = Postings("gram")
        self.words = Postings("word")
        self.singles = Postings("single")
        self.sounds = Postings("sound")
        self.places = Values("place")

    def add(self, fields: tuple[str, str, str, str], names: tuple[str, ...]) -> None:
        """Index the next entry: its texts by weight, and the names that can be spoken."""
        folded = [tokens.fold(text) for text in fields]
        text = "\n".join(folded)
        ends = (len(folded[0]), len(folded[0]) + len(folded[1]) + 1, len(text) - len(folded[3]) - 1)
        rows = [self.size << 2 | weight for weight in range(4)]
        row = partial(_row, rows, *ends)
        found: dict[str, list[int]] = defaultdict(list)
        for token, place in tokens.places(text):
            found[token].append(place)
        self._places(found)
        words: list[tuple[str, int]] = []
        for token, spots in found.items():
            if token[0] == " ":
                words.append((token[1:], spots[0]))
                self.words.batch[token[1:]].append(row(spots[0]))
            else:
                self.grams.batch[token].append(row(spots[0]))
        for single, place in tokens.singles(text, words).items():
            self.singles.batch[single].append(row(place))
        self._names(folded[0], *folded[1].split("\n"))
        for token in sorted({token for name in names for token in tokens.spoken(name)}):
            self.sounds.batch[token].append(rows[0])
        self.size += 1
        if self.size % _BATCH == 0:
            self.finish()

    def finish(self) -> None:
        """Turn what waits in lists into bytes; to be called after the last entry."""
        for postings in (self.grams, self.words, self.singles, self.sounds):
            postings.flush()

    def _places(self, found: dict[str, list[int]]) -> None:
        """For each token its places: differences, doubled, plus one where another follows."""
        counts, bodies = self.places.counts, self.places.bodies
        for token, spots in found.items():
            body = bodies.get(token)
            if body is None:
                body = bodies[token] = bytearray()
                counts[token] = 0
            counts[token] += 1
            if len(spots) == 1:
                body += varint(spots[0] << 1)
            else:
                steps = [b - a << 1 | 1 for a, b in pairwise((0, *spots))]
                steps[-1] -= 1
                body += varints(steps)

    def _names(self, *names: str) -> None:
        """Each whole name as one token beside its first pair or word: an exact name wins."""
        for name in dict.fromkeys(filter(None, names)):
            piece = name.partition(" ")[0]
            written_as_pairs = any(map(tokens.is_han, piece))
            batch = self.grams.batch if written_as_pairs else self.words.batch
            first = name[:2] if written_as_pairs else piece
            batch[f"{first}\t{spread(name):x}"].append(self.size << 2)


def _row(rows: list[int], title: int, names: int, labels: int, place: int) -> int:
    """The entry's number with the weight of the text that a place is in."""
    return rows[(place <= title) + (place <= names) + (place <= labels)]
