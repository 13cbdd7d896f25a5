"""Reference records: what cases refer to, so that it is said once."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from case_library.model.fields import BODY, NAME, Model, RefTo, many, may, must
from case_library.model.parts import (
    Actor,
    Challenge,
    Claim,
    Figure,
    Funnel,
    Level,
    Link,
    Origin,
    Period,
    Sector,
    Status,
    Step,
)
from case_library.model.record import Reference
from case_library.model.values import Id, Number, PartialDate, Prose, Text, Url

Hue = Literal["indigo", "jade", "clay", "plum", "ochre"]
Pattern = Literal["quatrefoil", "tortoise", "brocade", "squares", "lantern", "ice", "rhomb"]


class Theme(Reference):
    """A subject that cases are filed under."""

    kind = "theme"
    plural = "themes"

    hue: Hue | None = may("record")
    pattern: Pattern | None = may("record")


class Audience(Reference):
    """People whom a case is for."""

    kind = "audience"
    plural = "audiences"


class Place(Reference):
    """A place, inside its parent: a tree of any depth."""

    kind = "place"
    plural = "places"

    type: Text | None = may("facts", BODY)
    parent: Annotated[Id | None, RefTo("place")] = may("facts")
    latitude: Number | None = may("record")
    longitude: Number | None = may("record")
    indicators: list[Figure] = many("figures", BODY)


class Organisation(Reference):
    """A body that takes part; a planned one says so in its status."""

    kind = "organisation"
    plural = "organisations"

    sector: Sector | None = may("facts")
    status: Status | None = may("facts")
    place: Annotated[Id | None, RefTo("place")] = may("facts")
    parent: Annotated[Id | None, RefTo("organisation")] = may("facts")
    counterpart: Text | None = may("facts", BODY)
    website: Url | None = may("facts")


class Method(Reference):
    """A way of working or an instrument that can be used again."""

    kind = "method"
    plural = "methods"

    purpose: Text | None = may("facts", BODY)
    suits: list[Text] = many("practice", BODY)
    steps: list[Step] = many("practice", BODY)
    related: Annotated[list[Id], RefTo("method")] = many("links")


class Programme(Reference):
    """A plan, brand, contest or scheme that cases belong to; its figures are its own."""

    kind = "programme"
    plural = "programmes"

    form: (
        Literal["plan", "brand", "contest", "rating-scheme", "organising-model", "support", "project"]
        | None
    ) = may("facts")
    status: Status | None = may("facts")
    place: Annotated[Id | None, RefTo("place")] = may("facts")
    level: Level | None = may("facts")
    period: Period | None = may("facts")
    part_of: Annotated[Id | None, RefTo("programme")] = may("facts")
    framework: Annotated[Id | None, RefTo("framework")] = may("facts")
    process: Annotated[Id | None, RefTo("process")] = may("facts")
    approach: Prose | None = may("story", BODY)
    outcomes: list[Claim] = many("story", BODY)
    challenges: list[Challenge] = many("story", BODY)
    indicators: list[Figure] = many("figures", BODY)
    funnels: list[Funnel] = many("figures")
    actors: list[Actor] = many("people", BODY)
    methods: Annotated[list[Link], RefTo("method")] = many("practice")
    succeeds: list[Origin] = many("links")


class ProcessStep(Model):
    """One step of a process, and what it is for."""

    id: Id = must("story")
    title: Text = must("story", NAME)
    purpose: Prose | None = may("story", BODY)
    basis: Literal["stated", "editor"] | None = may("record")


class Process(Reference):
    """A sequence of steps that several cases follow."""

    kind = "process"
    plural = "processes"

    steps: list[ProcessStep] = many("story", BODY)


class Dimension(Model):
    """One side from which a framework looks at a case."""

    id: Id = must("figures")
    title: Text = must("figures", NAME)
    means: Prose = must("figures", BODY)
    motto: Text | None = may("figures", BODY)
    questions: list[Text] = many("figures", BODY)
    hue: Hue | None = may("figures")


class Framework(Reference):
    """Dimensions under which evidence is gathered, and how a profile is computed from it."""

    kind = "framework"
    plural = "frameworks"

    dimensions: list[Dimension] = many("figures", BODY)

    @field_validator("dimensions")
    @classmethod
    def _enough(cls, dimensions: list[Dimension]) -> list[Dimension]:
        if len(dimensions) < 2:
            raise PydanticCustomError("dimensions", "two or more")
        return dimensions


class Indicator(Reference):
    """A catalogue entry: what is counted, in which unit, which way is better, may it be summed."""

    kind = "indicator"
    plural = "indicators"

    counts: Text = must("facts", BODY)
    unit: Text = must("facts", BODY)
    direction: Literal["more", "less", "neutral"] = "neutral"
    summable: bool = False


class Source(Reference):
    """Where a claim comes from; enough to find it again."""

    kind = "source"
    plural = "sources"

    type: Literal["article", "report", "book", "web-page", "document", "interview"] = must("facts")
    grade: Literal["press", "own-report", "document", "independent"] | None = may("facts")
    publication: Text | None = may("facts", NAME)
    author: Text | None = may("facts", NAME)
    date: PartialDate | None = may("facts")
    date_note: Text | None = may("facts", BODY)
    support: Text | None = may("facts", BODY)
    url: Url | None = may("facts")
    accessed: PartialDate | None = may("facts")
