"""A shop behind the port with other rules is obeyed: actions ask `order.may` and guess nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from actions.after_order.addresses import ChangeAddress
from actions.after_order.cancelling import OfferCancel
from actions.after_order.order_changes import ChangeOrder
from actions.after_order.pressing import WaitForIt
from actions.after_order.returns import StartReturn
from actions.delivery.shipping import TellShipTime
from bot.shop.words.dealing import Access, Order, Verb
from bot.shop.words.errors import AMENDS_SPENT, WrongMoment
from bot.shop.words.goods import Coupon
from bot.shop.words.port import Shop
from tests.support.talk import Talk

UNPAID, PACKED, SHIPPED = "6802000000000101", "6802000000000301", "6802000000000401"


class OtherRules:
    """Another shop's word on what may be done, before our own shop's data."""

    def __init__(self, shop: Shop, **rules: Any) -> None:
        self._shop, self._rules = shop, rules

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shop, name)

    def _ruled(self, order: Order) -> Order:
        return replace(order, **self._rules)

    async def orders_of(self, buyer_id: str, *, limit: int = 5) -> list[Order]:
        return [self._ruled(one) for one in await self._shop.orders_of(buyer_id, limit=limit)]

    async def order(self, number: str, access: Any) -> Order | None:
        order = await self._shop.order(number, access)
        return self._ruled(order) if order else None


def _under(talk: Talk, **rules: Any) -> Talk:
    talk.shop = OtherRules(talk.shop, **rules)  # type: ignore[assignment]
    return talk


TalkOf = Callable[[str | None], Talk]


async def test_an_unpaid_order_that_may_not_be_cancelled_is_not_offered(talk_of: TalkOf) -> None:
    talk = _under(talk_of("buyer-lulu"), may=frozenset())
    heard = await talk.hears(OfferCancel(), "cancel_order", "取消订单", order_number=UNPAID)
    assert not {"utter_ask_cancel", "utter_ask_cancel_paid"} & set(heard.replies)


async def test_a_parcel_that_may_be_called_back_is_cancelled(talk_of: TalkOf) -> None:
    talk = _under(talk_of("buyer-lulu"), may=frozenset({Verb.CANCEL}))
    heard = await talk.hears(OfferCancel(), "cancel_order", "取消订单", order_number=SHIPPED)
    assert heard.replies == ["utter_ask_cancel_paid"]


async def test_an_address_that_may_be_changed_after_packing_is_changed(talk_of: TalkOf) -> None:
    own = await talk_of("buyer-laozhou").hears(
        ChangeAddress(), "change_address", "改地址", order_number=PACKED
    )
    assert own.handed_over is not None
    other = _under(talk_of("buyer-laozhou"), may=frozenset({Verb.CHANGE_RECEIVER}))
    heard = await other.hears(ChangeAddress(), "change_address", "改地址", order_number=PACKED)
    assert heard.goes_on_with == "address_form" and heard.handed_over is None


async def test_quantity_goes_to_a_person_only_where_the_shop_refuses(talk_of: TalkOf) -> None:
    talk = _under(talk_of("buyer-lulu"), may=frozenset({Verb.CHANGE_LINE}))
    heard = await talk.hears(
        ChangeOrder(), "change_order", "改成两件", order_number=UNPAID, quantity=2
    )
    assert heard.replies[0] == "utter_change_by_person" and heard.handed_over is not None


async def test_what_may_not_come_back_begins_no_return(talk_of: TalkOf) -> None:
    talk = _under(talk_of("buyer-lulu"), may=frozenset())
    heard = await talk.hears(
        StartReturn(), "return_request", "退货", order_number="6802000000000501"
    )
    assert heard.goes_on_with is None and "return_line" not in talk.slots


async def test_late_is_what_the_shop_calls_late(talk_of: TalkOf) -> None:
    own = await talk_of("buyer-tangyuan").hears(TellShipTime(), "ask_ship_time", "什么时候发")
    assert own.replies == ["utter_ships_on"]
    late = _under(talk_of("buyer-tangyuan"), ships_late=True)
    heard = await late.hears(TellShipTime(), "ask_ship_time", "什么时候发")
    assert heard.replies == ["utter_ship_overdue"]


class Giving(OtherRules):
    """A shop that gives a coupon for waiting."""

    given: list[tuple[str, str]]

    async def make_amends(self, number: str, access: Access, *, request_id: str) -> Coupon:
        self.given = [*getattr(self, "given", []), (number, access.buyer_id or "")]
        return Coupon(code="LATE5", title="5元券", off_fen=500, from_fen=0, ends_on=None)


LATE = "6802000000000405"


async def test_who_waits_for_a_late_parcel_gets_what_the_shop_gives(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-jimo")
    shop = Giving(talk.shop, amends="5元券")
    talk.shop = shop  # type: ignore[assignment]
    heard = await talk.presses(WaitForIt(), "wait_for_it", "再等等", order_number=LATE)
    assert (heard.cards, heard.replies) == (["coupon"], ["utter_thanks_for_waiting"])
    assert shop.given == [(LATE, "buyer-jimo")]


class Spent(OtherRules):
    """A shop whose last coupon of the month went after it was told of."""

    async def make_amends(self, number: str, access: Access, *, request_id: str) -> Coupon:
        raise WrongMoment(AMENDS_SPENT)


async def test_who_was_told_of_a_coupon_that_ran_out_hears_so(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-jimo")
    talk.shop = Spent(talk.shop)  # type: ignore[assignment]
    heard = await talk.presses(WaitForIt(), "wait_for_it", "再等等", order_number=LATE)
    assert heard.replies == ["utter_thanks_for_waiting"]  # nobody has told of any
    talk.slots["followup_about"] = {"order_number": LATE, "amends": True}
    heard = await talk.presses(WaitForIt(), "wait_for_it", "再等等", order_number=LATE)
    assert (heard.cards, heard.replies) == ([], ["utter_amends_spent"])


async def test_what_the_shop_does_not_give_any_more_is_not_promised(talk_of: TalkOf) -> None:
    for amends in ("", "5元券"):  # our own shop gives nothing: refused where it is asked
        talk = _under(talk_of("buyer-jimo"), amends=amends)
        heard = await talk.presses(WaitForIt(), "wait_for_it", "再等等", order_number=LATE)
        assert (heard.cards, heard.replies) == ([], ["utter_thanks_for_waiting"])
