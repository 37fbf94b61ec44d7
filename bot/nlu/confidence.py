"""What real messages taught about confidence; kept in a file that a command writes.

Written examples flatter the classifier: lines it did not see come from the same pens as those it
learned from. `python -m bot.nlu.measure` compares confidence with labelled real messages, where
there are some, and every later training uses what it found.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

MEASURED = Path("data/measured/confidence.json")


@dataclass(frozen=True)
class Measured:
    """Findings on real messages; no word of them is kept."""

    modesty: float  # margins are multiplied by it: below 1 the model was too sure of itself
    act: float  # from this confidence on, acting is cheapest (`thresholds.derive`)
    messages: int  # how many were measured
    error_before: float  # mean distance of confidence and share right, before and after
    error_after: float


def read_measured(path: Path = MEASURED) -> Measured | None:
    """None when nothing was measured. Raises ValueError when the file is damaged or outdated."""
    if not path.exists():
        return None
    try:
        return Measured(**json.loads(path.read_text(encoding="utf-8")))
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{path}: not what `python -m bot.nlu.measure FILE` writes; measure again, or delete it"
        ) from error


def write_measured(measured: Measured, path: Path = MEASURED) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(measured), indent=2) + "\n", encoding="utf-8")
