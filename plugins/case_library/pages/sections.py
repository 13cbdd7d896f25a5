"""The declared fields of a record, as the sections and facts that a page shows.

What a page shows, and in which order, is read off the model; a template has one macro a shape.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any, NamedTuple

from case_library.model.fields import PARTS, FieldShape, Model, shapes
from case_library.pages.edition import Edition

#: Parts whose fields are sections of the text; facts and head are set apart by the templates.
SECTION_PARTS = tuple(part for part in PARTS if part not in {"head", "facts", "record"})
#: Shapes that are shown with what others say of the record: the lineage.
_ELSEWHERE = frozenset({"origin", "repetition"})


class Section(NamedTuple):
    """A field with a value: its name, label, shape and part, for the template's macros."""

    name: str
    label: str
    shape: str
    many: bool
    part: str
    refers_to: str
    value: Any

    @property
    def id(self) -> str:
        return self.name.replace("_", "-")


def sections(
    edition: Edition,
    record: Model,
    parts: tuple[str, ...] = SECTION_PARTS,
    asked: Container[str] = (),
) -> list[Section]:
    """Every field of these parts that says something, in the order of parts and declaration.

    Fields that are `asked` stand there even when they say nothing: emptiness is information.
    """
    found = [
        section
        for shape in shapes(type(record))
        if shape.part in parts and (section := _section(edition, record, shape, asked))
    ]
    return sorted(found, key=lambda section: parts.index(section.part))


def facts(edition: Edition, record: Model) -> list[Section]:
    return sections(edition, record, ("facts",))


def _section(
    edition: Edition, record: Model, shape: FieldShape, asked: Container[str]
) -> Section | None:
    value = getattr(record, shape.name)
    if shape.shape in _ELSEWHERE or (not value and shape.name not in asked):
        return None
    label = edition.language.label(type(record).model_name, shape.name)
    return Section(shape.name, label, shape.shape, shape.many, shape.part, shape.refers_to, value)
