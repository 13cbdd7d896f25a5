"""The heap: memory that was used for a while goes back to the system."""

from __future__ import annotations

import contextlib
import ctypes
import sys


def give_back() -> None:
    """The C library keeps what lies between pieces that are still used: a third of what all
    records take, after reading."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # not every system library can
            ctypes.CDLL(None).malloc_trim(0)
