"""What a shop's owner says of following up, in shop/settings.yml: hours, caps, kinds on and off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.hours import Night, Window
from bot.settings_file import SettingsFile

USUAL_NIGHT = Night.parse("21:30-09:00")


@dataclass(frozen=True, kw_only=True)
class FollowUpPlan:
    """The kinds themselves stand in data/followups.yml."""

    windows: tuple[Window, ...]
    at_most_in_30_days: int
    at_most_in_40_days: int
    after: Mapping[str, timedelta]  # by kind, where it is not the usual delay
    on: Mapping[str, bool] = field(default_factory=dict)  # by kind, where it is not the usual
    quiet: Night = USUAL_NIGHT


def kinds_keys(file: SettingsFile) -> set[str]:
    """Keys below the kinds that the file names; which kinds there are data/followups.yml says."""
    return {
        f"follow_ups.kinds.{kind}.{key}"
        for kind in _kinds(file)
        for key in ("after_minutes", "send")
    }


def read_follow_ups(file: SettingsFile) -> FollowUpPlan:
    """Raises SettingsError."""
    windows = file.get("follow_ups.windows", list)
    if not windows:
        raise file.error("follow_ups.windows", '至少写一个时段,例如 ["12:00-13:30"]')
    after, on = {}, {}
    for kind in _kinds(file):
        key = f"follow_ups.kinds.{kind}"
        said = file.get(key, dict)
        if "after_minutes" in said:
            after[str(kind)] = timedelta(minutes=file.number(f"{key}.after_minutes"))
        if "send" in said:
            on[str(kind)] = file.flag(f"{key}.send")
    return FollowUpPlan(
        windows=tuple(file.window("follow_ups.windows", text) for text in windows),
        at_most_in_30_days=int(file.number("follow_ups.at_most.in_30_days")),
        at_most_in_40_days=int(file.number("follow_ups.at_most.in_40_days")),
        after=after,
        on=on,
        quiet=_night(file),
    )


def _kinds(file: SettingsFile) -> list[str]:
    return list(file.get("follow_ups.kinds", dict)) if file.has("follow_ups.kinds") else []


def _night(file: SettingsFile) -> Night:
    if not file.has("follow_ups.quiet"):
        return USUAL_NIGHT
    text = file.text("follow_ups.quiet")
    try:
        return Night.parse(text)
    except ValueError:
        raise file.error(
            "follow_ups.quiet", f'夜里「{text}」请写成 "21:30-09:00" 这样,从晚上到早上'
        ) from None
