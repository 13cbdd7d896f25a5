"""A site's own colours: read on our paper, made lighter for the dark."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from case_library.problems import short

_COLOUR = re.compile("#[0-9a-f]{6}")
#: What text stands on: paper and card, by day and in the dark.
LIGHT, DARK = ("#f6f1e7", "#fffdf8"), ("#1a1916", "#23211d")
#: The least contrast of text (WCAG 2.2, 1.4.3).
LEAST = 4.5


def parse_colour(value: Any) -> str:
    """A colour such as #1d5c63 that can be read as text on paper."""
    found = value.strip().lower() if isinstance(value, str) else ""
    if not _COLOUR.fullmatch(found):
        raise PydanticCustomError("colour", "not a colour", {"found": short(str(value))})
    ratio = min(contrast(found, ground) for ground in LIGHT)
    if ratio < LEAST:
        details = {"found": found, "ratio": f"{ratio:.1f}", "readable": _towards(found, 0, LIGHT)}
        raise PydanticCustomError("colour-pale", "too pale", details)
    return found


Colour = Annotated[
    str,
    BeforeValidator(parse_colour),
    WithJsonSchema({"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"}),
]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def in_the_dark(colour: str) -> str:
    """The same colour, as light as it must be to be read in the dark."""
    return _towards(colour, 255, DARK, 6.5)


def on(colour: str) -> str:
    """What text on this colour is written in."""
    return max((LIGHT[1], DARK[0]), key=lambda text: contrast(colour, text))


def _towards(colour: str, end: int, grounds: tuple[str, ...], least: float = LEAST) -> str:
    """Mixed with black or white until it is read on all these grounds."""
    for percent in range(0, 101, 2):
        parts = (part + (end - part) * percent / 100 for part in _parts(colour))
        mixed = "#" + "".join(f"{round(part):02x}" for part in parts)
        if min(contrast(mixed, ground) for ground in grounds) >= least:
            break
    return mixed


def _parts(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _luminance(colour: str) -> float:
    shares = (part / 255 for part in _parts(colour))
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
