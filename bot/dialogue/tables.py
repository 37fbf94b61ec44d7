"""The tables that are read once: tried, and read anew when a model takes another's place."""

from __future__ import annotations

from bot.dialogue.files import read_by_cue, read_forms, read_matters, read_replies, read_waits
from bot.dialogue.questions import read_questions

READ_ONCE = (read_by_cue, read_forms, read_matters, read_questions, read_replies, read_waits)


def try_tables() -> None:
    """Raises TableError with file and line, or OSError; what was read before stays."""
    for read in READ_ONCE:
        read.__wrapped__()


def forget_tables() -> None:
    """They are read from disk when they are next asked for."""
    for read in READ_ONCE:
        read.cache_clear()
