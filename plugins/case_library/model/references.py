"""The references that a record makes, read off the declarations of its fields."""

from __future__ import annotations

import functools
from typing import Any

from case_library.model.fields import FieldShape, Model, Path, shapes

#: Where in a record, to which kind, to which id.
Pointer = tuple[Path, str, str]


def references(model: type[Model], data: Any, path: Path = ()) -> list[Pointer]:
    """Every reference in a record or part as it was written: path, kind referred to, id.

    Works on data that did not pass validation, too; what has a wrong type is passed over.
    """
    found: list[Pointer] = []
    _gather(model, data, path, found)
    return found


def _gather(model: type[Model], data: Any, path: Path, found: list[Pointer]) -> None:
    for shape in _leading(model):
        value = data.get(shape.name)
        if value is None:
            continue
        if not shape.many:
            _item(shape, value, (*path, shape.name), found)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                _item(shape, item, (*path, shape.name, index), found)


@functools.cache
def _leading(model: type[Model]) -> tuple[FieldShape, ...]:
    return tuple(shape for shape in shapes(model) if shape.refers_to or shape.model)


def _item(shape: FieldShape, item: Any, path: Path, found: list[Pointer]) -> None:
    if shape.refers_to:  # an id, or a Link to one
        item = item.get("id") if isinstance(item, dict) else item
        if isinstance(item, str):
            found.append((path, shape.refers_to, item))
    elif shape.model and isinstance(item, dict):
        _gather(shape.model, item, path, found)
    elif shape.model and isinstance(item, str):
        plain = getattr(shape.model, "plain_field", "")
        _gather(shape.model, {plain: item}, path, found)
