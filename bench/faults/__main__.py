"""Kills, races and outages against started houses; fails where a finding of the breaker comes again."""

from __future__ import annotations

import sys

from bench.faults import disk, kills, outages, people, stopping, yeses
from bench.trials.findings import Trial, main

TRIALS: dict[str, Trial] = {
    "yeses": yeses.try_all,
    "people": people.try_all,
    "lost-turns": kills.try_lost_turns,
    "kills": kills.try_kills,
    "outages": outages.try_all,
    "disk": disk.try_all,
    "stopping": stopping.try_all,
}

if __name__ == "__main__":
    sys.exit(main("faults", __doc__ or "", TRIALS))
