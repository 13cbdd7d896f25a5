"""From entries to the files of one language's index; `docs/search-format.md` describes them."""

from __future__ import annotations

import hashlib
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice

from case_library import noted
from case_library.model.kinds import KINDS
from case_library.search import tokens
from case_library.search.batch import Batch, Made, made
from case_library.search.entry import CASE, PAGE, Entry, Facet, Listed
from case_library.search.families import hashed_families, ranged_families
from case_library.search.groups import FORMAT, NOTHING, Before, grouped, number_of, stamps_of
from case_library.search.shards import (
    TARGET,
    Family,
    Payload,
    as_json,
    spread,
    varint,
    varints,
)
from case_library.search.stored import Store

#: The entries of some pages, with their texts.
EntriesOf = Callable[[Sequence[Listed]], Sequence[Entry]]
_KINDS = [*KINDS, PAGE]
# A document shard is sized by the first entries; what deflate leaves of their text, roughly.
_SAMPLE, _TEXT_SHRINKS_TO = 200, 0.45
#: Entries in one batch, about.
_TOGETHER = 256
#: Cases in one file of the comparison, about.
_COMPARED = 4
#: Of other families so many bits of a file's number tell its group.
_GROUP_BITS = 6


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
    before: Before = NOTHING,
) -> Iterator[tuple[str, bytes]]:
    """The same, file by file, so that a large index need not stand in memory whole.

    What `about` makes of the patterns that rows show goes into the manifest; `more` are further
    files. What is right already is left as it is `before`.
    """
    variants, patterns = (
        sorted({one for batch in batches for one in batch.about[name]})
        for name in ("variants", "patterns")
    )
    stamps: dict[str, str] = {}
    manifest: dict[str, object] = {
        "format": FORMAT,
        "language": language,
        "kinds": [[kind, n] for kind in _KINDS if (n := sum(e.kind == kind for e in listed))],
        "synonyms": _folded_groups(synonyms),
        "facets": [facet.name for facet in facets],
        "terms": {facet.name: len(facet.terms) for facet in facets},
        "variants": _pairs({c: tokens.TRADITIONAL[c] for c in variants}),
        "about": about(patterns),
        "stamps": stamps,
    }
    cases = [entry for entry in listed if entry.kind == CASE]
    for family in _families(cases, batches, before):
        manifest[family.name] = family.told
        stamps[family.name] = stamps_of(family.groups)
        for payload in family.files:
            number = number_of(payload.name.partition("/")[2])
            group = family.groups[number & len(family.groups) - 1]
            yield f"{payload.name}.js", payload.script(group.stamp)
    # When all else is written: only then the manifest is known whole.
    rest = [*_columns(cases, facets), *more, Payload("manifest", as_json(manifest))]
    stamp = _stamp(rest)
    for payload in rest:
        yield f"{payload.name}.js", payload.script(stamp)


def _families(
    cases: Sequence[Listed], batches: Sequence[Batch], before: Before
) -> Iterator[Family]:
    yield _compared(cases, batches, before)
    yield from hashed_families(batches, before)
    yield from ranged_families(batches, before)
    yield _documents(batches, before)


def _columns(cases: Sequence[Listed], facets: Sequence[Facet]) -> Iterator[Payload]:
    for facet in facets:
        yield from _facet(facet, cases)
    yield Payload("order/newest", varints(_ranks([entry.newest for entry in cases])))
    yield Payload("order/evidence", varints([entry.evidence for entry in cases]))
    traditional = [*_pairs(tokens.TRADITIONAL), *_pairs(tokens.DOUBTFUL)]
    yield Payload("traditional", as_json(traditional))


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


def _stamp(payloads: Iterable[Payload]) -> str:
    """What tells one build from another, so that they are never mixed: the manifest, which is one
    of the payloads, tells the stamps of all groups."""
    whole = hashlib.blake2b(digest_size=6)
    for payload in payloads:
        whole.update(b"%d %b" % (len(payload.content), payload.content))
    return whole.hexdigest()


def _documents(batches: Sequence[Batch], before: Before) -> Family:
    sample = list(islice((row for batch in batches for row in batch.rows()), _SAMPLE))
    usual = sum(map(len, sample)) * _TEXT_SHRINKS_TO / len(sample) if sample else TARGET
    bits = 0
    while usual * 2 < TARGET / 2 and bits < 6:
        bits, usual = bits + 1, usual * 2
    sums = list(chain.from_iterable(batch.sums("rows") for batch in batches))
    parts = [sums[start : start + (1 << bits)] for start in range(0, len(sums), 1 << bits)]
    of = 1 << min((len(parts) - 1).bit_length(), _GROUP_BITS) if parts else 1
    groups = grouped("document", (parts[n::of] for n in range(of)), bits)

    def files() -> Iterator[Payload]:
        due = {group.number for group in groups if not before.take(group)}
        rows = (row for batch in batches for row in batch.rows())
        for number in range(len(parts) if due else 0):
            some = list(islice(rows, 1 << bits))
            if number & of - 1 in due:
                yield Payload(f"document/{number:x}", b"[%s]" % b",".join(some))

    return Family("document", {"bits": bits}, groups, files())


def _compared(cases: Sequence[Listed], batches: Sequence[Batch], before: Before) -> Family:
    """`compare/N`: what a comparison shows of the cases whose ids' hashes end so."""
    bits = max(0, (len(cases) // _COMPARED).bit_length() - 1)
    firsts = [batch.first for batch in batches]
    sums = chain.from_iterable(batch.sums("said") for batch in batches)
    shards: list[list[tuple[str, int, bytes]]] = [[] for _ in range(1 << bits)]
    for number, (case, said) in enumerate(zip(cases, sums, strict=True)):
        shards[spread(case.id) & len(shards) - 1].append((case.id, number, said))
    of = 1 << min(bits, _GROUP_BITS)
    parts = [[(i, said) for some in shards[n::of] for i, _, said in some] for n in range(of)]
    groups = grouped("compare", parts, bits)

    def files() -> Iterator[Payload]:
        due = {group.number for group in groups if not before.take(group)}
        for n, together in enumerate(shards):
            if n & of - 1 in due:
                said = [
                    as_json(case_id) + b":" + batches[bisect(firsts, number) - 1].said(number)
                    for case_id, number, _ in sorted(together)
                ]
                yield Payload(f"compare/{n:x}", b"{%s}" % b",".join(said))

    return Family("compare", {"bits": bits}, groups, files())


def _facet(facet: Facet, cases: Sequence[Listed]) -> Iterator[Payload]:
    """Its terms with their totals, and apart from them, which case is under which terms."""
    number = {term.slug: i for i, term in enumerate(facet.terms)}
    parents = [number.get(term.parent or "", -1) for term in facet.terms]
    lines = [list(_with_parents(term, parents)) for term in range(len(parents))]
    under = [tuple(entry.facets.get(facet.name, ())) for entry in cases]
    totals = [0] * len(parents)
    columns: dict[tuple[str, ...], bytes] = {}
    for slugs, count in Counter(under).items():  # most cases are under what others are under
        own = sorted({number[slug] for slug in slugs if slug in number})
        columns[slugs] = varint(len(own)) + varints(own)
        for above in set().union(*[lines[term] for term in own]):
            totals[above] += count
    terms = [[t.slug, t.label, totals[i], parents[i]] for i, t in enumerate(facet.terms)]
    yield Payload(f"facet/{facet.name}", as_json(terms))
    yield Payload(f"column/{facet.name}", b"".join(columns[slugs] for slugs in under))


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
