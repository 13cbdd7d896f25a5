"""Shards: many small values packed into script files that a page can load over `file://` too."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from case_library.search.pieces import Numbers, Pieces
from case_library.search.postings import Run

#: Bytes of one shard, compressed, that are aimed at.
TARGET = 12 * 1024
#: A value larger than this gets a file of its own, so that its neighbours stay light.
HEAVY = 12 * 1024
# What deflate leaves of postings and places, roughly; only the number of shards depends on it.
_SHRINKS_TO = 0.7
# What a token and its lengths take in a shard's head, roughly.
_HEAD = 10
# So many shards are put together at once.
_TOGETHER = 32

_SMALL = [bytes((n,)) if n < 128 else bytes((n & 127 | 128, n >> 7)) for n in range(1 << 14)]
_CRC = np.arange(256)
for _ in range(8):
    _CRC = _CRC >> 1 ^ (_CRC & 1) * 0xEDB88320


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the high bit says that more follow."""
    if number < 1 << 14:
        return _SMALL[number]
    return bytes((number & 127 | 128,)) + varint(number >> 7)


def varints(numbers: Sequence[int]) -> bytes:
    """A row of varints."""
    try:
        return b"".join([_SMALL[number] for number in numbers])
    except IndexError:
        return b"".join([varint(number) for number in numbers])


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def script(payload: bytes, stamp: str, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    """A classic script that hands a payload over: stamp of the build, checksum, deflated bytes."""
    # Level 4 takes two thirds of the time of 6 and leaves one byte in a hundred more.
    packer = zlib.compressobj(4, zlib.DEFLATED, -15, zlib.DEF_MEM_LEVEL, strategy)
    packed = b64encode(packer.compress(payload) + packer.flush()).decode()
    return f'CaseLibrarySearch.take("{stamp}",{zlib.crc32(payload)},"{packed}")\n'.encode()


def spread(token: str) -> int:
    """The number that tells a token's shard and part; what follows a tab does not count."""
    return zlib.crc32(token.partition("\t")[0].encode())


def spreads(tokens: Pieces) -> Numbers:
    """The same of many short tokens."""
    found = np.full(len(tokens.sizes), 0xFFFFFFFF)
    left = np.arange(len(found))
    byte = 0
    while len(left := left[tokens.sizes[left] > byte]):
        low = found[left] & 255 ^ tokens.data[tokens.starts[left] + byte]
        found[left] = _CRC[low] ^ found[left] >> 8
        byte += 1
    return found ^ 0xFFFFFFFF


@dataclass(frozen=True)
class Table:
    """All tokens of a family, each with its name and the number that tells its shard."""

    family: str
    run: Run
    names: Pieces
    spots: Numbers

    def take(self, order: Numbers | slice) -> Table:
        return Table(self.family, self.run.take(order), self.names.take(order), self.spots[order])


def hashed(table: Table, stamp: str) -> tuple[dict[str, int], Iterator[tuple[str, bytes]]]:
    """Shards of a power of two, a token's shard by the low bits of its hash."""
    bits = _bits(table.run.sizes + _HEAD)
    shard = table.spots & (1 << bits) - 1
    cuts = np.cumsum(np.bincount(shard, minlength=1 << bits))
    parts = _parts(table, len(cuts))
    found = _files(table.take(np.argsort(shard, kind="stable")), cuts, parts, stamp)
    return {"bits": bits, "parts": parts}, found


def ranged(table: Table, stamp: str) -> tuple[dict[str, object], Iterator[tuple[str, bytes]]]:
    """Shards of tokens in order, so that those of a prefix stand in one or in a few."""
    tokens = [name.decode() for name in table.names.strings()]
    order = sorted(range(len(tokens)), key=lambda number: _utf_16(tokens[number]))
    table = table.take(np.array(order, np.int64))
    tokens = [tokens[number] for number in order]
    room = np.array([len(token) + _HEAD for token in tokens], np.int64)
    ends = np.cumsum(np.minimum(table.run.sizes, HEAVY) + room)
    borders, cuts, start = [""], [], 0
    while start < len(tokens):
        most = (ends[start - 1] if start else 0) + TARGET / _SHRINKS_TO
        start = max(start + 1, int(np.searchsorted(ends, most, "right")))
        cuts.append(start)
        if start < len(tokens):
            borders.append(_border(tokens[start - 1], tokens[start]))
    parts = _parts(table, len(borders))
    return {"borders": borders, "parts": parts}, _files(table, np.array(cuts or [0]), parts, stamp)


def _parts(table: Table, shards: int) -> int:
    """A power of two: into how many files the places of one shard go."""
    places = table.run.kept
    return max(0, (_bits(places.sizes) if places else 0) - max(0, shards - 1).bit_length())


def _files(table: Table, cuts: Numbers, bits: int, stamp: str) -> Iterator[tuple[str, bytes]]:
    """Those of all shards; `cuts` tell where each ends."""
    for first in range(0, len(cuts), _TOGETHER):
        start = int(cuts[first - 1]) if first else 0
        ends = cuts[first : first + _TOGETHER]
        some = table.take(slice(start, int(ends[-1])))
        yield from _shards(some, ends - start, first, bits, stamp)


def _shards(
    table: Table, ends: Numbers, first: int, bits: int, stamp: str
) -> Iterator[tuple[str, bytes]]:
    run = table.run
    starts = np.append(0, ends[:-1])
    shard = np.repeat(np.arange(len(ends)), ends - starts)
    paths = [f"{table.family}/{first + number:x}" for number in range(len(ends))]

    def heavy(pieces: Pieces, end: str) -> Iterator[tuple[str, bytes]]:
        for number in np.flatnonzero(pieces.sizes > HEAVY).tolist():
            within = number - starts[shard[number]]
            content = pieces.take(slice(number, number + 1)).packed().data.tobytes()
            path = f"{paths[shard[number]]}-{within:x}{end}.js"
            yield path, script(content, stamp, zlib.Z_HUFFMAN_ONLY)

    postings = Pieces.zipped(Pieces.varints(run.first), run.rest)
    told = [run.counts, postings.sizes]
    yield from heavy(postings, "")
    if places := run.kept:
        told.append(places.sizes)
        yield from heavy(places, "-places")
        part = shard << bits | table.spots >> 16 & (1 << bits) - 1
        places = places.but(places.sizes > HEAVY).take(np.argsort(part, kind="stable")).packed()
        last = np.cumsum(np.bincount(part, minlength=len(ends) << bits)).tolist()
        for number, (start, end) in enumerate(pairwise([0, *last])):
            path = f"{paths[number >> bits]}-places-{number & (1 << bits) - 1:x}.js"
            yield path, script(places.cut(start, end), stamp, zlib.Z_HUFFMAN_ONLY)
    numbers = Pieces.varints(np.stack(told, 1).ravel()).grouped(len(told))
    heads = Pieces.zipped(Pieces.varints(table.names.sizes), table.names, numbers)
    light = postings.but(postings.sizes > HEAVY).packed()
    # Numbers repeat little: to look for repetitions takes time, and even space.
    strategy = zlib.Z_HUFFMAN_ONLY if table.family == "single" else zlib.Z_DEFAULT_STRATEGY
    for path, start, end in zip(paths, starts.tolist(), ends.tolist(), strict=True):
        content = varint(end - start) + heads.cut(start, end) + light.cut(start, end)
        yield f"{path}.js", script(content, stamp, strategy)


def _bits(lengths: Numbers) -> int:
    """How often values of these lengths must be halved for shards of about TARGET."""
    light = lengths[lengths <= HEAVY].sum() * _SHRINKS_TO
    bits = 0
    while light > TARGET << bits:
        bits += 1
    return bits


def _utf_16(token: str) -> bytes:
    """The order in which browsers compare text."""
    return token.encode("utf-16-be")


def _border(before: str, token: str) -> str:
    """As much of a token as tells it from the one before."""
    for length in range(1, len(token)):
        if _utf_16(token[:length]) > _utf_16(before):
            return token[:length]
    return token
