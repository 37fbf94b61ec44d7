"""Trains the whole model beside the open house, where only a small one answers as yet."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

_ENDS_WITHIN_S = 12.0


class TrainingBeside:
    """In a process of its own that lets buyers' turns go first; ends with the house."""

    def __init__(self, models: Path, *, command: Sequence[str] = ()) -> None:
        """`models`: where the new model is put, for `ModelWatch` to find."""
        self._command = command or (
            *(sys.executable, "-m", "bot.training", "--gently"),
            *("--models", str(models)),
        )

    async def run(self) -> None:
        """Until it is done or cancelled. One that fails is tried again at the next start."""
        process = await asyncio.create_subprocess_exec(*self._command)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(process.wait(), _ENDS_WITHIN_S)
            raise
        if code:
            log.error("model.training_failed", kind="beside", count=code)
