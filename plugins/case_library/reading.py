"""Files to records: each file is read, its records are validated; what is wrong is a problem."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from case_library import document, personal
from case_library.document import Document
from case_library.folder import REFERENCE, SETTINGS, Found
from case_library.folder import read as read_file
from case_library.memory import Memory
from case_library.model.case import Case
from case_library.model.faults import nearest, problems_of
from case_library.model.info import LibraryInfo
from case_library.model.kinds import KINDS
from case_library.model.record import Record, Tombstone, Written
from case_library.model.references import Pointer
from case_library.model.synonyms import Synonyms
from case_library.model.values import Context, PartialDate, is_id, near_id
from case_library.personal import CONTACT
from case_library.problems import DocumentError, Position, Problem, short

Key = tuple[str, str]


@dataclass(frozen=True)
class _Place:
    """Where a record stands of which nothing else is kept: a `Written` is one, too."""

    file: PurePosixPath
    path: tuple[str, ...] = ()


class Reader:
    """Turns found files into records, one after the other; what is wrong becomes a problem."""

    def __init__(self, folder: Path, shown_as: PurePosixPath, memory: Memory) -> None:
        self.folder = folder
        self.memory = memory
        self.shown_as = shown_as
        self.info = LibraryInfo.model_validate({})
        self.synonyms = Synonyms.model_validate({})
        self.context = Context(tuple(self.info.languages))
        self.records: dict[str, dict[str, Record]] = {kind: {} for kind in KINDS}
        self.problems: list[Problem] = []
        #: Records that exist and are left out.
        self.refused: set[Key] = set()
        self.withdrawn: dict[str, PartialDate] = {}
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
            self.problems.append(Problem(found.code, Position(path), "", found.details))
            return None
        try:
            return document.read(file.content, path)
        except DocumentError as error:
            self.problems.append(error.problem)
            return None

    def settings(self, file: Found) -> None:
        """Keep what is right in the settings: one bad address must not cost the languages."""
        if self.settings_read:
            details = {"id": "library", "first": str(self.settings_read.file)}
            position = Position(self.shown_as / file.path)
            self.problems.append(Problem("duplicate-id", position, "", details))
            return
        self.context = Context(())  # any language, while nobody can read which there are
        self.settings_read = read = self.document(file)
        if not read:
            return
        with contextlib.suppress(ValidationError):  # told below
            languages = {k: v for k, v in read.data.items() if k == "languages"}
            self.context = Context(tuple(LibraryInfo.model_validate(languages).languages))
        faulty = self.personal(read)
        try:
            LibraryInfo.model_validate(read.data, context=self.context)
        except ValidationError as error:
            self.problems += problems_of(error, LibraryInfo, read)
            faulty |= {fault["loc"][0] for fault in error.errors()}
        right = {name: value for name, value in read.data.items() if name not in faulty}
        self.info = LibraryInfo.model_validate(right, context=self.context)

    def personal(self, read: Document) -> set[str | int]:
        """Tell what a file that is no record says of persons; the fields that say it."""
        found = [t for t in personal.within(read.data) if not t.contact or CONTACT not in t.path]
        for told in found:
            field, place = ".".join(map(str, told.path)), read.position(told.path)
            code = "contact-data" if told.contact else "personal-data"
            self.problems.append(Problem(code, place, field, told.details))
        return {told.path[0] for told in found}

    def file(self, file: Found) -> None:
        parts = file.path.parts
        if file.path in SETTINGS:
            self.settings(file)
        elif parts[0] != REFERENCE:
            self.whole_file(Case, file)
        elif file.path.stem == "synonyms" and len(parts) == 2:
            self.words(file)
        else:
            self.reference(file)

    def reference(self, file: Found) -> None:
        folders = {kind.plural: kind for kind in KINDS.values() if kind is not Case}
        parts = file.path.parts
        name = parts[1] if len(parts) > 2 else file.path.stem
        kind = folders.get(name)
        if kind and len(parts) > 2:
            self.whole_file(kind, file)
        elif kind and self.remembered(file):
            pass
        elif kind and (read := self.document(file)):
            self.all_of(kind, read, {key: (key,) for key in read.mark.children})
        elif kind:
            self.unread.add(kind.kind)
        elif file.problem:  # a folder, with who knows what in it
            self.document(file)
            self.unread |= KINDS.keys()
        else:
            details = {"found": name, "nearest": nearest(name, list(folders))}
            details["known"] = ", ".join(folders)
            position = Position(self.shown_as / file.path)
            self.problems.append(Problem("unknown-kind", position, "", details))

    def words(self, file: Found) -> None:
        if (read := self.document(file)) and not self.personal(read):
            try:
                self.synonyms = Synonyms.model_validate(read.data)
            except ValidationError as error:
                self.problems += problems_of(error, Synonyms, read)

    def whole_file(self, kind: type[Record], file: Found) -> None:
        if self.remembered(file):
            return
        read = self.document(file)
        if read and kind is Case and "withdrawn" in read.data and is_id(file.path.stem):
            self.tombstone(file.path.stem, read)
        elif read:
            self.all_of(kind, read, {file.path.stem: ()})
        else:
            key = (kind.kind, file.path.stem)
            self.refused.add(key)
            self.places.setdefault(key, _Place(self.shown_as / file.path))

    def tombstone(self, case_id: str, read: Document) -> None:
        """A case that was taken out stays out, even where another file has it still."""
        key = ("case", case_id)
        self.refused.add(key)
        place = _Place(read.file)
        first = self.places.setdefault(key, place)
        self.graves[key] = read.file, short(str(read.data["withdrawn"]))
        if first is not place:
            self.problems.append(self.double(key, read.position(), first))
        try:
            told = Tombstone.model_validate(read.data, context=self.context)
        except ValidationError as error:
            self.problems += problems_of(error, Tombstone, read)
        else:
            self.withdrawn[case_id] = told.withdrawn

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

    def remembered(self, file: Found) -> bool:
        """Take what a file came to when it was last read, where it is still the same."""
        path = self.shown_as / file.path
        languages = self.context.languages
        found = None if file.problem else self.memory.recall(file.content, path, languages)
        for record in found or ():
            self.keep(record.written, record)
        return found is not None

    def all_of(
        self, kind: type[Record], read: Document, paths: Mapping[str, tuple[str, ...]]
    ) -> None:
        """Validate the value at each path as a record of `kind`, and keep it or say why not."""
        made = []
        for key, path in paths.items():
            written = Written.of(kind, key, read, path)
            try:
                made.append(written.build(read, self.context))
            except ValidationError as error:
                self.problems += problems_of(error, kind, read, path)
                self.keep(written, None)
            else:
                self.keep(written, made[-1])
        if len(made) == len(paths):
            self.memory.keep(made)

    def keep(self, written: Written, record: Record | None) -> None:
        """Put a record, or None where it is faulty, beside the others."""
        known, key = self.pointers, written.id
        written.references = tuple([known.setdefault(p, p) for p in written.references])
        self.written.append(written)
        first = self.places.setdefault(written.key, written)
        if not is_id(key) or "/" in key:
            code = "record-id" if written.path else "file-name-id"
            details = {"found": short(key), "nearest": near_id(key)}
            self.problems.append(Problem(code, self.position(written), "", details))
        elif first is not written:
            self.problems.append(self.double(written.key, self.position(written), first))
        elif record:
            self.records[record.kind][key] = record
        else:
            self.refused.add(written.key)
