"""Words that mean the same when one searches."""

from __future__ import annotations

from pydantic import Field

from case_library.model.fields import Model


class Synonyms(Model):
    """Groups of words of any language; a query for one finds the others too."""

    groups: list[list[str]] = Field(default_factory=list, max_length=2000)
