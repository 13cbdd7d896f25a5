"""Lattice windows: covers for records without a picture, after the windows of Chinese gardens.

A tile is drawn beyond its edges, so that lines that cross an edge meet without a seam. What the
record's id chooses (scale, turn, crop, weave) tells the covers of one theme apart.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from markupsafe import Markup, escape

from case_library.charts import svg


class Tile(NamedTuple):
    """One repeat of a pattern: its size, its lines, the turns in degrees that become it."""

    width: float
    height: float
    path: str
    turns: tuple[int, ...] = (0,)


TILES = {
    "quatrefoil": Tile(
        48,
        48,
        "M16 16a8 8 0 0 1 16 0a8 8 0 0 1 0 16a8 8 0 0 1-16 0a8 8 0 0 1 0-16z"
        "M24-1V8M24 40V49M-1 24H8M40 24H49",
        (0, 45),
    ),
    "tortoise": Tile(
        48,
        27.712,
        "M16 6.93H32L40 20.78L32 34.64M32 6.93L40-6.93M8-6.93L16 6.93L8 20.78L16 34.64"
        "M-1 20.78H8M40 20.78H49M20 13.86H28L32 20.78L28 27.71H20L16 20.78zM20-13.86",
        (0, 90),
    ),
    "brocade": Tile(
        48,
        48,
        "M-1 12H49M-1 36H49M0 12V36M48 12V36M24-1V12M24 36V49"
        "M8 18H40V30H8zM-16 42H16V54H-16zM32 42H64V54H32z",
        (0, 90),
    ),
    "squares": Tile(
        40,
        40,
        "M7 7H33V33H7zM15 15H25V25H15zM13-1V13H-1M27-1V13H41M13 41V27H-1M27 41V27H41",
        (0, 45),
    ),
    "lantern": Tile(
        40,
        56,
        "M10 16H30V40H10zM14 10H26V16M14 10V16M14 46H26V40M14 46V40M17 16V40M23 16V40"
        "M20-1V10M20 46V57M-1 28H10M30 28H41",
        (0, 90),
    ),
    "ice": Tile(96, 96, ""),
    "rhomb": Tile(
        32,
        48,
        "M-8 36L24-12M8 60L40 12M-8 12L24 60M8-12L40 36M16 13L23 24L16 35L9 24z",
        (0, 90),
    ),
}


def cover(pattern: str, hue: str, seed: str, ratio: float, cover_id: str = "") -> Markup:
    """A window of the given ratio of width to height; for decoration, so hidden from readers' ears.

    Two covers on one page need two ids; the default is made from `seed`.
    """
    tile = TILES[pattern]
    chance = hashlib.sha256(f"{pattern} {seed}".encode()).digest()
    key = escape(cover_id or f"lattice-{seed}")
    height = 100 / min(ratio, 1) ** 0.5
    width = height * ratio
    scale = (0.85, 1, 1.2, 1.45)[chance[0] % 4] * 40 / (tile.width * tile.height) ** 0.5
    turn = tile.turns[chance[1] % len(tile.turns)]
    x, y = (tile.width * chance[2] / 256, tile.height * chance[3] / 256)
    place = f"translate({svg.short(x)} {svg.short(y)}) rotate({turn}) scale({scale:.3g})"
    weave = chance[4] % 3
    stroke = 2.2 / scale
    body = f'<path d="{tile.path}"{svg.stroke(hue, stroke * (1.9 if weave == 2 else 1))}/>'
    if weave == 2:  # hollow bars
        body += f'<path d="{tile.path}"{svg.stroke("paper", stroke * 0.7)}/>'
    return Markup(
        f'<svg class="cl-lattice" viewBox="0 0 {svg.short(width)} {svg.short(height)}"'
        ' preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false"><defs>'
        f'<pattern id="{key}" width="{tile.width}" height="{tile.height}"'
        f' patternUnits="userSpaceOnUse" patternTransform="{place}" fill="none"'
        f' stroke-linejoin="round">{body}</pattern></defs>'
        f'<rect width="100%" height="100%" fill-opacity=".15"{svg.fill(hue)}/>'
        f'<rect width="100%" height="100%" fill="url(#{key})"/></svg>'
    )
