"""Search: an index of static files, written here and read in the browser by `search.js`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from case_library.charts import lattice
from case_library.pages.edition import Edition
from case_library.search.collection import Address, Collection, guide
from case_library.search.entry import CASE, Entry
from case_library.search.groups import NOTHING, Before, Group, number_of
from case_library.search.shards import Payload, as_json, content
from case_library.search.stored import Store
from case_library.search.sums import sums
from case_library.search.writer import batches, files, place_in_order

#: The folder of a language's index, below the site's root.
FOLDER = "assets/case-library/index/{code}/"

__all__ = [
    "FOLDER",
    "Before",
    "Entry",
    "Group",
    "Index",
    "Store",
    "content",
    "guide",
    "number_of",
]


class Index:
    """One language's index.

    `guides` are the site's own pages in that language, made by `guide`; `address` makes the link
    below the root of a page's address; in `store` stands what was made of records before.
    """

    def __init__(
        self,
        edition: Edition,
        guides: Sequence[Entry],
        address: Address,
        store: Store | None = None,
    ) -> None:
        self.code = edition.code
        self._edition, self._store = edition, store
        self._collection = Collection(edition, address)
        self._listed = sorted([*self._collection.listed(), *guides], key=place_in_order)

    def files(self, before: Before = NOTHING) -> Iterator[tuple[str, bytes]]:
        """All files by their paths below the site's root, but for those that are left as they are
        `before`."""
        folder, edition = FOLDER.format(code=self.code), self._edition
        ids = [entry.id for entry in self._listed if entry.kind == CASE]
        found = files(
            self._listed,
            batches(self._listed, self._collection.entries, self.code, self._store),
            self.code,
            edition.library.synonyms.groups,
            self._collection.facets,
            about=partial(_about, edition, self._collection),
            more=_more(edition, self._collection, ids),
            before=before,
        )
        for name, script in found:
            yield folder + name, script


def _more(edition: Edition, collection: Collection, ids: Sequence[str]) -> Iterator[Payload]:
    yield Payload("fields", as_json(collection.comparison.fields()))
    yield Payload("sums", sums(edition, ids, collection.address))


def _about(
    edition: Edition, collection: Collection, patterns: Sequence[str]
) -> Mapping[str, object]:
    """What the scripts of a page need to speak: words, names of kinds and of facets."""
    language = edition.language
    framework = collection.framework
    return {
        "words": language.messages("search"),
        "kinds": {kind: language.kind(kind, 2) for kind in edition.library.records},
        "facets": {facet.name: _facet_label(edition, facet.name) for facet in collection.facets},
        "evidence": language.label("case", "evidence"),
        "tiles": {name: lattice.TILES[name][:4] for name in patterns},
        "profile": [
            [edition.read(dimension.title), dimension.hue or ""]
            for dimension in (framework.dimensions if framework else ())
        ],
    }


def _facet_label(edition: Edition, name: str) -> str:
    key = f"search.facets.{name}"
    return edition.t(key) if edition.language.has(key) else edition.language.kind(name)
