"""The registry of record kinds, and the references that a record makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from case_library.model.case import Case
from case_library.model.fields import Model, shapes
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

Path = tuple[str | int, ...]


def references(model: Model, path: Path = ()) -> Iterator[tuple[Path, str, str]]:
    """Every reference in a record or part: its path, the kind it refers to, the id."""
    for shape in shapes(type(model)):
        if not (shape.refers_to or shape.model):
            continue
        value = getattr(model, shape.name)
        if value is None:
            continue
        here = (*path, shape.name)
        items = enumerate(value) if shape.many else ((None, value),)
        for index, item in items:
            yield from _item_references(item, here if index is None else (*here, index), shape)


def _item_references(item: Any, path: Path, shape: Any) -> Iterator[tuple[Path, str, str]]:
    if shape.model is None:
        yield path, shape.refers_to, item
    elif shape.refers_to:  # a list of links of one kind
        yield (*path, "id"), shape.refers_to, item.id
    else:
        yield from references(item, path)
