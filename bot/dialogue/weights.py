"""How much each voice counts when a line is read in its situation; measured, numbers only."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

MEASURED = Path("data/measured/situation.json")


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Log odds, except where another unit is named. `python -m bench.situation fit` finds them."""

    behind: float  # of the reading behind the last wish, where that of the line alone counts 1
    matter: float  # given to the intent of the open matter
    shop: float  # of what the shop's last words speak of, where the line alone counts 1
    sure: float  # share of these three that a line which is sure by itself still hears
    very_likely: float  # given by the table's levels
    likely: float
    unlikely: float  # below zero
    spoken: float  # share of a level's worth where the line itself holds what the row is of
    short: float  # characters: a line of so many leans half as much on its situation as a bare nod
    act: float  # confidence from which acting is cheapest in a situation …
    ask: float  # … and from which asking back is


def read_weights(path: Path = MEASURED) -> Weights:
    """Raises ValueError when the file is missing, damaged or outdated."""
    try:
        return Weights(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path}: not what `python -m bench.situation fit` writes; take it from the repository"
        ) from error


def write_weights(weights: Weights, path: Path = MEASURED) -> None:
    path.write_text(json.dumps(asdict(weights), indent=2) + "\n", encoding="utf-8")
