"""What every input must survive, and a seeded source of inputs that are nearly right."""

from __future__ import annotations

import contextlib
import json
import random
import resource
import time
from collections.abc import Iterator
from pathlib import PurePosixPath

from case_library import document, mend, personal, prose
from case_library.decoding import CharacterError, clean
from case_library.exports.citation import FORMATS, work
from case_library.language import language
from case_library.library import Library
from case_library.model.case import Case
from case_library.model.faults import problems_of
from case_library.model.kinds import KINDS
from case_library.model.record import Record, Written
from case_library.model.values import Context, Prose
from case_library.pages.edition import Edition, Shared
from case_library.problems import DocumentError
from case_library.report import as_data, lines
from lxml import html
from pydantic import TypeAdapter, ValidationError

from tests.hostile import MARKUP, PICTURES, REFUSED, full

SECONDS = 1.0
MEGABYTES = 500
FILE = PurePosixPath("cases/a.yml")
CONTEXT = Context(("zh", "en"))
WORDS = (language("zh"), language("en"))
MODELS = tuple(KINDS.values())
PROSE: TypeAdapter[Prose] = TypeAdapter(Prose)
ALLOWED = {"p", "strong", "em", "ul", "ol", "li", "a", "code", "blockquote", "br"}
ATTRIBUTES = {"href", "title", "rel", "start"}
SHORT = (
    "problem: |\n  a *b* [c](http://d.e)\ntags: [a, b]",
    "title: {zh: 家, en: b}\nperiod: {start: 2020-02, end: 2021}",
    "sources: [{id: a, at: p. 3}]\nindicators: [{indicator: a, value: '3.5', source: a}]",
    "steps:\n  - title: x\n    text: >-\n      1. a\n      2. b\n",
    "consent: [{covers: pictures, scope: x, date: 2020, until: 2030}]",
    "media: [{file: a.jpg, alt: x, credit: x}]",
    "contact: 010-1234\nplace: a\nmethods: [a]\nrelated: [b]",
)


def file(content: bytes) -> None:
    """A file is read or refused; what is told and shown of it is harmless; all that at once."""
    with at_once(content):
        told = content.decode("utf-8", "ignore")
        for text in read(content) or [told]:
            shown(text)
        assert len(personal.mask(told)) == len(told)


def words(content: bytes) -> None:
    """The same of a text alone."""
    with at_once(content):
        shown(content.decode("utf-8", "ignore"))


@contextlib.contextmanager
def at_once(content: bytes) -> Iterator[None]:
    begun = time.process_time()
    yield
    took = time.process_time() - begun
    assert took < SECONDS, f"{took:.1f} s for {content[:200]!r}"


def read(content: bytes) -> list[str]:
    """The longest texts of a file that can be read."""
    try:
        found = document.read(content, FILE)
    except DocumentError as error:
        for words in WORDS:
            told = "\n".join(lines(error.problem, words))
            assert all(c.isprintable() or c in "\n\u3000" for c in told)
        mend.mended(content, FILE)
        return []
    # Now and then the file stands where another kind is kept.
    model = MODELS[len(content) % len(MODELS)] if len(content) % 3 == 0 else Case
    try:
        record = Written.of(model, "a", found).build(found, CONTEXT)
    except ValidationError as error:
        for problem in problems_of(error, model, found):
            assert as_data(problem, WORDS[0])["wrong"]
    else:
        exported(record)
    return sorted(dict.fromkeys(told for _, told in personal.texts(found.data)), key=len)[-2:]


def exported(record: Record) -> None:
    """All that is made of a right record by itself."""
    library = Library()
    library.records[record.kind][record.id] = record
    edition = Edition(Shared(library, "A library"), "en")
    cited = work(edition, record, "https://example.org/")
    for _, _, write in FORMATS.values():
        assert write(cited)


def shown(text: str) -> None:
    try:
        accepted = PROSE.validate_python(clean(text), context=CONTEXT)
    except (CharacterError, ValidationError):
        return
    rendered = str(prose.html.__wrapped__(accepted["zh"]))
    for element in html.fragment_fromstring(rendered, create_parent="div").iterdescendants():
        assert element.tag in ALLOWED, element.tag
        assert set(element.keys()) <= ATTRIBUTES, element.keys()
        # As browsers read it: without tabs and line breaks, blanks around it cut off.
        address = (element.get("href") or "").translate({9: "", 10: "", 13: ""}).strip()
        scheme, colon, _ = address.lower().partition(":")
        dangerous = {"javascript", "data", "vbscript", "file"}
        assert not colon or scheme not in dangerous, element.get("href")


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seeds() -> list[bytes]:
    right = [full(text, text) for text in (*MARKUP, *PICTURES)]
    files = [json.dumps(data, ensure_ascii=False).encode() for data in right]
    short = [f"title: x\nsummary: x\nstatus: idea\n{more}\n" for more in SHORT]
    return [*(s.encode() for s in short), *files, *(f for f in REFUSED if len(f) < 5_000)]


def texts() -> list[bytes]:
    numbers = ["13800138000", "138**0013**8000", "<b>a</b>@b.cd", "[138](x)0013<i>8</i>000"]
    return [text.encode() for text in (*MARKUP, *PICTURES, *numbers)]


class Mutator:
    """Inputs that begin as real files and are bent a little; the same seed, the same inputs.

    Half of them are bent as bytes: most of these are refused by the reader. The others are bent in
    their texts and fields, and most of these reach the model and what is made of a right record.
    """

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.seeds = seeds()
        self.texts = ["x", "a *b* [c](http://d.e)", "家，居民和物业", "2020-02", "3", *MARKUP]
        words = (
            "title|summary|status|idea|: |- |\n|\n  |\t|{|}|[|]|\"|'|&a|*a|!!x|<<|%|#|---|：|~|null"
        )
        marks = (
            "<script>|<svg onload=|](javascript:|`|``|**|> |1. |&#|&lt;|<!--|\\u0000|\\x1b|\u202e|é"
        )
        self.pieces = f"{words}|{marks}".split("|")

    def next(self) -> bytes:
        return self.bent() if self.draw.random() < 0.5 else self.case()

    def bent(self) -> bytes:
        draw = self.draw
        content = bytearray(draw.choice(self.seeds))
        for _ in range(draw.choice((1, 1, 1, 2, 2, 3, 4, 6, 12))):
            at = draw.randint(0, len(content))
            kind = draw.randrange(5)
            if kind == 0:
                piece = draw.choice(self.pieces).encode()
                content[at:at] = piece * draw.choice((1, 1, 1, 3, 50))
            elif kind == 1:
                del content[at : at + draw.randint(1, 20)]
            elif kind == 2 and content:
                content[min(at, len(content) - 1)] = draw.randrange(256)
            elif kind == 3:
                content[at:at] = content[at : at + draw.randint(1, 200)]
            else:
                other = draw.choice(self.seeds)
                start = draw.randint(0, len(other))
                content[at:at] = other[start : start + draw.randint(1, 100)]
        return bytes(content[:6_000])

    def case(self) -> bytes:
        """A case of a few fields, now and then with one that does not fit."""
        draw, (text, prose) = self.draw, (self.text(), self.text())
        whole = full(text, prose)
        names = {"title", "summary", "status", *draw.choices(list(whole), k=draw.randint(1, 6))}
        data = {name: value for name, value in whole.items() if name in names}
        if "sources" not in data:
            data["status"] = "idea"
        if draw.random() < 0.2:
            data[draw.choice(list(whole))] = draw.choice((text, [text], {text: prose}, None, 3, {}))
        return json.dumps(data, ensure_ascii=draw.random() < 0.2).encode("utf-8", "surrogatepass")

    def text(self) -> str:
        draw, text = self.draw, self.draw.choice(self.texts)
        for _ in range(draw.randrange(4)):
            at = draw.randint(0, len(text))
            kind = draw.randrange(4)
            if kind == 0:
                text = text[:at] + draw.choice(self.pieces) * draw.choice((1, 1, 3, 20)) + text[at:]
            elif kind == 1:
                text = text[:at] + text[at + draw.randint(1, 10) :]
            elif kind == 2:
                text = text[:at] + chr(draw.randrange(0x3100 if at % 2 else 128)) + text[at:]
            else:
                text = text[:at] + draw.choice(self.texts)[-at:] + text[at:]
        return text
