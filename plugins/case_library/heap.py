"""The heap: memory that is not used any more goes back to the system."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys


def give_back() -> None:
    """The C library keeps what lies between pieces that are still used: a third of what all
    records take, after reading."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # not every system library can
            ctypes.CDLL(None).malloc_trim(0)


def leave(thing: object) -> None:
    """What the process ends with goes at once with its memory: to take apart what a library of
    ten thousand cases is made of takes a second."""
    gc.freeze()
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))
