"""The files of a library: which there are, and their bytes. Follows no link, opens no device."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from case_library.decoding import MAX_BYTES
from case_library.problems import Position, Problem

REFERENCE = "reference"
SETTINGS = (PurePosixPath("library.yml"), PurePosixPath("library.yaml"))
_SUFFIXES = {".yml", ".yaml"}
_IGNORED = re.compile(r"[._]")


@dataclass(frozen=True)
class Found:
    """One YAML file below the library's folder: its path in there, and its bytes or a problem."""

    path: PurePosixPath
    content: bytes = b""
    problem: Problem | None = None


def find(folder: Path) -> Iterator[Found]:
    """Every YAML file below `folder`: the settings, then the others in the order of their paths.

    Names that begin with a dot or an underscore are left alone. A folder that is a link or
    cannot be opened is told as a problem, too: there may be cases in it.
    """
    paths = sorted(_walk(folder))
    settings = [path for path in SETTINGS if path in paths]
    for path in (*settings, *(path for path in paths if path not in SETTINGS)):
        yield read(folder, path)


def lines(folder: Path, path: PurePosixPath) -> list[str]:
    """The lines of a file as messages quote them; none where it is no text in UTF-8."""
    text = read(folder, path).content.decode("utf-8-sig", "replace")
    known = "\0" not in text and "\ufffd" not in text
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if known else []


def _walk(folder: Path) -> Iterator[PurePosixPath]:
    waiting = [PurePosixPath()]
    while waiting:
        inside = waiting.pop()
        try:
            with os.scandir(folder / inside) as scanned:
                entries = list(scanned)
        except OSError:
            if not inside.parts:
                raise
            yield inside
            continue
        for entry in entries:
            path = inside / entry.name
            if _IGNORED.match(entry.name):
                continue
            if path.suffix.lower() in _SUFFIXES or (entry.is_symlink() and entry.is_dir()):
                yield path
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(path)


def read(folder: Path, path: PurePosixPath) -> Found:
    """One of them."""
    try:
        # O_NONBLOCK: opening a FIFO must not wait for a writer that never comes.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        handle = os.open(folder / path, flags | getattr(os, "O_BINARY", 0))
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                return Found(path, problem=Problem("not-a-file", Position(path)))
            with os.fdopen(handle, "rb", closefd=False) as file:
                content = file.read(min(status.st_size, MAX_BYTES) + 1)
                return Found(path, content + file.read(MAX_BYTES + 1 - len(content)))
        finally:
            os.close(handle)
    except OSError as error:
        code = "not-a-file" if (folder / path).is_symlink() else "unreadable"
        reason = error.strerror or type(error).__name__
        return Found(path, problem=Problem(code, Position(path), "", {"reason": reason}))
