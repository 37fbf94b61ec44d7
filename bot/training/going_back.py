"""Puts the model before the newest in its place again; the open house takes it within seconds."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from bot.training.kinds import is_quick
from bot.training.refusals import Refused


def go_back(models: Path, demand: Callable[[Path], None] = lambda path: None) -> tuple[Path, Path]:
    """(the one that counts from now on, the one that counted). Done twice, all is as before.

    Nothing is deleted: the newest by its time is the one that is used. `demand` raises
    where a file must not be loaded. Raises Refused.
    """
    files = sorted(models.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime, reverse=True)
    whole = [one for one in files if not is_quick(one)]
    if len(whole) < 2:
        raise Refused("只有一个完整的模型，没有可以退回去的。")
    newest, before = whole[:2]
    demand(before)
    os.utime(before)
    return before, newest
