"""Noted: mappings that remember what was asked of them while a page was made.

What a page shows is made from answers. As long as all of them are the same, so is the page.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from typing import Any, TypeVar, overload

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")

#: The name of a mapping, and what it was asked for; None is all of it.
Question = tuple[str, Any]

_noted: set[Question] | None = None

#: In this format of marshal the same values are the same bytes, in half the time of `repr`.
_FORMAT = 2


@contextlib.contextmanager
def noting() -> Iterator[set[Question]]:
    """Everything that is asked inside."""
    global _noted
    before, _noted = _noted, set()
    try:
        yield _noted
    finally:
        _noted = before


def note(asked: Iterable[Question]) -> None:
    """What was asked when a part was made that is used again."""
    if _noted is not None:
        _noted.update(asked)


def stamp(*parts: Any) -> str:
    """Stands for plain values: others have another."""
    try:
        told = marshal.dumps(parts, _FORMAT)
    except ValueError:  # other values than those of Python itself
        told = repr(parts).encode("utf-8", "backslashreplace")
    return hashlib.blake2b(told, digest_size=16).hexdigest()


class Noted(dict[K, V]):
    """A dictionary that is not changed any more; `name` tells it from all others of a site."""

    def __init__(self, name: str, entries: Mapping[K, V]) -> None:
        super().__init__(entries)
        self.name = name

    def answer(self, key: K) -> object:
        """What was answered about one entry, without noting it; None where there is nothing."""
        return super().get(key)

    def each(self) -> list[Question]:
        """The questions about single entries that a question about all comes to."""
        return [(self.name, key) for key in dict.__iter__(self)]

    def __getitem__(self, key: K) -> V:
        if _noted is not None:
            _noted.add((self.name, key))
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        if _noted is not None:
            _noted.add((self.name, key))
        return super().__contains__(key)

    @overload
    def get(self, key: K, default: None = None, /) -> V | None: ...
    @overload
    def get(self, key: K, default: V | D, /) -> V | D: ...
    def get(self, key: K, default: Any = None, /) -> Any:
        if _noted is not None:
            _noted.add((self.name, key))
        return super().get(key, default)

    def __iter__(self) -> Iterator[K]:
        self._note_all()
        return super().__iter__()

    def __len__(self) -> int:
        self._note_all()
        return super().__len__()

    def keys(self) -> KeysView[K]:  # type: ignore[override]
        self._note_all()
        return super().keys()

    def values(self) -> ValuesView[V]:  # type: ignore[override]
        self._note_all()
        return super().values()

    def items(self) -> ItemsView[K, V]:  # type: ignore[override]
        self._note_all()
        return super().items()

    def _note_all(self) -> None:
        if _noted is not None:
            _noted.add((self.name, None))
