"""Library: all records of a folder, checked against each other and linked both ways."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import gc
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, TypeVar, cast

from pydantic import ValidationError

from case_library import checks, document, pictures
from case_library.checks import PARENTS
from case_library.document import Document
from case_library.folder import REFERENCE, SETTINGS, Found, find, lines
from case_library.folder import read as read_file
from case_library.model.case import Case
from case_library.model.faults import nearest, problems_of
from case_library.model.info import LibraryInfo
from case_library.model.kinds import KINDS
from case_library.model.record import Record, Tombstone, Written, digest
from case_library.model.references import Pointer
from case_library.model.synonyms import Synonyms
from case_library.model.values import Context, PartialDate, is_id, near_id, today
from case_library.pictures import Picture
from case_library.problems import DocumentError, Position, Problem, short

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
        parent = next((getattr(record, field) for field in PARENTS if hasattr(record, field)), None)
        return self.records[record.kind].get(parent or "")

    def children(self, record: Record) -> list[Record]:
        """The records directly inside a record."""
        mentions = self.mentioned_by(*record.key)
        return [m.record for m in mentions if m.field in PARENTS and m.record.kind == record.kind]


def load(
    folder: Path, shown_as: PurePosixPath | None = None, taken: Collection[str] = ()
) -> Library:
    """Read a library's folder. Faulty records are left out and told in `problems`.

    `shown_as` stands before the paths in problems (default: the folder's own name); `taken` are
    addresses where the site has a page or file of its own.
    Raises NotADirectoryError where there is no such folder.
    """
    if not folder.is_dir():
        raise NotADirectoryError(str(folder))
    collector = _Collector(folder, shown_as or PurePosixPath(folder.name))
    with _collection_paused():
        for file in find(folder):
            collector.file(file)
        library = collector.library
        _check(library, collector)
        _examine_pictures(library, collector)
        _refuse_taken(library, collector, taken)
        _link(library)
    library.problems.sort(key=Problem.sort_key)
    _quote_lines(library, collector)
    return library


@contextlib.contextmanager
def _collection_paused() -> Iterator[None]:
    """A library is all kept objects: looking for garbage among them took a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


@dataclass(frozen=True)
class _Place:
    """Where a record stands of which nothing else is kept: a `Written` is one, too."""

    file: PurePosixPath
    path: tuple[str, ...] = ()


class _Collector:
    """Turns found files into records, one after the other; what is wrong becomes a problem."""

    def __init__(self, folder: Path, shown_as: PurePosixPath) -> None:
        self.folder = folder
        self.shown_as = shown_as
        self.library = Library()
        self.context = Context(tuple(self.library.languages))
        self.settings_read: Document | None = None
        self.written: list[Written] = []
        self.places: dict[Key, _Place | Written] = {}
        self.unread: set[str] = set()
        #: Of the cases that were taken out: the file that tells it, and the day.
        self.graves: dict[Key, tuple[PurePosixPath, str]] = {}
        #: The same few references in a thousand records are kept once.
        self.pointers: dict[Pointer, Pointer] = {}
        self.again = functools.lru_cache(maxsize=1)(self._again)

    def position(self, place: _Place | Written, path: tuple[Any, ...] = ()) -> Position:
        """Where the value at `path` of a record stands: its file is read again, which is rare."""
        read = self.again(place.file)
        return read.position((*place.path, *path)) if read else Position(place.file)

    def _again(self, path: PurePosixPath) -> Document | None:
        try:
            found = read_file(self.folder, path.relative_to(self.shown_as))
            return document.read(found.content, path)
        except DocumentError:  # it could be read before, or told then
            return None

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

    def settings(self, file: Found) -> None:
        """Keep what is right in the settings: one bad address must not cost the languages."""
        if self.settings_read:
            details = {"id": "library", "first": str(self.settings_read.file)}
            position = Position(self.shown_as / file.path)
            self.library.problems.append(Problem("duplicate-id", position, "", details))
            return
        self.context = Context(())  # any language, while nobody can read which there are
        self.settings_read = read = self.document(file)
        if not read:
            return
        with contextlib.suppress(ValidationError):  # told below
            languages = {k: v for k, v in read.data.items() if k == "languages"}
            self.context = Context(tuple(LibraryInfo.model_validate(languages).languages))
        try:
            self.library.info = LibraryInfo.model_validate(read.data, context=self.context)
        except ValidationError as error:
            self.library.problems += problems_of(error, LibraryInfo, read)
            faulty = {fault["loc"][0] for fault in error.errors()}
            right = {name: value for name, value in read.data.items() if name not in faulty}
            self.library.info = LibraryInfo.model_validate(right, context=self.context)

    def file(self, file: Found) -> None:
        parts = file.path.parts
        if file.path in SETTINGS:
            self.settings(file)
        elif parts[0] != REFERENCE:
            self.whole_file(Case, file)
        elif file.path.stem == "synonyms" and len(parts) == 2:
            self.synonyms(file)
        else:
            self.reference(file)

    def reference(self, file: Found) -> None:
        folders = {kind.plural: kind for kind in KINDS.values() if kind is not Case}
        parts = file.path.parts
        name = parts[1] if len(parts) > 2 else file.path.stem
        kind = folders.get(name)
        if kind and len(parts) > 2:
            self.whole_file(kind, file)
        elif kind and (read := self.document(file)):
            for key in read.mark.children:
                self.record(kind, key, read, (key,))
        elif kind:
            self.unread.add(kind.kind)
        elif file.problem:  # a folder, with who knows what in it
            self.document(file)
            self.unread |= KINDS.keys()
        else:
            details = {"found": name, "nearest": nearest(name, list(folders))}
            details["known"] = ", ".join(folders)
            position = Position(self.shown_as / file.path)
            self.library.problems.append(Problem("unknown-kind", position, "", details))

    def synonyms(self, file: Found) -> None:
        if read := self.document(file):
            try:
                self.library.synonyms = Synonyms.model_validate(read.data)
            except ValidationError as error:
                self.library.problems += problems_of(error, Synonyms, read)

    def whole_file(self, kind: type[Record], file: Found) -> None:
        read = self.document(file)
        if read and kind is Case and "withdrawn" in read.data and is_id(file.path.stem):
            self.tombstone(file.path.stem, read)
        elif read:
            self.record(kind, file.path.stem, read, ())
        else:
            key = (kind.kind, file.path.stem)
            self.library.refused.add(key)
            self.places.setdefault(key, _Place(self.shown_as / file.path))

    def tombstone(self, case_id: str, read: Document) -> None:
        """A case that was taken out stays out, even where another file has it still."""
        key = ("case", case_id)
        self.library.refused.add(key)
        place = _Place(read.file)
        first = self.places.setdefault(key, place)
        self.graves[key] = read.file, short(str(read.data["withdrawn"]))
        if first is not place:
            self.library.problems.append(self.double(key, read.position(), first))
        try:
            told = Tombstone.model_validate(read.data, context=self.context)
        except ValidationError as error:
            self.library.problems += problems_of(error, Tombstone, read)
        else:
            self.library.withdrawn[case_id] = told.withdrawn

    def double(self, key: Key, position: Position, first: _Place | Written) -> Problem:
        """Two files have one id; where one tells of a withdrawal, the other brings it back."""
        if key not in self.graves:
            details = {"id": key[1], "first": str(self.position(first))}
            return Problem("duplicate-id", position, "", details)
        grave, date = self.graves[key]
        back = self.position(first) if position.file == grave else position
        return Problem(
            "withdrawn-again", back, "", {"id": key[1], "date": date, "first": str(grave)}
        )

    def record(self, kind: type[Record], key: str, read: Document, path: tuple[str, ...]) -> None:
        """Validate the value at `path` as a record of `kind`, and keep it or say why not."""
        library = self.library
        written = Written.of(kind, key, read, path)
        known = self.pointers
        written.references = tuple([known.setdefault(p, p) for p in written.references])
        self.written.append(written)
        first = self.places.setdefault(written.key, written)
        id_problem = None
        if not is_id(key) or "/" in key:
            code = "record-id" if path else "file-name-id"
            details = {"found": short(key), "nearest": near_id(key)}
            id_problem = Problem(code, read.position(path), "", details)
        elif first is not written:
            id_problem = self.double(written.key, read.position(path), first)
        try:
            record = written.build(read, self.context)
        except ValidationError as error:
            library.problems += problems_of(error, kind, read, path)
            if not id_problem:
                library.refused.add(written.key)
        else:
            if not id_problem:
                library.records[kind.kind][key] = record
        if id_problem:
            library.problems.append(id_problem)


def _check(library: Library, read: _Collector) -> None:
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


def _examine_pictures(library: Library, read: _Collector) -> None:
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
                shown = (picture.path.name, picture.width, picture.height)
                case.written.digest = digest(case.digest, shown)


def _refuse_taken(library: Library, read: _Collector, taken: Collection[str]) -> None:
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


def _quote_lines(library: Library, read: _Collector) -> None:
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
        library.records[kind] = dict(sorted(library.records[kind].items()))
    for records in library.records.values():
        for record in records.values():
            fields = {(kind, to, str(path[0])) for path, kind, to in record.written.references}
            for kind, to, name in sorted(fields):
                mentions[kind, to].append(Mention(record, name))
    library.mentions = dict(mentions)
