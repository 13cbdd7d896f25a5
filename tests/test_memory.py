"""What files came to is remembered; nothing that is remembered is ever wrong."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from case_library import document, memory, pinyin, withdraw
from case_library.library import Library, load
from case_library.model.case import Case

from tests.records import loaded
from tests.site.build import GARDENS, ROOT

CASE = "title: A bench\nsummary: Neighbours built it.\nstatus: idea\nplace: yard\n"
FILES = {
    "places": "yard: {title: Yard, latitude: 39.9}\nroom: {title: '3号楼2单元501'}",
    "case_good": CASE + "period: 2020-05\n",
    "case_lost": CASE + "themes: [none]\n",
    "case_wrong": CASE + "statut: x\n",
    "case_person": CASE + "problem: Call 13800138000.\n",
    "case_gone": "withdrawn: 2024-01-01\nreason: They asked.\n",
}


@pytest.fixture
def caches(tmp_path: Path) -> Path:
    made = tmp_path / "caches"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    loaded(tmp_path / "cases", **FILES)
    return tmp_path / "cases"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read, not remembered."""
    names: list[str] = []

    def noted(content: bytes, file: PurePosixPath) -> document.Document:
        names.append(file.name)
        return original(content, file)

    original = document.read
    monkeypatch.setattr(document, "read", noted)
    return names


def told(library: Library) -> list[str]:
    """All that a library says, in words."""
    records = [record for kind in library.records.values() for record in kind.values()]
    placed = [(r.key, r.address, r.digest, r.file, r.written.references) for r in records]
    personal = [r.written.personal for r in records]
    return [repr(x) for x in (records, placed, personal, library)]


@pytest.mark.parametrize("cases", [ROOT / "cases", GARDENS / "cases"])
def test_what_is_remembered_is_what_was_read(cases: Path, caches: Path, read: list[str]) -> None:
    clean = told(load(cases))
    assert told(load(cases, cache=caches)) == clean
    read.clear()
    assert told(load(cases, cache=caches)) == clean
    assert set(read) <= {"library.yml", "synonyms.yml"}


def test_a_remembered_record_is_unpacked_field_by_field(caches: Path) -> None:
    def case() -> Case:
        return load(ROOT / "cases", cache=caches).cases[0]

    fresh, remembered = case(), case()
    waiting = set(remembered.waiting)
    assert {"title", "summary", "themes"} < waiting
    assert remembered.themes is remembered.themes
    assert set(remembered.waiting) == waiting - {"themes"}
    assert remembered == fresh
    assert not remembered.waiting
    for record in (fresh, remembered):
        assert not hasattr(record, "parent")
        with pytest.raises(AttributeError, match="parent"):
            _ = record.parent  # type: ignore[attr-defined]


def test_how_names_sound_is_remembered(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = load(ROOT / "cases", cache=caches)
    names = {
        text
        for case in library.cases
        for name in (case.title, *case.tags)
        for text in name.values()
    }
    sounds = {name: pinyin.pinyin(name) for name in names}
    monkeypatch.setattr(pinyin, "remembered", {})
    monkeypatch.setattr(memory, "remembered", pinyin.remembered)
    load(ROOT / "cases", cache=caches)
    assert {name: pinyin.remembered[name] for name in names if not name.isascii()} == {
        name: sound for name, sound in sounds.items() if not name.isascii()
    }


def test_only_what_changed_or_is_faulty_is_read_again(
    folder: Path, caches: Path, read: list[str]
) -> None:
    before = load(folder, cache=caches)
    assert len(before.problems) > 3
    (folder / "good.yml").write_text(CASE + "problem: Rain.\n")
    read.clear()
    after = load(folder, cache=caches)
    # Those of which something is told are looked up again; none is looked up for nothing.
    assert {"good.yml", "wrong.yml", "gone.yml"} <= set(read)
    assert told(after) == told(load(folder))
    read.clear()
    load(folder, cache=caches)
    assert "good.yml" not in read


def test_what_a_record_hangs_on_is_never_overlooked(
    folder: Path, caches: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(folder, cache=caches)
    (folder / "library.yml").write_text("languages: [zh]\n")
    assert told(load(folder, cache=caches)) == told(load(folder))
    (folder / "good.yml").rename(folder / "better.yml")
    assert [c.id for c in load(folder, cache=caches).cases] == ["better"]
    monkeypatch.setattr(memory, "_stamp", lambda: "another program")
    read.clear()
    load(folder, cache=caches)
    assert "better.yml" in read


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3000])


def _bent(path: Path) -> None:
    content = bytearray(path.read_bytes())
    draw = random.Random(7)
    for _ in range(200):
        content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    path.write_bytes(content)


def _swapped(path: Path) -> None:
    base = sqlite3.connect(path)
    values = [value for (value,) in base.execute("SELECT value FROM file ORDER BY key")]
    keys = [key for (key,) in base.execute("SELECT key FROM file ORDER BY key")]
    base.executemany(
        "UPDATE file SET value = ? WHERE key = ?",
        zip(values[1:] + values[:1], keys, strict=True),
    )
    base.execute("UPDATE file SET value = 2000000000 WHERE key = ?", (keys[0],))
    base.commit()
    base.close()


def _foreign(path: Path) -> None:
    path.unlink()
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE file (other TEXT)")
    base.commit()
    base.close()


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


DAMAGE: list[Callable[[Path], object]] = [
    _cut,
    _bent,
    _swapped,
    _foreign,
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(4000)),
    lambda path: path.write_text("no base at all"),
    _folder,
    _link,
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_memory_is_a_miss(
    folder: Path, caches: Path, damage: Callable[[Path], object]
) -> None:
    right = told(load(folder, cache=caches))
    damage(next(caches.iterdir()))
    for _ in range(3):
        assert told(load(folder, cache=caches)) == right


def test_a_locked_memory_is_a_miss_and_stays(folder: Path, caches: Path) -> None:
    right = told(load(folder, cache=caches))
    (folder / "new.yml").write_text(CASE)
    base = sqlite3.connect(next(caches.iterdir()))
    base.execute("BEGIN EXCLUSIVE")
    assert told(load(folder, cache=caches)) != right
    base.close()
    assert told(load(folder, cache=caches)) == told(load(folder))


@pytest.mark.parametrize("how", ["others may write", "link", "missing", "file"])
def test_only_the_users_own_folder_is_trusted(folder: Path, caches: Path, how: str) -> None:
    other = caches.parent / "other"
    if how == "others may write":
        caches.chmod(0o777)
        other = caches
    elif how == "link":
        other.symlink_to(caches)
    elif how == "file":
        other.write_text("x")
    assert told(load(folder, cache=other)) == told(load(folder))
    assert not list(caches.iterdir())


def test_the_folder_is_made_for_its_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    found = memory.folder()
    assert found == tmp_path / "home/case-library"
    assert found.stat().st_mode & 0o777 == 0o700
    found.chmod(0o775)
    assert memory.folder() is None
    monkeypatch.setenv("XDG_CACHE_HOME", "cases/.cache")
    assert memory.folder() is None


SECRET = "Everybody in the yard knows it."


def test_what_is_gone_is_not_remembered(folder: Path, caches: Path) -> None:
    (folder / "good.yml").write_text(CASE + f"problem: {SECRET}\n")
    load(folder, cache=caches)
    base = next(caches.iterdir())
    assert SECRET.encode() in base.read_bytes()
    (folder / "good.yml").write_text(FILES["case_gone"])
    load(folder, cache=caches)
    assert SECRET.encode() not in base.read_bytes()


def test_who_withdraws_a_case_takes_it_out_of_the_memory_too(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (folder / "good.yml").write_text(CASE + f"problem: {SECRET}\n")
    caches = memory.folder()
    assert caches
    load(folder, cache=caches)
    assert any(SECRET.encode() in path.read_bytes() for path in caches.iterdir())
    withdraw.withdraw(folder, "good", "They asked.")
    assert not any(SECRET.encode() in path.read_bytes() for path in caches.iterdir())
