"""What every record has: an id from its file or key, a title, a summary, its sources."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from case_library import personal
from case_library.document import Document
from case_library.model.fields import BODY, TITLE, Model, many, may, must
from case_library.model.parts import Review, SourceLink
from case_library.model.references import Pointer, references
from case_library.model.values import Context, PartialDate, Prose, Text

R = TypeVar("R", bound="Record")
T = TypeVar("T")
#: What waits in a record that was just read.
_NOTHING: dict[str, Any] = {}


@dataclass(slots=True, eq=False)
class Written:
    """What is kept of a record as somebody wrote it, faulty or not: the value at `path` of a file.

    Not its text: where something stands is looked up in the file again (`Document.position`).
    """

    model: type[Record]
    id: str
    file: PurePosixPath
    path: tuple[str, ...]
    #: Every reference that it makes; what has a wrong type is passed over.
    references: tuple[Pointer, ...]
    #: What it tells of persons.
    personal: tuple[personal.Told, ...]
    #: Stands for all that was written, and for what pages show of its pictures.
    digest: str

    @classmethod
    def of(
        cls, model: type[Record], record_id: str, read: Document, path: tuple[str, ...] = ()
    ) -> Written:
        data = _value(read, path)
        pointers = tuple(references(model, data)) if isinstance(data, dict) else ()
        told = (*personal.within(record_id), *personal.within(data))
        stamp = digest(model.kind, record_id, repr(data) if path else read.text)
        return cls(model, record_id, read.file, path, pointers, told, stamp)

    @property
    def key(self) -> tuple[str, str]:
        return (self.model.kind, self.id)

    def build(self, read: Document, context: Context) -> Record:
        """The typed record; raises pydantic's ValidationError with every fault at once."""
        record = self.model.model_validate(_value(read, self.path), context=context)
        self.place(record, _NOTHING)
        return record

    def place(self, record: Record, waiting: dict[str, Any]) -> None:
        """Give a record its id and address, and the fields that are still to be made."""
        placed: dict[str, Any] = {"written": self, "id": self.id, "key": self.key, "views": {}}
        placed["waiting"] = waiting
        placed["address"] = f"{self.model.plural}/{self.id}/"
        for name, value in placed.items():
            object.__setattr__(record, name, value)


def once(make: Callable[[R], T]) -> Callable[[R], T]:
    """What a view makes of a record and of nothing else is made once, and kept with it."""
    name = f"{make.__module__}.{make.__name__}"

    def found(record: R) -> T:
        views = record.views
        if name not in views:
            views[name] = make(record)
        made: T = views[name]
        return made

    return functools.update_wrapper(found, make)


def digest(*parts: str) -> str:
    """Stands for some texts: others have another."""
    text = "\0".join(parts).encode("utf-8", "backslashreplace")
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def _value(read: Document, path: tuple[str, ...]) -> Any:
    data: Any = read.data
    for name in path:
        data = data.get(name)
    return data


class _Placed:
    """What a record is beside its fields: `Written.build` sets it."""

    __slots__ = ("address", "id", "key", "views", "waiting", "written")

    written: Written
    id: str
    key: tuple[str, str]
    address: str  # of its page, below the language's root
    #: Fields that are made when they are first asked for: a build after an edit asks for few.
    waiting: dict[str, Any]
    #: What views made of it (`once`).
    views: dict[str, Any]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            waiting = object.__getattribute__(self, "waiting")
            if name in waiting:
                object.__setattr__(self, name, waiting[name])
                waiting.pop(name, None)
            return object.__getattribute__(self, name)


class Record(_Placed, Model):
    """A case or a reference record. `kind` names it in references, `plural` in addresses."""

    kind: ClassVar[str] = ""
    plural: ClassVar[str] = ""

    title: Text = must("head", TITLE)
    summary: Text | None = may("head", BODY)
    aliases: list[Text] = many("head", TITLE)
    sort_as: str | None = may("record")
    sources: list[SourceLink] = many("record", asked=True)
    review: Review | None = may("record", asked=True)
    updated: PartialDate | None = may("record")
    license: str | None = may("record")
    publish_from: PartialDate | None = may("record")

    @property
    def digest(self) -> str:
        """Stands for what it says: another when a word or the size of a picture is another."""
        return self.written.digest

    @property
    def file(self) -> PurePosixPath:
        """The file it was read from, as problems show it."""
        return self.written.file


class Tombstone(Model):
    """What is left in the file of a case that was taken out."""

    withdrawn: PartialDate = must("record")
    reason: Text = must("record")


class Reference(Record):
    """A record that cases refer to, so that it is said once."""

    description: Prose | None = may("story", BODY, asked=True)
