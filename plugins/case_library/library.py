"""Library: all records of a folder, checked against each other and linked both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeVar, cast

from pydantic import ValidationError

from case_library import document
from case_library.checks import check
from case_library.document import Document
from case_library.folder import REFERENCE, SETTINGS, Found, find
from case_library.model.case import Case
from case_library.model.faults import nearest, problems_of
from case_library.model.info import LibraryInfo
from case_library.model.kinds import KINDS, PART_KINDS, references
from case_library.model.record import Record
from case_library.model.synonyms import Synonyms
from case_library.model.values import Context, parse_id
from case_library.problems import DocumentError, Position, Problem

Key = tuple[str, str]
R = TypeVar("R", bound=Record)

#: Fields that make a tree or a line of descent: following them must end.
_PARENTS = ("parent", "part_of")
_DESCENT = ("replicates", "succeeds", "inspired_by")


@dataclass(frozen=True)
class Mention:
    """A reference seen from its target: which record makes it, in which field."""

    record: Record
    field: str


@dataclass
class Library:
    """Records by kind and id, in the order of their ids, and every problem that was found.

    `refused` holds the keys of records that exist but were left out: references to them are
    not reported again, and lead nowhere.
    """

    info: LibraryInfo = field(default_factory=lambda: LibraryInfo.model_validate({}))
    synonyms: Synonyms = field(default_factory=lambda: Synonyms.model_validate({}))
    records: dict[str, dict[str, Record]] = field(default_factory=lambda: {k: {} for k in KINDS})
    problems: list[Problem] = field(default_factory=list)
    refused: set[Key] = field(default_factory=set)
    mentions: dict[Key, list[Mention]] = field(default_factory=dict)

    @property
    def languages(self) -> list[str]:
        return self.info.languages

    @property
    def cases(self) -> list[Case]:
        return cast("list[Case]", list(self.records["case"].values()))

    def all(self, kind: type[R]) -> list[R]:
        """Every record of a kind, by id: `library.all(Place)`."""
        return cast("list[R]", list(self.records[kind.kind].values()))

    def get(self, kind: type[R], record_id: str | None) -> R | None:
        """The record of a kind and id, or None where there is none."""
        return cast("R | None", self.records[kind.kind].get(record_id or ""))

    def mentioned_by(self, kind: str, record_id: str) -> list[Mention]:
        """The references to a record or to a part of one (`dimension`, `five-forces/action`)."""
        return self.mentions.get((kind, record_id), [])

    def ancestors(self, record: Record) -> list[Record]:
        """What a record stands inside of, the nearest first (`parent` or `part_of`)."""
        found: list[Record] = []
        parent = _parent(record)
        while parent and (above := self.records[record.kind].get(parent)) and above not in found:
            found.append(above)
            parent = _parent(above)
        return found

    def children(self, record: Record) -> list[Record]:
        """The records directly inside a record."""
        mentions = self.mentioned_by(*record.key)
        return [
            m.record for m in mentions if m.field in _PARENTS and m.record.kind == record.kind
        ]


def load(folder: Path, shown_as: PurePosixPath | None = None) -> Library:
    """Read a library's folder. Faulty records are left out and told in `problems`.

    `shown_as` stands before the paths in problems (default: the folder's own name).
    Raises NotADirectoryError where there is no such folder.
    """
    if not folder.is_dir():
        raise NotADirectoryError(str(folder))
    collector = _Collector(shown_as if shown_as is not None else PurePosixPath(folder.name))
    found = {file.path: file for file in find(folder)}
    collector.settings(found.pop(PurePosixPath(SETTINGS), None))
    for file in found.values():
        collector.file(file)
    library = collector.library
    _check_links(library)
    _check_descent(library)
    _check_figures(library)
    _drop_refused(library)
    _link(library)
    library.problems.sort(key=Problem.sort_key)
    return library


class _Collector:
    """Turns found files into records, one after the other; what is wrong becomes a problem."""

    def __init__(self, shown_as: PurePosixPath) -> None:
        self.shown_as = shown_as
        self.library = Library()

    @property
    def context(self) -> Context:
        return Context(tuple(self.library.languages))

    def document(self, file: Found) -> Document | None:
        path = self.shown_as / file.path
        if file.problem:
            found = file.problem
            self.library.problems.append(Problem(found.code, Position(path), "", found.details))
            return None
        try:
            return document.read(file.content, path)
        except DocumentError as error:
            self.library.problems.append(error.problem)
            return None

    def settings(self, file: Found | None) -> None:
        read = file and self.document(file)
        if not read:
            return
        try:
            languages = LibraryInfo.model_validate({"languages": read.data.get("languages", ["en"])})
            context = Context(tuple(languages.languages))
            self.library.info = LibraryInfo.model_validate(read.data, context=context)
        except ValidationError as error:
            self.library.problems += problems_of(error, LibraryInfo, read)

    def file(self, file: Found) -> None:
        parts = file.path.parts
        if parts[0] != REFERENCE:
            self.whole_file(Case, file)
        elif file.path.stem == "synonyms" and len(parts) == 2:
            self.synonyms(file)
        else:
            folders = {kind.plural: kind for kind in KINDS.values() if kind is not Case}
            name = parts[1] if len(parts) > 2 else file.path.stem
            kind = folders.get(name)
            if kind is None:
                details = {"found": name, "nearest": nearest(name, list(folders))}
                details["known"] = ", ".join(folders)
                position = Position(self.shown_as / file.path)
                self.library.problems.append(Problem("unknown-kind", position, "", details))
            elif len(parts) > 2:
                self.whole_file(kind, file)
            elif read := self.document(file):
                for key in read.mark.children:
                    self.record(kind, key, read, (key,))

    def synonyms(self, file: Found) -> None:
        if read := self.document(file):
            try:
                self.library.synonyms = Synonyms.model_validate(read.data)
            except ValidationError as error:
                self.library.problems += problems_of(error, Synonyms, read)

    def whole_file(self, kind: type[Record], file: Found) -> None:
        read = self.document(file)
        if read:
            self.record(kind, file.path.stem, read, ())
        else:
            self.library.refused.add((kind.kind, file.path.stem))

    def record(self, kind: type[Record], key: str, read: Document, path: tuple[str, ...]) -> None:
        """Validate the value at `path` as a record of `kind`, and keep it or say why not."""
        library, position = self.library, read.position(path)
        try:
            parse_id(key)
        except ValueError:
            code = "record-id" if path else "file-name-id"
            library.problems.append(Problem(code, position, "", {"found": key}))
            return
        if first := library.records[kind.kind].get(key):
            details = {"id": key, "first": str(first.position)}
            library.problems.append(Problem("duplicate-id", position, "", details))
            return
        try:
            record = kind.build(read, path, key, self.context)
        except ValidationError as error:
            library.problems += problems_of(error, kind, read, path)
            library.refused.add((kind.kind, key))
        else:
            library.records[kind.kind][key] = record


def _parent(record: Record) -> str | None:
    return cast("str | None", next((getattr(record, f) for f in _PARENTS if hasattr(record, f)), None))


def _all_records(library: Library) -> Iterator[Record]:
    for records in library.records.values():
        yield from records.values()


def _known_ids(library: Library) -> dict[str, set[str]]:
    known = {kind: set(records) for kind, records in library.records.items()}
    for part_kind, (kind, attribute) in PART_KINDS.items():
        known[part_kind] = {
            f"{record.id}/{part.id}"
            for record in library.records[kind].values()
            for part in getattr(record, attribute)
        }
    return known


def _check_links(library: Library) -> None:
    """Refuse records that refer to what nobody declared."""
    known = _known_ids(library)
    refused = set(library.refused)
    for record in _all_records(library):
        for path, kind, target in references(record):
            owner = (PART_KINDS[kind][0], target.partition("/")[0]) if kind in PART_KINDS else None
            if target in known[kind] or (kind, target) in refused or owner in refused:
                continue
            details = {"kind": kind, "found": target}
            details["nearest"] = nearest(target, list(known[kind]))
            name = ".".join(str(part) for part in path)
            position = record.position_of(path)
            library.problems.append(Problem("unknown-reference", position, name, details))
            library.refused.add(record.key)


def _check_descent(library: Library) -> None:
    """Refuse records that are, over some steps, inside or descended from themselves."""
    above: dict[Key, list[tuple[str, Key]]] = {}
    for record in _all_records(library):
        above[record.key] = [
            (str(path[0]), (kind, target))
            for path, kind, target in references(record)
            if path[0] in (*_PARENTS, *_DESCENT)
        ]
    for circle in _circles({key: [to for _, to in links] for key, links in above.items()}):
        for key in circle:
            record = library.records[key[0]][key[1]]
            name = next(f for f, to in above[key] if to in circle)
            details = {"circle": " → ".join(sorted(record_id for _, record_id in circle))}
            position = record.position_of((name,))
            library.problems.append(Problem("circle", position, name, details))
            library.refused.add(key)


def _circles(graph: dict[Key, list[Key]]) -> list[set[Key]]:
    """The groups of keys that can reach themselves, found by peeling off all that end."""
    waiting = {key: {to for to in links if to in graph} for key, links in graph.items()}
    users: dict[Key, list[Key]] = defaultdict(list)
    for key, links in waiting.items():
        for to in links:
            users[to].append(key)
    ended = [key for key, links in waiting.items() if not links]
    while ended:
        done = ended.pop()
        del waiting[done]
        for user in users[done]:
            if user in waiting:
                waiting[user].discard(done)
                if not waiting[user]:
                    ended.append(user)
    return [group for group in _groups(waiting)]


def _groups(waiting: dict[Key, set[Key]]) -> Iterator[set[Key]]:
    """Among keys that never end, those that lie on a circle, one group a circle."""
    reach: dict[Key, set[Key]] = {}
    for key in waiting:
        seen, front = set(), [key]
        while front:
            for to in waiting[front.pop()]:
                if to not in seen:
                    seen.add(to)
                    front.append(to)
        reach[key] = seen
    told: set[Key] = set()
    for key in sorted(waiting):
        if key in reach[key] and key not in told:
            circle = {other for other in reach[key] if key in reach[other]}
            told |= circle
            yield circle


def _check_figures(library: Library) -> None:
    """Refuse records whose figures, periods or ratings another record contradicts."""
    for fault in check(library.records):
        name = ".".join(str(part) for part in fault.path)
        position = fault.record.position_of(fault.path)
        library.problems.append(Problem(fault.code, position, name, fault.details))
        library.refused.add(fault.record.key)


def _drop_refused(library: Library) -> None:
    for kind, record_id in library.refused:
        library.records[kind].pop(record_id, None)


def _link(library: Library) -> None:
    """Turn every reference around, so that a record knows who mentions it."""
    mentions: dict[Key, list[Mention]] = defaultdict(list)
    for kind in KINDS:
        library.records[kind] = dict(sorted(library.records[kind].items()))
    for record in _all_records(library):
        told: set[tuple[Key, str]] = set()
        for path, kind, target in references(record):
            name = str(path[0])
            if ((kind, target), name) not in told:
                told.add(((kind, target), name))
                mentions[kind, target].append(Mention(record, name))
    library.mentions = dict(mentions)
