"""Pinyin: how Chinese sounds, for its order and for those who type it so."""

from __future__ import annotations

import functools
from itertools import chain

#: Texts that the last build asked about, with what it found out.
remembered: dict[str, tuple[str, ...]] = {}


def pinyin(text: str) -> tuple[str, ...]:
    """A syllable with its tone for each Chinese character; what stands between them as it is."""
    return remembered.get(text) or _pinyin(text)


@functools.cache  # all names are asked for in turn: of fewer than all none would be found again
def _pinyin(text: str) -> tuple[str, ...]:
    # Its dictionaries take half a second, and a build after an edit needs none of them.
    from pypinyin.seg.simpleseg import seg

    words = (text,) if text.isascii() else seg(text)
    return tuple(chain.from_iterable(map(_word_pinyin, words)))


@functools.lru_cache(maxsize=50_000)
def _word_pinyin(word: str) -> tuple[str, ...]:
    """As pypinyin's `lazy_pinyin` says it, which asks for each word again what style is wanted."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    if word in PHRASES_DICT:
        return tuple(_toned(sounds[0]) for sounds in PHRASES_DICT[word])
    sounds = PINYIN_DICT.get(ord(word)) if len(word) == 1 else None
    return (_toned(sounds.partition(",")[0]) if sounds else word,)


@functools.lru_cache(maxsize=5_000)
def _toned(sound: str) -> str:
    """With the tone as a number behind it."""
    from pypinyin.contrib.tone_convert import to_tone3

    return to_tone3(sound)
