"""Whether the shop's people are there: by the hours of the settings, and by who sits at the desk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol


async def _somebody() -> bool:
    return True


class Hours(Protocol):
    """bot.hours.BusinessHours is one, and the shop's face, whose hours change."""

    def are_open(self, now: datetime) -> bool: ...

    def next_opening(self, now: datetime) -> datetime | None: ...

    def back_text(self, now: datetime) -> str: ...


class ShopPeople:
    def __init__(
        self, hours: Hours, is_anybody_in: Callable[[], Awaitable[bool]] = _somebody
    ) -> None:
        """`is_anybody_in`: left out where there is no desk; then somebody is."""
        self._hours, self._is_anybody_in = hours, is_anybody_in

    def are_in_hours(self, now: datetime) -> bool:
        return self._hours.are_open(now)

    def back_at(self, now: datetime) -> datetime | None:
        """When they come in next; None where the shop opens no more."""
        return self._hours.next_opening(now)

    def back_text(self, now: datetime) -> str:
        return self._hours.back_text(now)

    async def is_anybody_in(self) -> bool:
        return await self._is_anybody_in()
