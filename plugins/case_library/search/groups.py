"""Groups: files of an index that are made from the same things, and share a stamp of these.

A build leaves the files of a group as they are while these things are; so do caches of readers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from case_library.noted import stamp

#: Goes up when the files' meaning changes; a browser refuses what it does not know.
FORMAT = 2
#: Of a family's files at most so many bits of the number tell the group.
MOST_BITS = 7
#: Tokens that are found by their hash lie in so many parts.
PARTS = 1 << MOST_BITS
#: The last bits of a hash from the last to the first, which is its part: those of hashes that
#: end alike are neighbours.
BACKWARDS = np.array([int(f"{n:0{MOST_BITS}b}"[::-1], 2) for n in range(PARTS)], np.uint8)
_STAMP = 8


class Group(NamedTuple):
    """The files of a family whose number ends with the bits of `number`; `of` is a power of two."""

    family: str
    number: int
    of: int
    #: Stands for all that its files are made from.
    made_from: str

    @property
    def parts(self) -> slice:
        """Where its tokens are, if they are found by their hash."""
        start = int(BACKWARDS[self.number])
        return slice(start, start + PARTS // self.of)

    @property
    def stamp(self) -> str:
        """What the manifest and the files tell of it."""
        return self.made_from[:_STAMP]


class Before(NamedTuple):
    """The index as the last build wrote it: its manifest, which is empty where it is not known."""

    manifest: Mapping[str, Any]
    #: Leaves the files of a group as they are; tells whether that was right.
    take: Callable[[Group], bool]

    def knows(self, group: Group) -> bool:
        """Whether its files were made from the same things."""
        told: str = self.manifest.get("stamps", {}).get(group.family, "")
        start = group.number * _STAMP
        return (len(told), told[start : start + _STAMP]) == (group.of * _STAMP, group.stamp)


#: There is none.
NOTHING = Before({}, lambda _: False)


def grouped(family: str, parts: Iterable[object], *all_of: object) -> list[Group]:
    """A group for each of the `parts` that one is made from, and `all_of` besides."""
    made_from = [stamp(FORMAT, all_of, part) for part in parts]
    return [Group(family, n, len(made_from), one) for n, one in enumerate(made_from)]


def stamps_of(groups: Iterable[Group]) -> str:
    """All stamps of a family, as the manifest tells them."""
    return "".join(group.stamp for group in groups)


def number_of(file: str) -> int:
    """The number of a file within its family: that of `1f-3-places.js` is 31."""
    return int(file.removesuffix(".js").partition("-")[0], 16)
