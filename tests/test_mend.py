"""`case-library fix`: what is safe is mended, shown first, with the old file kept."""

from __future__ import annotations

import time
from pathlib import Path, PurePosixPath

import pytest
from case_library.cli import main
from case_library.library import load
from case_library.mend import mend, mended
from click.testing import CliRunner

RIGHT = """title: 邻里共享家
summary: 居民，物业和社区一起议事
status: idea
problem: |
  note：没有地方
"""


@pytest.mark.parametrize(
    "broken",
    [
        RIGHT.encode("gb18030"),
        RIGHT.encode("utf-16"),
        RIGHT.encode("utf-16-le"),
        RIGHT.encode("utf-16-be"),
        RIGHT.encode("utf-8-sig"),
        RIGHT.replace("\n", "\r\n").encode(),
        RIGHT.replace("\n", "\r").encode(),
        RIGHT.replace("title: ", "title：").replace("status: ", "status：").encode(),
        RIGHT.replace("summary: ", "summary:").encode(),
        RIGHT.replace("  note", "\tnote").encode(),
        RIGHT.replace("title: ", "title：").replace("\n", "\r\n").encode("gbk"),
    ],
    ids=range(11),
)
def test_what_is_safe_is_mended(tmp_path: Path, broken: bytes) -> None:
    file = tmp_path / "home.yml"
    file.write_bytes(broken)
    shown = CliRunner().invoke(main, ["fix", str(tmp_path), "--language", "zh"])
    assert "home.yml" in shown.output
    assert file.read_bytes() == broken
    done = CliRunner().invoke(main, ["fix", str(tmp_path), "--yes"])
    assert done.exit_code == 0
    assert file.read_text("utf-8") == RIGHT
    assert (tmp_path / "home.yml.bak").read_bytes() == broken
    library = load(tmp_path)
    assert [case.id for case in library.cases] == ["home"]
    assert not library.problems
    assert not list(mend(tmp_path))


@pytest.mark.parametrize(
    "left",
    [
        RIGHT.encode(),
        "title: Café\n".encode("latin-1"),
        b"title: [a\n",
        b"",
        b"\xef\xbb\xbf",
        b"\n---",
        b"title: @x\n",
    ],
)
def test_everything_else_is_left_alone(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "home.yml").write_bytes(left)
    assert not list(mend(tmp_path))
    CliRunner().invoke(main, ["fix", str(tmp_path), "--yes"])
    assert [path.name for path in tmp_path.iterdir()] == ["home.yml"]


def test_no_copy_is_written_over(tmp_path: Path) -> None:
    file = tmp_path / "home.yml"
    for content in (RIGHT.encode("utf-16"), RIGHT.encode("gbk")):
        file.write_bytes(content)
        assert CliRunner().invoke(main, ["fix", str(tmp_path), "--yes"]).exit_code == 0
    assert (tmp_path / "home.yml.bak").read_bytes() == RIGHT.encode("utf-16")
    assert (tmp_path / "home.yml.bak.bak").read_bytes() == RIGHT.encode("gbk")


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "home.yml").write_bytes(RIGHT.encode("gbk"))
    outside = tmp_path / "outside"
    (tmp_path / "home.yml.bak").symlink_to(outside)
    (tmp_path / ".home.yml.new").symlink_to(outside)
    done = CliRunner().invoke(main, ["fix", str(tmp_path), "--yes"])
    assert done.exit_code == 0
    assert not outside.exists()
    assert (tmp_path / "home.yml").read_text("utf-8") == RIGHT
    assert (tmp_path / "home.yml.bak.bak").read_bytes() == RIGHT.encode("gbk")


def test_very_many_faults_of_a_large_file_are_mended_a_few_at_a_time() -> None:
    large = "".join(f"g{i}: {'y' * 60}\n" for i in range(9000))
    content = (large + "a:\n" + "".join(f"\tk{i}: x\n" for i in range(2000))).encode()
    begun = time.process_time()
    found = mended(content, PurePosixPath("a.yml"))
    assert time.process_time() - begun < 10
    assert found
    assert 0 < found.after.count("\n  k") < 1000
