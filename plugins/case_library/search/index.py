"""The index: which entry holds which token, how weightily, and where in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from operator import add

from case_library.search import tokens
from case_library.search.shards import Value, Values, spread, varint, varints

# An occurrence is a number: the entry, two bits for how light its text is (0 is the title), and
# the place in the entry; a text is cut where places end.
_PLACE_BITS = 20
_PLACE = (1 << _PLACE_BITS) - 1
#: Of a token in so few places none is kept: to compare the texts takes less.
RARE = 8
# After so many characters, lists of numbers become bytes: that bounds memory.
_BATCH = 5_000_000


class _Prefixes(dict[str, tuple[str, ...]]):
    """The first letters of a word: tokens too, so that a short query needs one list only."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        self[word] = found = (word[:1], word[:2], word[:3])
        return found


class Postings:
    """Occurrences by token; those of frequent ones are turned into values batch by batch."""

    def __init__(self, family: str, with_places: bool = False) -> None:
        self.values = Values(family, with_places)
        self.batch: dict[str, list[int]] = defaultdict(list)
        self._taken_apart = _rows_and_places if with_places else _rows

    def flush(self) -> None:
        """Move what is frequent out of the batch; the rest may become so, or stay rare."""
        found = self.values.found
        frequent = [token for token, spots in self.batch.items() if len(spots) > RARE]
        for token in frequent:
            known = found.get(token)
            new = self._taken_apart(self.batch.pop(token), known[3] if known else 0)
            if known:
                new = (known[0] + new[0], known[1] + new[1], known[2] + new[2], new[3])
            found[token] = new

    def finish(self) -> Values:
        """Everything as values; a token that stayed rare has no places, its texts are compared."""
        self.flush()
        found = self.values.found
        for token, occurrences in self.batch.items():
            known = found.get(token)
            if known:
                new = self._taken_apart(occurrences, known[3])
                found[token] = (known[0] + new[0], known[1] + new[1], known[2] + new[2], new[3])
            elif len(occurrences) == 1:
                found[token] = (1, varint(occurrences[0] >> _PLACE_BITS), b"", 0)
            else:
                found[token] = _rows(occurrences, 0)
        self.batch.clear()
        return self.values


def _rows(occurrences: list[int], last: int) -> Value:
    """Postings: `entries since the last << 2 | lightness`, an entry once."""
    rows: list[int] = []
    entry = -1
    for occurrence in occurrences:
        row = occurrence >> _PLACE_BITS
        if row >> 2 != entry:
            entry = row >> 2
            rows.append(row - (last << 2))
            last = entry
    return len(rows), varints(rows), b"", last


def _rows_and_places(occurrences: list[int], last: int) -> Value:
    """The same, and each entry's places: `step << 1 | another place in this entry`."""
    rows: list[int] = []
    places: list[int] = []
    entry = before = -1
    for occurrence in occurrences:
        place = occurrence & _PLACE
        if occurrence >> _PLACE_BITS + 2 == entry:
            places[-1] |= 1
            places.append(place - before << 1)
        else:
            row = occurrence >> _PLACE_BITS
            rows.append(row - (last << 2))
            places.append(place << 1)
            last = entry = row >> 2
        before = place
    return len(rows), varints(rows), varints(places), last


class Index:
    """Takes entries one after the other, in the order of their numbers."""

    def __init__(self) -> None:
        self.size = 0
        self.grams = Postings("gram", with_places=True)
        self.words = Postings("word", with_places=True)
        self.singles = Postings("single")
        self.sounds = Postings("sound")
        self._prefixes = _Prefixes()
        self._waiting = 0

    def add(self, fields: tuple[str, str, str, str], names: Iterable[str]) -> None:
        """Index the next entry: its texts by weight, and the names that can be spoken."""
        folded = [tokens.fold(text) for text in fields]
        entry = self.size << _PLACE_BITS + 2
        singles: list[Iterable[str]] = []
        place = 0
        for lightness, text in enumerate(folded):
            text = text[: max(0, _PLACE - place)]
            words = self._text(text, entry + (lightness << _PLACE_BITS) + place)
            han = filter(tokens.IS_HAN.__getitem__, set(text))
            singles.append(chain(han, *map(self._prefixes.__getitem__, words)))
            place += len(text) + 1
        self._singles(singles, entry)
        self._names([folded[0], *folded[1].split("\n")], entry)
        for sound in {sound for name in names for sound in tokens.spoken(name)}:
            self.sounds.batch[sound].append(entry)
        self.size += 1
        self._waiting += place
        if self._waiting > _BATCH:
            self._waiting = 0
            for postings in (self.grams, self.words, self.singles, self.sounds):
                postings.flush()

    def _text(self, text: str, at: int) -> set[str]:
        """Note pairs and words of a folded text that begins at the occurrence `at`; its words."""
        grams, words = self.grams.batch, self.words.batch
        met: set[str] = set()
        for piece in text.replace("\n", " ").split(" "):
            if tokens.has_han(piece):
                for here, gram in enumerate(map(add, piece, piece[1:]), at):
                    grams[gram].append(here)
                for word, within in tokens.words(piece):
                    words[word].append(at + within)
                    met.add(word)
            elif piece:
                words[piece].append(at)
                met.add(piece)
            at += len(piece) + 1
        return met

    def _singles(self, by_lightness: list[Iterable[str]], entry: int) -> None:
        """Note characters and prefixes once, in the heaviest text that has them."""
        found: dict[str, int] = {}
        for lightness, singles in reversed(list(enumerate(by_lightness))):
            found |= dict.fromkeys(singles, entry + (lightness << _PLACE_BITS))
        for single, occurrence in found.items():
            self.singles.batch[single].append(occurrence)

    def _names(self, names: list[str], entry: int) -> None:
        """Each whole name as one token beside its first pair or word: an exact name wins."""
        for name in dict.fromkeys(filter(None, names)):
            piece = name.partition(" ")[0]
            if tokens.has_han(piece):
                self.grams.batch[f"{piece[:2]}\t{spread(name):x}"].append(entry)
            else:
                self.words.batch[f"{piece}\t{spread(name):x}"].append(entry)
