"""Our Jinja environment: autoescape on, undefined names are errors, and little done per value."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from types import MethodType
from typing import Any

import case_library_theme
import jinja2
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

THEME = Path(str(case_library_theme.__file__)).parent / "templates"

_special = re.compile("[&<>\"']").search


@functools.cache
def environment(folders: tuple[Path, ...]) -> jinja2.Environment:
    """Templates are looked for in `folders` (a site's own), then in the theme.

    `original/…` is the theme's even where a site has its own, which may so extend it.
    """
    original = jinja2.PrefixLoader({"original": jinja2.FileSystemLoader(THEME)})
    return _Environment(
        loader=jinja2.ChoiceLoader([jinja2.FileSystemLoader([*folders, THEME]), original]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=bytecode_cache("case_library"),
    )


@functools.cache
def bytecode_cache(name: str) -> jinja2.BytecodeCache | None:
    """Templates compiled once for all builds, in a folder that only its user can write to."""
    try:
        return jinja2.FileSystemBytecodeCache(pattern=f"{name}_1_%s.cache")
    except (OSError, RuntimeError):
        return None


def escaped(value: Any) -> str:
    """As `escape` says it; most values need nothing, and nobody asks what the answer is."""
    if type(value) is Markup or (type(value) is str and not _special(value)):
        return value
    return escape(value)


class _Context(Context):
    """Templates call macros and methods by the thousand; methods want nothing of the context."""

    def call(self, called: Any, /, *arguments: Any, **named: Any) -> Any:
        kind = type(called)
        if kind is not MethodType and kind is not Macro:
            return super().call(called, *arguments, **named)
        if named:
            named.pop("_block_vars", None)
            named.pop("_loop_vars", None)
        if kind is Macro:
            return called(self.eval_ctx, *arguments, **named)
        return called(*arguments, **named)


class _Generator(CodeGenerator):
    def _output_child_pre(self, node: Any, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class _Environment(jinja2.Environment):
    context_class = _Context
    code_generator_class = _Generator
    escaped = staticmethod(escaped)
