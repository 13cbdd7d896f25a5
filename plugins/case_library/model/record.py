"""What every record has: an id from its file or key, a title, a summary, its sources."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, ClassVar

from pydantic import PrivateAttr

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
    _position: Position = PrivateAttr(Position(PurePosixPath()))

    @property
    def id(self) -> str:
        return self._id

    @property
    def position(self) -> Position:
        return self._position

    @property
    def key(self) -> tuple[str, str]:
        return (self.kind, self._id)

    @property
    def address(self) -> str:
        """Where its page stands below the language's root."""
        return f"{self.plural}/{self._id}/"

    @classmethod
    def build(cls, data: Any, record_id: str, position: Position, context: Context) -> Record:
        """Validate plain data; raises pydantic's ValidationError with every fault at once."""
        record = cls.model_validate(data, context=context)
        record._id, record._position = record_id, position
        return record


class Reference(Record):
    """A record that cases refer to, so that it is said once."""

    description: Prose | None = may("story", BODY)
