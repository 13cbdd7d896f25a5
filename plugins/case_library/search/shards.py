"""Shards: many small values packed into script files that a page can load over `file://` too."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence

from case_library.search.postings import RARE, Postings

#: Bytes of one shard, compressed, that are aimed at.
TARGET = 12 * 1024
#: A value larger than this gets a file of its own, so that its neighbours stay light.
HEAVY = 12 * 1024
# What deflate leaves of postings and places, roughly; only the number of shards depends on it.
_SHRINKS_TO = 0.7
# What a token and its lengths take in a shard's head, roughly.
_HEAD = 10

_SMALL = [bytes((n,)) if n < 128 else bytes((n & 127 | 128, n >> 7)) for n in range(1 << 14)]


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


def script(payload: bytes, stamp: str) -> bytes:
    """A classic script that hands a payload over: stamp of the build, checksum, deflated bytes."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = b64encode(packer.compress(payload) + packer.flush()).decode()
    return f'CaseLibrarySearch.take("{stamp}",{zlib.crc32(payload)},"{packed}")\n'.encode()


def spread(token: str) -> int:
    """The number that tells a token's shard and part; what follows a tab does not count."""
    return zlib.crc32(token.partition("\t")[0].encode())


#: A token of a shard: its bytes, its hash, in how many entries it is, its postings, its places.
Row = tuple[bytes, int, int, bytes, bytes]


def hashed(postings: Postings, stamp: str) -> tuple[dict[str, int], Iterator[tuple[str, bytes]]]:
    """Shards of a power of two, a token's shard by the low bits of its hash."""
    bits = _bits(len(value[1]) + _HEAD for value in postings.found.values())
    shards: list[list[Row]] = [[] for _ in range(1 << bits)]
    mask = len(shards) - 1
    for row in _rows(postings):
        shards[row[1] & mask].append(row)
    for shard in shards:
        shard.sort()
    parts = _parts(postings, len(shards))
    return {"bits": bits, "parts": parts}, _files(postings, shards, parts, stamp)


def ranged(postings: Postings, stamp: str) -> tuple[dict[str, object], Iterator[tuple[str, bytes]]]:
    """Shards of tokens in order, so that those of a prefix stand in one or in a few."""
    shards: list[list[Row]] = [[]]
    borders = [""]
    size, before = 0.0, ""
    for row in sorted(_rows(postings), key=lambda row: _utf_16(row[0].decode())):
        token = row[0].decode()
        weight = min(len(row[3]), HEAVY) + len(token) + _HEAD
        if size + weight > TARGET / _SHRINKS_TO and shards[-1]:
            borders.append(_border(before, token))
            shards.append([])
            size = 0
        shards[-1].append(row)
        size, before = size + weight, token
    parts = _parts(postings, len(shards))
    return {"borders": borders, "parts": parts}, _files(postings, shards, parts, stamp)


def _rows(postings: Postings) -> Iterator[Row]:
    for token, (count, entries, places, _, times) in postings.found.items():
        name = token.encode()
        spot = spread(token) if "\t" in token else zlib.crc32(name)
        yield name, spot, count, entries, places if times > RARE else b""


def _parts(postings: Postings, shards: int) -> int:
    """A power of two: into how many files the places of one shard go."""
    places = _bits(len(value[2]) for value in postings.found.values() if value[4] > RARE)
    return max(0, places - max(0, shards - 1).bit_length())


def _files(
    postings: Postings, shards: Iterable[list[Row]], bits: int, stamp: str
) -> Iterator[tuple[str, bytes]]:
    mask = (1 << bits) - 1
    for number, rows in enumerate(shards):
        path = f"{postings.family}/{number:x}"
        head = [varint(len(rows))]
        light: list[bytes] = []
        parts: list[list[bytes]] = [[] for _ in range(1 << bits)]
        for index, (name, spot, count, entries, places) in enumerate(rows):
            size = len(entries)
            head += varint(len(name)), name, varint(count), varint(size)
            if size <= HEAVY:
                light.append(entries)
            else:
                yield f"{path}-{index:x}.js", script(entries, stamp)
            if not postings.with_places:
                continue
            head.append(varint(len(places)))
            if len(places) > HEAVY:
                yield f"{path}-{index:x}-places.js", script(places, stamp)
            elif places:
                parts[spot >> 16 & mask].append(places)
        yield f"{path}.js", script(b"".join((*head, *light)), stamp)
        for part, bodies in enumerate(parts if postings.with_places else ()):
            yield f"{path}-places-{part:x}.js", script(b"".join(bodies), stamp)


def _bits(lengths: Iterable[int]) -> int:
    """How often values of these lengths must be halved for shards of about TARGET."""
    light = sum(length for length in lengths if length <= HEAVY) * _SHRINKS_TO
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
