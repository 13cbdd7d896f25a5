"""From entries to the files of one language's index; `docs/search-format.md` describes them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from case_library.model.kinds import KINDS
from case_library.search import tokens
from case_library.search.entry import CASE, PAGE, Entry, Facet
from case_library.search.index import Index
from case_library.search.shards import TARGET, as_json, hashed, ranged, script, varint, varints

#: Goes up when the files' meaning changes; a browser refuses what it does not know.
FORMAT = 1

_KINDS = [*KINDS, PAGE]
# A document shard is sized by the first entries; what deflate leaves of their text, roughly.
_SAMPLE, _TEXT_SHRINKS_TO = 200, 0.45


def write(
    entries: Iterable[Entry],
    language: str,
    synonyms: Iterable[Sequence[str]] = (),
    facets: Sequence[Facet] = (),
) -> dict[str, bytes]:
    """Every file of an index by its name within the index's folder."""
    return dict(files(entries, language, synonyms, facets))


def files(
    entries: Iterable[Entry],
    language: str,
    synonyms: Iterable[Sequence[str]] = (),
    facets: Sequence[Facet] = (),
    *,
    about: Mapping[str, object] | None = None,
    more: Iterable[tuple[str, bytes]] = (),
) -> Iterator[tuple[str, bytes]]:
    """The same, file by file, so that a large index need not stand in memory whole.

    `about` goes into the manifest as it is; `more` are payloads of further files by their names.
    """
    ordered = sorted(entries, key=place_in_order)
    cases = [entry for entry in ordered if entry.kind == CASE]
    rows = _rows(ordered)
    stamp = _stamp(rows, facets)
    manifest: dict[str, object] = {
        "format": FORMAT,
        "language": language,
        "kinds": [[kind, n] for kind in _KINDS if (n := sum(e.kind == kind for e in ordered))],
        "synonyms": _folded_groups(synonyms),
        "facets": [facet.name for facet in facets],
        "terms": {facet.name: len(facet.terms) for facet in facets},
        "variants": _variants(rows),
        "about": about or {},
    }
    yield from _documents(rows, manifest, stamp)
    del rows  # half of all memory
    yield from _postings(ordered, manifest, stamp)
    for facet in facets:
        yield from _facet(facet, cases, stamp)
    yield "order/newest.js", script(varints(_ranks([entry.newest for entry in cases])), stamp)
    yield "order/evidence.js", script(varints([entry.evidence for entry in cases]), stamp)
    traditional = [*_pairs(tokens.TRADITIONAL), *_pairs(tokens.DOUBTFUL)]
    yield "traditional.js", script(as_json(traditional), stamp)
    for name, payload in more:
        yield f"{name}.js", script(payload, stamp)
    yield "manifest.js", script(as_json(manifest), stamp)


def place_in_order(entry: Entry) -> tuple[object, ...]:
    """Cases first and by title, so that an entry's number is its place in that order."""
    return _KINDS.index(entry.kind), entry.title_key, entry.title, entry.id, entry.address


def _rows(entries: list[Entry]) -> list[bytes]:
    return [as_json(_row(entry)) for entry in entries]


def _row(entry: Entry) -> list[object]:
    names = list(dict.fromkeys(entry.names))
    return [
        entry.address,
        entry.id,
        entry.title,
        names,
        list(dict.fromkeys(entry.labels)),
        entry.summary,
        entry.text,
        dict(entry.extras),
        [_spoken(name) for name in (entry.title, *names)],
    ]


def _spoken(name: str) -> str:
    return " ".join(tokens.syllables(name)) if tokens.has_sound(name) else ""


def _stamp(rows: list[bytes], facets: Sequence[Facet]) -> str:
    """What tells one build's files from another's, so that they are never mixed."""
    digest = hashlib.sha256(f"{FORMAT} {facets}".encode())
    for row in rows:
        digest.update(row)
    return digest.hexdigest()[:12]


def _documents(
    rows: list[bytes], manifest: dict[str, object], stamp: str
) -> Iterator[tuple[str, bytes]]:
    sample = rows[:_SAMPLE]
    usual = sum(map(len, sample)) * _TEXT_SHRINKS_TO / len(sample) if sample else TARGET
    bits = 0
    while usual * 2 < TARGET / 2 and bits < 6:
        bits, usual = bits + 1, usual * 2
    manifest["documents"] = bits
    for number, start in enumerate(range(0, len(rows), 1 << bits)):
        payload = b"[%s]" % b",".join(rows[start : start + (1 << bits)])
        yield f"document/{number:x}.js", script(payload, stamp)


def _postings(
    entries: list[Entry], manifest: dict[str, object], stamp: str
) -> Iterator[tuple[str, bytes]]:
    index = Index()
    for entry in entries:
        index.add(entry.fields(), (entry.title, *entry.names))
    for family, tables in index.tables():
        sharded = hashed if family in {"gram", "single"} else ranged
        manifest[family], found = sharded(family, tables, stamp)
        yield from found


def _facet(facet: Facet, cases: list[Entry], stamp: str) -> Iterator[tuple[str, bytes]]:
    """Its terms with their totals, and apart from them, which case is under which terms."""
    number = {term.slug: i for i, term in enumerate(facet.terms)}
    parents = [number.get(term.parent or "", -1) for term in facet.terms]
    totals = [0] * len(parents)
    column: list[bytes] = []
    for entry in cases:
        own = sorted({number[slug] for slug in entry.facets.get(facet.name, ()) if slug in number})
        column.append(varint(len(own)) + varints(own))
        for above in {above for term in own for above in _with_parents(term, parents)}:
            totals[above] += 1
    terms = [[t.slug, t.label, totals[i], parents[i]] for i, t in enumerate(facet.terms)]
    yield f"facet/{facet.name}.js", script(as_json(terms), stamp)
    yield f"column/{facet.name}.js", script(b"".join(column), stamp)


def _with_parents(term: int, parents: list[int]) -> Iterator[int]:
    seen: set[int] = set()
    while term >= 0 and term not in seen:
        seen.add(term)
        yield term
        term = parents[term]


def _ranks(values: list[int]) -> list[int]:
    rank = {value: number for number, value in enumerate(sorted(set(values)))}
    return [rank[value] for value in values]


def _folded_groups(synonyms: Iterable[Sequence[str]]) -> list[list[str]]:
    groups = ([*dict.fromkeys(filter(None, map(tokens.fold, group)))] for group in synonyms)
    return [group for group in groups if len(group) > 1]


def _variants(rows: list[bytes]) -> list[str]:
    """The Traditional characters that the entries themselves hold, and their Simplified ones."""
    traditional = re.compile(f"[{''.join(tokens.TRADITIONAL)}]")
    used = {found for row in rows for found in traditional.findall(row.decode())}
    return _pairs({c: tokens.TRADITIONAL[c] for c in sorted(used)})


def _pairs(mapping: dict[str, str]) -> list[str]:
    return ["".join(mapping), "".join(mapping.values())]
