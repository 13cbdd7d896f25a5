"""Files for beginners: a new library with one commented example, a new case to fill in."""

from __future__ import annotations

from pathlib import Path

from case_library.language import FALLBACK, Language, language
from case_library.model.case import Case
from case_library.model.fields import FieldShape, shapes
from case_library.publish import put
from case_library.schema import schema_file

_STARTER = Path(__file__).parent / "starter"


def init(folder: Path, language_code: str) -> tuple[list[Path], list[Path]]:
    """Copy the starter library of a language; an existing file is never touched.

    Returns what was written and what was there already. Raises OSError.
    """
    starter = _STARTER / language_code
    starter = starter if starter.is_dir() else _STARTER / FALLBACK
    files = {
        source.relative_to(starter): source.read_bytes()
        for source in sorted(starter.rglob("*"))
        if source.is_file()
    }
    # With it, editors complete and check case files as one types.
    files[Path("cases/case.schema.json")] = schema_file("case", language(starter.name)).encode()
    written, kept = [], []
    for name, content in files.items():
        target = folder / name
        if target.exists():
            kept.append(target)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            put(target, content)
            written.append(target)
    return written, kept


def new_case(words: Language) -> str:
    """A case file with every field: the required ones to fill in, the others commented out."""
    return "\n".join(_field(shape, words) for shape in shapes(Case))


def _field(shape: FieldShape, words: Language) -> str:
    label, help_ = words.label("case", shape.name), words.help("case", shape.name)
    lines = [f"# {label}: {help_}"]
    if shape.choices:
        lines.append(f"# ({' | '.join(shape.choices)})")
    mark = "" if shape.required else "# "
    lines.append(f"{mark}{shape.name}:")
    if shape.model and not shape.refers_to:
        dash = "- " if shape.many else "  "
        for part in shapes(shape.model):
            lines.append(f"#   {dash}{part.name}:")
            dash = "  "
        if shape.many:
            lines[-len(shapes(shape.model)) :] = [
                line if not index else line.replace("#   ", "#     ", 1)
                for index, line in enumerate(lines[-len(shapes(shape.model)) :])
            ]
    return "\n".join(lines) + "\n"
