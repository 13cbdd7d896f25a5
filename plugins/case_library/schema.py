"""What the model declares, for machines and writers: JSON Schema and the field reference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from case_library.language import Language
from case_library.model.fields import FieldShape, Model, shapes
from case_library.model.info import LibraryInfo
from case_library.model.kinds import KINDS
from case_library.model.synonyms import Synonyms

_FILES: dict[str, type[Model]] = {**KINDS, "library": LibraryInfo, "synonyms": Synonyms}
KINDS_OF_FILE = sorted(_FILES)


def schema(kind: str, words: Language) -> dict[str, Any]:
    """The JSON Schema of one file: a case, `library`, `synonyms`, or a kind's reference file.

    Raises KeyError for a kind that has no file.
    """
    model = _FILES[kind]
    found = model.model_json_schema()
    _describe(found, model, words)
    parts = _models_below(model)
    for name, definition in found.get("$defs", {}).items():
        if name in parts:
            _describe(definition, parts[name], words)
    if kind not in {"case", "library", "synonyms"}:
        definitions = found.pop("$defs", {})
        found = {"type": "object", "additionalProperties": found, "$defs": definitions}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def schema_file(kind: str, words: Language) -> str:
    """The schema as text, ready to be written."""
    return json.dumps(schema(kind, words), ensure_ascii=False, indent=1) + "\n"


def reference(words: Language) -> str:
    """The field reference as Markdown: every kind, then every part they are made of."""
    t = words.text
    lines = [f"# {t('reference.title')}", "", t("reference.intro"), ""]
    parts: dict[str, type[Model]] = {}
    for kind, model in _FILES.items():
        lines += _table(_file_title(kind, words), model, words)
        parts |= _models_below(model)
    lines += [f"## {t('reference.parts')}", "", t("reference.parts-intro"), ""]
    for name in sorted(parts):
        lines += _table(name, parts[name], words, level=3)
    return "\n".join(lines).rstrip() + "\n"


def _file_title(kind: str, words: Language) -> str:
    if words.has(f"reference.file.{kind}"):
        return words.text(f"reference.file.{kind}")
    return words.text("reference.file.any", name=words.kind(kind, 2), plural=KINDS[kind].plural)


def _table(title: str, model: type[Model], words: Language, level: int = 2) -> list[str]:
    t = words.text
    names = (t(f"reference.{name}") for name in ("field", "label", "value", "what"))
    head = f"| {' | '.join(names)} |"
    rows = [_row(model, shape, words) for shape in shapes(model)]
    return [f"{'#' * level} {title}", "", head, "|---|---|---|---|", *rows, ""]


def _row(model: type[Model], shape: FieldShape, words: Language) -> str:
    name = f"**`{shape.name}`**" if shape.required else f"`{shape.name}`"
    label, help_ = (f(model.model_name, shape.name) for f in (words.label, words.help))
    return f"| {name} | {label} | {_value(shape, words)} | {help_} |"


def _value(shape: FieldShape, words: Language) -> str:
    if shape.choices:
        value = ", ".join(f"`{choice}`" for choice in shape.choices)
    elif shape.refers_to:
        value = words.text("reference.id-of", kind=words.kind(shape.refers_to))
    elif shape.model:
        value = f"[{shape.model.__name__}](#{shape.model.__name__.lower()})"
    else:
        value = words.text(f"reference.shape.{shape.shape}")
    return words.text("reference.list-of", value=value) if shape.many else value


def _models_below(model: type[Model]) -> dict[str, type[Model]]:
    return {part.__name__: part for part in _walk(model)}


def _walk(model: type[Model]) -> Iterator[type[Model]]:
    for shape in shapes(model):
        if shape.model:
            yield shape.model
            yield from _walk(shape.model)


def _describe(definition: dict[str, Any], model: type[Model], words: Language) -> None:
    """Labels and help as title and description, so that an editor shows them while one types."""
    for full in (definition, *definition.get("anyOf", ())):
        full.pop("description", None)
        for name, about in full.get("properties", {}).items():
            about["title"] = words.label(model.model_name, name)
            about["description"] = words.help(model.model_name, name)
    for about in (*definition.get("anyOf", ()), *_properties(definition)):
        for name in ("x-part", "x-weight", "x-asked", "x-later"):
            about.pop(name, None)


def _properties(definition: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for full in (definition, *definition.get("anyOf", ())):
        yield from full.get("properties", {}).values()
