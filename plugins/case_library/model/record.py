"""What every record has: an id from its file or key, a title, a summary, its sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar

from case_library.document import Document
from case_library.model.fields import BODY, TITLE, Model, Path, many, may, must
from case_library.model.parts import Review, SourceLink
from case_library.model.references import Pointer, references
from case_library.model.values import Context, PartialDate, Prose, Text
from case_library.problems import Position


@dataclass(frozen=True)
class Written:
    """A record as somebody wrote it, faulty or not: the value at `path` of a document."""

    model: type[Record]
    id: str
    document: Document
    path: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        return (self.model.kind, self.id)

    @property
    def data(self) -> Any:
        data: Any = self.document.data
        for name in self.path:
            data = data.get(name)
        return data

    @cached_property
    def references(self) -> tuple[Pointer, ...]:
        """Every reference that it makes; what has a wrong type is passed over."""
        data = self.data
        return tuple(references(self.model, data)) if isinstance(data, dict) else ()

    def position(self, path: Path = ()) -> Position:
        """Where the value at `path` of the record stands."""
        return self.document.position((*self.path, *path))

    def build(self, context: Context) -> Record:
        """The typed record; raises pydantic's ValidationError with every fault at once."""
        record = self.model.model_validate(self.data, context=context)
        address = f"{self.model.plural}/{self.id}/"
        record.__dict__.update(written=self, id=self.id, key=self.key, address=address)
        return record


class Record(Model):
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

    if TYPE_CHECKING:  # not fields: `Written.build` sets them, and reading them must cost nothing
        written: Written
        id: str
        key: tuple[str, str]
        address: str  # of its page, below the language's root

    @property
    def file(self) -> PurePosixPath:
        """The file it was read from, as problems show it."""
        return self.written.document.file


class Tombstone(Model):
    """What is left in the file of a case that was taken out."""

    withdrawn: PartialDate = must("record")
    reason: Text = must("record")


class Reference(Record):
    """A record that cases refer to, so that it is said once."""

    description: Prose | None = may("story", BODY, asked=True)
