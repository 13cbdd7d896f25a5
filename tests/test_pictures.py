"""Pictures: refused before they cost anything, turned upright, freed of all that they knew."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from case_library import pictures
from case_library.library import load
from PIL import Image

CASE = "title: A\nsummary: B\nstatus: idea\nmedia: [{file: %s, alt: A bench, credit: the club}]\n"


def photo(path: Path, size: tuple[int, int] = (2000, 1000), orientation: int = 1) -> Path:
    """A JPEG with a place, a device and a turn in its metadata."""
    image = Image.new("RGB", size, "green")
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 26.0)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, "JPEG", exif=exif)
    return path


def test_versions_are_webp_of_three_widths_without_metadata(tmp_path: Path) -> None:
    picture = pictures.examine(photo(tmp_path / "a.jpg"))
    found = dict(pictures.versions(picture))
    assert list(found) == [480, 960, 1600]
    for width, content in found.items():
        image = Image.open(io.BytesIO(content))
        assert (image.format, image.size) == ("WEBP", (width, width // 2))
        assert not image.getexif()
        assert b"SecretCamera" not in content


def test_a_small_picture_is_never_blown_up(tmp_path: Path) -> None:
    picture = pictures.examine(photo(tmp_path / "a.jpg", (300, 200)))
    assert picture.sizes == [(300, 200)]


def test_a_turned_picture_stands_upright(tmp_path: Path) -> None:
    picture = pictures.examine(photo(tmp_path / "a.jpg", (800, 400), orientation=6))
    assert (picture.width, picture.height) == (400, 800)
    widest = list(pictures.versions(picture))[-1][1]
    assert Image.open(io.BytesIO(widest)).size == (400, 800)


def huge_png(path: Path, side: int) -> Path:
    """A PNG whose head promises so many pixels in a square."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


def test_hostile_files_are_refused(tmp_path: Path) -> None:
    gif, tiff = io.BytesIO(), io.BytesIO()
    Image.new("P", (9, 9)).save(gif, "GIF")
    Image.new("RGB", (9, 9)).save(tiff, "TIFF")
    files = {
        "whole.png": gif.getvalue(),
        "whole.jpg": tiff.getvalue(),
        "svg.png": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        "page.jpg": b"<html><script>1</script>",
        "empty.png": b"",
        "gif.png": b"GIF89a" + bytes(20),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(pictures.PictureError, match="picture-type"):
            pictures.examine(tmp_path / name)
    with pytest.raises(pictures.PictureError, match="picture-broken"):  # its pixels are not there
        pictures.examine(huge_png(tmp_path / "large.png", 6_324))
    for side in (6_325, 100_000):
        with pytest.raises(pictures.PictureError, match="picture-pixels"):
            pictures.examine(huge_png(tmp_path / "huge.png", side))
    (tmp_path / "link.jpg").symlink_to(photo(tmp_path / "mine/a.jpg"))
    (tmp_path / "linked").symlink_to(tmp_path / "mine")
    for name in ("link.jpg", "linked/a.jpg"):
        with pytest.raises(pictures.PictureError, match="picture-missing"):
            pictures.examine(tmp_path / name)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..\\a.jpg", "a/b.jpg", ".jpg"]
)
def test_a_picture_stands_in_its_own_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "bench.yml").write_text(CASE % f"'{name}'")
    library = load(tmp_path)
    assert [problem.code for problem in library.problems] == ["file-name"]
    assert library.cases == []


def test_a_case_without_its_picture_is_left_out_and_told(tmp_path: Path) -> None:
    case, photo_of = tmp_path / "bench.yml", tmp_path / "bench" / "bench.jpg"
    other = "{file: bench.jpg, alt: A bench, credit: the club}, "
    photo(photo_of)
    for media, code, field in (
        ("{file: gone.jpg, alt: A bench, credit: the club}", "picture-missing", "media.1.file"),
        ("{file: bench.jpg, credit: the club}", "missing-field", "media.1.alt"),
    ):
        case.write_text(CASE.partition("media")[0] + f"media: [{other}{media}]\n")
        library = load(tmp_path)
        assert [(p.code, p.field) for p in library.problems] == [(code, field)]
        # Nothing of it is published, what is right about it neither.
        assert (library.cases, library.pictures) == ([], {})
    case.write_text(CASE % "bench.jpg")
    library = load(tmp_path)
    assert library.problems == []
    assert library.pictures["bench"][0].width == 2000
