"""Publish: a site is built beside the published one and takes its place in one step."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import sys
from pathlib import Path
from typing import Any

#: Of renameat2(2): paths are seen from here; the two names are exchanged.
_HERE, _EXCHANGE = -100, 2


def write(path: str, content: bytes) -> os.stat_result:
    """A file of a site, and the folders that it needs, in half the time that paths take."""
    _make_folder(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    file = os.open(path, flags, 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
        return os.fstat(file)
    finally:
        os.close(file)


def take_over(old: str, new: str, link: bool) -> None:
    """Let a file of the published site stand in the new one too."""
    _make_folder(new)
    if link:
        with contextlib.suppress(OSError):  # a file system without links
            os.link(old, new)
            return
    shutil.copy2(old, new)


def _make_folder(path: str) -> None:
    """The folder of a file, and those above."""
    folder = os.path.dirname(path)  # noqa: PTH120
    try:
        os.mkdir(folder)  # noqa: PTH102
    except FileExistsError:
        pass
    except FileNotFoundError:
        Path(folder).mkdir(parents=True)


class BusyError(Exception):
    """Another build of the same site is running."""


class Beside:
    """A hidden folder beside the published site, locked while a build fills it."""

    def __init__(self, site: Path) -> None:
        self.site = Path(os.path.realpath(site))
        parent = self.site.parent
        # The name of a mounted folder cannot be changed: its entries are.
        self._inside = self.site.is_dir() and (
            self.site.is_mount() or not os.access(parent, os.W_OK)
        )
        self.folder = (self.site if self._inside else parent) / f".{self.site.name}.building"
        self._set_aside = parent / f".{self.site.name}.old"
        self._locks: list[int] = []
        self._umask = -1

    def begin(self) -> None:
        """Take the lock, and clear away what a killed build left."""
        self._umask = os.umask(0o022)
        if self.folder.is_symlink():  # what it leads to is not ours to clear
            self.folder.unlink()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock(self.folder)
        if self._set_aside.is_dir() and not self.site.exists():
            self._set_aside.rename(self.site)
        _move_hidden(self.folder, self.site)
        for entry in self.folder.iterdir():
            _remove(entry)

    def publish(self) -> None:
        """Old or new: at no moment is the site anything else. `clear` ends the old one."""
        if self._inside:
            new = {entry.name for entry in self.folder.iterdir()}
            for entry in self.site.iterdir():
                if entry.name in new or not entry.name.startswith("."):
                    _remove(entry)
            for name in new:
                (self.folder / name).rename(self.site / name)
        elif self.site.exists():
            # The hidden name is the old site's afterwards: ours until it is gone.
            self._lock(self.site)
            if not _exchange(self.folder, self.site):
                self.site.rename(self._set_aside)
                self.folder.rename(self.site)
                self._set_aside.rename(self.folder)
            _move_hidden(self.folder, self.site)
        else:
            self.folder.rename(self.site)

    def clear(self) -> None:
        """Remove what is not published: after `publish`, the old site."""
        _remove(self.folder)

    def end(self) -> None:
        """Remove what is not published, and give back what was taken, however the build ended."""
        if self._locks:
            self.clear()
        self.release()

    def release(self) -> None:
        """Give back what was taken; from `clear` on the folder may be another build's."""
        while self._locks:
            os.close(self._locks.pop())
        if self._umask >= 0:
            os.umask(self._umask)
            self._umask = -1

    def _lock(self, folder: Path) -> None:
        """The lock is the folder's own and ends with the process; Windows has none."""
        if sys.platform == "win32":
            self._locks.append(os.open(os.devnull, os.O_RDONLY))
            return
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A build that has just ended may have given this folder another name.
            if not os.path.samestat(os.fstat(handle), folder.stat()):
                raise BlockingIOError
        except (BlockingIOError, FileNotFoundError):
            os.close(handle)
            raise BusyError from None
        except OSError:
            pass  # a file system without locks
        self._locks.append(handle)


def put(path: Path, content: bytes) -> None:
    """Write a file: it is the new one or, where there is no room, what it was."""
    path = Path(os.path.realpath(path))
    new = path.with_name(f".{path.name}.new")
    try:
        new.unlink(missing_ok=True)
        with new.open("xb") as file:  # never through a link that somebody put there
            file.write(content)
        if path.exists():
            shutil.copymode(path, new)
        os.replace(new, path)  # noqa: PTH105  at once, whatever happens
    except OSError as error:
        new.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step, where the system can."""
    if sys.platform != "linux":
        return False
    rename: Any = getattr(ctypes.CDLL(None), "renameat2", None)
    return rename is not None and not rename(_HERE, bytes(one), _HERE, bytes(other), _EXCHANGE)


def _move_hidden(source: Path, target: Path) -> None:
    """What MkDocs leaves alone in a site (.git, .well-known) stays there."""
    for entry in source.iterdir() if target.is_dir() else ():
        if entry.name.startswith(".") and not (target / entry.name).exists():
            entry.rename(target / entry.name)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
