"""Library: all records of a folder, checked against each other and linked both ways."""

from __future__ import annotations

import contextlib
import dataclasses
import gc
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar, cast

from case_library import checks, heap, pictures
from case_library.checks import PARENTS
from case_library.folder import find, lines
from case_library.memory import Memory
from case_library.model.case import Case
from case_library.model.info import LibraryInfo
from case_library.model.kinds import KINDS
from case_library.model.record import Record, digest
from case_library.model.synonyms import Synonyms
from case_library.model.values import PartialDate, today
from case_library.noted import Noted
from case_library.pictures import Picture
from case_library.problems import Problem
from case_library.reading import Reader

Key = tuple[str, str]
R = TypeVar("R", bound=Record)


class Mention(NamedTuple):
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
    #: The cases that were taken out, and when.
    withdrawn: dict[str, PartialDate] = field(default_factory=dict)
    mentions: dict[Key, list[Mention]] = field(default_factory=dict)
    #: The pictures of each case, in the order of its `media`.
    pictures: dict[str, list[Picture]] = field(default_factory=dict)

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
        above = self._above(record)
        while above and above not in found:
            found.append(above)
            above = self._above(above)
        return found

    def _above(self, record: Record) -> Record | None:
        parent = next((getattr(record, f) for f in PARENTS if f in record.field_names), None)
        return self.records[record.kind].get(parent or "")

    def children(self, record: Record) -> list[Record]:
        """The records directly inside a record."""
        mentions = self.mentioned_by(*record.key)
        return [m.record for m in mentions if m.field in PARENTS and m.record.kind == record.kind]


def load(
    folder: Path,
    shown_as: PurePosixPath | None = None,
    taken: Collection[str] = (),
    cache: Path | None = None,
) -> Library:
    """Read a library's folder. Faulty records are left out and told in `problems`.

    `shown_as` stands before the paths in problems (default: the folder's own name); `taken` are
    addresses where the site has a page or file of its own; in `cache` (`memory.folder()`, never a
    folder of the project) stands what files came to the last time.
    Raises NotADirectoryError where there is no such folder.
    """
    if not folder.is_dir():
        raise NotADirectoryError(str(folder))
    read = Reader(folder, shown_as or PurePosixPath(folder.name), Memory(cache, folder))
    with _collection_paused():
        for file in find(folder):
            read.file(file)
        read.memory.close()
        library = Library(
            read.info, read.synonyms, read.records, read.problems, read.refused, read.withdrawn
        )
        _check(library, read)
        _examine_pictures(library, read)
        _refuse_taken(library, read, taken)
        for gone in library.pictures.keys() - library.records["case"].keys():
            del library.pictures[gone]
        _link(library)
    library.problems.sort(key=Problem.sort_key)
    _quote_lines(library, read)
    return library


@contextlib.contextmanager
def _collection_paused() -> Iterator[None]:
    """A library is all kept objects: looking for garbage among them took a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        heap.give_back()
        gc.freeze()
        if was_on:
            gc.enable()


def _check(library: Library, read: Reader) -> None:
    """Refuse records that are fine by themselves but not beside the others."""
    refused = frozenset(library.refused)
    faults = checks.check(library.records, read.written, refused, frozenset(read.unread))
    for fault in sorted(faults, key=lambda fault: fault.written.file):
        field = ".".join(str(part) for part in fault.path)
        position = read.position(fault.written, fault.path)
        library.problems.append(Problem(fault.code, position, field, fault.details))
        kind, record_id = fault.written.key
        record = library.records[kind].get(record_id)
        if record and record.written is fault.written:  # not the first one of a double id
            library.refused.add(record.key)
    for record in [r for records in library.records.values() for r in records.values()]:
        if record.publish_from and record.publish_from.first_day() > today():
            library.refused.add(record.key)  # as if it were not there: nobody may know of it yet
    for kind, record_id in library.refused:
        library.records[kind].pop(record_id, None)
    framework = library.info.framework
    known = library.records["framework"].keys()
    told = ("framework", framework) in library.refused or "framework" in read.unread
    if framework and framework not in known and not told and read.settings_read:
        details = checks.unknown("framework", framework, known)
        position = read.settings_read.position(("framework",))
        library.problems.append(Problem("unknown-reference", position, "framework", details))


def _examine_pictures(library: Library, read: Reader) -> None:
    """Find the pictures of every case in the folder of its name; refuse a case that lacks one."""
    for case in library.cases:
        beside = read.folder / case.file.relative_to(read.shown_as).with_suffix("")
        for index, media in enumerate(case.media):
            try:
                picture = pictures.examine(beside / media.file)
            except pictures.PictureError as error:
                position = read.position(case.written, ("media", index, "file"))
                problem = Problem(error.code, position, f"media.{index}.file", error.details)
                library.problems.append(problem)
                library.refused.add(case.key)
                library.records["case"].pop(case.id, None)
            else:
                library.pictures.setdefault(case.id, []).append(picture)
                shown = f"{picture.path.name} {picture.width} {picture.height}"
                case.written.digest = digest(case.digest, shown)


def _refuse_taken(library: Library, read: Reader, taken: Collection[str]) -> None:
    """Refuse a record whose page or picture would write over what the site itself has there."""
    prefixes = ("", *(f"{code}/" for code in library.languages[1:]))
    for record in [r for kind in library.records.values() for r in kind.values()] if taken else ():
        addresses = [prefix + record.address for prefix in prefixes]
        for picture in library.pictures.get(record.id, ()) if record.kind == "case" else ():
            addresses += [pictures.address(record.id, picture, w) for w, _ in picture.sizes]
        if clash := next((address for address in addresses if address in taken), None):
            position, details = read.position(record.written), {"address": clash}
            library.problems.append(Problem("address-taken", position, "", details))
            library.refused.add(record.key)
            del library.records[record.kind][record.id]
            if record.kind == "case":
                library.pictures.pop(record.id, None)


def _quote_lines(library: Library, read: Reader) -> None:
    """Put beside each problem the line that it speaks of."""
    files: dict[PurePosixPath, list[str]] = {}
    for index, problem in enumerate(library.problems):
        file, line = problem.position.file, problem.position.line
        if line and file not in files:
            files[file] = lines(read.folder, file.relative_to(read.shown_as))
        if line and line <= len(files[file]):
            excerpt = files[file][line - 1]
            library.problems[index] = dataclasses.replace(problem, excerpt=excerpt)


def _link(library: Library) -> None:
    """Turn every reference around, so that a record knows who mentions it."""
    mentions: dict[Key, list[Mention]] = defaultdict(list)
    for kind in KINDS:
        library.records[kind] = Noted(kind, dict(sorted(library.records[kind].items())))
    for records in library.records.values():
        for record in records.values():
            fields = {(kind, to, str(path[0])) for path, kind, to in record.written.references}
            for kind, to, name in sorted(fields):
                mentions[kind, to].append(Mention(record, name))
    library.withdrawn = Noted("withdrawn", library.withdrawn)
    library.mentions = Noted("mentions", mentions)
    library.pictures = Noted("pictures", library.pictures)
