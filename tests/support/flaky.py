"""A shop whose n-th call fails, to try every place at which the data may be out of reach."""

from __future__ import annotations

from typing import Any

from bot.shop.words.errors import ShopUnavailable
from bot.shop.words.port import Shop


class FlakyShop:
    """Passes every verb on to `shop`; the one call that was asked for fails instead."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._calls_left: int | None = None
        self._always = False
        self.failed: list[str] = []  # the verbs that failed, oldest first

    def fail_at(self, call: int) -> None:
        """The `call`-th call from now on fails, counted from 1, and no other."""
        self._calls_left = call

    def fail_always(self) -> None:
        self._always = True

    def recover(self) -> None:
        self._calls_left, self._always = None, False

    def __getattr__(self, verb: str) -> Any:
        async def call(*args: Any, **options: Any) -> Any:
            if self._is_out():
                self.failed.append(verb)
                raise ShopUnavailable(f"{verb}: out of reach, as the test wants it")
            return await getattr(self._shop, verb)(*args, **options)

        return call

    def _is_out(self) -> bool:
        if self._calls_left is None:
            return self._always
        self._calls_left -= 1
        if self._calls_left:
            return False
        self._calls_left = None
        return True
