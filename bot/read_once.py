"""What is read from a file once, and anew when somebody has saved another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")
_UNREAD: Any = object()


class ReadOnce(Generic[_T]):
    """Calls `read` at the first call and keeps what came of it."""

    def __init__(self, read: Callable[[], _T]) -> None:
        self._read = read
        self._kept: Any = _UNREAD
        update_wrapper(self, read)

    def __call__(self) -> _T:
        if self._kept is _UNREAD:
            self._kept = self._read()
        kept: _T = self._kept
        return kept


def read_once(read: Callable[[], _T]) -> ReadOnce[_T]:
    """As a decorator."""
    return ReadOnce(read)


def read_anew(readers: Sequence[ReadOnce[Any]]) -> None:
    """All of them, in this order, or none: raises what a reader raises, and what was kept before
    goes on counting. Turns in other threads get the old or the new, never nothing."""
    before = [reader._kept for reader in readers]
    try:
        for reader in readers:
            reader._kept = reader._read()
    except BaseException:
        for reader, kept in zip(readers, before, strict=True):
            reader._kept = kept
        raise
