"""What files came to when they were last read: a file that is still the same is not read again.

Records only, of files without a fault. Each is found by a digest of all that it hangs on (the
file's bytes and path, the languages, this program, Python, pydantic) and carries a check sum of
itself: what is damaged, old or of another program is as if it were not there. It lies in a
folder that only its user can write to (`folder`), never inside a project: nobody's pull request
can bring one along.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import marshal
import os
import shutil
import sqlite3
import stat
import sys
import zlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any

import pydantic
import stdnum
import yaml

from case_library.model.fields import Model, Values, shapes, values_of
from case_library.model.kinds import KINDS
from case_library.model.record import Record, Written
from case_library.model.values import PartialDate, Prose, Text
from case_library.personal import Told
from case_library.pinyin import pinyin, remembered

#: Of a key and of a check sum, in bytes.
_SIZE, _SUM = 16, 4


def folder() -> Path | None:
    """The user's own folder for it, made where it is missing; None where there can be none."""
    try:
        found = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "case-library"
        if not found.is_absolute():
            return None
        found.parent.mkdir(parents=True, exist_ok=True)
        found.mkdir(mode=0o700, exist_ok=True)
        return found if _is_own(found) else None
    except (OSError, RuntimeError):
        return None


def forget(caches: Path | None, library: Path) -> None:
    """Throw away all that is remembered of a library."""
    if caches:
        with contextlib.suppress(OSError):
            place(caches, library, "sqlite").unlink()
        for index in caches.glob(place(caches, library, "index-*").name):
            shutil.rmtree(index, ignore_errors=True)


def place(caches: Path, library: Path, ending: str) -> Path:
    """Where something is remembered of a library."""
    return caches / f"{_digest(os.fsencode(library.resolve())).hex()}.{ending}"


def _is_own(path: Path) -> bool:
    """Whether it is a folder or file that nobody else can write to, as far as the system tells."""
    found = os.lstat(path)
    if stat.S_ISLNK(found.st_mode) or not hasattr(os, "geteuid"):
        return not stat.S_ISLNK(found.st_mode)
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022


class Memory:
    """The memory of one library; without a folder of the user's own it remembers nothing."""

    def __init__(self, caches: Path | None, library: Path) -> None:
        self._base: sqlite3.Connection | None = None
        self._used: set[bytes] = set()
        self._key = b""
        if caches:
            self._path = place(caches, library, "sqlite")
            try:
                self._open()
            except (OSError, sqlite3.Error) as error:
                self._leave(error)

    def _open(self) -> None:
        if not _is_own(self._path.parent):
            return
        os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
        if _is_own(self._path):
            self._base = sqlite3.connect(self._path, timeout=0, isolation_level=None)
            self._base.execute("PRAGMA secure_delete = ON")  # who withdraws is gone from here, too
            self._base.execute("PRAGMA synchronous = OFF")
            self._base.execute("PRAGMA journal_mode = MEMORY")
            self._base.execute("CREATE TABLE IF NOT EXISTS file (key BLOB PRIMARY KEY, value BLOB)")
            self._base.execute("BEGIN")

    def recall(
        self, content: bytes, file: PurePosixPath, languages: Sequence[str]
    ) -> list[Record] | None:
        """The records of a file that is as it was, or None."""
        if not self._base:
            return None
        about = "\0".join((_stamp(), str(file), *languages)).encode("utf-8", "backslashreplace")
        self._key = _digest(about + b"\0\0" + content)
        rows = self._ask("SELECT value FROM file WHERE key = ?", self._key)
        found = rows[0][0] if rows else None
        if not isinstance(found, bytes) or _sum(self._key, found[_SUM:]) != found[:_SUM]:
            return None
        self._used.add(self._key)
        made = marshal.loads(found[_SUM:])  # noqa: S302  only what this user's own build wrote
        return [_unpacked_record(packed, file) for packed in made]

    def keep(self, records: list[Record]) -> None:
        """Remember the records of the file that was asked for last."""
        if self._base:
            packed = marshal.dumps([_packed_record(record) for record in records])
            value = _sum(self._key, packed) + packed
            self._ask("INSERT OR REPLACE INTO file VALUES (?, ?)", self._key, value)
            self._used.add(self._key)

    def close(self) -> None:
        """Forget what is not there any more, and write down what is new."""
        for (key,) in self._ask("SELECT key FROM file"):
            if key not in self._used:
                self._ask("DELETE FROM file WHERE key = ?", key)
        self._ask("COMMIT")
        if self._base:
            self._base.close()

    def _ask(self, words: str, *values: bytes) -> list[Any]:
        try:
            return self._base.execute(words, values).fetchall() if self._base else []
        except sqlite3.Error as error:
            self._leave(error)
            return []

    def _leave(self, error: Exception) -> None:
        """Go on without it; what is damaged is thrown away, what is only locked is not."""
        if self._base:
            self._base.close()
            self._base = None
        damaged = isinstance(error, sqlite3.DatabaseError)
        if damaged and not isinstance(error, sqlite3.OperationalError):
            with contextlib.suppress(OSError):
                self._path.unlink()


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_SIZE).digest()


def _sum(key: bytes, packed: bytes) -> bytes:
    return zlib.crc32(packed, zlib.crc32(key)).to_bytes(_SUM, "big")


@functools.cache
def _stamp() -> str:
    """Another program, another memory: its source is a part of every key."""
    here = Path(__file__).parent
    sources = sorted([*here.glob("*.py"), *here.glob("*.yml"), *here.glob("model/*.py")])
    source = _digest(b"".join(path.read_bytes() for path in sources)).hex()
    rests_on = (pydantic.VERSION, yaml.__version__, stdnum.__version__, version("pypinyin"))
    return " ".join((source, sys.version, *rests_on))


def _packed_record(record: Record) -> tuple[Any, ...]:
    written = record.written
    told = [tuple(one) for one in written.personal]
    sorted_by = (record.title, *getattr(record, "tags", ()))
    names = [name for text in sorted_by for name in text.values()]
    sounds = {name: pinyin(name) for name in names if not name.isascii()}
    about = (written.id, written.path, written.references, told, written.digest, sounds)
    return (*about, record.kind, [*map(_packed_field, _values_of(type(record))(record))])


def _packed_field(value: Any) -> Any:
    """Each field by itself: most are never asked for, and stay bytes."""
    if type(value) in _PLAIN:
        return value
    return b"" if value == [] else marshal.dumps(_packed(value))


def _unpacked_record(packed: tuple[Any, ...], file: PurePosixPath) -> Record:
    record_id, path, references, told, stamp, sounds, kind, fields = packed
    remembered.update(sounds)
    record: Record = object.__new__(KINDS[kind])
    waiting = _Waiting()
    for name, item in zip(record.field_names, fields, strict=True):
        if item and type(item) is bytes:
            waiting[name] = item
        else:
            object.__setattr__(record, name, _EMPTY if item == b"" else item)
    personal = tuple([Told(*one) for one in told])
    Written(type(record), record_id, file, path, references, personal, stamp).place(record, waiting)
    return record


class _Waiting(dict[str, Any]):
    """Packed values, each unpacked when it is asked for."""

    def __getitem__(self, name: str) -> Any:
        return _unpacked(marshal.loads(super().__getitem__(name)))  # noqa: S302  see `recall`


def _packed(value: Any) -> Any:
    """Plain values; of others a tuple that begins with the name of their type."""
    kind: Any = type(value)
    if kind in _PLAIN:
        return value
    if kind is list:
        return [item if type(item) in _PLAIN else _packed(item) for item in value]
    if kind is Text or kind is Prose:
        return (kind.__name__, dict(value.items()))
    if kind is PartialDate:
        return (kind.__name__, *value)
    if kind is Decimal:
        return (kind.__name__, str(value))
    return (
        kind.__name__,
        *[v if type(v) in _PLAIN else _packed(v) for v in _values_of(kind)(value)],
    )


@functools.cache
def _values_of(kind: type[Model]) -> Values:
    return values_of(kind.field_names)


def _unpacked(value: Any) -> Any:
    if type(value) is list:
        return [item if type(item) in _PLAIN else _unpacked(item) for item in value]
    kind = _TYPES[value[0]]
    if kind in _VALUES:
        return kind(*value[1:])
    made = object.__new__(kind)
    for name, item in zip(kind.field_names, value[1:], strict=True):
        object.__setattr__(made, name, item if type(item) in _PLAIN else _unpacked(item))
    return made


def _models(kind: type[Model]) -> Iterator[type[Model]]:
    yield kind
    for shape in shapes(kind):
        if shape.model:
            yield from _models(shape.model)


_EMPTY: list[Any] = []  # one for all: values never change
_PLAIN = frozenset({str, bool, type(None)})
_VALUES: tuple[type, ...] = (Text, Prose, PartialDate, Decimal)
_TYPES: dict[str, Any] = {
    kind.__name__: kind for kind in (*_VALUES, *(m for k in KINDS.values() for m in _models(k)))
}
