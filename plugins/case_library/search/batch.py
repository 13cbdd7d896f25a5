"""A batch: neighbouring entries as rows and tokens, in a form that is kept (`stored`).

Its entries' numbers begin with 0. Tokens that are found by their hash lie in parts, so that a
large index is put together part by part.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, pairwise
from typing import Any, cast

import numpy as np

from case_library.search import tokens
from case_library.search.entry import CASE, Entry
from case_library.search.groups import BACKWARDS, PARTS
from case_library.search.index import Holders, tokens_of, written
from case_library.search.pieces import Bytes, Numbers, Pieces
from case_library.search.postings import COLUMNS, Run
from case_library.search.shards import as_json, spreads
from case_library.search.stored import Stored

_PIECES = ("rest", "places")
_SUM = 16
#: In this format of marshal the same values are the same bytes.
_FORMAT = 2


#: Plain values and arrays.
Made = tuple[dict[str, Any], dict[str, Numbers | Bytes]]


def made(entries: Sequence[Entry]) -> Made:
    """What `Batch` reads."""
    rows = [as_json(_row(entry)) for entry in entries]
    said = [as_json(entry.said) for entry in entries if entry.kind == CASE]
    found = tokens_of(entries)
    arrays = _of_pieces("rows", Pieces.of(rows)) | _of_pieces("said", Pieces.of(said))
    arrays |= _of_run("word", found.words)
    sums = {"rows": b"".join(map(_sum, rows)), "said": b"".join(map(_sum, said))}
    for family, run in {"gram": found.grams, "single": found.singles}.items():
        part = part_of(written(run.keys))
        columns = _of_run(family, run.take(np.argsort(part, kind="stable")))
        ends = np.cumsum(np.bincount(part, minlength=PARTS))
        sums[family] = b"".join(_sums_of_parts(family, columns, ends))
        arrays |= columns | {f"{family}-parts": ends}
    words = [arrays[f"word-{name}"].tobytes() for name in (*COLUMNS, *_PIECES)]
    sums["word"] = _sum(repr([found.vocabulary, found.word_names, words]).encode())
    told = {"vocabulary": found.vocabulary, "names": found.han_names, "words": found.word_names}
    sounds = {_sounds(letter): some for letter, some in found.sounds.items()}
    for name, value in {**told, **sounds}.items():
        arrays[name] = np.frombuffer(marshal.dumps(cast("Any", value), _FORMAT), np.uint8)
    sums["names"] = _sum(arrays["names"].tobytes())
    sums["sound"] = _sum(b"".join(arrays[name].tobytes() for name in sounds))
    about = {
        "letters": {letter: len(some) for letter, some in found.sounds.items()},
        "sums": sums,
        "variants": tokens.traditional(b"".join(rows).decode()),
        "patterns": sorted({entry.pattern for entry in entries if entry.pattern}),
    }
    return about, arrays


def part_of(names: Pieces) -> Numbers:
    """Of tokens the parts that they are in."""
    parts: Numbers = BACKWARDS[spreads(names) & PARTS - 1]
    return parts


def _sum(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_SUM).digest()


def _sums_of_parts(
    family: str, arrays: Mapping[str, Numbers | Bytes], ends: Numbers
) -> Iterator[bytes]:
    """What stands for each part of a family's tokens."""
    cuts = np.append(0, ends)
    columns = [(arrays[f"{family}-{name}"], cuts.tolist()) for name in COLUMNS]
    for name in (f"{family}-{piece}" for piece in _PIECES):
        if name in arrays:
            columns.append((arrays[name], np.append(0, arrays[f"{name}-ends"])[cuts].tolist()))
    for part in range(len(ends)):
        here = [array[at[part] : at[part + 1]].tobytes() for array, at in columns]
        yield _sum(b"%d %b" % (len(here[0]), b"".join(here)))


def _of_pieces(name: str, pieces: Pieces) -> dict[str, Numbers | Bytes]:
    whole = pieces.packed()
    return {name: whole.data, f"{name}-ends": np.cumsum(whole.sizes, dtype=np.int32)}


def _of_run(family: str, run: Run) -> dict[str, Numbers | Bytes]:
    found = {f"{family}-{name}": getattr(run, name) for name in COLUMNS}
    for name in _PIECES:
        if pieces := getattr(run, name):
            found |= _of_pieces(f"{family}-{name}", pieces)
    return found


def _row(entry: Entry) -> list[object]:
    names = list(dict.fromkeys(entry.names))
    return [
        entry.address,
        entry.id,
        entry.title,
        names,
        list(dict.fromkeys(entry.labels)),
        entry.summary,
        entry.text,
        dict(entry.extras),
        [_spoken(name) for name in (entry.title, *names)],
    ]


def _spoken(name: str) -> str:
    return " ".join(tokens.syllables(name)) if tokens.has_sound(name) else ""


def _sounds(letter: str) -> str:
    return f"sounds-{letter}"


class Batch:
    """What `made` made, with the numbers that its entries have in the index."""

    def __init__(self, stored: Stored, first: int) -> None:
        self.first = first
        self._stored = stored
        self.about: Mapping[str, Any] = stored.about

    def sums(self, family: str) -> list[bytes]:
        """What stands for each of its rows, of what its cases `said`, of the parts of a family;
        or, of other families, for all at once."""
        whole: bytes = self.about["sums"][family]
        return [whole[start : start + _SUM] for start in range(0, len(whole), _SUM)]

    def rows(self) -> Iterator[bytes]:
        """Each entry as a row of a document shard."""
        data = self._stored.read("rows").tobytes()
        ends = self._stored.read("rows-ends").tolist()
        return (data[start:end] for start, end in pairwise([0, *ends]))

    def said(self, number: int) -> bytes:
        """What the comparison shows of a case, by its number in the index."""
        place = number - self.first
        start, end = self._said_ends[place : place + 2]
        return self._stored.read("said", start, end).tobytes()

    @cached_property
    def _said_ends(self) -> list[int]:
        return [0, *self._stored.read("said-ends").tolist()]

    def vocabulary(self) -> list[str]:
        """The words by their numbers in `run("word")`."""
        words: list[str] = self._plain("vocabulary")
        return words

    def holders(self, name: str) -> Iterator[tuple[str, list[int]]]:
        """Tokens with the numbers of their entries: `names` or `words`."""
        found: Holders = self._plain(name)
        return ((token, [self.first + n for n in entries]) for token, entries in found.items())

    def sounds(self, letters: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
        """The same of names as they are typed: those that begin with some letters."""
        known = (letter for letter in letters if letter in self.about["letters"])
        return chain.from_iterable(self.holders(_sounds(letter)) for letter in known)

    def bytes_of(self, family: str) -> int:
        names = (f"{family}-{name}" for name in _PIECES)
        return sum(self._stored.size(name) for name in names if name in self._stored)

    def run(self, family: str, parts: slice | None = None) -> Run:
        """The tokens of a family; or, where they are found by their hash, of some parts."""
        start, end = 0, self._stored.size(f"{family}-keys")
        if parts:
            cuts = [0, *self._stored.read(f"{family}-parts").tolist()]
            start, end = cuts[parts.start], cuts[parts.stop]
        columns = {name: self._stored.read(f"{family}-{name}", start, end) for name in COLUMNS}
        columns["first"] = columns["first"] + np.int32(self.first << 2)
        columns["last"] = columns["last"] + np.int32(self.first)
        placed = f"{family}-places" in self._stored
        places = self._pieces(f"{family}-places", start, end) if placed else None
        return Run(self._pieces(f"{family}-rest", start, end), places, **columns)

    def _plain(self, name: str) -> Any:
        return marshal.loads(self._stored.read(name).tobytes())  # noqa: S302  as `Stored` says

    def _pieces(self, name: str, start: int, end: int) -> Pieces:
        ends = self._stored.read(f"{name}-ends", max(0, start - 1), end)
        before = int(ends[0]) if start else 0
        here = ends[1:] if start else ends
        data = self._stored.read(name, before, int(here[-1]) if len(here) else before)
        return Pieces(data, np.diff(here, prepend=before).astype(np.int32))
