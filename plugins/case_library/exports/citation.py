"""How a case is cited, in the formats that writers and reference managers ask for."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from babel.dates import format_skeleton

from case_library.model.record import Record
from case_library.model.values import PartialDate
from case_library.pages.edition import Edition

#: What stands for the day of reading, which a build cannot know; a script puts the day there.
READ_ON, READ_ON_IN_WORDS = "YYYY-MM-DD", "MONTH D, YYYY"

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
#: Braces, too, become words: an escaped one still opens a group for BibTeX.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        **{character: f"\\{character}" for character in "$&#_%"},
    }
)
_json = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True)
class Work:
    """What a citation says. The date is the day the record was last changed or checked.

    Without a public address `url` is empty, and no format names one.
    """

    id: str
    title: str
    library: str
    author: str
    date: PartialDate | None
    url: str
    language: str
    summary: str = ""

    @property
    def site(self) -> str:
        """The name of the library, where it is not already named as the author."""
        return "" if self.library == self.author else self.library


def work(edition: Edition, record: Record, url: str) -> Work:
    review = record.review
    return Work(
        id=record.id,
        title=_line(edition.read(record.title)),
        library=_line(edition.title),
        author=_line(edition.read(edition.library.info.publisher)),
        date=record.updated or (review.checked if review else None),
        url=url,
        language=record.title.read(edition.code)[1],
        summary=_line(edition.read(record.summary)),
    )


def gbt7714(work: Work) -> str:
    """GB/T 7714-2015, 8.6: electronic resources. What has no address is not online: [Z]."""
    author = f"{work.author}. " if work.author else ""
    kind = "[EB/OL]" if work.url else "[Z]"
    date = f"({work.date})" if work.date else ""
    told = f"{date}[{READ_ON}]. {work.url}" if work.url else date
    return f"{author}{work.title}{kind}. {told}".rstrip(" .") + "."


def apa(work: Work) -> str:
    """APA, 7th edition: a page of a website. Without an author the title comes first."""
    when = f"({_apa_date(work.date)})."
    title = work.title if work.title[-1:] in ".?!。？！" else f"{work.title}."
    author = work.author if work.author.endswith(".") else f"{work.author}."
    site = f"{work.site}." if work.site else ""
    parts = (author, when, title) if work.author else (title, when)
    # What has no date may change: then the style asks when it was read.
    from_ = f"Retrieved {READ_ON_IN_WORDS}, from" if work.url and not work.date else ""
    return " ".join(filter(None, (*parts, site, from_, work.url)))


def bibtex(work: Work) -> str:
    date = work.date
    fields = {
        "author": f"{{{_tex(work.author)}}}" if work.author else "",
        "title": f"{{{_tex(work.title)}}}",
        "howpublished": _tex(work.library),
        "year": str(date.year) if date else "",
        "date": str(date or ""),
        "url": work.url,
        "langid": {"zh": "chinese", "en": "english"}.get(work.language, ""),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if date and date.month:  # a month is a word of BibTeX's own, without braces
        lines.append(f"  month = {_MONTHS[date.month - 1]},")
    return "\n".join([f"@misc{{{work.id},", *lines, "}", ""])


def ris(work: Work) -> str:
    """RIS: one line a field; a line break in a value would begin another field."""
    date = work.date
    fields = {
        "TY": "ELEC",
        "ID": work.id,
        "TI": work.title,
        "T2": work.library,
        "AU": work.author,
        "PY": str(date.year) if date else "",
        "DA": "/".join(f"{part:02}" for part in date if part) if date else "",
        "AB": work.summary,
        "LA": work.language,
        "UR": work.url,
    }
    told = [f"{tag}  - {value}" for tag, value in fields.items() if value]
    return "\r\n".join([*told, "ER  - ", ""])


def csl_json(work: Work) -> str:
    return _json([csl(work)]) + "\n"


#: Format: its name, its file's ending (none where it is read, not imported), its function.
FORMATS: dict[str, tuple[str, str, Callable[[Work], str]]] = {
    "gbt7714": ("GB/T 7714-2015", "", gbt7714),
    "apa": ("APA 7", "", apa),
    "bibtex": ("BibTeX", "bib", bibtex),
    "ris": ("RIS", "ris", ris),
    "csl": ("CSL-JSON", "json", csl_json),
}


def csl(work: Work) -> dict[str, Any]:
    """The work as an item of the Citation Style Language."""
    item: dict[str, Any] = {
        "id": work.id,
        "type": "webpage",
        "title": work.title,
        "container-title": work.library,
        "author": [{"literal": work.author}] if work.author else None,
        "issued": {"date-parts": [[part for part in work.date if part]]} if work.date else None,
        "abstract": work.summary,
        "URL": work.url,
        "language": work.language,
    }
    return {name: value for name, value in item.items() if value}


@functools.lru_cache(maxsize=10_000)
def _apa_date(date: PartialDate | None) -> str:
    if not date:
        return "n.d."
    skeleton = "MMMMd" if date.day else "MMMM"
    day = format_skeleton(skeleton, date.first_day(), locale="en") if date.month else ""
    return f"{date.year}, {day}" if day else str(date.year)


def _tex(text: str) -> str:
    return text.translate(_TEX)


def _line(text: str) -> str:
    return " ".join(text.split())
