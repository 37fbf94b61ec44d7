"""A turn has one end for all its calls, and asks the shop for one thing once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import pytest
from aiohttp import web
from rasa_sdk import Action

from actions.frame.chat import Chat
from actions.ordering.placing import _tell_placed
from bot.engine.in_process import InProcessActions
from bot.shop.wire.one_turn import current_turn, one_turn
from bot.shop.wire.remote import RemoteShop
from bot.shop.words.dealing import Receiver, WantedLine
from bot.shop.words.errors import ShopUnavailable
from tests.shop.conftest import TOKEN, House, served
from tests.support.waiting import PATIENCE_S

SLOW_S = 0.4
HERE = Receiver(name="李静", phone="13800000001", address="浙江省杭州市文三路1号")


@asynccontextmanager
async def counted(
    house: House, slow: Sequence[str] = ()
) -> AsyncIterator[tuple[Any, Counter[str]]]:
    """The house's shop behind its API: calls by the end of their path; some of them slow."""
    asked: Counter[str] = Counter()

    @web.middleware
    async def count(request: web.Request, handler: Any) -> web.StreamResponse:
        last = request.path.rsplit("/", 1)[-1]
        asked[last] += 1
        if last in slow:
            await asyncio.sleep(SLOW_S)
        answer: web.StreamResponse = await handler(request)
        return answer

    async with served(house.shop, middlewares=[count]) as base, RemoteShop(base, TOKEN) as shop:
        yield shop, asked


async def test_what_was_read_in_a_turn_is_not_asked_for_again(house: House) -> None:
    async with counted(house) as (shop, asked):
        with one_turn(10):
            first = await shop.product("boot-qiyun")
            with one_turn(5):  # an action of the turn
                assert await shop.product("boot-qiyun") == first
        assert asked["boot-qiyun"] == 1
        with one_turn(10):
            await shop.product("boot-qiyun")
        assert asked["boot-qiyun"] == 2, "another turn reads anew"
        await shop.product("boot-qiyun")
        await shop.product("boot-qiyun")
        assert asked["boot-qiyun"] == 4, "outside of a turn nothing is kept"


async def test_a_deed_makes_what_was_read_old(house: House) -> None:
    async with counted(house) as (shop, asked):
        with one_turn(10):
            assert await shop.standing_offer("boot-qiyun", buyer_id="b") is None
            given = await shop.bargain(
                "boot-qiyun", buyer_id="b", quantity=1, ask_fen=None, request_id="r"
            )
            assert await shop.standing_offer("boot-qiyun", buyer_id="b") == given
        assert asked["b"] == 2


@pytest.mark.parametrize("bounded", [True, False])
async def test_the_turns_end_is_every_calls_end(house: House, bounded: bool) -> None:
    async with counted(house, slow=["shipping-promise"]) as (shop, _):
        with one_turn(SLOW_S / 2) if bounded else nullcontext():
            if bounded:
                with pytest.raises(ShopUnavailable):
                    await shop.shipping_promise()
                turn = current_turn()
                assert turn is not None and turn.seconds_left() < SLOW_S / 4
                with pytest.raises(ShopUnavailable, match="no time left"):
                    await asyncio.sleep(SLOW_S / 4)
                    await shop.product("boot-qiyun")
            else:
                assert (await shop.shipping_promise()).cutoff


def test_a_turn_within_ends_no_later() -> None:
    with one_turn(1), one_turn(60):
        turn = current_turn()
        assert turn is not None and turn.seconds_left() <= 1
    assert current_turn() is None


@pytest.mark.parametrize("has_end", [True, False], ids=["with its end", "guard off"])
async def test_an_order_is_told_though_the_shop_is_slow_afterwards(
    house: House, monkeypatch: pytest.MonkeyPatch, has_end: bool
) -> None:
    """The action's limit comes after the shop's: what was placed is said, and no person is fetched."""
    limit_s = PATIENCE_S if has_end else SLOW_S / 2 + 0.1
    monkeypatch.setattr(
        "bot.engine.in_process.TELLING_S", limit_s - 0.1 if has_end else -PATIENCE_S
    )
    async with counted(house, slow=["shipping-promise"]) as (shop, _):

        class TellPlaced(Action):  # type: ignore[misc]  # rasa_sdk ships no types
            def name(self) -> str:
                return "action_tell_placed"

            async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
                chat = Chat(dispatcher, tracker, shop)
                await _tell_placed(chat, _placed)
                return []

        wanted = [WantedLine(product_id="boot-qiyun", colour="黑色", size="39")]
        _placed = await shop.place_order(
            wanted, buyer_id="b", receiver=HERE, note="", request_id="r"
        )
        actions = InProcessActions(time_limit=limit_s)
        actions._executor.register_action(TellPlaced())
        told = await actions.request(json=_call("action_tell_placed"))
    said = [one.get("response") for one in told["responses"]]
    assert said == (["utter_order_placed_only"] if has_end else ["utter_trouble", None])


def _call(name: str) -> dict[str, Any]:
    tracker = {
        "sender_id": "c",
        "slots": {},
        "latest_message": {},
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    return {"next_action": name, "sender_id": "c", "tracker": tracker, "domain": {}}
