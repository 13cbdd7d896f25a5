"""Reference records: what cases refer to, so that it is said once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import ValidationInfo, field_validator, model_validator
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
    check_funnel,
    figures_once,
)
from case_library.model.record import Reference
from case_library.model.values import Coordinate, Id, PartialDate, Prose, Text, Url

Hue = Literal["indigo", "jade", "clay", "plum", "ochre"]
Pattern = Literal["quatrefoil", "tortoise", "brocade", "squares", "lantern", "ice", "rhomb"]


def _ids_once(ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for part_id in ids:
        if part_id in seen:
            raise PydanticCustomError("part-twice", "twice", {"id": part_id})
        seen.add(part_id)


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

    type: Text | None = may("facts", BODY, asked=True)
    parent: Annotated[Id | None, RefTo("place")] = may("facts")
    latitude: Coordinate | None = may("record")
    longitude: Coordinate | None = may("record")
    indicators: list[Figure] = many("figures", BODY, asked=True)

    _figures_once = field_validator("indicators")(figures_once)


class Organisation(Reference):
    """A body that takes part; a planned one says so in its status."""

    kind = "organisation"
    plural = "organisations"

    sector: Sector | None = may("facts", asked=True)
    status: Status | None = may("facts")
    place: Annotated[Id | None, RefTo("place")] = may("facts", asked=True)
    parent: Annotated[Id | None, RefTo("organisation")] = may("facts")
    counterpart: Text | None = may("facts", BODY)
    website: Url | None = may("facts")
    contact: Text | None = may("facts")


class Method(Reference):
    """A way of working or an instrument that can be used again."""

    kind = "method"
    plural = "methods"

    purpose: Text | None = may("facts", BODY, asked=True)
    suits: list[Text] = many("practice", BODY)
    steps: list[Step] = many("practice", BODY, asked=True)
    related: Annotated[list[Id], RefTo("method")] = many("links")


class Programme(Reference):
    """A plan, brand, contest or scheme that cases belong to; its figures are its own."""

    kind = "programme"
    plural = "programmes"

    form: (
        Literal[
            "plan", "brand", "contest", "rating-scheme", "organising-model", "support", "project"
        ]
        | None
    ) = may("facts", asked=True)
    status: Status | None = may("facts", asked=True)
    place: Annotated[Id | None, RefTo("place")] = may("facts", asked=True)
    level: Level | None = may("facts")
    period: Period | None = may("facts", asked=True)
    part_of: Annotated[Id | None, RefTo("programme")] = may("facts")
    framework: Annotated[Id | None, RefTo("framework")] = may("facts")
    process: Annotated[Id | None, RefTo("process")] = may("facts")
    approach: Prose | None = may("story", BODY, asked=True)
    outcomes: list[Claim] = many("story", BODY, asked=True)
    challenges: list[Challenge] = many("story", BODY)
    indicators: list[Figure] = many("figures", BODY, asked=True)
    funnels: list[Funnel] = many("figures")
    actors: list[Actor] = many("people", BODY, asked=True)
    methods: Annotated[list[Link], RefTo("method")] = many("practice", asked=True)
    succeeds: list[Origin] = many("links")

    _figures_once = field_validator("indicators")(figures_once)

    @field_validator("funnels")
    @classmethod
    def _funnels_narrow(cls, funnels: list[Funnel], info: ValidationInfo) -> list[Funnel]:
        for funnel in funnels if "indicators" in info.data else ():
            check_funnel(funnel, info.data["indicators"])
        return funnels


class ProcessStep(Model):
    """One step of a process, and what it is for."""

    id: Id = must("story")
    title: Text = must("story", NAME)
    purpose: Prose | None = may("story", BODY)
    methods: Annotated[list[Id], RefTo("method")] = many("story")
    basis: Literal["stated", "editor"] | None = may("record")


class Process(Reference):
    """A sequence of steps that several cases follow."""

    kind = "process"
    plural = "processes"

    steps: list[ProcessStep] = many("story", BODY, asked=True)

    @field_validator("steps")
    @classmethod
    def _steps_once(cls, steps: list[ProcessStep]) -> list[ProcessStep]:
        _ids_once(step.id for step in steps)
        return steps


class Dimension(Model):
    """One side from which a framework looks at a case."""

    id: Id = must("figures")
    title: Text = must("figures", NAME)
    means: Prose = must("figures", BODY)
    motto: Text | None = may("figures", BODY)
    questions: list[Text] = many("figures", BODY)
    accepts: list[Text] = many("figures", BODY)
    rubric: list[Text] = many("figures", BODY)
    hue: Hue | None = may("figures")


class RubricLevel(Model):
    """One step of the scale by which assessors rate, from the lowest up."""

    id: Id = must("figures")
    title: Text = must("figures", NAME)
    means: Prose | None = may("figures", BODY)


class Framework(Reference):
    """Dimensions under which evidence is gathered, and how a profile is computed from it."""

    kind = "framework"
    plural = "frameworks"

    formula: Literal["evidence", "evidence-and-figures", "sources"] = "evidence"
    inspired_by: list[Origin] = many("links")
    levels: list[RubricLevel] = many("figures", BODY)
    dimensions: list[Dimension] = many("figures", BODY)

    @field_validator("dimensions")
    @classmethod
    def _enough(cls, dimensions: list[Dimension]) -> list[Dimension]:
        if len(dimensions) < 2:
            raise PydanticCustomError("dimensions", "two or more")
        _ids_once(dimension.id for dimension in dimensions)
        return dimensions

    @field_validator("levels")
    @classmethod
    def _levels_once(cls, levels: list[RubricLevel]) -> list[RubricLevel]:
        _ids_once(level.id for level in levels)
        return levels

    @model_validator(mode="after")
    def _rubrics_follow_levels(self) -> Framework:
        for dimension in self.dimensions:
            if dimension.rubric and len(dimension.rubric) != len(self.levels):
                details = {"dimension": dimension.id, "levels": str(len(self.levels))}
                raise PydanticCustomError("rubric-levels", "one line a level", details)
        return self


class Indicator(Reference):
    """A catalogue entry: what is counted, in which unit, which way is better, may it be summed."""

    kind = "indicator"
    plural = "indicators"

    counts: Text = must("facts", BODY)
    unit: Text = must("facts", BODY)
    direction: Literal["more", "less", "neutral"] = "neutral"
    summable: bool = False
    share_of: Text | None = may("facts", BODY)

    @model_validator(mode="after")
    def _shares_are_not_summed(self) -> Indicator:
        percent = any("%" in unit or "％" in unit for unit in self.unit.values())
        if self.summable and (self.share_of or percent):
            raise PydanticCustomError("share-summed", "shares cannot be added")
        return self


class Source(Reference):
    """Where a claim comes from; enough to find it again."""

    kind = "source"
    plural = "sources"

    type: Literal["article", "report", "book", "web-page", "document", "interview"] = must("facts")
    grade: Literal["press", "own-report", "document", "independent"] | None = may(
        "facts", asked=True
    )
    publication: Text | None = may("facts", NAME, asked=True)
    author: Text | None = may("facts", NAME)
    date: PartialDate | None = may("facts", asked=True)
    date_note: Text | None = may("facts", BODY)
    support: Text | None = may("facts", BODY)
    url: Url | None = may("facts")
    accessed: PartialDate | None = may("facts")
