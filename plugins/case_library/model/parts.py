"""What cases and reference records are made of: claims, figures, actors, steps, links."""

from __future__ import annotations

import itertools
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError

from case_library.model.fields import BODY, NAME, Model, RefTo, many, may, must
from case_library.model.values import (
    FileName,
    Id,
    Number,
    PartialDate,
    Prose,
    Text,
    parse_nested_id,
    refuse_bad_colon,
)

NestedId = Annotated[str, BeforeValidator(parse_nested_id)]

#: Whether the source says so, or an editor reads it into the source.
Basis = Literal["stated", "editor"]

Status = Literal[
    "idea",
    "proposed",
    "selected",
    "planned",
    "pilot",
    "running",
    "completed",
    "ended",
    "unknown",
]
#: Only these count as results; the others never enter a total.
RESULT_STATUSES = frozenset({"pilot", "running", "completed", "ended"})

Level = Literal["building", "neighbourhood", "subdistrict", "district", "city", "region", "country"]
Sector = Literal["government", "community", "residents", "business", "academia"]
ActorRole = Literal["coordinates", "leads", "guides", "funds", "judges", "takes-part"]
Support = Literal["money", "skill", "space", "people"]
#: What a practice takes, or does without.
Resource = Literal["people", "skill", "money", "space", "materials"]
Duration = Literal["days", "weeks", "months", "years"]

#: From the most to the least certain; a sum carries the last of its parts in this order.
QUALIFIERS = ("exact", "at-least", "more-than", "about", "dozens", "unknown")
Qualifier = Literal["exact", "at-least", "more-than", "about", "dozens", "unknown"]


class Shorthand(Model):
    """A part for which one plain value may stand: `{plain_field: it}`.

    The plain value is text or a mapping of languages, whatever `plain_field` takes.
    """

    plain_field: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: Any) -> Any:
        known = cls.field_names
        if isinstance(value, str):
            refuse_bad_colon(value, known)
        is_plain = isinstance(value, str) or (
            isinstance(value, dict) and value and value.keys().isdisjoint(known)
        )
        return {cls.plain_field: value} if is_plain else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        full = handler(schema)
        plain = handler.resolve_ref_schema(full)["properties"][cls.plain_field]
        return {"anyOf": [plain, full]}


class Link(Shorthand):
    """A reference to a known record; the field that holds it says of which kind."""

    plain_field = "id"

    id: Id = must("facts")
    basis: Basis | None = may("facts")


class SourceLink(Shorthand):
    """A source, and the place in it where the claim stands."""

    plain_field = "id"

    id: Annotated[Id, RefTo("source")] = must("record")
    at: Text | None = may("record")


class Claim(Shorthand):
    """One statement, with where it comes from."""

    plain_field = "text"

    text: Prose = must("story", BODY)
    source: SourceLink | None = may("record")
    basis: Basis | None = may("record")


class Challenge(Shorthand):
    """What was hard, and what was done about it."""

    plain_field = "text"

    text: Prose = must("story", BODY)
    response: Prose | None = may("story", BODY)
    source: SourceLink | None = may("record")
    basis: Basis | None = may("record")


class Period(Shorthand):
    """From when to when; a lone date means that year, month or day."""

    plain_field = "start"

    start: PartialDate | None = may("facts")
    end: PartialDate | None = may("facts")
    approximate: bool = False
    note: Text | None = may("facts")
    basis: Basis | None = may("facts")

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: Any) -> Any:
        return {"start": value, "end": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.start and self.end and self.end.first_day() < self.start.first_day():
            raise PydanticCustomError(
                "period-order", "ends first", {"start": str(self.start), "end": str(self.end)}
            )
        return self


class Step(Model):
    """One thing that was done, in its order; `process_step` places it in a known process."""

    title: Text = must("story", BODY)
    text: Prose | None = may("story", BODY)
    who: Text | None = may("story", BODY)
    date: PartialDate | None = may("story")
    process_step: Annotated[NestedId | None, RefTo("process_step")] = may("story")
    method: Annotated[Id | None, RefTo("method")] = may("story")
    source: SourceLink | None = may("record")
    basis: Basis | None = may("record")


class Actor(Model):
    """An organisation, or people by their role; never a person's name."""

    organisation: Annotated[Id | None, RefTo("organisation")] = may("people")
    people: Text | None = may("people", BODY)
    sector: Sector = must("people")
    role: list[ActorRole] = many("people")
    support: list[Support] = many("people")
    does: Text | None = may("people", BODY)
    source: SourceLink | None = may("record")
    basis: Basis | None = may("record")

    @model_validator(mode="after")
    def _one_name(self) -> Actor:
        if (self.organisation is None) == (self.people is None):
            raise PydanticCustomError("actor-name", "organisation or people")
        return self


class Figure(Model):
    """A number of the indicator catalogue, with all that it takes to check it.

    Without `scope` it speaks of its record as a whole and may be added to other records'
    figures where the catalogue allows; with a scope it is never added to another scope.
    """

    indicator: Annotated[Id, RefTo("indicator")] = must("figures")
    value: Number | None = may("figures")
    qualifier: Qualifier = "exact"
    baseline: Number | None = may("figures")
    target: Number | None = may("figures")
    as_of: PartialDate | None = may("figures")
    scope: Text | None = may("figures", BODY)
    note: Text | None = may("figures", BODY)
    dimension: Annotated[NestedId | None, RefTo("dimension")] = may("figures")
    source: SourceLink = must("record")
    basis: Basis | None = may("record")

    @model_validator(mode="after")
    def _value_fits_qualifier(self) -> Figure:
        if (self.value is None) != (self.qualifier in {"dozens", "unknown"}):
            code = "value-missing" if self.value is None else "value-unwanted"
            raise PydanticCustomError(code, "qualifier and value", {"qualifier": self.qualifier})
        return self


def figures_once(figures: list[Figure]) -> list[Figure]:
    """Refuse two figures of one entry and scope that no dates tell apart: a sum would double."""
    seen: dict[tuple[object, ...], list[Figure]] = {}
    for figure in figures:
        seen.setdefault((figure.indicator, *(figure.scope or {}).items()), []).append(figure)
    for same in seen.values():
        days = {figure.as_of.first_day() for figure in same if figure.as_of}
        if len(same) > 1 and len(days) < len(same):
            raise PydanticCustomError("figure-twice", "twice", {"indicator": same[0].indicator})
    return figures


class Evidence(Model):
    """What speaks for one dimension of a framework."""

    dimension: Annotated[NestedId, RefTo("dimension")] = must("figures")
    what: Prose = must("figures", BODY)
    source: SourceLink = must("record")
    basis: Basis | None = may("record")


class Assessment(Model):
    """How an assessor rates one dimension by the framework's rubric; kept apart from evidence."""

    dimension: Annotated[NestedId, RefTo("dimension")] = must("figures")
    level: Id = must("figures")
    by: Text = must("figures")
    date: PartialDate = must("figures")
    evidence: Prose = must("figures", BODY)
    source: SourceLink | None = may("record")


class Funnel(Model):
    """Stages of one selection: figures of this record, of one scope, none larger than before."""

    title: Text = must("figures")
    scope: Text = must("figures")
    period: Text | None = may("figures")
    stages: Annotated[list[Id], RefTo("indicator")] = many("figures")


def funnel_figures(funnel: Funnel, figures: list[Figure]) -> list[Figure | None]:
    """The figure of each stage: one of the funnel's scope, else one of the record as a whole."""
    fit = [figure for figure in figures if figure.scope in (None, funnel.scope)]
    found = {(figure.indicator, figure.scope == funnel.scope): figure for figure in fit}
    return [found.get((s, True)) or found.get((s, False)) for s in funnel.stages]


def check_funnel(funnel: Funnel, figures: list[Figure]) -> None:
    """Refuse a stage without a figure, of another scope, or larger than the one before."""
    stages = funnel_figures(funnel, figures)
    missing = [s for s, figure in zip(funnel.stages, stages, strict=True) if figure is None]
    if missing or len(stages) < 2:
        raise PydanticCustomError("funnel-stage", "no figure", {"indicator": ", ".join(missing)})
    known = [figure for figure in stages if figure]
    if len({figure.scope is None for figure in known}) > 1:
        raise PydanticCustomError("funnel-scope", "two scopes")
    values = [figure.value for figure in known if figure.value is not None]
    for before, after in itertools.pairwise(values):
        if after > before:
            details = {"before": str(before), "after": str(after)}
            raise PydanticCustomError("funnel-rises", "rises", details)


class BuildingBlock(Model):
    """A piece of the practice that can be taken elsewhere by itself."""

    name: Text = must("practice", NAME)
    how: Prose = must("practice", BODY)
    enabling: list[Text] = many("practice", BODY)
    lesson: Prose | None = may("practice", BODY)
    method: Annotated[Id | None, RefTo("method")] = may("practice")
    source: SourceLink | None = may("record")
    basis: Basis | None = may("record")


class Replication(Model):
    """What it takes to do it again; what is left out is shown as an open question."""

    preconditions: list[Text] = many("practice", BODY)
    people: Text | None = may("practice", BODY)
    money: Text | None = may("practice", BODY)
    time: Text | None = may("practice", BODY)
    materials: list[Text] = many("practice", BODY)
    adapt: list[Text] = many("practice", BODY)
    avoid: list[Text] = many("practice", BODY)
    needs: list[Resource] = many("practice")
    without: list[Resource] = many("practice")
    duration: Duration | None = may("practice")
    source: SourceLink | None = may("record")
    basis: Basis | None = may("record")

    @model_validator(mode="after")
    def _not_both(self) -> Replication:
        if both := sorted(set(self.needs) & set(self.without)):
            raise PydanticCustomError("needs-both", "both", {"found": ", ".join(both)})
        return self


class Origin(Model):
    """An earlier case or programme that this one comes from."""

    case: Annotated[Id | None, RefTo("case")] = may("links")
    programme: Annotated[Id | None, RefTo("programme")] = may("links")
    changed: list[Text] = many("links", BODY)
    note: Text | None = may("links", BODY)
    source: SourceLink | None = may("record")
    basis: Basis | None = may("record")

    @model_validator(mode="after")
    def _one_origin(self) -> Origin:
        if (self.case is None) == (self.programme is None):
            raise PydanticCustomError("origin", "case or programme")
        return self


class Repetition(Model):
    """Somebody did the same elsewhere, and no case tells of it yet."""

    where: Text = must("links", BODY)
    date: PartialDate = must("links")
    by: Text | None = may("links", BODY)
    changed: list[Text] = many("links", BODY)
    outcome: Prose | None = may("links", BODY)
    source: SourceLink = must("record")
    basis: Basis | None = may("record")


class Consent(Model):
    """What the people concerned agreed to, and until when."""

    covers: Literal["names", "pictures", "quotations", "contacts"] = must("record")
    scope: Text = must("record")
    date: PartialDate = must("record")
    until: PartialDate | None = may("record")
    withdrawn: PartialDate | None = may("record")


class Media(Model):
    """A picture in the folder of the record's name, beside its file."""

    file: FileName = must("record")
    alt: Text = must("record", BODY)
    caption: Text | None = may("record", BODY)
    credit: Text = must("record")
    date: PartialDate | None = may("record")


class Review(Model):
    """When somebody last compared the record with its sources."""

    checked: PartialDate = must("record")
    by: Text | None = may("record")
    next: PartialDate | None = may("record")
