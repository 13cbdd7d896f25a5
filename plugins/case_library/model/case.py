"""The case: one thing that people did, tried or proposed, told so that others can check it."""

from __future__ import annotations

from typing import Annotated

from pydantic import field_validator, model_validator
from pydantic_core import PydanticCustomError

from case_library.model.fields import BODY, RefTo, many, may, must
from case_library.model.parts import (
    RESULT_STATUSES,
    Actor,
    Assessment,
    BuildingBlock,
    Challenge,
    Claim,
    Consent,
    Evidence,
    Figure,
    Level,
    Link,
    Media,
    Origin,
    Period,
    Repetition,
    Replication,
    Status,
    Step,
    figures_once,
)
from case_library.model.record import Record
from case_library.model.values import Id, Prose, Text


class Case(Record):
    """A case file. Only `title`, `summary` and `status` are required."""

    kind = "case"
    plural = "cases"

    summary: Text = must("head", BODY)
    status: Status = must("head")
    themes: Annotated[list[Link], RefTo("theme")] = many("facts")
    tags: list[Text] = many("facts", BODY)
    audiences: Annotated[list[Link], RefTo("audience")] = many("facts", asked=True)
    place: Annotated[Id | None, RefTo("place")] = may("facts", asked=True)
    level: Level | None = may("facts")
    programme: Annotated[Id | None, RefTo("programme")] = may("facts")
    part_of: Annotated[Id | None, RefTo("case")] = may("facts")
    period: Period | None = may("facts", asked=True)
    problem: Prose | None = may("story", BODY, asked=True)
    approach: Prose | None = may("story", BODY, asked=True)
    steps: list[Step] = many("story", BODY, asked=True)
    outcomes: list[Claim] = many("story", BODY, asked=True, later=True)
    challenges: list[Challenge] = many("story", BODY, asked=True, later=True)
    lessons: list[Claim] = many("story", BODY, asked=True, later=True)
    sustainability: Prose | None = may("story", BODY, asked=True)
    recognition: list[Claim] = many("story", BODY)
    indicators: list[Figure] = many("figures", BODY, asked=True, later=True)
    evidence: list[Evidence] = many("figures", BODY, asked=True, later=True)
    assessments: list[Assessment] = many("figures", BODY)
    actors: list[Actor] = many("people", BODY, asked=True)
    methods: Annotated[list[Link], RefTo("method")] = many("practice", asked=True)
    building_blocks: list[BuildingBlock] = many("practice", BODY, asked=True, later=True)
    replication: Replication | None = may("practice", BODY, asked=True)
    replicates: list[Origin] = many("links")
    succeeds: list[Origin] = many("links")
    inspired_by: list[Origin] = many("links")
    repetitions: list[Repetition] = many("links", BODY)
    related: Annotated[list[Id], RefTo("case")] = many("links")
    media: list[Media] = many("record", BODY)
    consent: list[Consent] = many("record")

    _figures_once = field_validator("indicators")(figures_once)

    @property
    def did_happen(self) -> bool:
        """Whether its status counts as a result."""
        return self.status in RESULT_STATUSES

    @model_validator(mode="after")
    def _results_have_sources(self) -> Case:
        if self.status in {"running", "completed"} and not self.sources:
            raise PydanticCustomError("status-source", "no source", {"status": self.status})
        return self
