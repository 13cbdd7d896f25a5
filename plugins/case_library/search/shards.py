"""Shards: many small values packed into script files that a page can load over `file://` too."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence

#: Bytes of one shard, compressed, that are aimed at.
TARGET = 6 * 1024
#: A value larger than this gets a file of its own, so that its neighbours stay light.
HEAVY = 12 * 1024
#: What deflate leaves of postings and places, roughly; only shard sizes depend on it.
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
    text = f'CaseLibrarySearch.take("{stamp}",{zlib.adler32(payload)},"{packed}")\n'
    return text.encode()


def spread(text: str) -> int:
    """FNV-1a over UTF-16 units; the browser computes the same to find a token's shard."""
    value = 0x811C9DC5
    for unit in memoryview(text.encode("utf-16-le")).cast("H"):
        value = (value ^ unit) * 0x01000193 & 0xFFFFFFFF
    return value ^ value >> 15


class Values:
    """What a family of shards holds: by token, how many entries it is in, and its bytes."""

    def __init__(self, family: str) -> None:
        self.family = family
        self.counts: dict[str, int] = {}
        self.bodies: dict[str, bytearray] = {}

    def hashed(self, stamp: str) -> tuple[int, Iterator[tuple[str, bytes]]]:
        """Files of a power of two of shards, a token's shard by its hash; and that power."""
        bits = self._bits()
        shards: list[list[str]] = [[] for _ in range(1 << bits)]
        for token in self.bodies:
            shards[spread(token.partition("\t")[0]) & (1 << bits) - 1].append(token)
        return bits, self._files(shards, stamp)

    def ranged(self, stamp: str) -> tuple[list[str], Iterator[tuple[str, bytes]]]:
        """Files of tokens in order, so that a prefix is in one or a few; and each one's first."""
        shards: list[list[str]] = [[]]
        size = 0
        for token in sorted(self.bodies):
            weight = min(len(self.bodies[token]), HEAVY) + len(token) + 3
            if size + weight > TARGET / _SHRINKS_TO and shards[-1]:
                shards.append([])
                size = 0
            shards[-1].append(token)
            size += weight
        return [shard[0] for shard in shards if shard], self._files(shards, stamp)

    def _bits(self) -> int:
        light = sum(len(t) + len(b) for t, b in self.bodies.items() if len(b) <= HEAVY)
        bits = 0
        while light * _SHRINKS_TO > TARGET << bits:
            bits += 1
        return bits

    def _files(self, shards: Iterable[list[str]], stamp: str) -> Iterator[tuple[str, bytes]]:
        for number, tokens in enumerate(shards):
            heavy = {t: f"{self.family}{number:x}-{i}" for i, t in enumerate(tokens)}
            payload = shard({t: self._row(t) for t in tokens})
            yield f"{self.family}/{number:x}.js", script(payload, stamp)
            for token, name in heavy.items():
                if len(self.bodies[token]) > HEAVY:
                    yield f"heavy/{name}.js", script(bytes(self.bodies[token]), stamp)

    def _row(self, token: str) -> tuple[int, bytearray]:
        return self.counts[token], self.bodies[token]


def shard(rows: Mapping[str, tuple[int, bytearray]]) -> bytes:
    """The number of tokens; for each its bytes, its count, its body's length; then all bodies.

    A body over HEAVY is not in it: its length stands there, its file is named after the place.
    """
    head = [varint(len(rows))]
    for token, (count, body) in rows.items():
        name = token.encode()
        head += (varint(len(name)), name, varint(count), varint(len(body)))
    bodies = (body for _, body in rows.values() if len(body) <= HEAVY)
    return b"".join((*head, *bodies))
