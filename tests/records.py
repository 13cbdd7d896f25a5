"""Records and libraries made in a line, for tests of what is computed from them."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any, TypeVar, cast

from case_library.document import Document
from case_library.library import Library, load
from case_library.model.case import Case
from case_library.model.record import Record, Written
from case_library.model.values import Context

R = TypeVar("R", bound=Record)


def record(kind: type[R], record_id: str, **fields: Any) -> R:
    """A record as if it had been read from a file of that name."""
    data = {"title": record_id, **fields}
    document = Document(PurePosixPath(f"{record_id}.yml"), data)
    return cast("R", Written.of(kind, record_id, document).build(document, Context(("en", "zh"))))


def case(case_id: str, status: str = "running", **fields: Any) -> Case:
    return record(Case, case_id, **{"summary": "x", "status": status, "sources": ["s"], **fields})


def figure(indicator: str = "ideas", value: object = None, **fields: Any) -> dict[str, Any]:
    number = {} if value is None else {"value": str(value)}
    return {"indicator": indicator, "source": "s", **number, **fields}


def library(*records: Record) -> Library:
    """A library of these records, not linked."""
    made = Library()
    for one in records:
        made.records[one.kind][one.id] = one
    return made


def loaded(folder: Path, **files: str) -> Library:
    """A library read from files: `places="…"` is a reference file, `case_x="…"` a case."""
    (folder / "reference").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if name.startswith("case_"):
            path = folder / f"{name.removeprefix('case_').replace('_', '-')}.yml"
        else:
            path = folder / "reference" / f"{name}.yml"
        path.write_text(content, "utf-8")
    return load(folder)
