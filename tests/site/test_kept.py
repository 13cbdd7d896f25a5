"""What is kept from the last build is what a clean build would write; all else is drawn again."""

from __future__ import annotations

import datetime
import json
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from case_library import kept
from case_library.index_folder import IndexFolder
from case_library.kept import Kept, Made
from case_library.library import load
from case_library.noted import Noted, Question, noting
from case_library.search import FOLDER, Entry, batch
from case_library.shell import Shell, mark
from case_library.site import Options, Site

from tests.site.build import GARDENS, ROOT, mkdocs, tree

CASE = "cases/mill-lane-garden.yml"
SHELL = Shell(mark("head") + mark("content"), palette="", problems=[])


def _drawn(site: Site) -> Iterator[tuple[str, bytes, str, Any]]:
    """Of every page: address, HTML, what it was made with, what it asked."""
    for page in site.pages:
        with noting() as asked:
            html = site.filled(page, SHELL, "")
        yield page.address, html, site.made_with(page, SHELL, ""), asked


def _paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _paths(value, (*path, key))


def _other(value: Any, ids: list[str], chance: random.Random) -> Any:
    if isinstance(value, str) and value in ids:
        return chance.choice(ids)
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, datetime.date):
        return "2019-03-02"
    if isinstance(value, list):
        return value[:-1]
    if isinstance(value, dict):
        return dict(list(value.items())[:-1])
    return f"{value} more"


def _edit(folder: Path, ids: list[str], chance: random.Random) -> str:
    """Change one thing anywhere in a library, as a writer might; a file may come or go too."""
    file = chance.choice([path for path in sorted(folder.rglob("*.yml")) if path.stem != "library"])
    if chance.random() < 0.1:
        file.unlink()
        return f"{file.name} gone"
    if chance.random() < 0.1 and file.parent == folder:
        (folder / "other").mkdir()
        file.rename(folder / "other" / file.name)
        return f"{file.name} moved"
    if chance.random() < 0.1:
        shutil.copy(file, file.with_stem(f"{file.stem}-too"))
        return f"{file.name} copied"
    data = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
    *way, last = chance.choice(list(_paths(data)))
    at = data
    for name in way:
        at = at[name]
    if chance.random() < 0.2:
        del at[last]
    else:
        at[last] = _other(at[last], ids, chance)
    file.write_text(json.dumps(data, ensure_ascii=False, default=str), "utf-8")
    return f"{file.name} {(*way, last)}"


@pytest.mark.parametrize(("cases", "edits"), [(GARDENS / "cases", 40), (ROOT / "cases", 5)])
def test_a_page_that_is_kept_is_what_would_be_drawn(
    cases: Path, edits: int, tmp_path: Path
) -> None:
    options = Options(site_name="A site", site_url="https://site.example/")
    before = Site(load(cases), options)
    answers = Kept(None, before.answers)
    drawn = {
        address: (html, frame, asked, answers.stand_for(asked))
        for address, html, frame, asked in _drawn(before)
    }
    ids = [name for records in before.library.records.values() for name in records]
    chance, same = random.Random(7), 0
    for number in range(edits):
        folder = shutil.copytree(cases, tmp_path / str(number) / "cases")
        told = _edit(folder, ids, chance)
        site = Site(load(folder), options)
        answers = Kept(None, site.answers)
        for address, html, frame, asked in _drawn(site):
            old, *made_with, stood = drawn.get(address, (b"", "", set[Question](), ""))
            if made_with[0] == frame and stood == answers.stand_for(made_with[1]):
                assert html == old, f"{told}: {address}"
                assert made_with[1] == asked
                same += 1
    assert same > edits * len(drawn) / 6


def test_an_index_from_what_is_kept_is_what_would_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("case_library.search.writer._TOGETHER", 2)
    batches: list[int] = []

    def counted(some: Sequence[Entry]) -> batch.Made:
        batches.append(len(some))
        return batch.made(some)

    monkeypatch.setattr("case_library.search.writer.made", counted)
    cases, store = ROOT / "cases", tmp_path / "store"
    chance, remade, all_of, left, files = random.Random(5), 0, 0, 0, 0
    ids = [path.stem for path in cases.rglob("*.yml")]
    _index(Site(load(cases), Options()), store, None, tmp_path / "site")
    for number in range(12):
        folder = shutil.copytree(cases, tmp_path / str(number) / "cases")
        told = _edit(folder, ids, chance)
        library, last = load(folder), tmp_path / ("site" if not number else f"site-{number - 1}")
        batches.clear()
        _index(Site(library, Options()), store, last, tmp_path / f"site-{number}")
        remade += sum(batches)
        batches.clear()
        _index(Site(library, Options()), None, None, tmp_path / "clean")
        all_of += sum(batches)
        warm, clean = tree(tmp_path / f"site-{number}"), tree(tmp_path / "clean")
        assert warm == clean, told
        left += sum(_is_same(last / name, tmp_path / f"site-{number}" / name) for name in warm)
        files += len(warm)
        shutil.rmtree(tmp_path / "clean")
    assert remade < all_of / 3
    assert left > files / 20


def _index(site: Site, store: Path | None, published: Path | None, new: Path) -> None:
    """Write an index as a build does, with what the last one left."""
    last = Kept(store and store.with_name("kept.json"), site.answers)
    index = site.search_index([], "en", site.index_store(store, last))
    folder = IndexFolder(last, FOLDER.format(code="en"), site.made_with_all, published, new, True)
    for name, content in index.files(folder.before):
        folder.write(name, content)
    for address, made in folder.made().items():
        last.add(address, made)
    last.save()


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and one.samefile(other)


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-9]),
        lambda file: file.write_bytes(file.read_bytes()),  # another time
        lambda file: file.unlink(),
        lambda file: file.rename(file.with_name("0-ff.js")),
    ],
)
def test_a_group_with_a_file_that_somebody_touched_is_written_again(
    harm: Callable[[Path], object], tmp_path: Path
) -> None:
    site = Site(load(ROOT / "cases"), Options())
    store, last, new = tmp_path / "store", tmp_path / "last", tmp_path / "new"
    _index(site, store, None, last)
    grams = sorted((last / FOLDER.format(code="en") / "gram").iterdir())
    clean = tree(last)
    harm(grams[1])
    _index(site, store, last, new)
    assert tree(new) == clean
    left = [file for file in grams if _is_same(file, new / file.relative_to(last))]
    assert grams[1] not in left
    assert len(left) >= len(grams) - 2  # where it is now there may be another group


def test_a_manifest_that_somebody_touched_leaves_nothing(tmp_path: Path) -> None:
    site = Site(load(ROOT / "cases"), Options())
    store, last, new = tmp_path / "store", tmp_path / "last", tmp_path / "new"
    _index(site, store, None, last)
    manifest = last / FOLDER.format(code="en") / "manifest.js"
    manifest.write_bytes(manifest.read_bytes().replace(b'","', b'",x'))
    _index(site, store, last, new)
    assert not any(_is_same(last / name, new / name) for name in tree(new))


@pytest.fixture
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = shutil.copytree(GARDENS, tmp_path / "gardens")
    assert mkdocs(folder, "--strict").returncode == 0
    return folder


def _again(folder: Path) -> Path:
    assert mkdocs(folder, "--strict").returncode == 0
    return folder / "site"


def test_after_an_edit_here_and_a_change_there_all_is_as_a_clean_build_gives(
    garden: Path, tmp_path: Path
) -> None:
    by_hand = garden / "site/casebook/index.html"
    by_hand.write_text(f"{by_hand.read_text('utf-8')}by hand", "utf-8")
    untouched = garden / "site/compare/index.html"
    first, edited = untouched.stat(), garden / "site/cases/mill-lane-garden/index.html"
    was = edited.stat()
    path = garden / CASE
    path.write_text(path.read_text("utf-8").replace("title: ", "title: The new ", 1), "utf-8")
    site = _again(garden)
    assert edited.stat().st_mtime_ns != was.st_mtime_ns
    assert "The new" in edited.read_text("utf-8")
    assert untouched.stat().st_mtime_ns == first.st_mtime_ns
    clean = tmp_path / "clean"
    done = mkdocs(garden, "--strict", "-d", str(clean), XDG_CACHE_HOME=str(tmp_path / "none"))
    assert done.returncode == 0
    assert tree(site) == tree(clean)


@pytest.mark.parametrize(
    "told",
    ["", "{", "[]", "{}", '["questions", 3]', '["others", []]', '["pages", [["x", [1]]]]'],
)
def test_a_damaged_memory_keeps_nothing(told: str, tmp_path: Path) -> None:
    file = tmp_path / "memory.json"
    file.write_text(told)
    assert Kept(file, {}).is_fresh("x", "frame", str(file)) is False


def test_another_template_or_setting_draws_all_pages_again(garden: Path, tmp_path: Path) -> None:
    page = garden / "site/cases/mill-lane-garden/index.html"
    settings = garden / "cases/library.yml"
    settings.write_text(settings.read_text("utf-8") + "\nseal: Z\n", "utf-8")
    _again(garden)
    assert ">Z<" in page.read_text("utf-8")
    own = garden / "own/case_library/kit.html"
    own.parent.mkdir(parents=True)
    own.write_text('<p class="own">ours</p>')
    config = garden / "mkdocs.yml"
    text = config.read_text("utf-8").replace("name: material", "name: material\n  custom_dir: own")
    config.write_text(text, "utf-8")
    _again(garden)
    assert 'class="own"' in (page.parent / "kit/index.html").read_text("utf-8")


def test_a_memory_that_others_can_write_to_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert kept.place(tmp_path / "site")
    (tmp_path / "case-library").chmod(0o777)
    assert kept.place(tmp_path / "site") is None


def test_no_answer_and_an_empty_one_are_two() -> None:
    known: list[dict[str, object]] = [{}, {"a": []}, {"a": 0}, {"a": ""}, {"a": [0]}]
    stands = {Kept(None, {"x": Noted("x", answers)}).stand(("x", "a")) for answers in known}
    assert len(stands) == len(known)


def test_what_nobody_can_ask_again_is_never_the_same(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("x")
    memory, page = tmp_path / "memory.json", tmp_path / "page"
    answers = {"known": Noted("known", {"a": 1})}
    last = Kept(memory, answers)
    made: dict[str, Made] = {
        name: Made.of("frame", {(name, "a")}, page.stat()) for name in ("known", "gone")
    }
    for name, one in made.items():
        last.add(name, one)
    last.save()
    now = Kept(memory, answers)
    assert now.is_fresh("known", "frame", str(page))
    assert not now.is_fresh("known", "other frame", str(page))
    assert not now.is_fresh("gone", "frame", str(page))
    assert not Kept(memory, {"known": Noted("known", {"a": 2})}).is_fresh(
        "known", "frame", str(page)
    )
    _, pages = memory.read_text("utf-8").splitlines()
    memory.write_text(pages, "utf-8")  # what the page asked has been lost
    assert not Kept(memory, answers).is_fresh("known", "frame", str(page))
