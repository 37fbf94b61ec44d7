"""Lines of a scaffold (`python -m bot new`) that nobody has filled in yet: no buyer may meet them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.trainer.yaml_reading import Reading

SIGNS = ("写在这里", "（换一种问法）")


def is_unfilled(text: str) -> bool:
    return any(sign in text for sign in SIGNS)


def demand_filled(readings: Mapping[str, Reading]) -> None:
    for reading in readings.values():
        if not is_unfilled("\n".join(reading.lines)):
            continue
        for number, line in enumerate(reading.lines, 1):
            bare = line.strip()
            if bare.startswith("- ") and is_unfilled(bare.partition(" #")[0]):
                reading.tell(
                    "unfilled",
                    number,
                    f"「{bare[2:].removeprefix('text: ')}」还是样子，没有填",
                    "换成您的话，或删掉这一行",
                )
