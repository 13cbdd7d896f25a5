"""Our Jinja environment: autoescape on, undefined names are errors, and little done per value."""

from __future__ import annotations

import contextlib
import functools
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import case_library_theme
import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup

from case_library.prose import escaped, markup

if TYPE_CHECKING:
    from typing import TypeGuard

#: The macros that a thread has made.
_kept = threading.local()
THEME = Path(str(case_library_theme.__file__)).parent / "templates"
#: What stands behind a compiled template in the cache: its check sum.
_DIGEST = sha256().digest_size


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
        cache_size=-1,
        bytecode_cache=bytecode_cache("case_library"),
    )


@functools.cache
def bytecode_cache(name: str) -> jinja2.BytecodeCache | None:
    """Templates compiled once for all builds, in a folder that only its user can write to."""
    try:
        return _Cache(pattern=f"{name}_10_%s.cache")
    except (OSError, RuntimeError):
        return None


class _Cache(jinja2.FileSystemBytecodeCache):
    """What is damaged is a miss, and what finds no room is not kept."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            content = Path(self._get_cache_filename(bucket)).read_bytes()
            if content.endswith(sha256(content[:-_DIGEST]).digest()):
                bucket.bytecode_from_string(content[:-_DIGEST])

    def dump_bytecode(self, bucket: Bucket) -> None:
        content, target = bucket.bytecode_to_string(), Path(self._get_cache_filename(bucket))
        new = target.with_name(f"{target.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            try:
                new.write_bytes(content + sha256(content).digest())
                new.replace(target)
            finally:
                new.unlink(missing_ok=True)


class Called(Protocol):
    """A macro as templates have it."""

    name: str

    def __call__(self, *arguments: Any) -> Markup: ...


def _macro(
    environment: jinja2.Environment, function: Callable[..., Markup], name: str, *more: Any
) -> Callable[..., Markup]:
    """A macro is its function, which is told what it was not given; `named` takes names, too."""
    macro = Macro(environment, function, name, *more)
    if macro.caller or macro.catch_kwargs or macro.catch_varargs:
        return cast("Callable[..., Markup]", macro)
    function.__defaults__ = (missing,) * len(macro.arguments)
    function.__dict__.update(name=name, named=macro)
    return function


def _named(called: Callable[..., Any]) -> Callable[..., Any]:
    """What is called with names for its arguments: a macro's function has others."""
    found: Callable[..., Any] = getattr(called, "named", called)
    return found


class _Generator(CodeGenerator):
    """Templates call by the thousand, and nothing that they call wants to know their context."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        called, given = node.node, (*node.args, *node.kwargs)
        names = [name.key for name in node.kwargs]
        names += [called.attr] if isinstance(called, nodes.Getattr) else []
        if forward_caller or node.dyn_args or node.dyn_kwargs or any(map(iskeyword, names)):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        if self._is_word(node):
            self.visit(cast("nodes.Getattr", called).node, frame)
            where = "shown" if node is self._output else "words"
            self.write(f".{where}[{node.args[0].as_const()!r}]")
            return
        self.write("named(" if node.kwargs else "")
        # The blocks of `self` are no attributes of it.
        if isinstance(called, nodes.Getattr) and getattr(called.node, "name", "") != "self":
            self.visit(called.node, frame)
            self.write(f".{called.attr}")
        else:
            self.visit(called, frame)
        self.write(")(" if node.kwargs else "(")
        for number, value in enumerate(given):
            self.write(", " if number else "")
            self.visit(value, frame)
        self.write(")")

    def _is_word(self, node: nodes.Node) -> TypeGuard[nodes.Call]:
        """A message without values is a word."""
        called = node.node if isinstance(node, nodes.Call) else None
        if not isinstance(node, nodes.Call) or not called or not self._is_plain(called):
            return False
        return called.attr == "t" and _is_one_constant((*node.args, *node.kwargs))

    def _is_escaped(self, node: nodes.Node) -> bool:
        """Words are, where they are shown, and what macros make."""
        if not isinstance(node, nodes.Call):
            return False
        called = node.node
        module = called.node if self._is_plain(called) else None
        by_name = isinstance(called, nodes.Name) and called.name in self._macros
        imported = isinstance(module, nodes.Name) and module.name in self._imported
        return self._is_word(node) or by_name or imported

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:  # noqa: N802
        if node.name == "here" and node.ctx == "load" and self._is_ours:
            self.write(frame.symbols.ref(node.name))  # it is always there
        else:
            super().visit_Name(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        if not self._is_plain(node):
            super().visit_Getattr(node, frame)
            return
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:  # noqa: N802
        if node.name != "defined" or not self._is_plain(node.node):
            super().visit_Test(node, frame)
            return
        self.write("hasattr(")
        self.visit(node.node.node, frame)
        self.write(f", {node.node.attr!r})")

    def _is_plain(self, node: nodes.Node) -> TypeGuard[nodes.Getattr]:
        """The theme's templates ask no dictionary for its keys by a dot; a site's own may."""
        if not self._is_ours or not isinstance(node, nodes.Getattr) or iskeyword(node.attr):
            return False
        return getattr(node.node, "name", "") != "self"

    @functools.cached_property
    def _is_ours(self) -> bool:
        return self.filename is not None and THEME in Path(self.filename).parents

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        self._output: nodes.Node | None = None
        ours = self._is_ours
        self._macros = {macro.name for macro in node.find_all(nodes.Macro) if ours}
        self._imported = {part.target for part in node.find_all(nodes.Import) if ours}
        super().visit_Template(node, frame)
        macros = all(isinstance(part, nodes.Macro) or _is_text(part) for part in node.body)
        self.writeline(f"only_macros = {macros}")
        for name in ("escaped", "markup", "named"):
            self.writeline(f"{name} = environment.{name}")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """A page is gathered in a list, as a macro is: giving its pieces one by one is slower."""
        if not frame.rootlevel:
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield concat({frame.buffer})")

    def return_buffer_contents(self, frame: Frame, force_unescaped: bool = False) -> None:
        """What a macro gives is HTML: nobody needs to say so where it is called."""
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super().return_buffer_contents(frame, force_unescaped)
        else:
            self.writeline(f"return markup(concat({frame.buffer}))")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        self.write("environment.")
        super().macro_def(macro_ref, frame)

    def _output_child_pre(self, node: Any, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
            return
        self._output = node
        self.write("(" if self._is_escaped(node) else "escaped(")


def _is_one_constant(given: Sequence[nodes.Node]) -> TypeGuard[tuple[nodes.Const]]:
    return len(given) == 1 and isinstance(given[0], nodes.Const)


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(
        isinstance(part, nodes.TemplateData) for part in node.nodes
    )


class _Template(jinja2.Template):
    def make_module(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,
    ) -> TemplateModule:
        """Macros for a page: those of a file that holds nothing else are made once, and look up
        what they need where they are used last. New ones for each page would be garbage in
        circles, two hundred objects a page."""
        if not shared or not self.root_render_func.__globals__["only_macros"]:
            return super().make_module(vars, shared, locals)
        kept: dict[_Template, tuple[TemplateModule, Context]]
        kept = _kept.__dict__.setdefault("modules", {})
        if self not in kept:
            context = self.new_context({})
            kept[self] = TemplateModule(self, context), context
        module, context = kept[self]
        given = {name: value for name, value in (locals or {}).items() if value is not missing}
        context.parent = {**(vars or {}), **given}
        return module


class _Environment(jinja2.Environment):
    template_class = _Template
    code_generator_class = _Generator
    escaped = staticmethod(escaped)
    markup = staticmethod(markup)
    named = staticmethod(_named)
    Macro = staticmethod(_macro)

    def make_globals(self, d: Mapping[str, Any] | None) -> dict[str, Any]:
        """A chain of mappings is walked again for every page."""
        return {**self.globals, **(d or {})}
