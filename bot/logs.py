"""Structured logs on stderr: events and ids, never what buyers wrote, their phones or addresses."""

from __future__ import annotations

import contextlib
import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

# What a log line may carry. Rasa logs through structlog too, and its values hold buyers' words:
# a name that is not listed here is left out, whoever logs it.
FIELDS = frozenset(
    {"event", "level", "timestamp", "frames", "action", "conversation", "error", "intents", "kind"}
    | {"count", "limit_s", "model", "reason", "resumed_conversations", "route"}
    # Of trainers' files: which, what is wrong with it, and what it teaches.
    | {"file", "why", "intent", "lines", "replies"}
    | {"share"}  # of chats that a model answers
)


def configure_logs(*, as_json: bool, least: int = logging.INFO) -> None:
    """Nothing below `least` passes; of errors the type and the places, not the message."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _frames_for_exception,
            _listed_fields,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=_Stderr,
    )
    handler = logging.StreamHandler(_Stderr())
    handler.setFormatter(_Discreet("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    # Its errors hold the buyer's message; what matters of them we log ourselves.
    logging.getLogger("rasa").setLevel(logging.CRITICAL)
    # So do its Python warnings.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.CRITICAL)


# A full disk below the log's file, a pipe that nobody reads: whoever logs is in the middle of mending
# something, and goes on.
_UNHEARD: tuple[type[Exception], ...] = (OSError, ValueError)


class _Stderr:
    """Today's stderr, looked up at each line: tests and supervisors may have changed it."""

    def __init__(self, *_: Any) -> None: ...

    def msg(self, line: str) -> None:
        with contextlib.suppress(*_UNHEARD):
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()

    debug = info = warning = warn = error = critical = fatal = exception = log = msg

    def write(self, text: str) -> None:
        sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


class _Discreet(logging.Formatter):
    """Libraries' lines: an exception's message may quote what a buyer wrote, its place does not."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        error = ei[1]
        return f"{type(error).__name__}: {' < '.join(_frames(error))}" if error else ""

    def format(self, record: logging.LogRecord) -> str:
        if record.name == "asyncio":  # its second line shows the exception as it is
            record = logging.makeLogRecord(record.__dict__)
            record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return super().format(record)


def _frames_for_exception(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    exc_info = event.pop("exc_info", None)
    error = exc_info if isinstance(exc_info, BaseException) else sys.exc_info()[1]
    if exc_info and error is not None:
        event.setdefault("error", type(error).__name__)
        event["frames"] = _frames(error)
    return event


def _frames(error: BaseException) -> list[str]:
    """ "file:line function" of each call, the innermost first, ten at most."""
    calls = traceback.extract_tb(error.__traceback__)[-10:]
    return [f"{call.filename}:{call.lineno} {call.name}" for call in reversed(calls)]


def _listed_fields(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {name: value for name, value in event.items() if name in FIELDS}
