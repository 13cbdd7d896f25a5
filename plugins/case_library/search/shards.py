"""Shards: many small values packed into script files that a page can load over `file://` too."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from deflate import deflate_compress
from pydantic_core import to_json

from case_library.search.groups import MOST_BITS, Before, Group, grouped
from case_library.search.pieces import Numbers, Pieces
from case_library.search.postings import Run

#: Bytes of one shard, compressed, that are aimed at.
TARGET = 6 * 1024
#: A value larger than this gets a file of its own, so that its neighbours stay light.
HEAVY = 12 * 1024
# What deflate leaves of postings and places, roughly; only the number of shards depends on it.
_SHRINKS_TO = 0.7
# What a token and its lengths take in a shard's head, roughly.
_HEAD = 10
# So many shards are put together at once.
_TOGETHER = 32

_SMALL = [bytes((n,)) if n < 128 else bytes((n & 127 | 128, n >> 7)) for n in range(1 << 14)]
_CRC = np.arange(256)
for _ in range(8):
    _CRC = _CRC >> 1 ^ (_CRC & 1) * 0xEDB88320


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the high bit says that more follow."""
    if number < 1 << 14:
        return _SMALL[number]
    return bytes((number & 127 | 128,)) + varint(number >> 7)


def varints(numbers: Sequence[int]) -> bytes:
    """A row of varints."""
    try:
        return b"".join([_SMALL[number] for number in numbers])
    except IndexError:
        return b"".join([varint(number) for number in numbers])


#: As `json.dumps` without blanks, in half the time.
as_json = to_json


class Payload(NamedTuple):
    """What a file hands over, and its name within the index."""

    name: str
    content: bytes

    def script(self, stamp: str) -> bytes:
        """A classic script: stamp, checksum, deflated bytes."""
        # As small as level 3 of zlib, in half the time; the same bytes on every machine.
        packed = b64encode(deflate_compress(self.content, 1))
        return b'CaseLibrarySearch.take("%s",%d,"%s")\n' % (
            stamp.encode(),
            zlib.crc32(self.content),
            packed,
        )


def content(script: bytes) -> bytes:
    """What a script hands over."""
    return zlib.decompress(b64decode(script.rsplit(b'"', 2)[1]), -15)


def spread(token: str) -> int:
    """The number that tells a token's shard and part; what follows a tab does not count."""
    return zlib.crc32(token.partition("\t")[0].encode())


def spreads(tokens: Pieces) -> Numbers:
    """The same of many short tokens."""
    found = np.full(len(tokens.sizes), 0xFFFFFFFF)
    left = np.arange(len(found))
    byte = 0
    while len(left := left[tokens.sizes[left] > byte]):
        low = found[left] & 255 ^ tokens.data[tokens.starts[left] + byte]
        found[left] = _CRC[low] ^ found[left] >> 8
        byte += 1
    return found ^ 0xFFFFFFFF


@dataclass(frozen=True)
class Table:
    """Tokens of a family, each with its name and the number that tells its shard."""

    run: Run
    names: Pieces
    spots: Numbers

    def take(self, order: Numbers | slice) -> Table:
        return Table(self.run.take(order), self.names.take(order), self.spots[order])


Files = Iterator[Payload]


class Family(NamedTuple):
    """Files of one sort."""

    name: str
    #: What the manifest tells of them; known whole when all files are written.
    told: dict[str, Any]
    groups: list[Group]
    #: Those of the groups that are not left as they are.
    files: Files


def hashed(
    family: str,
    table: Callable[[slice], Table],
    tables: Sequence[slice],
    made_from: Callable[[int], list[object]],
    before: Before,
) -> Family:
    """Shards of a power of two, a token's shard by the low bits of its hash.

    `tables` are the parts, a power of two times, of which `table` makes tables: the first tells
    how large the others are. `made_from` tells of so many groups what each is made from.
    """
    if not tables:
        groups = grouped(family, [()])
        return Family(family, {"bits": 0, "parts": 0}, groups, _empty(family))
    known = (len(tables) - 1).bit_length()

    def sized(bits: int, parts: int) -> list[Group]:
        of = 1 << min(bits, MOST_BITS)
        return grouped(family, made_from(of), len(tables), bits, parts)

    told, first = {**before.manifest.get(family, {})}, None
    groups = sized(**told) if told else []
    if not (groups and all(map(before.knows, _within(tables[0], groups)))):
        first = table(tables[0])
        told["bits"] = known + _bits(first.run.sizes + _HEAD)
        places = known + _bits(first.run.kept.sizes) if first.run.kept else 0
        told["parts"] = max(0, places - told["bits"])
        groups = sized(**told)

    def files() -> Files:
        whole = first
        for parts in tables:
            here = _within(parts, groups)
            due = [group for group in here if not before.take(group)]
            if due and (whole or due == here):
                yield from _of_groups(whole or table(parts), due, **told)
            else:
                for group in due:
                    yield from _of_groups(table(group.parts), [group], **told)
            whole = None

    return Family(family, told, groups, files())


def _within(parts: slice, groups: Iterable[Group]) -> list[Group]:
    """Those whose tokens are in these parts."""
    return [group for group in groups if parts.start <= group.parts.start < parts.stop]


def _of_groups(table: Table, groups: list[Group], bits: int, parts: int) -> Files:
    """The shards of groups whose tokens are in a table."""
    family, of = groups[0].family, groups[0].of
    numbers = np.arange(1 << bits)
    numbers = numbers[np.isin(numbers & of - 1, [group.number for group in groups])]
    shard = table.spots & (1 << bits) - 1
    order = np.argsort(shard, kind="stable")
    order = order[np.isin(shard[order], numbers)]
    ends = np.searchsorted(shard[order], numbers, "right")
    paths = [f"{family}/{number:x}" for number in numbers.tolist()]
    return _shards(table.take(order), ends, paths, parts)


def ranged(family: str, tables: Iterable[Table], made_from: object, before: Before) -> Family:
    """Shards of tokens in order, so that those of a prefix stand in one or in a few."""
    borders: list[str] = []
    told: dict[str, Any] = {"borders": borders, "parts": 0}
    groups = grouped(family, [made_from])

    def files() -> Files:
        last = ""
        for table in tables:
            if not len(table.spots):
                continue
            tokens, some, cuts = _in_order(table)
            first = len(borders)
            for cut in cuts[:-1]:
                ahead = tokens[cut - 1] if cut else last
                borders.append(_border(ahead, tokens[cut]) if borders else "")
            shards = len(cuts) - 1
            places = _bits(table.run.kept.sizes) if table.run.kept else 0
            told["parts"] = parts = max(0, places - (shards - 1).bit_length())
            for start in range(0, shards, _TOGETHER):
                part = np.array(cuts[start : start + _TOGETHER + 1])
                paths = [f"{family}/{first + start + n:x}" for n in range(len(part) - 1)]
                piece = some.take(slice(part[0], part[-1]))
                yield from _shards(piece, part[1:] - part[0], paths, parts)
            last = tokens[-1]
        if not borders:
            borders.append("")
            yield from _empty(family)

    def due() -> Files:
        if before.take(groups[0]):
            told.update(before.manifest[family])
        else:
            yield from files()

    return Family(family, told, groups, due())


def _in_order(table: Table) -> tuple[list[str], Table, list[int]]:
    """Tokens in their order, and where shards begin and the last one ends."""
    tokens = [name.decode() for name in table.names.strings()]
    keys = tokens if all(map(str.isascii, tokens)) else list(map(_utf_16, tokens))
    order = sorted(range(len(tokens)), key=keys.__getitem__)
    table = table.take(np.array(order, np.int64))
    tokens = [tokens[number] for number in order]
    room = np.array([len(token) + _HEAD for token in tokens], np.int64)
    ends = np.cumsum(np.minimum(table.run.sizes, HEAVY) + room)
    cuts = [0]
    while cuts[-1] < len(tokens):
        start = cuts[-1]
        most = (ends[start - 1] if start else 0) + TARGET / _SHRINKS_TO
        cuts.append(max(start + 1, int(np.searchsorted(ends, most, "right"))))
    return tokens, table, cuts


def _shards(table: Table, ends: Numbers, paths: list[str], bits: int) -> Files:
    """The files of neighbouring shards; `ends` tell where each one's tokens end."""
    run = table.run
    starts = np.append(0, ends[:-1])
    shard = np.repeat(np.arange(len(ends)), ends - starts)

    def heavy(pieces: Pieces, end: str) -> Files:
        for number in np.flatnonzero(pieces.sizes > HEAVY).tolist():
            path = f"{paths[shard[number]]}-{number - starts[shard[number]]:x}{end}"
            content = pieces.take(slice(number, number + 1)).packed().data.tobytes()
            yield Payload(path, content)

    postings = Pieces.zipped(Pieces.varints(run.first), run.rest)
    told = [run.counts, postings.sizes]
    yield from heavy(postings, "")
    if places := run.kept:
        told.append(places.sizes)
        yield from heavy(places, "-places")
        part = shard << bits | table.spots >> 16 & (1 << bits) - 1
        places = places.but(places.sizes > HEAVY).take(np.argsort(part, kind="stable")).packed()
        last = np.cumsum(np.bincount(part, minlength=len(ends) << bits))
        for number, content in enumerate(places.cut(last)):
            path = f"{paths[number >> bits]}-places-{number & (1 << bits) - 1:x}"
            yield Payload(path, content)
    numbers = Pieces.varints(np.stack(told, 1).ravel()).grouped(len(told))
    heads = Pieces.zipped(Pieces.varints(table.names.sizes), table.names, numbers).cut(ends)
    light = postings.but(postings.sizes > HEAVY).packed().cut(ends)
    for path, count, head, body in zip(paths, (ends - starts).tolist(), heads, light, strict=True):
        yield Payload(path, varint(count) + head + body)


def _empty(family: str) -> Files:
    """One shard without a token."""
    yield Payload(f"{family}/0", varint(0))


def _bits(lengths: Numbers) -> int:
    """How often values of these lengths must be halved for shards of about TARGET."""
    light = float(lengths[lengths <= HEAVY].sum()) * _SHRINKS_TO
    bits = 0
    while light > TARGET << bits:
        bits += 1
    return bits


def _utf_16(token: str) -> bytes:
    """The order in which browsers compare text."""
    return token.encode("utf-16-be")


def _border(ahead: str, token: str) -> str:
    """As much of a token as tells it from the one ahead of it."""
    for length in range(1, len(token)):
        if _utf_16(token[:length]) > _utf_16(ahead):
            return token[:length]
    return token
