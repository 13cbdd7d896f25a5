"""The codes of all problems that the program can tell, found in its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import case_library

# In which argument of a call a code stands.
_CALLS = {"PydanticCustomError": 0, "PictureError": 0, "CharacterError": 0, "Problem": 0}
_CALLS |= {"refuse": 1, "Fault": 2}
_TABLES = {"_CODES", "_COMPLAINTS"}


def codes() -> set[str]:
    found: set[str] = set()
    for folder in case_library.__path__:
        for path in Path(folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                found.update(_codes_of(node))
    return found


def _codes_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        index = _CALLS.get(name, len(node.args))
        for argument in node.args[index : index + 1]:
            yield from _strings(argument)
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Name, ast.Tuple)):
        target: ast.expr = node.targets[0]
        value = node.value
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            target, value = target.elts[0], value.elts[0]
        name = getattr(target, "id", "")
        if name == "code":
            yield from _strings(value)
        elif name in _TABLES and isinstance(value, ast.Dict):
            for item in value.values:
                yield from _strings(item)
        elif name in _TABLES and isinstance(value, ast.Tuple):
            for row in value.elts:
                yield from _strings(row.elts[1]) if isinstance(row, ast.Tuple) else ()


def _strings(node: ast.AST) -> Iterator[str]:
    """The texts that an expression can be: itself, or either branch."""
    if isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
