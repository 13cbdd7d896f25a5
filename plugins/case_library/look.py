"""What a site sets of its look, as files: a style sheet over ours, and the mark in the tab."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from markupsafe import escape

from case_library.charts import svg
from case_library.model.colours import in_the_dark, on
from case_library.model.fields import shapes
from case_library.model.info import Hues, LibraryInfo

STYLES = "assets/case-library/look.css"
MARK = "assets/case-library/favicon.svg"
_SHADES: dict[str, Callable[[str], str]] = {
    ':root,[data-md-color-scheme="default"]': str,
    '[data-md-color-scheme="slate"]': in_the_dark,
}


def styles(info: LibraryInfo) -> str:
    """The site's own colours over ours, on screen and in print; nothing where it sets none."""
    hues = {shape.name: getattr(info.hues, shape.name, None) for shape in shapes(Hues)}
    named = {name: c for name, c in {"accent": info.accent, **hues}.items() if c}
    if not named:
        return ""
    blocks = []
    for scheme, shade in _SHADES.items():
        block = "".join(f"--cl-{name}:{shade(colour)};" for name, colour in named.items())
        if info.accent:
            accent = shade(info.accent)
            block += f"--cl-on-accent:{on(accent)};--cl-tint:{accent}1a;"
        blocks.append(f"{scheme}{{{block}}}")
    printed = (f".f-{n}{{fill:{c}}}.s-{n}{{stroke:{c}}}" for n, c in named.items())
    return "\n".join([*blocks, f"@media print{{{''.join(printed)}}}", ""])


def files(info: LibraryInfo, seal: str) -> Iterator[tuple[str, bytes]]:
    """Every file of the look: its address and its bytes."""
    if sheet := styles(info):
        yield STYLES, sheet.encode()
    accent = info.accent or svg.ACCENT
    size = 21 if len(seal) == 1 else 15
    mark = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="5" fill="{accent}"/>'
        f'<text x="16" y="{16 + size * 0.36:.1f}" text-anchor="middle" font-size="{size}"'
        f' font-family="serif" font-weight="600" fill="{on(accent)}">'
        f"{escape(seal)}</text></svg>"
    )
    yield MARK, mark.encode()
