"""Lineage: what cases and programmes come from, and what came of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from case_library.checks import DESCENT
from case_library.library import Key, Library
from case_library.model.case import Case
from case_library.model.parts import Origin
from case_library.model.record import Record
from case_library.noted import Noted

#: From the closest tie to the loosest; a tree hangs each record on its closest one.
RELATIONS = (*DESCENT, "part_of", "programme")

#: Members of a programme that nothing came of, and records of one family, that a tree shows.
_FEW, _MOST = 12, 150


@dataclass(frozen=True)
class Tie:
    """One record comes from another; `origin` says more where the writer did."""

    relation: str
    older: Record
    younger: Record
    origin: Origin | None = None


@dataclass(frozen=True)
class Row:
    """A record in its family's tree, below the one it hangs on by its first tie."""

    record: Record
    depth: int
    ties: tuple[Tie, ...] = ()
    #: How many more like this one are not shown: a row without them has none.
    left_off: int = 0


class Lineage:
    """All ties of a library, by the record that has them."""

    def __init__(self, library: Library) -> None:
        before: dict[Key, list[Tie]] = defaultdict(list)
        after: dict[Key, list[Tie]] = defaultdict(list)
        for kind in ("case", "programme", "framework"):
            for record in library.records[kind].values():
                for tie in _ties(library, record):
                    before[record.key].append(tie)
                    after[tie.older.key].append(tie)
        self.before, self.after = Noted("before", before), Noted("after", after)

    def is_known(self) -> bool:
        """Whether anything comes from anything else."""
        return bool(self.before)

    def came_from(self, record: Record) -> list[Tie]:
        """What a record comes from; what it is filed under is told elsewhere."""
        return [tie for tie in self.before.get(record.key, ()) if _is_descent(tie)]

    def went_to(self, record: Record) -> list[Tie]:
        """What came of a record; the members of a programme have a list of their own."""
        return [tie for tie in self.after.get(record.key, ()) if _is_descent(tie)]

    def repeated(self, case: Case) -> int:
        """How often it was done again with a result, or as its own record tells."""
        others = (t.younger for t in self.after.get(case.key, ()) if t.relation == "replicates")
        done = sum(1 for other in others if isinstance(other, Case) and other.did_happen)
        return done + len(case.repetitions)

    def families(self, order: Callable[[Record], Any]) -> list[list[Row]]:
        """Every tree of records that hang together, the largest first; each record once."""
        hangs_on = self._trunk()
        below: dict[Key, list[Record]] = defaultdict(list)
        roots = []
        for key, ties in self.before.items():
            if key in hangs_on:
                below[hangs_on[key]].append(ties[0].younger)
            else:
                roots.append(ties[0].younger)
        roots += [self.after[key][0].older for key in self.after if key not in self.before]
        found = [list(self._tree(root, below, order)) for root in sorted(roots, key=order)]
        return sorted(found, key=len, reverse=True)

    def _trunk(self) -> dict[Key, Key]:
        """On which other record each one hangs; a circle is cut where it was entered."""
        hangs_on = {key: ties[0].older.key for key, ties in self.before.items()}
        settled: set[Key] = set()
        for start in list(hangs_on):
            path: dict[Key, None] = {}
            key: Key | None = start
            while key and key not in settled:
                if key in path:
                    del hangs_on[key]
                    break
                path[key] = None
                key = hangs_on.get(key)
            settled.update(path)
        return hangs_on

    def _tree(
        self, root: Record, below: dict[Key, list[Record]], order: Callable[[Record], Any]
    ) -> Iterator[Row]:
        waiting = [Row(root, 0, tuple(self.before.get(root.key, ())))]
        shown, told = 0, 0
        while waiting:
            if shown == _MOST:
                yield Row(root, 1, (), _size(root, below) - told)
                return
            row = waiting.pop()
            yield row
            shown, told = shown + 1, told + (row.left_off or 1)
            if row.left_off:
                continue
            young = sorted(below.get(row.record.key, ()), key=order)
            loose = [r for r in young if r.key not in below and self._is_member(r)]
            hidden = {r.key for r in loose[_FEW:]}
            rows = [
                Row(r, row.depth + 1, tuple(self.before[r.key]))
                for r in young
                if r.key not in hidden
            ]
            if hidden:
                rows.append(Row(row.record, row.depth + 1, (), len(hidden)))
            waiting += reversed(rows)

    def _is_member(self, record: Record) -> bool:
        return self.before[record.key][0].relation == "programme"


def _is_descent(tie: Tie) -> bool:
    return tie.relation in DESCENT or (tie.relation == "part_of" and tie.younger.kind == "case")


def _size(root: Record, below: dict[Key, list[Record]]) -> int:
    waiting, count = [root], 0
    while waiting:
        count += 1
        waiting += below.get(waiting.pop().key, ())
    return count


def _ties(library: Library, record: Record) -> Iterator[Tie]:
    """From the closest; what was left out of the library leads nowhere, and nothing twice."""
    seen = {record.key}
    for relation in RELATIONS:
        for kind, to, origin in _named(record, relation):
            older = library.records[kind].get(to)
            if older and older.key not in seen:
                seen.add(older.key)
                yield Tie(relation, older, record, origin)


def _named(record: Record, relation: str) -> Iterator[tuple[str, str, Origin | None]]:
    value = getattr(record, relation, None)
    if relation in DESCENT:
        for origin in value or ():
            kind = "case" if origin.case else "programme"
            yield kind, origin.case or origin.programme or "", origin
    elif value and (relation == "part_of" or isinstance(record, Case)):
        yield ("programme" if relation == "programme" else record.kind), value, None
