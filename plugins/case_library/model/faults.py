"""Pydantic's errors, told as Problems: code, field, position, nearest known name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from case_library.document import Document
from case_library.model.fields import Model, Path, shapes
from case_library.problems import Problem, short

_CODES = {
    "missing": "missing-field",
    "unexpected_keyword_argument": "unknown-field",
    "literal_error": "choice",
    "dataclass_type": "not-fields",
    "dict_type": "not-fields",
    "list_type": "not-a-list",
    "string_type": "plain-text",
    "string_too_long": "too-long",
    "string_too_short": "plain-text",
    "bool_parsing": "yes-or-no",
    "bool_type": "yes-or-no",
    "too_long": "too-many",
    "too_short": "too-few",
}


def problems_of(
    error: ValidationError, model: type[Model], document: Document, prefix: Path = ()
) -> list[Problem]:
    """One Problem for each fault that pydantic found in the value at `prefix`."""
    return [
        _problem(fault, model, document, prefix)
        for fault in error.errors(include_url=False, include_input=True)
    ]


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that a writer most likely meant, or nothing."""
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return found[0] if found else ""


def _problem(fault: Any, model: type[Model], document: Document, prefix: Path) -> Problem:
    location: Path = tuple(fault["loc"])
    kind: str = fault["type"]
    code = _CODES.get(kind, kind)
    details = {k: str(v) for k, v in (fault.get("ctx") or {}).items()}
    if code in {"missing-field", "unknown-field"}:
        name = short(str(location[-1]))
        owner = _model_at(model, location[:-1])
        known = [shape.name for shape in shapes(owner)] if owner else []
        details = {"name": name, "nearest": nearest(name, known), "known": ", ".join(known)}
        details["model"] = owner.model_name if owner else ""
    elif code == "choice":
        found = short(str(fault["input"]))
        known = [part.strip(" '") for part in details["expected"].replace(" or ", ",").split(",")]
        details = {"found": found, "nearest": nearest(found, known), "known": ", ".join(known)}
    elif kind not in _CODES and "_" in kind:
        code, details = "invalid", {"reason": fault["msg"]}
    if code in {"id", "choice"} and re.search("[，、]", details["found"]):
        code = "fullwidth-comma"
    field = ".".join(short(str(part)) for part in location)
    position = document.position((*prefix, *location), of_key=code == "unknown-field")
    return Problem(code, position, field, details)


def _model_at(model: type[Model] | None, location: Path) -> type[Model] | None:
    for part in location:
        if model is None:
            return None
        if isinstance(part, str):
            model = next((s.model for s in shapes(model) if s.name == part), None)
    return model
