"""A QR code for paper: black on white, whatever the colours of the page."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(address: str, label: str) -> Markup:
    """Level M survives a crumpled corner; a fixed mask costs a fifth of looking for the best."""
    code = segno.make(address, error="m", mask=3, micro=False)
    drawn = code.svg_inline(border=2, omitsize=True, svgclass="cl-qr", lineclass=None, title=label)
    return Markup(drawn)
