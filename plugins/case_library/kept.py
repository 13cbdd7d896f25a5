"""Kept: which pages of the published site are still right, by what they were made from.

Of every page there is noted what was asked of the library while it was drawn, what stands for the
answers, and the size and time of its file. Whatever cannot be read, is of another version or was
touched is not kept: the page is drawn again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import importlib.metadata
import json
import operator
import os
import shutil
import sys
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from case_library import memory
from case_library.indicators import Counted, Summary
from case_library.model.record import Record
from case_library.noted import Noted, Question, stamp

#: So many entries stand in one line of what is remembered: all at once would take much memory.
_LINE = 1_000


class Made(NamedTuple):
    """A page as it was written: what it was made with, what it asked, its file's size and time."""

    frame: str
    questions: tuple[Question, ...]
    answers: str
    size: int
    time: int


class Kept:
    """The pages of a site as its last build left them, by address; `save` remembers this one's."""

    def __init__(self, file: Path | None, answers: Mapping[str, Noted[Any, Any]]) -> None:
        self._file, self._answers = file, answers
        self._stands: dict[Question, str] = {}
        self._last = _read(file) if file else {}
        #: Each question once: pages have many in common.
        self._numbers: dict[Question, int] = {}
        self._rows: dict[str, list[object]] = {}

    def made(self, frame: str, asked: Iterable[Question], state: os.stat_result) -> Made:
        """What there is to know of a page that has just been written."""
        questions = tuple(asked)
        answers = self.stand_for(questions)
        return Made(frame, questions, answers, state.st_size, state.st_mtime_ns)

    def is_fresh(self, address: str, frame: str, path: Path) -> bool:
        """Whether a page's file is as it would be written again."""
        made = self._last.get(address)
        if not made or made.frame != frame:
            return False
        try:
            state = path.stat()
        except OSError:
            return False
        untouched = (state.st_size, state.st_mtime_ns) == (made.size, made.time)
        return untouched and made.answers == self.stand_for(made.questions)

    def knows(self, address: str, made: Made) -> bool:
        """Whether something was made in the very same way the last time."""
        return self._last.get(address) == made

    def add(self, address: str, made: Made | bool) -> None:
        """Remember how a page was made; True: as it was before."""
        made = self._last[address] if made is True else made
        if not made:
            return
        numbers = self._numbers
        asked = [numbers.setdefault(question, len(numbers)) for question in made.questions]
        self._rows[address] = [made.frame, asked, *made[2:]]

    def save(self) -> None:
        """Remember all pages of a site that has been published."""
        if not self._file:
            return
        beside = self._file.with_suffix(f".{os.getpid()}")
        try:
            with beside.open("w", encoding="utf-8") as file:
                for name, told in (
                    ("questions", self._numbers.items()),
                    ("pages", self._rows.items()),
                ):
                    entries = iter(told)
                    while some := list(islice(entries, _LINE)):
                        file.write(json.dumps([name, some], ensure_ascii=False) + "\n")
            beside.replace(self._file)
        except OSError:  # the next build draws everything
            with contextlib.suppress(OSError):
                beside.unlink()

    def stand_for(self, questions: Collection[Question]) -> str:
        """The same as long as all answers are."""
        stands = self._stands
        for question in questions:
            if question not in stands:
                stands[question] = self._stand_for(*question)
        return stamp(*(stands[question] for question in questions))

    def _stand_for(self, name: str, key: Any) -> str:
        answers = self._answers.get(name)
        if answers is None:  # what nobody can ask again is never the same
            return os.urandom(8).hex()
        if key is None:  # nearly each is asked about by some page, too
            return stamp(answers.each(), self.stand_for(answers.each()))
        return stamp(plain(answers.answer(key)))


def program(folders: Iterable[Path]) -> str:
    """Stands for the code and the templates that pages are made by, and all that they rest on."""
    package = Path(__file__).parent
    files = [*package.rglob("*.py"), *package.rglob("*.yml")]
    files += [file for folder in folders for file in folder.rglob("*.html")]
    contents = [(str(file), file.read_bytes()) for file in sorted(files)]
    versions = sorted((d.name, d.version) for d in importlib.metadata.distributions())
    return stamp(contents, versions, sys.version, zlib.ZLIB_RUNTIME_VERSION)


def place(site: Path) -> Path | None:
    """Where it is kept how a site was made: with the user, whom nobody else can put words in."""
    folder = memory.folder()
    return folder / f"{stamp(str(site))}.json" if folder else None


def index_place(library: Path, site: Path) -> Path | None:
    """The folder for what the indexes of a site are made from: with what its library came to."""
    folder = memory.folder()
    return memory.place(folder, library, f"index-{stamp(str(site))}") if folder else None


def take_over(old: Path, new: Path, link: bool) -> None:
    """Let a file of the old site stand in the new one too, in a folder that is there."""
    if link:
        with contextlib.suppress(OSError):  # a file system without links
            new.hardlink_to(old)
            return
    shutil.copy2(old, new)


def _read(file: Path) -> dict[str, Made]:
    told: dict[str, dict[Any, Any]] = {"questions": {}, "pages": {}}
    try:
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                name, some = json.loads(line)
                told[name] |= [(_key(key), value) for key, value in some]
        questions = list(told["questions"])
        return {
            address: Made(frame, tuple(questions[number] for number in asked), *rest)
            for address, (frame, asked, *rest) in told["pages"].items()
        }
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return {}


def _key(key: Any) -> Any:
    return tuple(map(_key, key)) if isinstance(key, list) else key


def plain(answer: Any) -> Any:
    """An answer as plain values. A record stands for all that it says."""
    kind: Any = type(answer)
    return answer if kind in _PLAIN else _form(kind)(answer)


@functools.cache
def _form(kind: Any) -> Callable[[Any], Any]:
    """How answers of a type become plain: there are very many of few types."""
    if issubclass(kind, Record):
        return operator.attrgetter("digest")
    if issubclass(kind, Counted):  # of its record pages tell only what it is called
        return lambda c: (c.record.key, plain(c.record.title), c.index, plain(c.figure))
    if issubclass(kind, Summary):  # and of those that do not report their number
        told = operator.attrgetter("counted", "apart", "contained")
        return lambda s: (s.indicator.digest, s.standing, len(s.cases), plain(told(s)))
    if issubclass(kind, Mapping):
        return lambda answer: [(key, plain(value)) for key, value in answer.items()]
    if issubclass(kind, list | tuple):
        return lambda answer: [v if type(v) in _PLAIN else plain(v) for v in answer]
    if dataclasses.is_dataclass(kind):
        names = [part.name for part in dataclasses.fields(kind)]
        return lambda answer: [plain(getattr(answer, name)) for name in names]
    return lambda answer: answer


_PLAIN = frozenset({str, int, bool, type(None)})
