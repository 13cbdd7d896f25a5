"""Bytes to text: one encoding, one form of each letter, no character that could deceive."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from case_library.problems import Position, position_in, refuse

MAX_BYTES = 1_000_000
MAX_MARKS = 30

# C0 and C1 controls, noncharacters, and the bidi overrides that can make text lie about its order.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e\ufffe\uffff]")
# The parser would begin a line at these, where editors and readers see none.
_BREAKS = re.compile("[\x85\u2028\u2029]")
# Any of all these.
_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
# Marks of byte order, and of bidi isolates that an unclosed one would leave open.
_UNSEEN = re.compile("[\ufeff\u202a-\u202c\u2066-\u2069]")


def decode(content: bytes, file: PurePosixPath) -> str:
    """UTF-8 bytes, with or without a BOM, to NFC text; other encodings are named and refused."""
    if len(content) > MAX_BYTES:
        refuse(Position(file), "file-too-large", limit=f"{MAX_BYTES // 1_000_000} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        refuse(Position(file, line, 1), "encoding", found=guess_encoding(content))
    if text.count("\x00") * 4 > len(text):  # every second byte of Latin letters in UTF-16
        refuse(Position(file, 1, 1), "encoding", found="UTF-16")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        return clean(text)
    except CharacterError as error:
        refuse(position_in(text, error.offset, file), error.code, found=error.found)


class CharacterError(Exception):
    """A character that no text needs: the code of the problem, the character, where it stands."""

    def __init__(self, code: str, found: str, offset: int) -> None:
        super().__init__(code, found, offset)
        self.code, self.found, self.offset = code, found, offset


def clean(text: str) -> str:
    """The text in its one form, without what nobody sees; raises CharacterError."""
    if _ODD.search(text):
        text = _UNSEEN.sub("", _BREAKS.sub(" ", text))
        if found := _FORBIDDEN.search(text):
            raise CharacterError("control-character", f"U+{ord(found[0]):04X}", found.start())
    if unicodedata.is_normalized("NFC", text):
        return text
    # Putting a long run of accents into their order takes the square of its length.
    run = 0
    for offset, character in enumerate(text):
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MAX_MARKS:
            raise CharacterError("too-many-marks", "", offset)
    return unicodedata.normalize("NFC", text)


def harmless(text: str) -> str:
    """What references such as `&#x202e;` brought in is held to what a file may hold."""
    return _FORBIDDEN.sub("", _UNSEEN.sub("", _BREAKS.sub(" ", text)))


def guess_encoding(content: bytes) -> str:
    """What bytes that are not UTF-8 most likely are."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        return "UTF-16"
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return "ISO-8859-1"
    # Latin-1 text often decodes as GB18030 by chance, but then into rare characters; the common
    # ones and the punctuation stand in the first rows of the old standard.
    rows = [c.encode("gb2312", "ignore")[:1] for c in text if not c.isascii()]
    common = sum(b"" < row < b"\xd8" for row in rows)
    return "GB18030" if common * 2 >= len(rows) else "ISO-8859-1"
