"""What a library says of itself, in `library.yml`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from case_library.model.colours import Colour
from case_library.model.fields import Model, RefTo, many, may
from case_library.model.reference import Pattern
from case_library.model.values import Id, Prose, Text, Url

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


#: The parts of the home page, in the order in which it shows them.
HomePart = Literal["hero", "figures", "ways", "themes", "newest", "places", "gap"]
#: What the header can offer: record kinds, and pages of their own.
Offer = Literal[
    "library", "theme", "place", "method", "programme", "organisation", "audience", "process",
    "framework", "indicator", "source", "practice", "lineage", "gaps", "about",
]  # fmt: skip


class Hues(Model):
    """Colours in the place of ours, for dimensions and themes."""

    indigo: Colour | None = may("record")
    jade: Colour | None = may("record")
    clay: Colour | None = may("record")
    plum: Colour | None = may("record")
    ochre: Colour | None = may("record")


class LibraryInfo(Model):
    """Title, languages and licence of a library. The first language stands at the site's root."""

    languages: list[str] = Field(
        default_factory=lambda: ["en"], kw_only=True, min_length=1, max_length=10
    )
    title: Text | None = may("head")
    headline: Text | None = may("head")
    summary: Text | None = may("head")
    about: Prose | None = may("story")
    seal: str | None = Field(None, kw_only=True, min_length=1, max_length=2)
    accent: Colour | None = may("record")
    hues: Hues | None = may("record")
    pattern: Pattern | None = may("record")
    navigation: list[Offer] = many("record")
    home: list[HomePart] = many("record")
    publisher: Text | None = may("facts")
    contact: Text | None = may("facts")
    contact_url: Url | None = may("facts")
    license: str = Field("CC BY 4.0", kw_only=True, max_length=60)
    license_url: Url | None = may("record")
    framework: Annotated[Id | None, RefTo("framework")] = may("facts")

    @field_validator("languages", mode="before")
    @classmethod
    def _language_codes(cls, value: Any) -> Any:
        seen: set[str] = set()
        for code in value if isinstance(value, list) else ():
            if not isinstance(code, str) or not _LANGUAGE.fullmatch(code):
                raise PydanticCustomError("language-code", "not a code", {"found": str(code)[:60]})
            if code.lower() in seen:
                raise PydanticCustomError("language-twice", "twice", {"found": code})
            seen.add(code.lower())
        return value
