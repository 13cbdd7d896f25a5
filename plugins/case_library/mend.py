"""Mending by itself what is safe to mend: encoding, line ends, colons, tabs; never a word."""

from __future__ import annotations

import codecs
import difflib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from case_library import document
from case_library.decoding import guess_encoding
from case_library.folder import find
from case_library.problems import DocumentError
from case_library.publish import put

#: What the reader complains of, and by what it is to be replaced, in the line and at the place.
_MENDS = {"fullwidth-colon": ("：", ": "), "missing-space": (":", ": ")}
#: Places that are mended in one go, and letters that are read again for them.
_MOST, _MOST_READ = 1000, 5_000_000


@dataclass(frozen=True)
class Mended:
    """A file as it is and as it would be."""

    path: PurePosixPath
    encoding: str
    before: str
    after: str

    def difference(self) -> Iterator[str]:
        """A unified diff; its head tells the encodings, its lines the marks that nobody sees."""
        old, new = ((t.splitlines(keepends=True)) for t in (self.before, self.after))
        yield f"--- {self.path} ({self.encoding})\n+++ {self.path} (UTF-8)\n"
        for line in [*difflib.unified_diff(old, new, n=1)][2:]:
            for mark, name in (("\r", "␍"), ("\t", "→"), ("\ufeff", "␣")):
                line = line.replace(mark, name)
            yield line.rstrip("\n") + "\n"


def mend(folder: Path) -> Iterator[Mended]:
    """Every file of a library that would be another afterwards."""
    for found in find(folder):
        if not found.problem and (better := mended(found.content, found.path)):
            yield better


def mended(content: bytes, path: PurePosixPath) -> Mended | None:
    """What a file would be; None where it is all right or nothing can be done."""
    encoding, before = _decoded(content)
    after = before.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    after = _readable(after, path) if after else ""
    is_same = after == before and encoding == "UTF-8"
    return None if is_same or not after else Mended(path, encoding, before, after)


def write(folder: Path, mended: Mended) -> Path:
    """Write a mended file, and keep the old one beside it under a name that no library reads."""
    path = folder / mended.path
    copy = path.with_name(path.name + ".bak")
    while os.path.lexists(copy):
        copy = copy.with_name(copy.name + ".bak")
    put(copy, path.read_bytes())
    shutil.copystat(path, copy)
    put(path, mended.after.encode())
    return copy


def _decoded(content: bytes) -> tuple[str, str]:
    """The encoding of a file and its text; no text where it can only be guessed."""
    for encoding in ("utf-8", guess_encoding(content)):
        marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        if encoding == "UTF-16" and not marked:
            encoding = "UTF-16-LE" if content[1:2] == b"\0" else "UTF-16-BE"
        try:
            text = content.decode(encoding) if encoding != "ISO-8859-1" else ""
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return encoding.upper(), text
    return "", ""


def _readable(text: str, path: PurePosixPath) -> str:
    """The text with what the reader stumbles over mended, one place after the other."""
    for _ in range(min(_MOST, _MOST_READ // len(text) + 1)):
        try:
            document.read(text.encode(), path)
        except DocumentError as error:
            code, position = error.problem.code, error.problem.position
            if code != "tab-indentation" and code not in _MENDS:
                return text
            lines = text.split("\n")
            line, column = lines[position.line - 1], position.column - 1
            if code == "tab-indentation":
                bare = line.lstrip(" \t")
                mended = line[: len(line) - len(bare)].replace("\t", "  ") + bare
            else:
                wrong, right = _MENDS[code]
                mended = line[:column] + right + line[column + len(wrong) :].lstrip()
            lines[position.line - 1] = mended.rstrip() if not mended.strip() else mended
            if mended == line:
                return text
            text = "\n".join(lines)
        else:
            return text
    return text
