"""A page's HTML as Markdown: all its words, headings, lists, tables and links, and no drawings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

_BLOCKS = {
    *("address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "header", "legend", "li", "nav", "ol", "p", "pre"),
    *("section", "summary", "table", "ul", "h1", "h2", "h3", "h4", "h5", "h6"),
}
UNSAID = {"svg", "script", "style", "template", "img", "input", "select", "textarea"}
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")


def markdown(body: str) -> str:
    return "\n\n".join(_blocks(html.fragment_fromstring(body, create_parent="div"))) + "\n"


def _blocks(element: html.HtmlElement) -> list[str]:
    """The blocks in an element, each as its Markdown; what stands between them is a paragraph."""
    found, words = [], [_said(element.text)]
    for child in element.iterchildren(tag=html.etree.Element):
        if child.tag not in UNSAID:
            if child.tag in _BLOCKS or next(child.iter(*_BLOCKS), None) is not None:
                found += [*_paragraph(words), *_block(child)]
                words = []
            else:
                words.append(_inline(child))
        words.append(_said(child.tail))
    return [*found, *_paragraph(words)]


def _paragraph(words: list[str]) -> Iterator[str]:
    if text := " ".join("".join(words).split()):
        yield text


def _block(element: html.HtmlElement) -> Iterator[str]:
    if re.fullmatch("h[1-6]", element.tag):
        yield f"{'#' * int(element.tag[1])} {' '.join(_inline(element).split())}"
    elif element.tag == "table":
        rows = [[" ".join(_inline(cell).split()) for cell in row] for row in element.iter("tr")]
        rows[1:1] = [["---"] * len(rows[0])]
        yield "\n".join(f"| {' | '.join(row)} |" for row in rows)
    elif element.tag in {"ol", "ul"}:
        items = ["\n\n".join(_blocks(item)).replace("\n", "\n    ") for item in element]
        # Without an empty line after an item of many blocks the next one would belong to it.
        between = "\n\n" if any("\n" in item for item in items) else "\n"
        yield between.join(f"-   {item}" for item in items if item)
    elif element.tag == "a":  # around several blocks: Markdown can make a link of one
        first, *rest = _blocks(element) or [""]
        words = first.lstrip("# ")
        yield f"{first.removesuffix(words)}[{words}]({element.get('href')})"
        yield from rest
    else:
        yield from _blocks(element)


def _inline(element: html.HtmlElement) -> str:
    words = [_said(element.text)]
    for child in element.iterchildren(tag=html.etree.Element):
        words += [_inline(child) if child.tag not in UNSAID else "", _said(child.tail)]
    text = "".join(words)
    if element.tag == "a" and text.strip() and element.get("href"):
        return f"[{text.strip()}]({element.get('href')})"
    return f"**{text}**" if element.tag == "strong" and text.strip() == text != "" else text


def _said(text: str | None) -> str:
    return _SIGNS.sub(r"\\\1", text or "")
