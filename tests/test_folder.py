"""Finding files: what is read, and that links, devices and locked folders are told, not opened."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path, PurePosixPath

import pytest
from case_library.decoding import MAX_BYTES
from case_library.folder import Found, find


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def codes(root: Path) -> dict[str, str]:
    return {str(f.path): f.problem.code if f.problem else "" for f in find(root)}


def next_handle() -> int:
    handle = os.open(os.devnull, os.O_RDONLY)
    os.close(handle)
    return handle


def test_settings_come_first_then_paths_in_order(tmp_path: Path) -> None:
    write(tmp_path, "z.yml", "a/b/c.yaml", "library.yml", "a/b.YML", "a/library.yml")
    found = list(find(tmp_path))
    assert [str(f.path) for f in found] == [
        "library.yml",
        "a/b/c.yaml",
        "a/b.YML",
        "a/library.yml",
        "z.yml",
    ]
    assert found[1] == Found(PurePosixPath("a/b/c.yaml"), b"a/b/c.yaml")


def test_other_files_and_hidden_names_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "a.yml", "b.txt", ".c.yml", "_d.yml", ".git/e.yml", "_drafts/f.yml", "yml")
    assert codes(tmp_path) == {"a.yml": ""}


def test_links_and_folders_named_like_files_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.yml", "b.yml/inside.yml", "real/c.yml")
    (tmp_path / "link.yml").symlink_to("a.yml")
    (tmp_path / "dangling.yml").symlink_to("nowhere.yml")
    (tmp_path / "linked").symlink_to("real")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "photo.jpg").symlink_to("a.yml")
    refused = dict.fromkeys(["b.yml", "dangling.yml", "link.yml", "linked", "loop"], "not-a-file")
    assert codes(tmp_path) == {"a.yml": "", "real/c.yml": "", **refused}


def test_refused_files_are_closed_again(tmp_path: Path) -> None:
    (tmp_path / "b.yml").mkdir()
    before = next_handle()
    codes(tmp_path)
    assert next_handle() == before


def test_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yml")
    found: list[dict[str, str]] = []
    reader = threading.Thread(target=lambda: found.append(codes(tmp_path)), daemon=True)
    reader.start()
    reader.join(5)
    assert found == [{"pipe.yml": "not-a-file"}]


def test_file_gone_between_listing_and_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.yml", "b.yml")
    files = find(tmp_path)
    next(files)
    (tmp_path / "b.yml").unlink()
    problem = next(files).problem
    assert problem
    assert (problem.code, problem.details) == (
        "unreadable",
        {"reason": "No such file or directory"},
    )


def test_locked_file_and_folder_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A superuser may open all, so the system is made to say no."""
    write(tmp_path, "a.yml", "shut.yml", "shut/b.yml", "open/c.yml")
    real_open, real_scandir = os.open, os.scandir

    def refuse(path: Path) -> None:
        if "shut" in Path(path).name:
            raise PermissionError(13, "Permission denied", str(path))

    def opened(path: Path, flags: int) -> int:
        refuse(path)
        return real_open(path, flags)

    def scanned(path: Path) -> object:
        refuse(path)
        return real_scandir(path)

    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "scandir", scanned)
    assert codes(tmp_path) == {
        "a.yml": "",
        "shut": "unreadable",
        "shut.yml": "unreadable",
        "open/c.yml": "",
    }


def test_library_folder_itself_must_be_readable(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(find(tmp_path / "missing"))


def test_large_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"x" * (MAX_BYTES + 500))
    assert len(next(iter(find(tmp_path))).content) == MAX_BYTES + 1


def test_folders_nested_deeper_than_python_recurses(tmp_path: Path) -> None:
    nested = "/".join("d" * 1200)
    try:
        subprocess.run(["mkdir", "-p", nested], cwd=tmp_path, check=True)
        (tmp_path / nested / "a.yml").write_text("x")
        assert [f.path.name for f in find(tmp_path)] == ["a.yml"]
    finally:  # pytest would clean up by recursion
        subprocess.run(["rm", "-rf", "d"], cwd=tmp_path, check=True)


def test_name_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff\xfe.yml")).write_text("x")
    assert len(list(find(tmp_path))) == 1
