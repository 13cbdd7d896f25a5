"""The registry of record kinds."""

from __future__ import annotations

from case_library.model.case import Case
from case_library.model.record import Record
from case_library.model.reference import (
    Audience,
    Framework,
    Indicator,
    Method,
    Organisation,
    Place,
    Process,
    Programme,
    Source,
    Theme,
)

KINDS: dict[str, type[Record]] = {
    cls.kind: cls
    for cls in (
        Case,
        Theme,
        Place,
        Programme,
        Method,
        Organisation,
        Audience,
        Process,
        Framework,
        Indicator,
        Source,
    )
}

#: Kinds whose records have parts that can be referred to as `record/part`.
PART_KINDS = {"dimension": ("framework", "dimensions"), "process_step": ("process", "steps")}
