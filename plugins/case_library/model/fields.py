"""How a field is declared: its type, the part of the page that shows it, its weight in search.

A declaration is one line in a model class. Pages, checks, JSON Schema, field reference and search
read it from there; labels and help stand in `locale/`.
"""

from __future__ import annotations

import functools
import operator
import re
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Union, cast, get_args, get_origin

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass as pydantic_dataclass
from pydantic.fields import FieldInfo
from pydantic_core import SchemaValidator
from typing_extensions import Self, dataclass_transform

#: The way to a value inside a record: field names and list indexes.
Path = tuple[str | int, ...]

#: The parts of a page, in the order in which a page shows them.
PARTS = ("head", "facts", "story", "figures", "people", "practice", "links", "record")

#: Weights in search: a title beats a name, a name beats prose; 0 is not searched.
TITLE, NAME, BODY = 3, 2, 1


@dataclass(frozen=True)
class RefTo:
    """Marks a field whose text is the id of a record of `kind`."""

    kind: str


def must(part: str, weight: int = 0) -> Any:
    """A field that every record of its kind has."""
    return Field(kw_only=True, json_schema_extra=_about(part, weight, False))


def may(part: str, weight: int = 0, *, asked: bool = False, later: bool = False) -> Any:
    """A field that may be left out: then its value is None, "not reported".

    `asked`: readers look for it, so that its absence is told and counts in the record's quality.
    `later`: nobody can say it of what has only been proposed, so that no proposal is asked for it.
    """
    return Field(None, kw_only=True, json_schema_extra=_about(part, weight, asked, later))


def many(part: str, weight: int = 0, *, asked: bool = False, later: bool = False) -> Any:
    """A list that may be left out or empty."""
    about = _about(part, weight, asked, later)
    return Field(default_factory=list, kw_only=True, json_schema_extra=about, max_length=500)


def _about(part: str, weight: int, asked: bool, later: bool = False) -> dict[str, Any]:
    return {"x-part": part, "x-weight": weight, "x-asked": asked, "x-later": later}


@dataclass_transform(kw_only_default=True, field_specifiers=(Field, must, may, many))
class _Slotted(type):
    """Makes each Model a dataclass with slots: a third of the memory of pydantic's own models."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        made: Any = super().__new__(cls, name, bases, body)
        made.model_name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
        if "__slots__" in body:  # made again, by `dataclass`
            return made
        slotted: Any = pydantic_dataclass(
            made, frozen=True, slots=True, kw_only=True, config=_CONFIG
        )
        made.field_names = slotted.field_names = tuple(slotted.__pydantic_fields__)
        return slotted

    @property
    def model_fields(cls) -> dict[str, FieldInfo]:
        return cast("type[Model]", cls).__pydantic_fields__


_CONFIG = ConfigDict(extra="forbid")


class Model(metaclass=_Slotted):
    """What all parts of a record share: unknown fields are refused, values never change."""

    __slots__ = ()

    model_name: ClassVar[str]
    field_names: ClassVar[tuple[str, ...]]
    __pydantic_fields__: ClassVar[dict[str, FieldInfo]]
    __pydantic_validator__: ClassVar[SchemaValidator]

    @classmethod
    def model_validate(cls, value: Any, *, context: Any = None) -> Self:
        """Checked data as one of these; raises pydantic's ValidationError with every fault."""
        made: Self = cls.__pydantic_validator__.validate_python(value, context=context)
        return made

    @classmethod
    def model_json_schema(cls) -> dict[str, Any]:
        return TypeAdapter(cls).json_schema()


#: Takes the values of some fields of a model.
Values = Callable[[Any], tuple[Any, ...]]


def values_of(names: Sequence[str]) -> Values:
    """What takes the values of some fields at once: asking for each takes three times as long."""
    if len(names) < 2:
        return lambda model: tuple([getattr(model, name) for name in names])
    return operator.attrgetter(*names)


@dataclass(frozen=True)
class FieldShape:
    """One declared field, taken apart.

    `shape` names how its value looks: the snake-case name of a Model or of a value type, `choice`
    for a Literal, `reference` for the id of a record of kind `refers_to`. `many` tells a list.
    """

    name: str
    shape: str
    many: bool
    required: bool
    part: str
    weight: int
    asked: bool = False
    later: bool = False
    refers_to: str = ""
    model: type[Model] | None = None
    choices: tuple[str, ...] = ()


@functools.cache
def shapes(model: type[Model]) -> tuple[FieldShape, ...]:
    """The fields of a model, in the order of their declaration."""
    return tuple(_shape(name, info) for name, info in model.model_fields.items())


def _shape(name: str, info: FieldInfo) -> FieldShape:
    kind, is_list, markers = _unwrapped(info.annotation)
    refers_to = next((m.kind for m in (*info.metadata, *markers) if isinstance(m, RefTo)), "")
    model = kind if isinstance(kind, type) and issubclass(kind, Model) else None
    extra = info.json_schema_extra
    about: dict[str, Any] = extra if isinstance(extra, dict) else {}
    if model:
        shape = model.model_name
    elif refers_to:
        shape = "reference"
    elif get_origin(kind) is Literal:
        shape = "choice"
    else:
        shape = _value_shape(kind, markers)
    return FieldShape(
        name=name,
        shape=shape,
        many=is_list,
        required=info.is_required(),
        part=str(about.get("x-part", "")),
        weight=int(about.get("x-weight", 0)),
        asked=bool(about.get("x-asked", False)),
        later=bool(about.get("x-later", False)),
        refers_to=refers_to,
        model=model,
        choices=tuple(get_args(kind)) if shape == "choice" else (),
    )


def _unwrapped(annotation: Any) -> tuple[Any, bool, tuple[Any, ...]]:
    """The innermost type of `Annotated[list[X] | None, ...]`, whether a list, and all markers."""
    is_list, markers = False, ()
    while True:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            annotation, markers = arguments[0], (*markers, *arguments[1:])
        elif origin is list:
            annotation, is_list = arguments[0], True
        elif origin in (Union, types.UnionType):
            annotation = next(a for a in arguments if a is not type(None))
        else:
            return annotation, is_list, markers


def _value_shape(kind: Any, markers: tuple[Any, ...]) -> str:
    names = {getattr(getattr(m, "func", None), "__name__", "") for m in markers}
    parsed = next((n.removeprefix("parse_") for n in names if n.startswith("parse_")), "")
    return parsed or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()
