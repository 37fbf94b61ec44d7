"""Whether the reason of a follow-up still holds, asked of the shop, and the facts for its words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.followups.endings import Case, first_ending, is_not_yet
from bot.followups.facts import facts_of, facts_of_several
from bot.followups.kinds import Kind
from bot.followups.rules import FollowUp
from bot.shop.words.dealing import Access, Order
from bot.shop.words.port import Shop

_BOUGHT = frozenset({"bought_otherwise", "bought_since", "bought_it"})
_GOES_BACK = frozenset({"case_open"})
_MOST_ORDERS = 50  # of one buyer that are looked at


async def _nobody_else(buyer_id: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """`ended_by`: the name of the ending that came, "" while the reason holds."""

    ended_by: str = ""
    not_yet: bool = False
    case: Case | None = None


class Occasions:
    def __init__(
        self,
        shop: Shop,
        zone: ZoneInfo,
        same_person: Callable[[str], Awaitable[Sequence[str]]] = _nobody_else,
    ) -> None:
        """`same_person`: the other ids of this buyer, as a visitor and signed in."""
        self._shop, self._zone, self._same_person = shop, zone, same_person

    async def of(self, follow_up: FollowUp, kind: Kind) -> Occasion:
        """Raises ShopError where the shop cannot be asked."""
        case = await self._case(follow_up, kind)
        if ended_by := first_ending(case, kind):
            return Occasion(ended_by=ended_by)
        return Occasion(not_yet=is_not_yet(case, kind), case=case)

    async def values(self, occasion: Occasion) -> Mapping[str, Any]:
        """For its words: asked of what is said, and not of what is only judged. Raises ShopError."""
        if occasion.case is None:
            return {}
        return await facts_of(self._shop, occasion.case, self._zone)

    async def values_of_several(self, occasions: Sequence[Occasion]) -> Mapping[str, Any]:
        """What is said of all of them at once; their reasons hold. Raises ShopError."""
        cases = [one.case for one in occasions if one.case is not None]
        return await facts_of_several(self._shop, cases, self._zone)

    async def _case(self, follow_up: FollowUp, kind: Kind) -> Case:
        about = follow_up.about
        number = str(about.get("order_number") or "")
        product_id = str(about.get("product_id") or "")
        access = Access(buyer_id=follow_up.buyer_id)
        order = await self._shop.order(number, access) if number else None
        if kind.subject == "order" and order is not None and order.lines and not product_id:
            product_id = order.lines[0].product_id
        is_of_return = kind.subject == "case" or bool(_GOES_BACK & kind.ends_when)
        return Case(
            follow_up=follow_up,
            subject=kind.subject,
            order=order,
            product=await self._shop.product(product_id) if product_id else None,
            orders=await self._orders(follow_up.buyer_id) if _BOUGHT & kind.ends_when else (),
            returns=await self._shop.returns_of(follow_up.buyer_id) if is_of_return else (),
        )

    async def _orders(self, buyer_id: str) -> Sequence[Order]:
        """The newest first; what was bought by the same person under another id counts, too."""
        orders = list(await self._shop.orders_of(buyer_id, limit=_MOST_ORDERS))
        for other in await self._same_person(buyer_id):
            orders += await self._shop.orders_of(other, limit=_MOST_ORDERS)
        return sorted(orders, key=lambda order: order.created_at, reverse=True)
