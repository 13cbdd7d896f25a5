"""Stored: plain values and arrays in one file, read a part at a time."""

from __future__ import annotations

import contextlib
import marshal
import os
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from case_library import heap
from case_library.noted import Question, noting

#: Bytes as they lie in memory.
Raw = bytes | memoryview
#: A file begins with its check sum, and with how long its plain values are.
_SUM, _HEAD = 4, 12


class Stored:
    """What `packed` made, in a file or in memory; `about` are its plain values."""

    def __init__(self, source: Path | bytes, head: bytes = b"") -> None:
        """Raises ValueError or OSError where it is not as it was written; `head` are the plain
        values of what has just been."""
        self._source = source
        if not head:
            whole = source if isinstance(source, bytes) else source.read_bytes()
            if zlib.crc32(memoryview(whole)[_SUM:]) != int.from_bytes(whole[:_SUM], "big"):
                raise ValueError("damaged")
            head = whole[_HEAD : _HEAD + int.from_bytes(whole[_SUM:_HEAD], "big")]
        self._begin = _HEAD + len(head)
        # Only what this user's own build wrote comes here.
        self.about, self._arrays = marshal.loads(head)  # noqa: S302

    def read(self, name: str, start: int = 0, end: int | None = None) -> npt.NDArray[Any]:
        """An array, or what stands in it from `start` to `end`."""
        kind, offset, count = self._arrays[name]
        dtype = np.dtype(kind)
        place = self._begin + offset + start * dtype.itemsize
        length = (count if end is None else end) - start
        if isinstance(self._source, bytes):
            return np.frombuffer(self._source, dtype, length, place)
        # In a fourth of the time that `np.fromfile` takes.
        with open(self._source, "rb", buffering=0) as file:  # noqa: PTH123
            file.seek(place)
            return np.frombuffer(file.read(length * dtype.itemsize), dtype)

    def size(self, name: str) -> int:
        return int(self._arrays[name][2])

    def __contains__(self, name: str) -> bool:
        return name in self._arrays


def packed(about: Any, arrays: Mapping[str, npt.NDArray[Any]]) -> tuple[bytes, list[Raw]]:
    """The plain values, and all that a file of them holds, one behind the other."""
    places, offset = {}, 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, offset, len(array))
        offset += array.nbytes
    head = marshal.dumps((about, places))
    raw: list[Raw] = [len(head).to_bytes(_HEAD - _SUM, "big"), head]
    raw += [array.data for array in arrays.values()]
    total = 0
    for one in raw:
        total = zlib.crc32(one, total)
    return head, [total.to_bytes(_SUM, "big"), *raw]


class Store:
    """Where parts of an index stand from build to build, with what they were made from.

    `stand_for` tells what stands for the answers to questions (`noted`); what was made from
    others is made again. Without a folder all is in memory, and forgotten.
    """

    def __init__(
        self,
        folder: Path | None = None,
        stand_for: Callable[[Collection[Question]], str] = lambda _: "",
    ) -> None:
        self._folder, self._stand_for = folder, stand_for
        self._used: set[str] = set()

    def part(
        self, name: str, make: Callable[[], tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]]
    ) -> Stored:
        """The part of that name as it was made before, or as `make` makes it."""
        self._used.add(name)
        with contextlib.suppress(OSError, ValueError, EOFError, TypeError, KeyError):
            if self._folder:
                found = Stored(self._folder / name)
                if found.about["answers"] == self._stand_for(found.about.pop("questions")):
                    return found
        with noting() as asked:
            about, arrays = make()
        questions = list(asked)
        about |= {"questions": questions, "answers": self._stand_for(questions)}
        head, raw = packed(about, arrays)
        place = self._write(self._folder / name, raw) if self._folder else b"".join(raw)
        return Stored(place, head)

    def close(self) -> None:
        """Forget what nobody asked for, and give back what making the parts took."""
        for path in self._folder.iterdir() if self._folder and self._folder.is_dir() else ():
            if path.name not in self._used:
                with contextlib.suppress(OSError):
                    path.unlink()
        heap.give_back()

    def _write(self, path: Path, raw: Sequence[Raw]) -> Path | bytes:
        """Where there is no room, it stays in memory."""
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with beside.open("wb") as file:
                file.writelines(raw)
            beside.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink()
            return b"".join(raw)
        return path
