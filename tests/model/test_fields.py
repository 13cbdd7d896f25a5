"""Declarations read back: what pages, checks, forms and the schema know of a field."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Annotated, Any, Literal

import pytest
from case_library.model.case import Case
from case_library.model.fields import BODY, PARTS, TITLE, FieldShape, Model, RefTo, many, may, must
from case_library.model.fields import shapes as shapes_of
from case_library.model.info import LibraryInfo
from case_library.model.kinds import KINDS
from case_library.model.parts import Figure, Link, Step
from case_library.model.synonyms import Synonyms
from case_library.model.values import FileName, Id, Number, PartialDate, Prose, Text, Url
from pydantic import ValidationError


class OnePart(Model):
    name: Text = must("story")


class Sample(Model):
    text: Text = must("head", TITLE)
    prose: Prose | None = may("story", BODY)
    number: Number | None = may("figures")
    date: PartialDate | None = may("facts")
    url: Url | None = may("facts")
    file: FileName | None = may("record")
    id: Id | None = may("facts")
    place: Annotated[Id | None, RefTo("place")] = may("facts")
    related: Annotated[list[Id], RefTo("case")] = many("links")
    links: Annotated[list[Link], RefTo("theme")] = many("facts")
    parts: list[OnePart] = many("story")
    part: OnePart | None = may("story")
    choice: Literal["a", "b"] | None = may("facts")
    choices: list[Literal["a", "b"]] = many("facts")
    words: str | None = may("record")
    sure: bool = False


SHAPES = {shape.name: shape for shape in shapes_of(Sample)}


def test_declaration_is_read_back_whole() -> None:
    assert SHAPES["text"] == FieldShape("text", "text", False, True, "head", TITLE)
    assert SHAPES["place"] == FieldShape(
        "place", "reference", False, False, "facts", 0, refers_to="place"
    )
    assert (SHAPES["sure"].part, SHAPES["sure"].weight) == ("", 0)
    assert SHAPES["links"] == FieldShape(
        "links", "link", True, False, "facts", 0, refers_to="theme", model=Link
    )


@pytest.mark.parametrize(
    ("name", "shape", "is_list"),
    [
        ("prose", "prose", False),
        ("number", "number", False),
        ("date", "partial_date", False),
        ("url", "url", False),
        ("file", "file_name", False),
        ("id", "id", False),
        ("related", "reference", True),
        ("parts", "one_part", True),
        ("part", "one_part", False),
        ("choice", "choice", False),
        ("choices", "choice", True),
        ("words", "str", False),
        ("sure", "bool", False),
    ],
)
def test_shape_names_how_a_value_looks(name: str, shape: str, is_list: bool) -> None:
    assert (SHAPES[name].shape, SHAPES[name].many) == (shape, is_list)


def test_choices_keep_their_order() -> None:
    assert SHAPES["choices"].choices == ("a", "b")
    assert SHAPES["words"].choices == ()


def test_fields_come_in_the_order_of_their_declaration() -> None:
    assert list(SHAPES) == list(Sample.model_fields)
    names = [shape.name for shape in shapes_of(Case)]
    assert names.index("title") < names.index("summary") < names.index("status")
    assert names.count("summary") == 1


def test_every_field_of_a_record_has_a_part_of_the_page() -> None:
    def check(model: type[Model], seen: set[type[Model]]) -> None:
        for shape in shapes_of(model):
            if shape.model and shape.model not in seen:
                check(shape.model, seen | {shape.model})
            # Fields with a default of their own are told beside another field.
            has_default = not shape.required and not shape.part
            assert shape.part in PARTS or has_default, (model.model_name, shape.name)

    for kind in KINDS.values():
        check(kind, {kind})


def test_references_of_real_models() -> None:
    def targets(model: type[Model]) -> dict[str, str]:
        return {s.name: s.refers_to for s in shapes_of(model) if s.refers_to}

    assert targets(Step) == {"process_step": "process_step", "method": "method"}
    assert targets(Figure) == {"indicator": "indicator", "dimension": "dimension"}
    assert targets(LibraryInfo) == {"framework": "framework"}
    assert {"themes": "theme", "related": "case"}.items() <= targets(Case).items()


def test_list_in_a_list_is_a_list() -> None:
    (groups,) = shapes_of(Synonyms)
    assert (groups.shape, groups.many) == ("str", True)


def test_unknown_fields_are_refused_and_values_never_change() -> None:
    data: dict[str, Any] = {"text": "x"}
    with pytest.raises(ValidationError):
        Sample.model_validate(data | {"txet": "x"})
    sample = Sample.model_validate(data)
    with pytest.raises(FrozenInstanceError):
        sample.sure = True


def test_lists_are_limited() -> None:
    assert Sample.model_validate({"text": "x", "choices": ["a"] * 500})
    with pytest.raises(ValidationError):
        Sample.model_validate({"text": "x", "choices": ["a"] * 501})
