"""Lattice windows: covers for records without a picture, after the windows of Chinese gardens.

A tile is drawn beyond its edges, so that lines that cross an edge meet without a seam. What the
record's id chooses (scale, turn, crop, weave) tells the covers of one theme apart.
"""

from __future__ import annotations

import functools
import hashlib
import zlib
from typing import NamedTuple

from markupsafe import Markup

from case_library.charts import svg
from case_library.prose import escaped as escape
from case_library.prose import markup

_HUES = ("indigo", "jade", "clay", "plum", "ochre")


class Tile(NamedTuple):
    """One repeat of a pattern: its size, the side at which it looks calm, its lines, its turns."""

    width: float
    height: float
    calm: float
    path: str
    turns: tuple[int, ...]


TILES = {
    "quatrefoil": Tile(
        48,
        48,
        42,
        "M16 16a8 8 0 0 1 16 0a8 8 0 0 1 0 16a8 8 0 0 1-16 0a8 8 0 0 1 0-16z"
        "M24-1V8M24 40V49M-1 24H8M40 24H49",
        (0, 45),
    ),
    "tortoise": Tile(
        48,
        27.712,
        46,
        "M16 6.93H32L40 20.78L32 34.64M32 6.93L40-6.93M8-6.93L16 6.93L8 20.78L16 34.64"
        "M-1 20.78H8M40 20.78H49M21 15.58H27L30 20.78L27 25.98H21L18 20.78z"
        "M-3 1.73H3L6 6.93L3 12.13H-3M51 1.73H45L42 6.93L45 12.13H51",
        (0, 90),
    ),
    "brocade": Tile(
        48,
        48,
        62,
        "M-1 21H49M-1 45H49M12 21V45M36-1V21M36 45V49M20 27H52V39H20zM-28 27H4V39H-28z"
        "M-4 3H28V15H-4zM44 3H76V15H44zM36 21V27M36 39V45M4 33H20M12 15V21M12-1V3M12 45V49M28 9H44"
        "M27 33H45M3 9H21",
        (0, 90),
    ),
    "squares": Tile(
        40,
        40,
        50,
        "M7 7H33V33H7zM15 15H25V25H15zM13-1V13H-1M27-1V13H41M13 41V27H-1M27 41V27H41",
        (0, 45),
    ),
    "lantern": Tile(
        40,
        56,
        46,
        "M10 16H30V40H10zM14 10H26V16M14 10V16M14 46H26V40M14 46V40M17 16V40M23 16V40"
        "M20-1V10M20 46V57M-1 28H10M30 28H41",
        (0, 90),
    ),
    "ice": Tile(
        96,
        96,
        72,
        "M-11-9L11 6 12 18 6 38-11 35M-11 87L11 102 34 80 38 67 37 60 14 50-8 75M6 38L14 50"
        "M11 6L34-16 47 12 44 17 12 18M34 80L47 108M37 60L42 56 50 46 44 17M38-29L73-3 69 7 47 12"
        "M38 67L73 93 69 103M42 56L74 66 85 35 78 33 50 46M69 7L78 33M73-3L85-9 107 6M73 93L85 87"
        " 88 75 74 66M85 35L102 38M85 87L107 102M88 75L110 50",
        (0, 25, 90, 115),
    ),
    "rhomb": Tile(
        28,
        48.497,
        58,
        "M7 12.12A28 28 0 0 1 21 36.37A28 28 0 0 1 7 12.12M7 12.12A28 28 0 0 1-7 36.37"
        "A28 28 0 0 1 7 12.12M7 12.12A28 28 0 0 1 21-12.12A28 28 0 0 1 7 12.12M7 12.12"
        "A28 28 0 0 1-7-12.12A28 28 0 0 1 7 12.12M35 12.12A28 28 0 0 1 21 36.37"
        "A28 28 0 0 1 35 12.12M7 60.62A28 28 0 0 1 21 36.37A28 28 0 0 1 7 60.62"
        "M35 60.62A28 28 0 0 1 21 36.37A28 28 0 0 1 35 60.62M35 12.12"
        "A28 28 0 0 1 21-12.12A28 28 0 0 1 35 12.12M7 60.62A28 28 0 0 1-7 36.37"
        "A28 28 0 0 1 7 60.62M21 7.5L23.6 12.12L21 16.7L18.4 12.12zM7 31.7L9.6 36.37"
        "L7 41L4.4 36.37z",
        (0, 90),
    ),
}


def of_theme(theme: str, pattern: str | None, hue: str | None) -> tuple[str, str]:
    """A theme's pattern and hue: those it names, else what its id chooses."""
    place = zlib.crc32(theme.encode())
    return pattern or sorted(TILES)[place % len(TILES)], hue or _HUES[place % len(_HUES)]


class Weave(NamedTuple):
    """How a tile is laid for one record: its place, its line's width, whether lines are hollow."""

    transform: str
    thick: float
    hollow: bool


@functools.lru_cache(maxsize=20_000)
def weave(pattern: str, seed: str) -> Weave:
    """What the seed chooses of a pattern."""
    tile = TILES[pattern]
    chance = hashlib.sha256(f"{pattern} {seed}".encode()).digest()
    size = (0.85, 1, 1.2, 1.4)[chance[0] % 4]
    scale = size * tile.calm / (tile.width * tile.height) ** 0.5
    turn = tile.turns[chance[1] % len(tile.turns)]
    x, y = (tile.width * chance[2] / 256, tile.height * chance[3] / 256)
    place = f"translate({svg.short(x)} {svg.short(y)}) rotate({turn}) scale({scale:.3g})"
    return Weave(place, 2 / scale, size >= 1 and chance[4] % 3 == 0)


def cover(pattern: str, hue: str, seed: str, ratio: float, cover_id: str = "") -> Markup:
    """A window of the given ratio of width to height; for decoration, so hidden from readers' ears.

    Two covers on one page need two ids; the default is made from `seed`.
    """
    place, thick, hollow = weave(pattern, seed)
    begin, tile, end = _glass(pattern, hue, ratio, thick, hollow)
    key = escape(cover_id or f"lattice-{seed}")
    return markup(f'{begin}"{key}"{tile}"{place}"{end}url(#{key})"/></svg>')


@functools.lru_cache(maxsize=1_000)
def _glass(
    pattern: str, hue: str, ratio: float, thick: float, hollow: bool
) -> tuple[str, str, str]:
    """What windows of one make have in common: what stands before, between, after id and place."""
    tile, height = TILES[pattern], 100 / min(ratio, 1) ** 0.5
    width = height * ratio
    body = f'<path d="{tile.path}"{svg.stroke(hue, thick * (2.1 if hollow else 1))}/>'
    if hollow:
        body += f'<path d="{tile.path}"{svg.stroke("paper", thick * 0.9)}/>'
    return (
        f'<svg class="cl-lattice" viewBox="0 0 {svg.short(width)} {svg.short(height)}"'
        ' preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false"><defs>'
        "<pattern id=",
        f' width="{tile.width}" height="{tile.height}"'
        ' patternUnits="userSpaceOnUse" patternTransform=',
        f' stroke-linejoin="round">{body}</pattern></defs>'
        f'<rect width="100%" height="100%"{svg.fill(hue, 0.15)}/>'
        '<rect width="100%" height="100%" fill="',
    )
