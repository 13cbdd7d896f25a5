"""The files of a library: which there are, and their bytes. Follows no link, opens no device."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from case_library.document import MAX_BYTES
from case_library.problems import Position, Problem

REFERENCE = "reference"
SETTINGS = "library.yml"
_SUFFIXES = {".yml", ".yaml"}
_IGNORED = re.compile(r"[._]")


@dataclass(frozen=True)
class Found:
    """One YAML file below the library's folder: its path in there, and its bytes or a problem."""

    path: PurePosixPath
    content: bytes = b""
    problem: Problem | None = None


def find(folder: Path) -> Iterator[Found]:
    """Every YAML file below `folder`, in the order of their paths; dot names are left alone."""
    for path in sorted(_walk(folder, PurePosixPath())):
        yield _read(folder, path)


def _walk(folder: Path, inside: PurePosixPath) -> Iterator[PurePosixPath]:
    with os.scandir(folder / inside) as entries:
        for entry in entries:
            path = inside / entry.name
            if _IGNORED.match(entry.name):
                continue
            is_yaml = path.suffix.lower() in _SUFFIXES
            if entry.is_dir(follow_symlinks=False) and not is_yaml:
                yield from _walk(folder, path)
            elif is_yaml:
                yield path


def _read(folder: Path, path: PurePosixPath) -> Found:
    try:
        # O_NONBLOCK: opening a FIFO must not wait for a writer that never comes.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        handle = os.open(folder / path, flags | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return Found(path, problem=Problem("not-a-file", Position(path)))
            return Found(path, file.read(MAX_BYTES + 1))
    except OSError as error:
        code = "not-a-file" if (folder / path).is_symlink() else "unreadable"
        reason = error.strerror or type(error).__name__
        return Found(path, problem=Problem(code, Position(path), "", {"reason": reason}))
