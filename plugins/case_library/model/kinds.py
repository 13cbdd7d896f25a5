"""The registry of record kinds, and the references that a record makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from case_library.model.case import Case
from case_library.model.fields import FieldShape, Model, Path, shapes
from case_library.model.record import Record
from case_library.model.reference import (
    Audience,
    Framework,
    Indicator,
    Method,
    Organisation,
    Place,
    Process,
    Programme,
    Source,
    Theme,
)

KINDS: dict[str, type[Record]] = {
    cls.kind: cls
    for cls in (
        Case,
        Theme,
        Place,
        Programme,
        Method,
        Organisation,
        Audience,
        Process,
        Framework,
        Indicator,
        Source,
    )
}

#: Kinds whose records have parts that can be referred to as `record/part`.
PART_KINDS = {"dimension": ("framework", "dimensions"), "process_step": ("process", "steps")}

#: Where in a record, to which kind, to which id.
Reference = tuple[Path, str, str]


def references(model: type[Model], data: Any, path: Path = ()) -> Iterator[Reference]:
    """Every reference in a record or part as it was written: path, kind referred to, id.

    Works on data that did not pass validation, too; what has a wrong type is passed over.
    """
    for shape in shapes(model):
        value = data.get(shape.name) if shape.refers_to or shape.model else None
        if value is None:
            continue
        here = (*path, shape.name)
        many = enumerate(value) if shape.many and isinstance(value, list) else ()
        for index, item in many if shape.many else ((None, value),):
            yield from _item(shape, item, here if index is None else (*here, index))


def _item(shape: FieldShape, item: Any, path: Path) -> Iterator[Reference]:
    if shape.refers_to:  # an id, or a Link to one
        item = item.get("id") if isinstance(item, dict) else item
        if isinstance(item, str):
            yield path, shape.refers_to, item
    elif shape.model and isinstance(item, dict):
        yield from references(shape.model, item, path)
    elif shape.model and isinstance(item, str):
        plain = getattr(shape.model, "plain_field", "")
        yield from references(shape.model, {plain: item}, path)


def references_of(record: Record) -> Iterator[Reference]:
    """Every reference that a record makes."""
    return references(type(record), record.written.data)
