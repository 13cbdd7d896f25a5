"""From entries to the files of one language's index; `docs/search-format.md` describes them."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, count, islice
from typing import Literal

from case_library import noted
from case_library.model.kinds import KINDS
from case_library.search import tokens
from case_library.search.batch import Batch, Made, made
from case_library.search.entry import CASE, PAGE, Entry, Facet, Listed
from case_library.search.families import hashed_tables, ranged_tables
from case_library.search.shards import (
    TARGET,
    Payload,
    as_json,
    hashed,
    ranged,
    spread,
    varint,
    varints,
)
from case_library.search.stored import Store

#: Goes up when the files' meaning changes; a browser refuses what it does not know.
FORMAT = 1

#: A part of the work that another process may do: to write pairs of characters and the
#: comparison, half of an index, or all else.
Share = Literal["pairs", "rest"]
#: A file of the index as the last build wrote it, by its name; nothing where that is not known.
Before = Callable[[str], bytes]
#: The entries of some pages, with their texts.
EntriesOf = Callable[[Sequence[Listed]], Sequence[Entry]]
_KINDS = [*KINDS, PAGE]
# A document shard is sized by the first entries; what deflate leaves of their text, roughly.
_SAMPLE, _TEXT_SHRINKS_TO = 200, 0.45
#: Entries in one batch, about.
_TOGETHER = 256
#: Cases in one file of the comparison, about.
_COMPARED = 4


def write(
    entries: Iterable[Entry],
    language: str,
    synonyms: Iterable[Sequence[str]] = (),
    facets: Sequence[Facet] = (),
) -> dict[str, bytes]:
    """Every file of an index by its name within the index's folder."""
    known = {entry.address: entry for entry in entries}
    listed = sorted(known.values(), key=place_in_order)
    parts = batches(listed, lambda some: [known[one.address] for one in some], language)
    return dict(files(listed, parts, language, synonyms, facets))


def batches(
    listed: Sequence[Listed], entries_of: EntriesOf, language: str, store: Store | None = None
) -> list[Batch]:
    """What `files` are made from.

    `listed` are the entries in their order (`place_in_order`), and `entries_of` those of some of
    them; where a `store` has these, they are not asked for.
    """
    store = store or Store()
    found = list(_batches(listed, entries_of, language, store))
    store.close()
    return found


def files(
    listed: Sequence[Listed],
    batches: Sequence[Batch],
    language: str,
    synonyms: Iterable[Sequence[str]] = (),
    facets: Sequence[Facet] = (),
    *,
    about: Callable[[Sequence[str]], Mapping[str, object]] = lambda _: {},
    more: Iterable[Payload] = (),
    share: Share | None = None,
    before: Before = lambda _: b"",
) -> Iterator[tuple[str, bytes]]:
    """The same, file by file, so that a large index need not stand in memory whole.

    What `about` makes of the patterns that rows show goes into the manifest; `more` are further
    files.
    """
    stamp = _stamp(batches, facets)
    variants, patterns = (
        sorted({one for batch in batches for one in batch.about[name]})
        for name in ("variants", "patterns")
    )
    manifest: dict[str, object] = {
        "format": FORMAT,
        "language": language,
        "kinds": [[kind, n] for kind in _KINDS if (n := sum(e.kind == kind for e in listed))],
        "synonyms": _folded_groups(synonyms),
        "facets": [facet.name for facet in facets],
        "terms": {facet.name: len(facet.terms) for facet in facets},
        "variants": _pairs({c: tokens.TRADITIONAL[c] for c in variants}),
        "about": about(patterns),
    }
    cases = [entry for entry in listed if entry.kind == CASE]
    found: list[Iterable[Payload]] = []
    if share != "rest":
        found.append(_compared(cases, batches))
    if share != "pairs":
        found.append(_documents(batches, manifest))
    found.append(_shards(batches, manifest, share))
    if share != "pairs":
        found += [_columns(cases, facets), more, _manifest(manifest)]
    for payload in chain.from_iterable(found):
        name = f"{payload.name}.js"
        yield name, payload.script(stamp, before(name))


def _shards(
    batches: Sequence[Batch], manifest: dict[str, object], share: Share | None
) -> Iterator[Payload]:
    for family, tables in hashed_tables(batches):
        ours = share is None or (share == "pairs") == (family == "gram")
        if ours or share == "rest":  # its manifest tells of all families
            manifest[family], found = hashed(family, tables)
            yield from found if ours else ()
    for family, following in ranged_tables(batches) if share != "pairs" else ():
        manifest[family], found = ranged(family, following)
        yield from found


def _columns(cases: Sequence[Listed], facets: Sequence[Facet]) -> Iterator[Payload]:
    for facet in facets:
        yield from _facet(facet, cases)
    yield Payload("order/newest", varints(_ranks([entry.newest for entry in cases])))
    yield Payload("order/evidence", varints([entry.evidence for entry in cases]))
    traditional = [*_pairs(tokens.TRADITIONAL), *_pairs(tokens.DOUBTFUL)]
    yield Payload("traditional", as_json(traditional))


def _manifest(manifest: Mapping[str, object]) -> Iterator[Payload]:
    """When all else is written: only then it is known whole."""
    yield Payload("manifest", as_json(manifest))


def place_in_order(entry: Listed) -> tuple[object, ...]:
    """Cases first and by title, so that an entry's number is its place in that order."""
    return _KINDS.index(entry.kind), entry.title_key, entry.title, entry.id, entry.address


def _batches(
    listed: Sequence[Listed],
    entries_of: EntriesOf,
    language: str,
    store: Store,
) -> Iterator[Batch]:
    """Neighbours together. Where a batch ends, an entry's own address tells: one that comes or
    goes changes its own batch only."""
    first = 0
    for number, entry in enumerate(listed, 1):
        ends = spread(entry.address) % _TOGETHER == 0 or number - first == 2 * _TOGETHER
        if ends or number == len(listed):
            some = listed[first:number]
            name = noted.stamp(language, [(entry.kind, entry.address) for entry in some])
            yield Batch(store.part(name, partial(_made, entries_of, some)), first)
            first = number


def _made(entries_of: EntriesOf, some: Sequence[Listed]) -> Made:
    return made(entries_of(some))


def _stamp(batches: Sequence[Batch], facets: Sequence[Facet]) -> str:
    """What tells one build's files from another's, so that they are never mixed."""
    return noted.stamp(FORMAT, facets, [batch.about["digest"] for batch in batches])[:12]


def _documents(batches: Sequence[Batch], manifest: dict[str, object]) -> Iterator[Payload]:
    sample = list(islice((row for batch in batches for row in batch.rows()), _SAMPLE))
    usual = sum(map(len, sample)) * _TEXT_SHRINKS_TO / len(sample) if sample else TARGET
    bits = 0
    while usual * 2 < TARGET / 2 and bits < 6:
        bits, usual = bits + 1, usual * 2
    manifest["documents"] = bits
    rows = (row for batch in batches for row in batch.rows())
    for number in count():
        if not (some := list(islice(rows, 1 << bits))):
            return
        yield Payload(f"document/{number:x}", b"[%s]" % b",".join(some))


def compared_bits(cases: int) -> int:
    """How many bits of the hash of a case's id tell its file of the comparison."""
    return max(0, (cases // _COMPARED).bit_length() - 1)


def _compared(cases: Sequence[Listed], batches: Sequence[Batch]) -> Iterator[Payload]:
    """`compare/N`: what a comparison shows of the cases whose ids' hashes end so."""
    firsts = [batch.first for batch in batches]
    shards: list[list[tuple[str, int]]] = [[] for _ in range(1 << compared_bits(len(cases)))]
    for number, case in enumerate(cases):
        shards[spread(case.id) & len(shards) - 1].append((case.id, number))
    for n, together in enumerate(shards):
        said = [
            as_json(case_id) + b":" + batches[bisect(firsts, number) - 1].said(number)
            for case_id, number in sorted(together)
        ]
        yield Payload(f"compare/{n:x}", b"{%s}" % b",".join(said))


def _facet(facet: Facet, cases: Sequence[Listed]) -> Iterator[Payload]:
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
    yield Payload(f"facet/{facet.name}", as_json(terms))
    yield Payload(f"column/{facet.name}", b"".join(column))


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


def _pairs(mapping: dict[str, str]) -> list[str]:
    return ["".join(mapping), "".join(mapping.values())]
