"""The folder of one index: groups of its files that would be the same again stay as they are."""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import Any

from case_library.kept import Kept, Made
from case_library.noted import stamp
from case_library.publish import take_over, write
from case_library.search import Before, Group, content, number_of

#: The file that is written last.
_MANIFEST = "manifest.js"

#: Name, size and time of each file, by the number of its group.
_States = dict[int, list[tuple[str, int, int]]]


class IndexFolder:
    """`address` is the folder's in both sites, the published one and the new one.

    `frame` stands for what all its files are made with, besides what their groups are made from.
    """

    def __init__(
        self, last: Kept, address: str, frame: str, published: Path | None, new: Path, link: bool
    ) -> None:
        self._last, self._address, self._frame, self._link = last, address, frame, link
        self._old, self._new = published and published / address, new / address
        self._site = new
        self._asked: list[Group] = []
        #: What is known of the manifest, where it was written here.
        self._manifest: dict[str, Made | bool] = {}
        self._states: dict[tuple[Path, str, int], _States] = {}

    @cached_property
    def before(self) -> Before:
        """What was published, where this program wrote it so and nobody touched its manifest."""
        file = self._old and self._old / _MANIFEST
        if file and self._last.is_fresh(self._address, self._frame, str(file)):
            with contextlib.suppress(OSError, ValueError, IndexError, zlib.error):
                manifest: dict[str, Any] = json.loads(content(file.read_bytes()))
                return Before(manifest, self._take)
        return Before({}, self._leave)

    def write(self, path: str, script: bytes) -> None:
        """One of its files, by its path below the site's root."""
        state = write(f"{self._site}/{path}", script)
        if path == self._address + _MANIFEST:
            self._manifest = {self._address: Made.of(self._frame, (), state)}

    def made(self) -> dict[str, Made | bool]:
        """What there is to know of the files, when all are written."""
        groups = {self._place(group): self._made(self._new, group) for group in self._asked}
        return {**groups, **self._manifest}

    def _leave(self, group: Group) -> bool:
        self._asked.append(group)
        return False

    def _take(self, group: Group) -> bool:
        self._asked.append(group)
        old = self._old
        if not old or not self._last.knows(self._place(group), self._made(old, group)):
            return False
        folder = self._new / group.family
        for name, _, _ in self._files(old, group):
            take_over(f"{old}/{group.family}/{name}", f"{folder}/{name}", self._link)
        return True

    def _place(self, group: Group) -> str:
        return f"{self._address}{group.family}/{group.number}/{group.of}"

    def _made(self, folder: Path, group: Group) -> Made:
        files = self._files(folder, group)
        return Made(stamp(self._frame, group.made_from, files), (), len(files), 0)

    def _files(self, folder: Path, group: Group) -> list[tuple[str, int, int]]:
        key = folder, group.family, group.of
        if key not in self._states:
            self._states[key] = _states(folder / group.family, group.of)
        return self._states[key].get(group.number, [])


def _states(folder: Path, groups: int) -> _States:
    found: _States = defaultdict(list)
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(ValueError, OSError):  # what is not ours
                number, state = number_of(entry.name), entry.stat(follow_symlinks=False)
                found[number & groups - 1].append((entry.name, state.st_size, state.st_mtime_ns))
    return {number: sorted(files) for number, files in found.items()}
