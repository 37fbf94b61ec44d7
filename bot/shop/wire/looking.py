"""A shop that may be looked at and not changed, for what is thought and perhaps never said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

from bot.shop.words.errors import ShopUnavailable
from bot.shop.words.port import Shop

# What only reads; every other verb of the port, also one that comes later, is a deed.
READS = frozenset(
    {
        "catalogue_version",
        "catalogue_terms",
        "product",
        "recommend",
        "size_advice",
        "promotions",
        "coupons",
        "postage",
        "quote",
        "standing_offer",
        "shipping_promise",
        "buyer",
        "quote_order",
        "orders_of",
        "quote_receiver",
        "quote_line",
        "return_terms",
        "returns_of",
    }
)
_only_looking: ContextVar[bool] = ContextVar("only_looking", default=False)


@contextmanager
def only_looking() -> Iterator[None]:
    """Inside of it, in this task, the shop of all actions does nothing."""
    token = _only_looking.set(True)
    try:
        yield
    finally:
        _only_looking.reset(token)


def as_allowed(shop: Shop) -> Shop:
    """The shop, or one that only looks where that is asked for."""
    return cast(Shop, _Looked(shop)) if _only_looking.get() else shop


class _Looked:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def __getattr__(self, name: str) -> Any:
        if name in READS:
            return getattr(self._shop, name)
        if name == "order":
            return self._own_order

        async def refused(*_: Any, **__: Any) -> None:
            if name != "remember":  # what is learned beside the way is simply not kept
                raise ShopUnavailable(name)

        return refused

    async def _own_order(self, number: str, access: Any) -> Any:
        """Only the buyer's own: tries at others' orders are counted, and this is no try."""
        own = await self._shop.orders_of(access.buyer_id, limit=20) if access.buyer_id else ()
        return next((one for one in own if one.number == number), None)
