"""What nobody foresaw, in a trainer's command: a sentence for the trainer, the traceback for a file."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

CANNOT = 2
FOLDER = "trouble"


def told(deed: Callable[[], int], name: str, var: Path) -> int:
    """What the deed returns; 2 where it raised what nobody catches. `var`: the shop's own folder."""
    try:
        return deed()
    except Exception as error:
        file = _written(name, var)
        where = f"详情记在 {file}，请发给维护的人" if file else "".join(traceback.format_exc())
        sys.stderr.write(
            f"bot {name} 出了没料到的错（{type(error).__name__}: {error}），停下了，"
            f"正在用的模型和文件都没动。{where}。\n"
        )
        return CANNOT


def _written(name: str, var: Path) -> Path | None:
    """None where it cannot be written down either."""
    at = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    file = var / FOLDER / f"{at}-{name}.txt"
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text(traceback.format_exc(), encoding="utf-8")
    except OSError:
        return None
    return file
