"""Files for beginners: a new library with one commented example, a new case to fill in."""

from __future__ import annotations

from pathlib import Path

from case_library.language import Language
from case_library.model.case import Case
from case_library.model.fields import FieldShape, Model, shapes

MKDOCS = """\
site_name: {title}
theme:
  name: material
plugins:
  - case-library
"""
_SCHEMA_LINE = "# yaml-language-server: $schema={}\n"
_REQUIRED_EXAMPLE = {"status": "proposed"}


def init(folder: Path, words: Language) -> list[Path]:
    """Write a library that builds as it is; an existing file is never touched.

    Returns the files that were written.
    """
    text = words.text
    wanted = {
        "mkdocs.yml": MKDOCS.format(title=text("scaffold.title")),
        "docs/index.md": None,
        "cases/library.yml": text("scaffold.library", code=words.code),
        "cases/reference/themes.yml": text("scaffold.themes"),
        "cases/reference/places.yml": text("scaffold.places"),
        "cases/reference/sources.yml": text("scaffold.sources"),
        "cases/example.yml": text("scaffold.case"),
    }
    written = []
    for name, content in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is not None and not path.exists():
            path.write_text(content, encoding="utf-8", newline="\n")
            written.append(path)
    return written


def new_case(words: Language, schema: str = "") -> str:
    """A case file with every field: the required ones to fill in, the others commented out."""
    lines = [_SCHEMA_LINE.format(schema) if schema else ""]
    for shape in shapes(Case):
        lines += _field(Case, shape, words)
    return "".join(lines)


def _field(model: type[Model], shape: FieldShape, words: Language) -> list[str]:
    mark = "" if shape.required else "# "
    example = _REQUIRED_EXAMPLE.get(shape.name, "")
    choices = f" ({', '.join(shape.choices)})" if shape.choices else ""
    note = f"# {words.label(model.model_name, shape.name)}: "
    note += f"{words.help(model.model_name, shape.name)}{choices}\n"
    lines = [note, f"{mark}{shape.name}: {example}".rstrip() + "\n"]
    if shape.model and not shape.refers_to:
        lines += [
            f"#   {'- ' if shape.many and not index else '  ' if shape.many else ''}{part.name}:\n"
            for index, part in enumerate(shapes(shape.model))
        ]
    return [*lines, "\n"]
