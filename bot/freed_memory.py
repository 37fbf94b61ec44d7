"""Gives back to the system what a loaded or replaced model has left unused."""

from __future__ import annotations

import contextlib
import ctypes
import gc


def give_back() -> None:
    """Blocks for a moment. Where the C library knows no such call, Python's own rounds must do."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
