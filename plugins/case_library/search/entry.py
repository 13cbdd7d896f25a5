"""Entry: one page to be found, and the facets that narrow cases down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CASE = "case"
PAGE = "page"


@dataclass(frozen=True)
class Listed:
    """What orders a page among the others and narrows it down; its texts are not needed for that.

    `address` is relative to the site's root. `facets` holds the slugs of a case's terms.
    """

    address: str
    kind: str
    id: str
    title: str
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict, kw_only=True)
    title_key: tuple[str, ...] = field(default=(), kw_only=True)
    newest: int = field(default=0, kw_only=True)
    evidence: int = field(default=0, kw_only=True)


@dataclass(frozen=True)
class Entry(Listed):
    """A page in one language, as search needs it.

    `names` (aliases, places, organisations) are found by pinyin too; `labels` are other short
    words that weigh more than text. `extras` is handed to the result row as it is, which shows
    the lattice `pattern`; `said` is what a comparison shows of it.
    """

    names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    summary: str = ""
    text: str = ""
    extras: Mapping[str, object] = field(default_factory=dict)
    pattern: str = ""
    said: Mapping[str, object] = field(default_factory=dict)

    def fields(self) -> tuple[str, str, str, str]:
        """The searched texts, from the heaviest to the lightest."""
        return (
            self.title,
            "\n".join(dict.fromkeys(self.names)),
            "\n".join((*dict.fromkeys(self.labels), self.summary)),
            self.text,
        )


@dataclass(frozen=True)
class Term:
    """One value of a facet; a term with a parent counts for the parent too."""

    slug: str
    label: str
    parent: str | None = None


@dataclass(frozen=True)
class Facet:
    """A name under which cases are filed, with its terms in the order of display."""

    name: str
    terms: tuple[Term, ...]
