"""How much memory is left for one more model, as far as the system tells."""

from __future__ import annotations

from pathlib import Path

_SYSTEM, _BOX = Path("/proc/meminfo"), Path("/sys/fs/cgroup")


def memory_left(system: Path = _SYSTEM, box: Path = _BOX) -> int | None:
    """Bytes; of the machine, or of the container where that has less. None: nobody tells."""
    told = [one for one in (_of_system(system), _of_box(box)) if one is not None]
    return min(told, default=None)


def _of_system(file: Path) -> int | None:
    try:
        for line in file.read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    except (OSError, ValueError, IndexError):
        return None
    return None


def _of_box(folder: Path) -> int | None:
    """What may be given back at any time (files that are merely remembered) counts as left."""
    try:
        most = int((folder / "memory.max").read_text("ascii"))  # "max" = no limit
        used = int((folder / "memory.current").read_text("ascii"))
        counts = dict(
            line.split() for line in (folder / "memory.stat").read_text("ascii").splitlines()
        )
        return most - used + int(counts.get("inactive_file", 0))
    except (OSError, ValueError):
        return None
