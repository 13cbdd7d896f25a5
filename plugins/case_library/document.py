"""Bytes to Document: plain data with a position for every value, within hard limits.

PyYAML's C parser is asked for its events and nothing else: no constructor runs, no alias is
expanded, and depth is counted here, so that a hostile file can neither execute, nor multiply,
nor overflow the C stack. Scalars stay the text that the writer typed (`NO`, `12:30`, `0123`);
the model's types make values of them. Needs `bytes`, not a path: reading files is `folder.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, NamedTuple, NoReturn

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from case_library.decoding import CharacterError, clean, decode
from case_library.problems import DocumentError, Position, refuse
from case_library.syntax import suspect_colon, syntax_problem

MAX_SCALAR = 64_000
MAX_NODES = 20_000
MAX_DEPTH = 20

#: Plain words that YAML reads as "nothing here".
NULLS = frozenset({"", "~", "null", "Null", "NULL"})

# Asked of every event of every file.
_SCALAR, _MAPPING = yaml.ScalarEvent, yaml.MappingStartEvent
_MAPPING_END, _SEQUENCE_END = yaml.MappingEndEvent, yaml.SequenceEndEvent


class Mark(NamedTuple):
    """Where a value stands (from 1), where its children stand, and where its own key stands."""

    line: int
    column: int
    children: dict[Any, Mark]
    key: tuple[int, int] | None = None


@dataclass(frozen=True)
class Document:
    """A mapping read from a file: `data` holds dict, list, str and None only."""

    file: PurePosixPath
    data: dict[str, Any]
    text: str = "{}"

    @cached_property
    def mark(self) -> Mark:
        """Where everything stands: asked for where something is wrong, and only then made."""
        events = CParser(self.text).get_event
        events(), events()
        return _mark(events(), events)

    def position(self, path: tuple[Any, ...] = (), *, of_key: bool = False) -> Position:
        """Where the value at `path`, or its key, stands; else its nearest ancestor that exists."""
        mark = self.mark
        for key in path:
            child = mark.children.get(key)
            if child is None:
                break
            mark = child
        if of_key and mark.key:
            return Position(self.file, *mark.key)
        return Position(self.file, mark.line, mark.column)


def _mark(event: Any, events: Callable[[], Any], key: tuple[int, int] | None = None) -> Mark:
    mark = Mark(*_place(event), {}, key)
    if type(event) is yaml.MappingStartEvent:
        while type(event := events()) is not yaml.MappingEndEvent:
            mark.children[event.value] = _mark(events(), events, _place(event))
    elif type(event) is yaml.SequenceStartEvent:
        while type(event := events()) is not yaml.SequenceEndEvent:
            mark.children[len(mark.children)] = _mark(event, events)
    return mark


def _place(event: Any) -> tuple[int, int]:
    start = event.start_mark
    return start.line + 1, start.column + 1


def read(content: bytes, file: PurePosixPath) -> Document:
    """Read one YAML mapping; raise `DocumentError` with the first thing that forbids it."""
    text = decode(content, file)
    try:
        return _Builder(text, file).document()
    except yaml.YAMLError as error:
        raise DocumentError(syntax_problem(error, text, file)) from None
    except DocumentError as error:
        if error.problem.code == "not-a-mapping":
            suspect_colon(text, file, 0, len(text))
        raise


class _Builder:
    """Walks the parser's events once; what is wrong is refused as it comes."""

    def __init__(self, text: str, file: PurePosixPath) -> None:
        self.text = text
        self.file = file
        self.nodes = 0
        self.next: Callable[[], Any] = CParser(text).get_event
        # Escapes can bring in what the raw text could not.
        self.has_escapes = "\\" in text

    def document(self) -> Document:
        self.next()  # stream start
        if isinstance(self.next(), yaml.StreamEndEvent):
            refuse(Position(self.file), "empty-file")
        event = self.next()
        data = self.value(event, 1)
        if not isinstance(data, dict):
            self.refuse(event, "empty-file" if data is None else "not-a-mapping")
        self.next()  # document end
        after = self.next()
        if not isinstance(after, yaml.StreamEndEvent):
            self.refuse(after, "several-documents")
        return Document(self.file, data, self.text)

    def refuse(self, event: Any, code: str, **details: object) -> NoReturn:
        refuse(Position(self.file, *_place(event)), code, **details)

    # From here on every event of every file passes: types are compared, not looked up in trees.

    def value(self, event: Any, depth: int) -> Any:
        if type(event) is _SCALAR:
            return self.scalar(event)
        self.nodes += 1
        self.check(event)
        if depth > MAX_DEPTH:
            self.refuse(event, "too-deep", limit=MAX_DEPTH)
        if type(event) is _MAPPING:
            return self.mapping(depth)
        return self.sequence(depth)

    def check(self, event: Any) -> None:
        if self.nodes > MAX_NODES:
            self.refuse(event, "too-many-nodes", limit=MAX_NODES)
        if type(event) is yaml.AliasEvent:
            self.refuse(event, "anchor", name=f"*{event.anchor}")
        if event.anchor is not None:
            self.refuse(event, "anchor", name=f"&{event.anchor}")
        if event.tag is not None:
            self.refuse(event, "tag", tag=event.tag.replace("tag:yaml.org,2002:", "!!"))

    def scalar(self, event: Any) -> str | None:
        self.nodes += 1
        if event.anchor is not None or event.tag is not None or self.nodes > MAX_NODES:
            self.check(event)
        text: str = event.value
        if len(text) > MAX_SCALAR:
            self.refuse(event, "text-too-long", limit=MAX_SCALAR)
        if text in NULLS and event.implicit[0]:
            return None
        if self.has_escapes and event.style == '"':
            try:
                text = clean(text)
            except CharacterError as error:
                self.refuse(event, error.code, found=error.found)
        return text

    def mapping(self, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        keys: dict[str, Any] = {}
        events, scalar = self.next, self.scalar
        while type(event := events()) is not _MAPPING_END:
            if type(event) is not _SCALAR:
                self.refuse(event, "key-not-text")
            key = scalar(event)
            if key is None or key == "<<":
                self.refuse(event, "merge-key" if key else "key-not-text")
            if key in keys:
                self.refuse(event, "duplicate-key", key=key, line=_place(keys[key])[0])
            keys[key] = event
            after = events()
            is_scalar = type(after) is _SCALAR
            value = scalar(after) if is_scalar else self.value(after, depth + 1)
            if value is not None:
                data[key] = value
            elif not self.has_colon(event, after):
                # A comma inside an unquoted text between braces; dropping the rest would hide it.
                self.refuse(event, "comma-in-text", found=key)
        return data

    def has_colon(self, key: Any, value: Any) -> bool:
        return ":" in self.text[key.end_mark.index : value.end_mark.index + 1]

    def sequence(self, depth: int) -> list[Any]:
        data: list[Any] = []
        while type(event := self.next()) is not _SEQUENCE_END:
            data.append(self.value(event, depth + 1))
        return data
