"""Tries every finding of the attacker again, against started houses; fails where one comes again."""

from __future__ import annotations

import sys

from bench.attacks import doors, filling, floods, freezing, money, orders
from bench.trials.findings import Trial, main

TRIALS: dict[str, Trial] = {
    "freezing": freezing.try_all,
    "filling": filling.try_all,
    "floods": floods.try_all,
    "orders": orders.try_all,
    "money": money.try_all,
    "doors": doors.try_all,
    "starts": doors.try_starts,
}

if __name__ == "__main__":
    sys.exit(main("attacks", __doc__ or "", TRIALS))
