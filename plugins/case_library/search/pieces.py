"""Pieces: many short strings of bytes in numpy arrays, put together without a loop over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

# About so many bytes are moved at once: each needs eight for its place.
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Pieces:
    """Where each piece starts in `data`, and how long it is."""

    data: Bytes
    starts: Numbers
    sizes: Numbers

    @classmethod
    def behind(cls, data: Bytes, sizes: Numbers) -> Pieces:
        """Pieces that lie one behind the other."""
        return cls(data, np.cumsum(sizes) - sizes, sizes)

    @classmethod
    def of(cls, strings: Sequence[bytes]) -> Pieces:
        sizes = np.fromiter(map(len, strings), np.int64, len(strings))
        return cls.behind(np.frombuffer(b"".join(strings), np.uint8), sizes)

    @classmethod
    def varints(cls, numbers: Numbers) -> Pieces:
        """Each number with seven bits a byte, the lowest first; the high bit says: more follow."""
        top = int(numbers.max()) if len(numbers) else 0
        sizes = np.ones(len(numbers), np.int64)
        for bits in range(7, top.bit_length(), 7):
            sizes += numbers >= 1 << bits
        ends = np.cumsum(sizes)
        starts = ends - sizes
        data = np.empty(ends[-1] if len(ends) else 0, np.uint8)
        data[starts] = numbers & 127 | (sizes > 1) << 7
        more = np.flatnonzero(sizes > 1)
        byte = 1
        while len(more):
            left = sizes[more] > byte + 1
            data[starts[more] + byte] = numbers[more] >> 7 * byte & 127 | left << 7
            more = more[left]
            byte += 1
        return cls(data, starts, sizes)

    @classmethod
    def chain(cls, parts: Iterable[Pieces]) -> Pieces:
        """All pieces of the first, then those of the second and so on."""
        parts = list(parts)
        offset = np.cumsum([0, *(len(part.data) for part in parts[:-1])])
        return cls(
            np.concatenate([part.data for part in parts]),
            np.concatenate([part.starts + o for part, o in zip(parts, offset, strict=True)]),
            np.concatenate([part.sizes for part in parts]),
        )

    @classmethod
    def zipped(cls, *parts: Pieces) -> Pieces:
        """The first piece of each joined to one, then the second, and so on."""
        whole = cls.chain(parts)
        order = np.arange(len(whole.sizes)).reshape(len(parts), -1).T.ravel()
        return whole.take(order).packed().grouped(len(parts))

    def take(self, order: Numbers | Flags | slice) -> Pieces:
        return Pieces(self.data, self.starts[order], self.sizes[order])

    def packed(self) -> Pieces:
        """The same one behind the other."""
        ends = np.cumsum(self.sizes)
        data = np.empty(ends[-1] if len(ends) else 0, np.uint8)
        shift = self.starts - ends + self.sizes
        first = done = 0
        while first < len(ends):
            last = max(first + 1, int(np.searchsorted(ends, done + _CHUNK)))
            end = int(ends[last - 1])
            places = np.repeat(shift[first:last], self.sizes[first:last])
            data[done:end] = self.data[places + np.arange(done, end)]
            first, done = last, end
        return Pieces(data, ends - self.sizes, self.sizes)

    def grouped(self, count: int) -> Pieces:
        """Each so many neighbours as one; they lie one behind the other."""
        return Pieces(
            self.data, self.starts[::count], self.sizes.reshape(-1, count).sum(1, np.int64)
        )

    def merged(self, starts: Numbers) -> Pieces:
        """Those from one start to the next as one; they lie one behind the other."""
        return Pieces(self.data, self.starts[starts], np.add.reduceat(self.sizes, starts))

    def but(self, those: Flags) -> Pieces:
        """The same, some of them empty."""
        return Pieces(self.data, self.starts, np.where(those, 0, self.sizes))

    def cut(self, start: int, end: int) -> bytes:
        """Those from one to another as one; they lie one behind the other."""
        if start == end:
            return b""
        last = self.starts[end - 1] + self.sizes[end - 1]
        return self.data[self.starts[start] : last].tobytes()

    def strings(self) -> list[bytes]:
        whole = self.packed()
        data, ends = whole.data.tobytes(), np.cumsum(whole.sizes).tolist()
        return [data[start:end] for start, end in pairwise([0, *ends])]
