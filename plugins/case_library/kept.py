"""Kept: which pages of the published site are still right, by what they were made from.

Of every page there is noted what was asked of the library while it was drawn, and the size and
time of its file; of every question, what stands for the answer. Whatever cannot be read, is of
another version or was touched is not kept: the page is drawn again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import importlib.metadata
import json
import operator
import os
import sys
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from case_library import memory
from case_library.indicators import Counted, Summary
from case_library.model.record import Record
from case_library.noted import Noted, Question, stamp

#: So many entries stand in one line of what is remembered: all at once would take much memory.
_LINE = 1_000

#: What `Made` says, its questions by their numbers.
_Row = tuple[str, list[int], int, int]


class Made(NamedTuple):
    """A page as it was written: what it was made with, what it asked, its file's size and time."""

    frame: str
    questions: tuple[Question, ...]
    size: int
    time: int

    @classmethod
    def of(cls, frame: str, asked: Iterable[Question], state: os.stat_result) -> Made:
        """What there is to know of a page that has just been written."""
        return cls(frame, tuple(asked), state.st_size, state.st_mtime_ns)


class Kept:
    """The pages of a site as its last build left them, by address; `save` remembers this one's."""

    def __init__(self, file: Path | None, answers: Mapping[str, Noted[Any, Any]]) -> None:
        self._file, self._answers = file, answers
        self._stands: dict[Question, str] = {}
        #: The questions with what stood for their answers, and the pages.
        self._asked, self._last = _read(file) if file else ({}, {})
        #: Each question once: pages have many in common.
        self._numbers = {question: number for number, (question, _) in self._asked.items()}
        self._next = max(self._asked, default=-1) + 1
        #: Those that were not compared yet, and those that have another answer now.
        self._waiting, self._changed = set(self._asked), set[int]()
        self._rows: dict[str, _Row] = {}

    def __contains__(self, address: str) -> bool:
        """Whether it is remembered how a page was made."""
        return address in self._last

    def is_fresh(self, address: str, frame: str, path: str) -> bool:
        """Whether a page's file is as it would be written again."""
        made = self._last.get(address)
        if not made or made[0] != frame or not self._stay(made[1]):
            return False
        try:
            state = os.stat(path)  # noqa: PTH116  in half the time
        except OSError:
            return False
        return (state.st_size, state.st_mtime_ns) == made[2:]

    def _stay(self, numbers: Collection[int]) -> bool:
        """Whether some questions have the answers that they had."""
        for number in self._waiting.intersection(numbers):
            question, stood = self._asked[number]
            if self.stand(question) != stood:
                self._changed.add(number)
            self._waiting.remove(number)
        return self._changed.isdisjoint(numbers)

    def knows(self, address: str, made: Made) -> bool:
        """Whether something that asks nothing was made in the very same way the last time."""
        return self._last.get(address) == (made.frame, [], made.size, made.time)

    def add(self, address: str, made: Made | bool) -> None:
        """Remember how a page was made; True: as it was before."""
        if made is True:
            self._rows[address] = self._last[address]
            self._waiting.difference_update(self._last[address][1])  # another hand compared them
        elif made:
            asked = list(map(self._number, made.questions))
            self._rows[address] = (made.frame, asked, made.size, made.time)

    def _number(self, question: Question) -> int:
        number = self._numbers.setdefault(question, self._next)
        self._next += number == self._next
        return number

    def save(self) -> None:
        """Remember all pages of a site that has been published."""
        if not self._file:
            return
        used = set[int]().union(*(asked for _, asked, _, _ in self._rows.values()))
        same = self._asked.keys() - self._waiting - self._changed
        questions = (
            (n, q, self._asked[n][1] if n in same else self.stand(q))
            for q, n in self._numbers.items()
            if n in used
        )
        beside = self._file.with_suffix(f".{os.getpid()}")
        try:
            with beside.open("w", encoding="utf-8") as file:
                for name, told in (("questions", questions), ("pages", self._rows.items())):
                    entries: Iterator[object] = iter(told)
                    while some := list(islice(entries, _LINE)):
                        file.write(json.dumps([name, some], ensure_ascii=False) + "\n")
            beside.replace(self._file)
        except OSError:  # the next build draws everything
            with contextlib.suppress(OSError):
                beside.unlink()

    def stand_for(self, questions: Iterable[Question]) -> str:
        """The same as long as all answers are."""
        return stamp(*map(self.stand, questions))

    def stand(self, question: Question) -> str:
        """The same as long as the answer is."""
        if question not in self._stands:
            self._stands[question] = self._stand_for(*question)
        return self._stands[question]

    def _stand_for(self, name: str, key: Any) -> str:
        answers = self._answers.get(name)
        if answers is None:  # what nobody can ask again is never the same
            return os.urandom(8).hex()
        if key is None:  # nearly each is asked about by some page, too
            return stamp(answers.each(), self.stand_for(answers.each()))
        answer = answers.answer(key)
        kind: Any = type(answer)
        # Nearly half of all answers are nothing; none and an empty list are two answers.
        return stamp(plain(answer)) if answer else _nothing(kind)


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


def _read(file: Path) -> tuple[dict[int, tuple[Question, str]], dict[str, _Row]]:
    questions: dict[int, tuple[Question, str]] = {}
    pages: dict[str, _Row] = {}
    try:
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                name, some = json.loads(line)
                if name == "questions":
                    questions |= {n: ((of, _key(key)), stood) for n, (of, key), stood in some}
                else:
                    pages |= {address: (frame, *rest) for address, (frame, *rest) in some}
        known = set(questions)
        if all(known.issuperset(asked) for _, asked, _, _ in pages.values()):
            return questions, pages
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    return {}, {}


def _key(key: Any) -> Any:
    return tuple(map(_key, key)) if isinstance(key, list) else key


def plain(answer: Any) -> Any:
    """An answer as plain values. A record stands for all that it says."""
    return _FORMS[type(answer)](answer)


def _form(kind: Any) -> Callable[[Any], Any]:
    if issubclass(kind, Record):
        return operator.attrgetter("written.digest")
    if issubclass(kind, Counted):  # of its record pages tell only what it is called
        return lambda c: (c.record.key, plain(c.record.title), c.index, plain(c.figure))
    if issubclass(kind, Summary):  # and of those that do not report their number
        told = operator.attrgetter("counted", "apart", "contained")
        return lambda s: (s.indicator.digest, s.standing, len(s.cases), plain(told(s)))
    if issubclass(kind, Mapping):
        return lambda answer: [(key, plain(value)) for key, value in answer.items()]
    if issubclass(kind, list | tuple):
        return _each
    if dataclasses.is_dataclass(kind):
        names = [part.name for part in dataclasses.fields(kind)]
        told = operator.attrgetter(*names, names[0])  # of more than one name it makes a tuple
        return lambda answer: _each(told(answer))
    return lambda answer: answer


class _Forms(dict[Any, Callable[[Any], Any]]):
    """How answers of a type become plain: there are very many of few types."""

    def __missing__(self, kind: Any) -> Callable[[Any], Any]:
        return self.setdefault(kind, _form(kind))


_FORMS = _Forms()
_PLAIN = frozenset({str, int, bool, type(None)})


@functools.cache
def _nothing(kind: Any) -> str:
    return stamp("nothing", kind.__name__)


def _each(answer: Iterable[Any]) -> list[Any]:
    return [value if type(value) in _PLAIN else _FORMS[type(value)](value) for value in answer]
