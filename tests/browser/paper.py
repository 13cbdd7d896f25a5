"""Paper: a page printed by a real browser, and what is on the sheets."""

from __future__ import annotations

import re

import pypdfium2
import zxingcpp
from playwright.sync_api import Page

_A4 = (595, 842)


def printed(page: Page) -> pypdfium2.PdfDocument:
    """What the page's own print style makes of it."""
    return pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))


def sheets(document: pypdfium2.PdfDocument) -> list[str]:
    """The letters and digits of each sheet; every sheet is A4."""
    found = []
    for sheet in document:
        assert tuple(round(side) for side in sheet.get_size()) == _A4
        found.append(squeezed(sheet.get_textpage().get_text_bounded()))
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text)


def codes(document: pypdfium2.PdfDocument) -> list[str]:
    """What a telephone reads off each sheet."""
    pictures = (sheet.render(scale=2).to_pil() for sheet in document)
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]
