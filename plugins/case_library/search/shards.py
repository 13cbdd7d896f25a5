"""Shards: many small values packed into script files that a page can load over `file://` too."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

#: Bytes of one shard, compressed, that are aimed at.
TARGET = 6 * 1024
#: A value larger than this gets a file of its own, so that its neighbours stay light.
HEAVY = 12 * 1024
# What deflate leaves of postings and places, roughly; only the number of shards depends on it.
_SHRINKS_TO = 0.7

_SMALL = [bytes((n,)) if n < 128 else bytes((n & 127 | 128, n >> 7)) for n in range(1 << 14)]


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the high bit says that more follow."""
    if number < 1 << 14:
        return _SMALL[number]
    return bytes((number & 127 | 128,)) + varint(number >> 7)


def varints(numbers: Sequence[int]) -> bytes:
    """A row of varints."""
    if max(numbers, default=0) < 1 << 14:
        return b"".join([_SMALL[number] for number in numbers])
    return b"".join([varint(number) for number in numbers])


def script(payload: bytes, stamp: str) -> bytes:
    """A classic script that hands a payload over: stamp of the build, checksum, deflated bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b64encode(packer.compress(payload) + packer.flush()).decode()
    return f'CaseLibrarySearch.take("{stamp}",{zlib.crc32(payload)},"{packed}")\n'.encode()


def spread(token: str) -> int:
    """The number that tells a token's shard and part; what follows a tab does not count."""
    return zlib.crc32(token.partition("\t")[0].encode())


@dataclass
class Values:
    """What a family of shards holds, by token: in how many entries it is, which, and where."""

    family: str
    counts: dict[str, int] = field(default_factory=dict)
    postings: dict[str, bytearray] = field(default_factory=dict)
    places: dict[str, bytearray] = field(default_factory=dict)

    def hashed(self, stamp: str) -> tuple[dict[str, int], Iterator[tuple[str, bytes]]]:
        """A power of two of shards, a token's shard by the low bits of its hash."""
        bits = _bits(self.postings.values(), 10)
        shards: list[list[str]] = [[] for _ in range(1 << bits)]
        for token in self.postings:
            shards[spread(token) & (1 << bits) - 1].append(token)
        parts = self._parts(len(shards))
        return {"bits": bits, "parts": parts}, self._files(shards, parts, stamp)

    def ranged(self, stamp: str) -> tuple[dict[str, object], Iterator[tuple[str, bytes]]]:
        """Shards of tokens in order, so that those of a prefix stand in one or in a few."""
        shards: list[list[str]] = [[]]
        size = 0.0
        for token in sorted(self.postings):
            weight = min(len(self.postings[token]), HEAVY) + len(token) + 4
            if size + weight > TARGET / _SHRINKS_TO and shards[-1]:
                shards.append([])
                size = 0
            shards[-1].append(token)
            size += weight
        shards = [shard for shard in shards if shard]
        firsts = [shard[0] for shard in shards]
        parts = self._parts(len(shards))
        return {"firsts": firsts, "parts": parts}, self._files(shards, parts, stamp)

    def _parts(self, shards: int) -> int:
        """A power of two: into how many files the places of one shard go."""
        return max(0, _bits(self.places.values(), 0) - max(0, shards - 1).bit_length())

    def _files(
        self, shards: Iterable[list[str]], bits: int, stamp: str
    ) -> Iterator[tuple[str, bytes]]:
        for number, names in enumerate(shards):
            path = f"{self.family}/{number:x}"
            head = [varint(len(names))]
            light: list[bytearray] = []
            parts: list[list[bytearray]] = [[] for _ in range(1 << bits if self.places else 0)]
            for index, token in enumerate(names):
                name, posting = token.encode(), self.postings[token]
                head += (varint(len(name)), name, varint(self.counts[token]), varint(len(posting)))
                if len(posting) > HEAVY:
                    yield f"{path}-{index:x}.js", script(bytes(posting), stamp)
                else:
                    light.append(posting)
                if not parts:
                    continue
                places = self.places[token]
                head.append(varint(len(places)))
                if len(places) > HEAVY:
                    yield f"{path}-{index:x}-places.js", script(bytes(places), stamp)
                else:
                    parts[spread(token) >> 16 & len(parts) - 1].append(places)
            yield f"{path}.js", script(b"".join((*head, *light)), stamp)
            for part, bodies in enumerate(parts):
                yield f"{path}-places-{part:x}.js", script(b"".join(bodies), stamp)


def _bits(bodies: Iterable[bytearray], more: int) -> int:
    """How many times to halve the light bodies, each with so many bytes more, to hit TARGET."""
    light = sum(len(body) + more for body in bodies if len(body) <= HEAVY) * _SHRINKS_TO
    bits = 0
    while light > TARGET << bits:
        bits += 1
    return bits
