"""A content security policy for a built site: its scripts by hash, all else is shut."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from case_library.publish import put

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_ATTRIBUTE = re.compile(r"<[a-z][^<>]*\sstyle=\"([^\"]*)\"", re.IGNORECASE)
_RUN = re.compile(r"type=[\"']?(?:module|text/javascript|application/javascript)", re.IGNORECASE)
_META = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
_HEAD = re.compile(r"<meta charset=[^>]*>\n?|<head[^>]*>\n?", re.IGNORECASE)
#: What a page cannot say of itself.
_FRAMING = "frame-ancestors 'self'"

_OTHERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def policy(pages: Iterable[str]) -> str:
    """The policy under which these pages work: no `unsafe-inline`, no `eval`, no other host."""
    scripts: set[str] = set()
    styles: set[str] = set()
    for page in pages:
        for attributes, script in _SCRIPT.findall(page):
            if "src=" not in attributes and ("type=" not in attributes or _RUN.search(attributes)):
                scripts.add(_hash(script))
        styles.update(_hash(style) for style in _STYLE.findall(page))
        found = {_hash(html.unescape(style)) for style in _ATTRIBUTE.findall(page)}
        styles |= found | ({"'unsafe-hashes'"} if found else set())
    parts = (
        "default-src 'none'",
        " ".join(("script-src 'self'", *sorted(scripts))),
        " ".join(("style-src 'self'", *sorted(styles))),
        *(f"{kind}-src 'self'" for kind in ("connect", "font", "manifest", "media", "worker")),
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'self'",
        _FRAMING,
    )
    return "; ".join(parts)


def headers(site: Path) -> dict[str, str]:
    """Every header that a server should send with a site."""
    pages = (path.read_text("utf-8") for path in sorted(site.rglob("*.html")))
    return {"Content-Security-Policy": policy(pages), **_OTHERS}


def write_into_pages(site: Path) -> int:
    """For servers whose headers are not ours to set: the policy of each page in its own head."""
    paths = sorted(site.rglob("*.html"))
    for path in paths:
        page = _META.sub("", path.read_text("utf-8"))
        content = policy([page]).removesuffix(f"; {_FRAMING}")
        meta = f'<meta http-equiv="Content-Security-Policy" content="{content}">\n'
        if head := _HEAD.search(page):
            page = page[: head.end()] + meta + page[head.end() :]
        put(path, page.encode())
    return len(paths)


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


#: How each server is told its headers.
SERVERS: dict[str, tuple[str, Callable[[str, str], str]]] = {
    "nginx": ("", lambda name, value: f'add_header {name} "{value}" always;'),
    "apache": ("", lambda name, value: f'Header always set {name} "{value}"'),
    "headers": ("/*\n", lambda name, value: f"  {name}: {value}"),
}


def lines(server: str, site: Path) -> str:
    head, line = SERVERS[server]
    return head + "\n".join(line(name, value) for name, value in headers(site).items()) + "\n"
