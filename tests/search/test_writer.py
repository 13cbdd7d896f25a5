"""The files of an index: the same for the same entries, small, and what the format says."""

from __future__ import annotations

import json
import re
import time
import zlib
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest
from case_library.search import shards
from case_library.search.entry import Entry
from case_library.search.pieces import Pieces
from case_library.search.writer import write

from tests.search.corpus import Corpus

SCRIPT = re.compile(rb'CaseLibrarySearch\.take\("([0-9a-f]{8,12})",(\d+),"([A-Za-z0-9+/=]*)"\)\n')


def payload(content: bytes) -> bytes:
    match = SCRIPT.fullmatch(content)
    assert match
    plain = zlib.decompress(b64decode(match[3]), -15)
    assert zlib.crc32(plain) == int(match[2])
    return plain


@pytest.mark.parametrize("number", [0, 1, 127, 128, 16383, 16384, 2**21, 2**53])
def test_varint(number: int) -> None:
    data = shards.varint(number)
    assert sum((byte & 127) << 7 * i for i, byte in enumerate(data)) == number
    assert all(byte & 128 for byte in data[:-1])
    assert not data[-1] & 128


def test_many_tokens_are_spread_like_one() -> None:
    words = ["", "a", "社区", "𠀀𠀁", "x" * 40]
    together = shards.spreads(Pieces.of([word.encode() for word in words]))
    assert together.tolist() == list(map(shards.spread, words))


def _stamp(content: bytes) -> str:
    return content[:40].split(b'"')[1].decode()


def test_every_file_hands_over_what_it_holds_under_the_stamp_that_the_manifest_tells() -> None:
    corpus = Corpus(30)
    found = write(corpus.entries["zh"], "zh", [], corpus.facets)
    stamps = json.loads(payload(found["manifest.js"]))["stamps"]
    assert stamps.keys() == {"gram", "single", "word", "sound", "document", "compare"}
    for name, content in found.items():
        assert re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)?\.js", name)
        payload(content)
        family, _, file = name.removesuffix(".js").partition("/")
        if family in stamps:
            group = int(file.split("-")[0], 16) % (len(stamps[family]) // 8)
            assert _stamp(content) == stamps[family][group * 8 :][:8], name
        else:
            assert _stamp(content) == _stamp(found["manifest.js"]), name


def test_another_word_in_a_text_changes_the_groups_that_hold_it_and_no_others() -> None:
    corpus = Corpus(60)
    entries = corpus.entries["zh"]
    edited = [replace(entries[0], text=f"{entries[0].text}\n鼗", said={"x": 1}), *entries[1:]]
    old, new = (write(some, "zh", [], corpus.facets) for some in (entries, edited))
    assert old.keys() == new.keys()
    changed = dict.fromkeys(("gram", "single", "document", "compare", "word"), 0.0)
    for name in new:
        family = name.partition("/")[0]
        same = _stamp(old[name]) == _stamp(new[name])
        assert not same or old[name] == new[name], name
        if family in changed:
            files = sum(other.startswith(f"{family}/") for other in new)
            changed[family] += (not same) / files
    assert changed["word"] == changed["gram"] == 0
    assert 0 < changed["single"] < 0.5
    assert 0 < changed["document"] < 0.1
    assert 0 < changed["compare"] < 0.2


def test_a_word_more_in_one_line_moves_no_place_of_another() -> None:
    corpus = Corpus(60)
    first, *others = corpus.entries["zh"]
    # Its length stays below a multiple of 64, at which the next line begins.
    lines = ["社区" * 20, first.text]
    old, new = (
        write([replace(first, text="\n".join((line, *lines[1:]))), *others], "zh")
        for line in (lines[0], f"{lines[0]}社")
    )
    grams = [name for name in new if name.startswith("gram/")]
    changed = sum(_stamp(old[name]) != _stamp(new[name]) for name in grams)
    assert 0 < changed < len(grams) / 4


def test_what_only_the_order_or_a_further_file_tells_is_another_build_in_the_same_groups() -> None:
    corpus = Corpus(20)
    entries = corpus.entries["zh"]
    later = [replace(entries[0], newest=99991231), *entries[1:]]
    old, new = (write(some, "zh", [], corpus.facets) for some in (entries, later))
    for name in new:
        other = _stamp(old[name]) != _stamp(new[name])
        assert other == (name.split("/")[0] in {"facet", "column", "order"} or "/" not in name)
        assert other or old[name] == new[name]


def test_order_of_entries_does_not_matter() -> None:
    corpus = Corpus(30)
    entries = corpus.entries["en"]
    assert write(entries, "en") == write(entries[::-1], "en")


def test_batches_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = Corpus(30)

    def payloads() -> dict[str, bytes]:
        written = write(corpus.entries["zh"], "zh", [], corpus.facets)
        found = {name: payload(content) for name, content in written.items()}
        manifest = json.loads(found["manifest.js"])
        del manifest["stamps"]  # they tell of batches
        return found | {"manifest.js": json.dumps(manifest).encode()}

    whole = payloads()
    monkeypatch.setattr("case_library.search.index._BATCH", 2000)
    assert payloads() == whole
    monkeypatch.setattr("case_library.search.writer._TOGETHER", 3)
    assert payloads() == whole
    monkeypatch.setattr("case_library.search.families._TABLE", 1 << 12)
    told = payloads()
    assert told.keys() - whole.keys() <= {f"gram/{n:x}.js" for n in range(256)}


def _sounds(found: dict[str, bytes]) -> list[bytes]:
    """Tokens of all shards of sounds, in the order of these."""
    names = []
    for number in range(sum(name.startswith("sound/") for name in found)):
        data = iter(payload(found[f"sound/{number:x}.js"]))
        for _ in range(_varint(data)):
            names.append(bytes(islice(data, _varint(data))))
            _varint(data), _varint(data)  # how many entries, and how long their postings are
    return names


def _varint(data: Iterator[int]) -> int:
    byte = next(data)
    return byte if byte < 128 else byte & 127 | _varint(data) << 7


def test_sounds_put_together_letter_by_letter_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = Corpus(30)
    whole = write(corpus.entries["zh"], "zh")
    monkeypatch.setattr("case_library.search.families._SOUNDS", 1)
    parts = write(corpus.entries["zh"], "zh")
    assert parts.keys() > whole.keys()
    assert _sounds(parts) == _sounds(whole) == sorted(_sounds(whole))
    borders = json.loads(payload(parts["manifest.js"]))["sound"]["borders"]
    assert borders == sorted(borders)
    assert len(borders) == sum(name.startswith("sound/") for name in parts)


def test_large_values_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "HEAVY", 40)
    corpus = Corpus(60)
    names = set(write(corpus.entries["zh"], "zh"))
    assert any(re.fullmatch(r"gram/[0-9a-f]+-[0-9a-f]+\.js", name) for name in names)
    assert any(re.fullmatch(r"gram/[0-9a-f]+-[0-9a-f]+-places\.js", name) for name in names)


def test_no_entry_is_no_error() -> None:
    assert "manifest.js" in write([], "zh")


def test_a_text_beyond_all_places_is_cut() -> None:
    entry = Entry("cases/long/", "case", "long", "长", text="长文" * 600_000)
    assert write([entry], "zh")


def test_an_entry_costs_little_time() -> None:
    corpus = Corpus(250, length=1000)
    write(corpus.entries["zh"][:5], "zh")
    started = time.process_time()
    write(corpus.entries["zh"], "zh", [], corpus.facets)
    spent = time.process_time() - started
    # Measured 4 ms; the bench tells the figure, this only that nothing is quadratic.
    assert spent / 250 < 0.03
