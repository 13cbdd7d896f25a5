"""The references that a record makes, read off the declarations of its fields."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from case_library.model.fields import FieldShape, Model, Path, shapes

#: Where in a record, to which kind, to which id.
Pointer = tuple[Path, str, str]


def references(model: type[Model], data: Any, path: Path = ()) -> Iterator[Pointer]:
    """Every reference in a record or part as it was written: path, kind referred to, id.

    Works on data that did not pass validation, too; what has a wrong type is passed over.
    """
    for shape in _leading(model):
        value = data.get(shape.name)
        if value is None:
            continue
        here = (*path, shape.name)
        many = enumerate(value) if shape.many and isinstance(value, list) else ()
        for index, item in many if shape.many else ((None, value),):
            yield from _item(shape, item, here if index is None else (*here, index))


@functools.cache
def _leading(model: type[Model]) -> tuple[FieldShape, ...]:
    return tuple(shape for shape in shapes(model) if shape.refers_to or shape.model)


def _item(shape: FieldShape, item: Any, path: Path) -> Iterator[Pointer]:
    if shape.refers_to:  # an id, or a Link to one
        item = item.get("id") if isinstance(item, dict) else item
        if isinstance(item, str):
            yield path, shape.refers_to, item
    elif shape.model and isinstance(item, dict):
        yield from references(shape.model, item, path)
    elif shape.model and isinstance(item, str):
        plain = getattr(shape.model, "plain_field", "")
        yield from references(shape.model, {plain: item}, path)
