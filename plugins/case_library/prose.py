"""Prose: a small, safe Markdown to HTML. Contributed text is not trusted.

Plain paragraphs, which most prose is, are escaped and wrapped directly; anything that looks like
Markdown goes through python-markdown and then through nh3 with the allow-list below.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any

import markdown
import nh3
from markupsafe import Markup, escape

from case_library.decoding import harmless

_TAGS = {"p", "strong", "em", "ul", "ol", "li", "a", "code", "blockquote", "br"}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
# What may be markup at the ends of a line.
_ENDS = re.compile(r"^\s*(?:[-+=:]|\d+[.)])|^    | {2}$", re.MULTILINE)
_BREAKS = re.compile(r"\n\s*\n")

#: `Markup(text)` without asking the text whether it is more than one.
markup: Callable[[str], Markup] = functools.partial(str.__new__, Markup)
EMPTY = markup("")


@functools.lru_cache(maxsize=4096)
def html(text: str) -> Markup:
    """Safe HTML of a text: paragraphs, emphasis, lists, links, quotations, code."""
    if is_plain(text):
        parts = (part.strip() for part in _BREAKS.split(text))
        return Markup("".join(f"<p>{escape(part)}</p>" for part in parts if part))
    clean = _clean(_parser().reset().convert(text))
    # Without what goes an address may be another: it is looked at again.
    return Markup(_clean(harmless(clean)) if "&" in text else clean)


def _clean(text: str) -> str:
    return nh3.clean(
        text,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        clean_content_tags={"script", "style", "iframe", "svg", "math", "template"},
    )


def escaped(value: Any) -> str:
    """As `escape` says it; most values need nothing, and nobody asks what the answer is."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    if kind is str and not (
        # As `_is_special` has it.
        "&" in value or "<" in value or ">" in value or '"' in value or "'" in value
    ):
        return value  # type: ignore[no-any-return]
    return str(value) if kind is int else escape(value)


def safe(text: str) -> Markup:
    return escape(text) if _is_special(text) else markup(text)


def _is_special(text: str) -> bool:
    # One by one: of a long text a set of characters takes four times as long.
    return "&" in text or "<" in text or ">" in text or '"' in text or "'" in text


def put(template: str, *parts: object) -> Markup:
    """Parts escaped into a template of ours; `Markup.format` takes ten times as long."""
    return markup(template.format(*map(escaped, parts)))


def join(between: str, parts: Iterable[str]) -> Markup:
    """What is escaped already in one; `Markup.join` asks every part again."""
    return markup(str.join(between, parts))


@functools.cache
def _parser() -> markdown.Markdown:
    """Headings and rules have no place in a field; thousands of them would cost seconds."""
    parser = markdown.Markdown(extensions=["sane_lists"], output_format="html")
    for name in ("hashheader", "setextheader", "hr"):
        parser.parser.blockprocessors.deregister(name)
    return parser


def is_plain(text: str) -> bool:
    """Whether a text needs no parser, as most do not: asked often, so one line is asked quickly."""
    if _has_sign(text) or "://" in text:
        return False
    if "\n" in text:
        return not _ENDS.search(text)
    return not (_ENDS.match(text) or text.endswith("  "))


def _has_sign(text: str) -> bool:
    """Whether it has characters that may be markup anywhere."""
    signs = "*" in text or "_" in text or "`" in text or "[" in text or "]" in text
    signs = signs or "<" in text or ">" in text or "#" in text or "|" in text
    return signs or "\\" in text or "~" in text or "&" in text


def inline(text: str) -> Markup:
    """The same for one paragraph without its `<p>`; longer text keeps its paragraphs."""
    if "\n" not in text and is_plain(text):
        return safe(text.strip())
    rendered = html(text)
    if rendered.count("<p>") == 1 and rendered.startswith("<p>") and rendered.endswith("</p>"):
        return Markup(str(rendered)[3:-4])
    return rendered


def plain(text: str) -> str:
    """The words alone, for search and for descriptions."""
    if is_plain(text):
        return text
    return str(Markup(str(html(text))).striptags())
