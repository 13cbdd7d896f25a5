"""Blank forms for paper, to record a case or to propose one: what the model declares, with room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from case_library.model.case import Case
from case_library.model.fields import PARTS, FieldShape, Model, shapes
from case_library.pages.edition import Edition
from case_library.pages.page import Crumb, Page

#: So many records of a kind are named, to be ticked; of more, one is written down.
_NAMED = 12
#: Entries of a list that there is room for: of what readers look for, and of the rest.
_ENTRIES, _FEW = 2, 1
#: What somebody in the office fills in when the paper is typed.
_OFFICE = frozenset({"basis", "sort_as", "review", "updated", "license"})


@dataclass(frozen=True)
class Blank:
    """One field with room for an answer: options to tick, lines, or entries of further fields."""

    label: str
    help: str
    required: bool
    options: list[str]
    lines: int
    entries: int = 1
    fields: list[Blank] = field(default_factory=list)


def pages(edition: Edition) -> Iterator[Page]:
    for path, name in (("form/", "record"), ("form/propose/", "propose")):
        title, says = edition.t(f"form.{name}"), partial(_says, edition, name)
        yield edition.page(path, "blank", title, "blank.html", says)


def _says(edition: Edition, name: str) -> dict[str, Any]:
    wanted = [
        shape
        for shape in shapes(Case)
        if shape.name not in _OFFICE
        and (name == "record" or shape.required or (shape.asked and not shape.later))
    ]
    parts = [
        (part, [_blank(edition, Case, shape) for shape in wanted if shape.part == part])
        for part in PARTS
    ]
    return {
        "description": edition.t(f"form.{name}-lead"),
        "crumbs": [Crumb(edition.t("ui.about"), f"{edition.prefix}about/")],
        "name": name,
        "parts": [(part, blanks) for part, blanks in parts if blanks],
    }


def _blank(edition: Edition, model: type[Model], shape: FieldShape, inside: bool = False) -> Blank:
    words = edition.language
    options = [words.choice(shape.name, choice) for choice in shape.choices]
    if shape.refers_to and not inside:
        options = _titles(edition, shape.refers_to)
    parts = shapes(shape.model) if shape.model and not shape.refers_to and not inside else ()
    # Help for typing speaks of ids and files: paper asks for a name, or offers what to tick.
    told = "" if options else words.help(model.model_name, shape.name)
    kind = shape.refers_to or next((part.refers_to for part in parts if part.name == "id"), "")
    if kind and not options:
        told = words.text("form.by-name", kind=words.kind(kind))
    prose = 2 if inside else 4
    return Blank(
        label=words.label(model.model_name, shape.name),
        help=told,
        required=shape.required,
        options=options,
        lines=prose if shape.shape == "prose" else 2 if shape.many else 1,
        entries=(_ENTRIES if shape.asked else _FEW) if shape.many else 1,
        fields=[
            _blank(edition, shape.model, part, inside=True)
            for part in parts
            if shape.model and part.name not in _OFFICE
        ],
    )


def _titles(edition: Edition, kind: str) -> list[str]:
    records = edition.library.records.get(kind, {}).values()
    few = edition.sorted(records) if len(records) <= _NAMED else []
    return [edition.read(record.title) for record in few]
