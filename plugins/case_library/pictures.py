"""Pictures: photos beside a case file, checked before they are decoded, made small and clean.

The original is never published: what is written is decoded and encoded anew, so that neither its
metadata (where it was taken, by which device) nor anything hidden in the file goes along.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

WIDTHS = (480, 960, 1600)
FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 40_000_000
MAX_BYTES = 60_000_000
_QUALITY = 80
#: What Pillow says of bytes that it cannot make sense of.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, struct.error)


class PictureError(Exception):
    """Why a file is no picture for a case; `code` names the message."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = {name: str(value) for name, value in details.items()}


@dataclass(frozen=True)
class Picture:
    """A picture as it will be shown: the file, and the size of its largest version."""

    path: Path
    width: int
    height: int

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """Width and height of each version, the smallest first; none is blown up."""
        widths = sorted({min(width, self.width) for width in WIDTHS})
        return [(width, max(1, round(self.height * width / self.width))) for width in widths]


def examine(path: Path) -> Picture:
    """Size and type of a picture, from its head alone; raises PictureError."""
    with _opened(path) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise PictureError("picture-pixels", pixels=width * height, limit=MAX_PIXELS)
        # Quarter turns are written beside the pixels: 5 to 8 exchange width and height.
        try:
            turned = image.getexif().get(0x0112, 1) >= 5
        except _BROKEN as error:
            raise PictureError("picture-broken", reason=error) from None
    return Picture(path, *((height, width) if turned else (width, height)))


def address(case_id: str, picture: Picture, width: int) -> str:
    """Where a version of a case's picture stands on the site."""
    return f"pictures/{case_id}/{picture.path.stem}-{width}.webp"


def versions(picture: Picture) -> Iterator[tuple[int, bytes]]:
    """Each width with its WebP; raises PictureError where the pixels cannot be decoded."""
    with _opened(picture.path) as image:
        try:
            upright = ImageOps.exif_transpose(image).convert("RGBA" if _has_alpha(image) else "RGB")
        except _BROKEN as error:
            raise PictureError("picture-broken", reason=error) from None
        for width, height in picture.sizes:
            target = io.BytesIO()
            upright.resize((width, height), Image.Resampling.LANCZOS).save(
                target, "WEBP", quality=_QUALITY, method=4
            )
            yield width, target.getvalue()


def _opened(path: Path) -> Image.Image:
    if path.is_symlink() or path.parent.is_symlink() or not path.is_file():
        raise PictureError("picture-missing", file=path.name)
    if path.stat().st_size > MAX_BYTES:
        raise PictureError("picture-bytes", limit=MAX_BYTES)
    try:
        with warnings.catch_warnings():
            # Pillow warns of what we refuse ourselves, before anything is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(path, formats=FORMATS)
    except Image.DecompressionBombError:
        most = 2 * (Image.MAX_IMAGE_PIXELS or MAX_PIXELS)
        raise PictureError("picture-pixels", pixels=f"> {most}", limit=MAX_PIXELS) from None
    except UnidentifiedImageError:
        raise PictureError("picture-type", file=path.name, known=", ".join(FORMATS)) from None
    except OSError as error:
        raise PictureError("picture-broken", reason=error.strerror or error) from None


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
