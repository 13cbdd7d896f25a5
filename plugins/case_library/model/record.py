"""What every record has: an id from its file or key, a title, a summary, its sources."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, ClassVar

from pydantic import PrivateAttr
from typing_extensions import Self

from case_library.document import Document
from case_library.model.fields import BODY, TITLE, Model, many, may, must
from case_library.model.parts import SourceLink
from case_library.model.values import Context, PartialDate, Prose, Text
from case_library.problems import Position


class Record(Model):
    """A case or a reference record. `kind` names it in references, `plural` in addresses."""

    kind: ClassVar[str] = ""
    plural: ClassVar[str] = ""

    title: Text = must("head", TITLE)
    summary: Text | None = may("head", BODY)
    aliases: list[Text] = many("head", TITLE)
    sort_as: str | None = may("record")
    sources: list[SourceLink] = many("record")
    updated: PartialDate | None = may("record")
    license: str | None = may("record")

    _id: str = PrivateAttr("")
    _document: Document = PrivateAttr()
    _path: tuple[str, ...] = PrivateAttr(())

    @property
    def id(self) -> str:
        return self._id

    @property
    def position(self) -> Position:
        return self.position_of(())

    @property
    def file(self) -> PurePosixPath:
        """The file it was read from, as problems show it."""
        return self._document.file

    def position_of(self, path: tuple[str | int, ...]) -> Position:
        """Where the value at `path` of this record was written."""
        return self._document.position((*self._path, *path))

    @property
    def key(self) -> tuple[str, str]:
        return (self.kind, self._id)

    @property
    def address(self) -> str:
        """Where its page stands below the language's root."""
        return f"{self.plural}/{self._id}/"

    @classmethod
    def build(
        cls, document: Document, path: tuple[str, ...], record_id: str, context: Context
    ) -> Self:
        """The record at `path` of a document; raises pydantic's ValidationError, all faults in it."""
        data: Any = document.data
        for key in path:
            data = data.get(key)
        record = cls.model_validate(data, context=context)
        record._id, record._document, record._path = record_id, document, path
        return record


class Reference(Record):
    """A record that cases refer to, so that it is said once."""

    description: Prose | None = may("story", BODY)
