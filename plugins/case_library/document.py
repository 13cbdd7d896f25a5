"""Bytes to Document: plain data with a position for every value, within hard limits.

PyYAML's C parser is asked for its events and nothing else: no constructor runs, no alias is
expanded, and depth is counted here, so that a hostile file can neither execute, nor multiply,
nor overflow the C stack. Scalars stay the text that the writer typed (`NO`, `12:30`, `0123`);
the model's types make values of them. Needs `bytes`, not a path: reading files is `library.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
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
MAX_MARKS = 30

#: Plain words that YAML reads as "nothing here".
NULLS = frozenset({"", "~", "null", "Null", "NULL"})

# C0 and C1 controls, noncharacters, and the bidi overrides that can make text lie about its order.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e\ufffe\uffff]")
# The parser would begin a line at these, where editors and readers see none.
_BREAKS = re.compile("[\x85\u2028\u2029]")
# Marks of byte order, and of bidi isolates that an unclosed one would leave open.
_UNSEEN = re.compile("[\ufeff\u202a-\u202c\u2066-\u2069]")
_BAD_COLON = re.compile(r"^[ \t]*(?:- )?([A-Za-z_-]+)(：|:(?=[^\s/]))", re.MULTILINE)
_COLON = re.compile(r":(?=\s|$)")

# What the parser says, the code by which we say it, and whether the fault lies where the
# parser began to look rather than where it gave up. The first that fits is taken.
_COMPLAINTS = (
    ("quoted scalar: found unexpected end", "unclosed-quote", True),
    ("escape c", "escape", False),
    ("tab character", "tab-indentation", False),
    ("cannot start any token", "bad-start", False),
    ("alphabetic or numeric character", "bad-start", True),
    ("did not find expected comment or line break", "bar", True),
    ("entries are not allowed in this context", "bad-start", False),
    ("mapping keys are not allowed in this context", "bad-start", False),
    ("simple key: could not find expected ':'", "no-colon", True),
    ("while parsing a flow", "unclosed-bracket", True),
    ("expected key", "indentation", False),
    ("block collection", "indentation", False),
)


_NO_CHILDREN: dict[Any, Any] = {}


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
    try:
        return _Builder(text, file).document()
    except yaml.YAMLError as error:
        raise DocumentError(_syntax_problem(error, text, file)) from None
    except DocumentError as error:
        if error.problem.code == "not-a-mapping":
            _suspect_colon(text, file)
        raise


def decode(content: bytes, file: PurePosixPath) -> str:
    """UTF-8 bytes, with or without a BOM, to NFC text; other encodings are named and refused."""
    if len(content) > MAX_BYTES:
        _refuse(Position(file), "file-too-large", limit=f"{MAX_BYTES // 1_000_000} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        _refuse(Position(file, line, 1), "encoding", found=_guess_encoding(content))
    if text.count("\x00") * 4 > len(text):  # every second byte of Latin letters in UTF-16
        _refuse(Position(file, 1, 1), "encoding", found="UTF-16")
    text = _without_unseen(text.replace("\r\n", "\n").replace("\r", "\n"))
    if blemish := _blemish(text):
        code, found, offset = blemish
        _refuse(_position(text, offset, file), code, found=found)
    return unicodedata.normalize("NFC", text)


def _without_unseen(text: str) -> str:
    return text if text.isascii() else _UNSEEN.sub("", _BREAKS.sub(" ", text))


def _blemish(text: str) -> tuple[str, str, int] | None:
    """A character that no text needs: the code of the problem, the character, where it stands."""
    if found := _FORBIDDEN.search(text):
        return "control-character", f"U+{ord(found[0]):04X}", found.start()
    if not unicodedata.is_normalized("NFC", text):
        # Putting a long run of accents into their order takes the square of its length.
        run = 0
        for offset, character in enumerate(text):
            run = run + 1 if unicodedata.combining(character) else 0
            if run > MAX_MARKS:
                return "too-many-marks", "", offset
    return None


def _guess_encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        return "UTF-16"
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return "ISO-8859-1"
    # Latin-1 text often decodes as GB18030 by chance, but then into rare characters; the common
    # ones and the punctuation stand in the first rows of the old standard.
    rows = [c.encode("gb2312", "ignore")[:1] for c in text if not c.isascii()]
    common = sum(b"" < row < b"\xd8" for row in rows)
    return "GB18030" if common * 2 >= len(rows) else "ISO-8859-1"


def _refuse(position: Position, code: str, **details: object) -> NoReturn:
    told = {name: short(str(value)) for name, value in details.items()}
    raise DocumentError(Problem(code, position, "", told))


def short(text: str) -> str:
    """As much of a text as a message should quote."""
    return text if len(text) <= 60 else text[:60] + "…"


def _position(text: str, offset: int, file: PurePosixPath) -> Position:
    before = text[:offset]
    return Position(file, before.count("\n") + 1, offset - before.rfind("\n"))


def _suspect_colon(text: str, file: PurePosixPath) -> None:
    """A Chinese colon, or one without a space, makes YAML fail further on; point at the colon."""
    if found := _BAD_COLON.search(text):
        code = "fullwidth-colon" if found[2] == "：" else "missing-space"
        _refuse(_position(text, found.start(2), file), code, found=found[1])


def _syntax_problem(error: yaml.YAMLError, text: str, file: PurePosixPath) -> Problem:
    """The parser's complaint, told by what most often causes it."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Problem("not-yaml", Position(file))
    complaint = f"{getattr(error, 'context', '')}: {getattr(error, 'problem', '')}"
    _suspect_colon(text[: mark.index], file)
    found = (c for c in _COMPLAINTS if c[0] in complaint)
    _, code, from_context = next(found, ("", "not-yaml", False))
    if text[: mark.index].rstrip(" ").endswith(('"', "'")):
        code, from_context = "after-quote", False
    context = getattr(error, "context_mark", None)
    offset = context.index if from_context and context else mark.index
    if "flow node" in complaint:  # it expects a value where a bracket should have been closed
        offset = max(text.rfind("[", 0, offset), text.rfind("{", 0, offset))
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:].partition("\n")[0]
    details = {}
    if "\t" in line[: len(line) - len(line.lstrip())]:
        code = "tab-indentation"
    elif "mapping values" in complaint:
        code = "unquoted-colon" if len(_COLON.findall(line)) > 1 else "indentation"
        details = {"line": short(line.strip())}
    if code == "indentation":
        offset = start + len(line) - len(line.lstrip())
    elif code in {"bad-start", "bar"}:
        details = {"found": text[offset : offset + 1]}
    return Problem(code, _position(text, offset, file), "", details)


class _Builder:
    """Walks the parser's events once, building data and marks side by side."""

    def __init__(self, text: str, file: PurePosixPath) -> None:
        self.text = text
        self.file = file
        self.nodes = 0
        self.next: Callable[[], Any] = CParser(text).get_event

    def document(self) -> Document:
        self.next()  # stream start
        if isinstance(self.next(), yaml.StreamEndEvent):
            _refuse(Position(self.file), "empty-file")
        data, mark = self.value(self.next(), 1)
        if not isinstance(data, dict):
            code = "empty-file" if data is None else "not-a-mapping"
            _refuse(Position(self.file, mark.line, mark.column), code)
        self.next()  # document end
        after = self.next()
        if not isinstance(after, yaml.StreamEndEvent):
            self.refuse(after, "several-documents")
        return Document(self.file, data, mark)

    def refuse(self, event: Any, code: str, **details: object) -> NoReturn:
        start = event.start_mark
        _refuse(Position(self.file, start.line + 1, start.column + 1), code, **details)

    # From here on every event of every file passes: types are compared, not looked up in trees.

    def value(self, event: Any, depth: int) -> tuple[Any, Mark]:
        start = event.start_mark
        if type(event) is yaml.ScalarEvent:
            return self.scalar(event), Mark(start.line + 1, start.column + 1, _NO_CHILDREN)
        self.check(event)
        if depth > MAX_DEPTH:
            self.refuse(event, "too-deep", limit=MAX_DEPTH)
        mark = Mark(start.line + 1, start.column + 1, {})
        if type(event) is yaml.MappingStartEvent:
            return self.mapping(mark, depth), mark
        return self.sequence(mark, depth), mark

    def check(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse(event, "too-many-nodes", limit=MAX_NODES)
        if type(event) is yaml.AliasEvent:
            self.refuse(event, "anchor", name=f"*{event.anchor}")
        if event.anchor is not None:
            self.refuse(event, "anchor", name=f"&{event.anchor}")
        if event.tag is not None:
            self.refuse(event, "tag", tag=event.tag.replace("tag:yaml.org,2002:", "!!"))

    def scalar(self, event: Any) -> str | None:
        self.check(event)
        text: str = event.value
        if len(text) > MAX_SCALAR:
            self.refuse(event, "text-too-long", limit=MAX_SCALAR)
        if event.implicit[0] and text in NULLS:
            return None
        if event.style == '"':  # escapes can bring in what the raw text could not
            text = _without_unseen(text)
            if blemish := _blemish(text):
                self.refuse(event, blemish[0], found=blemish[1])
            text = unicodedata.normalize("NFC", text)
        return text

    def mapping(self, mark: Mark, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while type(event := self.next()) is not yaml.MappingEndEvent:
            if type(event) is not yaml.ScalarEvent:
                self.refuse(event, "key-not-text")
            key = self.scalar(event)
            if key is None or key == "<<":
                self.refuse(event, "merge-key" if key else "key-not-text")
            if key in mark.children:
                first = mark.children[key].line
                self.refuse(event, "duplicate-key", key=key, line=first)
            after = self.next()
            value, mark.children[key] = self.value(after, depth + 1)
            if value is not None:
                data[key] = value
            elif not self.has_colon(event, after):
                # A comma inside an unquoted text between braces; dropping the rest would hide it.
                self.refuse(event, "comma-in-text", found=key)
        return data

    def has_colon(self, key: Any, value: Any) -> bool:
        return ":" in self.text[key.end_mark.index : value.end_mark.index + 1]

    def sequence(self, mark: Mark, depth: int) -> list[Any]:
        data: list[Any] = []
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            item, mark.children[len(data)] = self.value(event, depth + 1)
            data.append(item)
        return data
