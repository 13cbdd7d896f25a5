"""Pieces: many short strings of bytes in numpy arrays, put together without a loop over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.signedinteger[Any]]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

# About so many bytes are moved at once: each needs eight for its place, and what is near is fast.
_CHUNK = 1 << 17


def summed(numbers: Numbers) -> Numbers:
    """Their sums so far; numpy takes twice the time where it has to widen them on the way."""
    return np.cumsum(numbers.astype(np.int64, copy=False))


@dataclass(frozen=True)
class Pieces:
    """How long each piece of `data` is, and where it starts: where not told, behind the last."""

    data: Bytes
    sizes: Numbers
    at: Numbers | None = None

    @property
    def starts(self) -> Numbers:
        return summed(self.sizes) - self.sizes if self.at is None else self.at

    @classmethod
    def of(cls, strings: Sequence[bytes]) -> Pieces:
        sizes = np.fromiter(map(len, strings), np.int32, len(strings))
        return cls(np.frombuffer(b"".join(strings), np.uint8), sizes)

    @classmethod
    def varints(cls, numbers: Numbers) -> Pieces:
        """Each number with seven bits a byte, the lowest first; the high bit says: more follow."""
        top = int(numbers.max()) if len(numbers) else 0
        sizes = np.ones(len(numbers), np.int32)
        shape = len(numbers), max(1, -(-top.bit_length() // 7))
        data, said = np.empty(shape, np.uint8), np.ones(shape, np.bool_)
        for byte in range(1, shape[1]):
            more = np.greater(numbers, (1 << 7 * byte) - 1, out=said[:, byte])
            data[:, byte - 1] = numbers >> 7 * (byte - 1) & 127 | more.view(np.uint8) << 7
            sizes += more
        data[:, -1] = numbers >> 7 * (shape[1] - 1)
        return cls(data[said], sizes)

    @classmethod
    def chain(cls, parts: Iterable[Pieces]) -> Pieces:
        """All pieces of the first, then those of the second and so on."""
        parts = list(parts)
        offset = np.cumsum([0, *(len(part.data) for part in parts[:-1])])
        return cls(
            np.concatenate([part.data for part in parts]),
            np.concatenate([part.sizes for part in parts]),
            np.concatenate([part.starts + o for part, o in zip(parts, offset, strict=True)]),
        )

    @classmethod
    def zipped(cls, *parts: Pieces) -> Pieces:
        """The first piece of each joined to one, then the second, and so on."""
        whole = cls.chain(parts)
        order = np.arange(len(whole.sizes)).reshape(len(parts), -1).T.ravel()
        return whole.take(order).packed().grouped(len(parts))

    def take(self, order: Numbers | Flags | slice) -> Pieces:
        return Pieces(self.data, self.sizes[order], self.starts[order])

    def packed(self) -> Pieces:
        """The same one behind the other."""
        if self.at is None:
            return self
        ends = summed(self.sizes)
        data = np.empty(ends[-1] if len(ends) else 0, np.uint8)
        shift = self.starts - ends + self.sizes
        first = done = 0
        while first < len(ends):
            last = max(first + 1, int(np.searchsorted(ends, done + _CHUNK)))
            end = int(ends[last - 1])
            places = np.repeat(shift[first:last], self.sizes[first:last])
            places += np.arange(done, end)
            np.take(self.data, places, out=data[done:end], mode="clip")
            first, done = last, end
        return Pieces(data, self.sizes)

    def grouped(self, count: int) -> Pieces:
        """Each so many neighbours as one; they lie one behind the other."""
        return Pieces(self.data, np.sum([self.sizes[n::count] for n in range(count)], 0, np.int32))

    def merged(self, starts: Numbers) -> Pieces:
        """Those from one start to the next as one; they lie one behind the other."""
        return Pieces(self.data, np.add.reduceat(self.sizes, starts, dtype=np.int32))

    def but(self, those: Flags) -> Pieces:
        """The same, some of them empty."""
        return Pieces(self.data, np.where(those, 0, self.sizes), self.starts)

    def cut(self, ends: Sequence[int] | Numbers) -> Iterator[bytes]:
        """From one end to the next as one; they lie one behind the other."""
        places = np.append(0, summed(self.sizes))[ends].tolist()
        return (self.data[start:end].tobytes() for start, end in pairwise([0, *places]))

    def strings(self) -> list[bytes]:
        whole = self.packed()
        data, ends = whole.data.tobytes(), summed(whole.sizes).tolist()
        return [data[start:end] for start, end in pairwise([0, *ends])]
