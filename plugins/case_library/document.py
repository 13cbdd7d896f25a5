"""Bytes to Document: plain data with a position for every value, within hard limits.

PyYAML's C parser is asked for its events and nothing else: no constructor runs, no alias is
expanded, and depth is counted here, so that a hostile file can neither execute, nor multiply,
nor overflow the C stack. Scalars stay the text that the writer typed (`NO`, `12:30`, `0123`);
the model's types make values of them. Needs `bytes`, not a path: reading files is `library.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, NamedTuple, NoReturn

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from case_library.problems import DocumentError, Position, Problem

MAX_BYTES = 1_000_000
MAX_SCALAR = 64_000
MAX_NODES = 20_000
MAX_DEPTH = 20

#: Plain words that YAML reads as "nothing here".
NULLS = frozenset({"", "~", "null", "Null", "NULL"})

# C0 and C1 controls, noncharacters, and the bidi overrides that can make text lie about its order.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e\ufffe\uffff]")
_LINE_SEPARATORS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\x85": "\n"})
_ISOLATES = re.compile("[\u2066-\u2069\u202a-\u202c]")
_FULLWIDTH_KEY = re.compile(r"^(\s*(?:- )?)([a-z_]+)：", re.MULTILINE)


class Mark(NamedTuple):
    """Where a value stands (from 1), and where its children stand, by key or index."""

    line: int
    column: int
    children: dict[Any, Mark]


@dataclass(frozen=True)
class Document:
    """A mapping read from a file: `data` holds dict, list, str and None only."""

    file: PurePosixPath
    data: dict[str, Any]
    mark: Mark

    def position(self, path: tuple[Any, ...] = ()) -> Position:
        """The position of the value at `path`, or of its nearest ancestor that exists."""
        mark = self.mark
        for key in path:
            child = mark.children.get(key)
            if child is None:
                break
            mark = child
        return Position(self.file, mark.line, mark.column)


def read(content: bytes, file: PurePosixPath) -> Document:
    """Read one YAML mapping; raise `DocumentError` with the first thing that forbids it."""
    text = decode(content, file)
    if found := _FORBIDDEN.search(text):
        _refuse_at(text, found.start(), file, "control-character", f"U+{ord(found[0]):04X}")
    try:
        return _Builder(text, file).document()
    except yaml.YAMLError as error:
        _suspect_fullwidth_colon(text, file)
        raise DocumentError(_syntax_problem(error, text, file)) from None
    except DocumentError as error:
        if error.problem.code == "not-a-mapping":
            _suspect_fullwidth_colon(text, file)
        raise


def decode(content: bytes, file: PurePosixPath) -> str:
    """UTF-8 bytes, with or without a BOM, to NFC text; other encodings are named and refused."""
    if len(content) > MAX_BYTES:
        _refuse(Position(file), "file-too-large", size=len(content), limit=MAX_BYTES)
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        line = content[: content.index(b"\x00")].count(b"\n") + 1
        _refuse(Position(file, line, 1), "control-character", found="U+0000")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        _refuse(Position(file, line, 1), "encoding", found=_guess_encoding(content))
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.translate(_LINE_SEPARATORS))


def _guess_encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return "ISO-8859-1"
    # Latin-1 text often decodes as GB18030 by chance, but then into rare characters.
    common = sum("\u4e00" <= c <= "\u9fa5" or c in "，。、：" for c in text)
    return "GB18030" if common * 2 >= sum(not c.isascii() for c in text) else "ISO-8859-1"


def _refuse(position: Position, code: str, **details: object) -> NoReturn:
    raise DocumentError(Problem(code, position, "", {k: str(v) for k, v in details.items()}))


def _refuse_at(text: str, offset: int, file: PurePosixPath, code: str, found: str) -> NoReturn:
    start = text.rfind("\n", 0, offset)
    _refuse(Position(file, text.count("\n", 0, offset) + 1, offset - start), code, found=found)


def _suspect_fullwidth_colon(text: str, file: PurePosixPath) -> None:
    """A Chinese colon after a key makes YAML fail somewhere else; point at the colon."""
    if found := _FULLWIDTH_KEY.search(text):
        _refuse_at(text, found.end() - 1, file, "fullwidth-colon", found[2])


def _syntax_problem(error: yaml.YAMLError, text: str, file: PurePosixPath) -> Problem:
    """The parser's complaint, told by what most often causes it."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file)
    lines = text.split("\n")
    line = lines[position.line - 1] if 0 < position.line <= len(lines) else ""
    reason = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    if line[: len(line) - len(line.lstrip())].find("\t") >= 0:
        return Problem("tab-indentation", position)
    if "mapping values are not allowed" in reason:
        return Problem("unquoted-colon", position, "", {"line": line.strip()[:60]})
    return Problem("not-yaml", position, "", {"reason": reason})


class _Builder:
    """Walks the parser's events once, building data and marks side by side."""

    def __init__(self, text: str, file: PurePosixPath) -> None:
        self.file = file
        self.nodes = 0
        self.events: Iterator[Any] = iter(_events(text))

    def document(self) -> Document:
        next(self.events)  # stream start
        if isinstance(next(self.events), yaml.StreamEndEvent):
            _refuse(Position(self.file), "empty-file")
        data, mark = self.value(next(self.events), 1)
        if not isinstance(data, dict):
            code = "empty-file" if data is None else "not-a-mapping"
            _refuse(Position(self.file, mark.line, mark.column), code)
        next(self.events)  # document end
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            self.refuse(after, "several-documents")
        return Document(self.file, data, mark)

    def refuse(self, event: Any, code: str, **details: object) -> NoReturn:
        start = event.start_mark
        _refuse(Position(self.file, start.line + 1, start.column + 1), code, **details)

    def value(self, event: Any, depth: int) -> tuple[Any, Mark]:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse(event, "too-many-nodes", limit=MAX_NODES)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self.refuse(event, "anchor", name=event.anchor)
        if event.tag is not None:
            self.refuse(event, "tag", tag=event.tag)
        start = event.start_mark
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event), Mark(start.line + 1, start.column + 1, {})
        if depth > MAX_DEPTH:
            self.refuse(event, "too-deep", limit=MAX_DEPTH)
        mark = Mark(start.line + 1, start.column + 1, {})
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(mark, depth), mark
        return self.sequence(mark, depth), mark

    def scalar(self, event: Any) -> str | None:
        text: str = event.value
        if len(text) > MAX_SCALAR:
            self.refuse(event, "text-too-long", limit=MAX_SCALAR)
        if event.implicit[0] and text in NULLS:
            return None
        # Escapes in double quotes can bring in what the raw text could not.
        if _FORBIDDEN.search(text) or any("\ud800" <= c <= "\udfff" for c in text):
            self.refuse(event, "control-character", found=text.encode("unicode_escape").decode())
        return _close_isolates(text.translate(_LINE_SEPARATORS)) if not text.isascii() else text

    def mapping(self, mark: Mark, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                return data
            if not isinstance(event, yaml.ScalarEvent):
                self.refuse(event, "key-not-text")
            key = self.value(event, depth)[0]
            if key is None or key == "<<":
                self.refuse(event, "merge-key" if key else "key-not-text")
            if key in mark.children:
                first = mark.children[key].line
                self.refuse(event, "duplicate-key", key=key, line=first)
            value, mark.children[key] = self.value(next(self.events), depth + 1)
            if value is not None:  # a key with nothing behind it says nothing
                data[key] = value
        raise AssertionError("the parser ends every mapping")

    def sequence(self, mark: Mark, depth: int) -> list[Any]:
        data: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                return data
            item, mark.children[len(data)] = self.value(event, depth + 1)
            data.append(item)
        raise AssertionError("the parser ends every sequence")


def _events(text: str) -> Iterator[Any]:
    parser = CParser(text)
    while parser.check_event():
        yield parser.get_event()


def _close_isolates(text: str) -> str:
    """Bidi isolates and embeddings end with their paragraph; unclosed ones are dropped."""
    return _ISOLATES.sub("", text) if _ISOLATES.search(text) else text
