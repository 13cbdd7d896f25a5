"""Taking a case out: what is written instead, and the proof that nothing of it is left."""

from __future__ import annotations

import base64
import contextlib
import html
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pypdf import PdfReader

from case_library import document, memory, personal
from case_library.folder import REFERENCE, find
from case_library.model.values import today
from case_library.problems import DocumentError
from case_library.publish import put

#: Shorter pieces of text, in bytes, are common words: fifteen Latin or five Chinese letters say
#: something. And no more letters are needed to find a text again.
_SHORTEST = 15
_LONGEST = 40
_PIECES = re.compile(r"[^\w\s，、,：:；“”‘’'-]+|\n")
#: Fonts give these away for the letters that they look like.
_RADICALS = re.compile("[⺀-⻿]")
_PAYLOAD = re.compile(rb'"([A-Za-z0-9+/=]{24,})"')


@dataclass(frozen=True)
class Withdrawn:
    """The file that tells of a withdrawal, the files that were deleted, the texts that must go."""

    file: Path
    deleted: list[Path]
    texts: list[str]


def withdraw(folder: Path, case_id: str, reason: str) -> Withdrawn | None:
    """Replace a case's file by one that tells its withdrawal; None where there is no such case."""
    files = [f for f in find(folder) if not f.problem]
    cases = (f for f in files if f.path.parts[0] != REFERENCE and f.path.stem == case_id)
    found = next(cases, None)
    if not found:
        return None
    # What others say or are called stays.
    others = "\n".join(f"{f.path.stem}\n{_words(f.content)}" for f in files if f is not found)
    data = {}
    with contextlib.suppress(DocumentError):
        data = document.read(found.content, found.path).data
    pieces = dict.fromkeys(
        piece.strip()[:_LONGEST].strip()
        for path, text in personal.texts(data)
        for piece in _PIECES.split(html.unescape(text))
        if path[0] not in {"consent", "review"}
        and (path[0] == "title" or len(piece.strip().encode()) >= _SHORTEST)
    )
    file = folder / found.path
    beside = file.with_suffix("")
    media = data.get("media") or []
    names = [str(m.get("file", "")) for m in media if isinstance(m, dict)]
    names = [] if beside.is_symlink() else names
    deleted = [beside / name for name in names if (beside / name).parent == beside]
    deleted += file.parent.glob(f"{file.name}.bak*")
    deleted = [path for path in deleted if path.is_file()]
    told = {"withdrawn": str(today()), "reason": reason}
    put(file, yaml.safe_dump(told, allow_unicode=True, sort_keys=False).encode())
    for path in deleted:
        path.unlink()
    memory.forget(memory.folder(), folder)
    return Withdrawn(file, deleted, [text for text in pieces if text and text not in others])


def site_of(project: Path) -> Path:
    """Where MkDocs puts the site of a project, as its settings say."""
    settings = project / "mkdocs.yml"
    told = settings.read_text("utf-8") if settings.is_file() else ""
    found = re.search(r"""^site_dir:\s*["']?([^"'#\n]*[^"'#\s])""", told, re.MULTILINE)
    return project / (found[1] if found else "site")


def traces(site: Path, case_id: str, texts: list[str]) -> Iterator[tuple[Path, str]]:
    """Every file of a built site that still says something of a case, and what it says.

    A PDF that cannot be searched has said “?”: who knows what is in it.
    """
    own = {f"pictures/{case_id}/"}
    for path in files(site):
        address, content = path.relative_to(site).as_posix(), path.read_bytes()
        if content.startswith(b"%PDF"):
            told = _printed(content, texts)
        else:
            words = _words(content)
            told = [text for text in texts if text in words]
        for text in (*(t for t in own if t in address), *told):
            yield path, text


def files(site: Path) -> list[Path]:
    return sorted(path for path in site.rglob("*") if path.is_file())


def _words(content: bytes) -> str:
    """All that a file says, whatever it is packed in: markup, JSON, script payloads, archives."""
    told = [content]
    if content.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        with contextlib.suppress(zlib.error, zipfile.BadZipFile):
            if content.startswith(b"PK"):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    told += [archive.read(name) for name in archive.namelist()]
            else:
                told.append(zlib.decompress(content, 31))
    for payload in _PAYLOAD.findall(content):
        with contextlib.suppress(zlib.error, ValueError):
            told.append(zlib.decompress(base64.b64decode(payload), -15))
    text = "\n".join(piece.decode("utf-8", "replace") for piece in told)
    escaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    return html.unescape(escaped)


def _printed(content: bytes, texts: list[str]) -> list[str]:
    """Those of the texts that stand in a PDF, where lines and words break otherwise."""
    try:
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    except Exception:  # locked, or damaged in any way
        return ["?"]
    words = _squeezed(_RADICALS.sub("々", "".join(pages)))
    return [t for t in texts if re.search("".join(f"[{c}々]" for c in _squeezed(t)), words)]


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text))
