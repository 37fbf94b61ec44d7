"""Goods that are none of ours: told before buying, looked for in the orders after it, asked once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.after_order.parcels import TrackParcel
from actions.after_order.returns import StartReturn
from actions.bargaining.beginning import StartOrder
from actions.goods.products import TellProduct
from actions.goods.promotions import TellPromotions
from actions.goods.quality import TellQuality
from actions.goods.stock import CheckStock
from tests.support.talk import Talk

TalkOf = Callable[[str | None], Talk]
ONE_ORDER = "buyer-ake"


async def test_strange_goods_stay_in_talk_until_ours_are_named(talk_of: TalkOf) -> None:
    talk = talk_of(None)
    heard = await talk.hears(CheckStock(), "stock_check", "有除螨仪吗", goods="除螨仪")
    assert heard.replies == ["utter_not_sold_here"] and heard.values["goods"] == "除螨仪"
    heard = await talk.hears(TellProduct(), "ask_product", "多大功率")
    assert heard.replies == ["utter_not_sold_here"]
    await talk.hears(CheckStock(), "stock_check", "那栖云还有吗", product="boot-qiyun")
    assert talk.slots["product_strange"] is None


async def test_a_report_asks_which_order_where_none_holds_such_goods(talk_of: TalkOf) -> None:
    talk = talk_of(ONE_ORDER)
    heard = await talk.hears(StartReturn(), "report_defect", "我买的电饭煲坏了", goods="电饭煲")
    assert heard.replies[-1] == "utter_goods_not_in_orders" and heard.goes_on_with is None
    assert heard.values["goods"] == "电饭煲" and len(heard.buttons) == 1


async def test_it_is_asked_once(talk_of: TalkOf) -> None:
    talk = talk_of(ONE_ORDER)
    await talk.hears(TrackParcel(), "track_parcel", "微波炉到哪了", goods="微波炉")
    heard = await talk.hears(TrackParcel(), "track_parcel", "微波炉到哪了", goods="微波炉")
    assert heard.cards == ["parcel"]


async def test_an_order_in_talk_is_the_one_that_is_meant(talk_of: TalkOf) -> None:
    talk = talk_of(ONE_ORDER)
    await talk.hears(TrackParcel(), "track_parcel", "到哪了")
    heard = await talk.hears(TrackParcel(), "track_parcel", "微波炉到哪了", goods="微波炉")
    assert heard.cards == ["parcel"]


async def test_the_order_by_its_number_settles_what_the_goods_are(talk_of: TalkOf) -> None:
    talk = talk_of(ONE_ORDER)
    await talk.hears(TrackParcel(), "track_parcel", "微波炉到哪了", goods="微波炉")
    await talk.hears(TrackParcel(), "track_parcel", "这单", order_number="6802000000000403")
    assert talk.slots["product_strange"] is None


@pytest.mark.parametrize(
    ("text", "cue", "is_asked"),
    [("收到的是牛奶", None, False), ("我买的豆浆机发成了别的", "bought", True)],
)
async def test_what_came_by_mistake_is_in_no_order(
    talk_of: TalkOf, text: str, cue: str | None, is_asked: bool
) -> None:
    said = {"goods": "豆浆机"} | ({"cue": cue} if cue else {})
    heard = await talk_of("buyer-lulu").hears(StartReturn(), "report_wrong_item", text, **said)
    assert ("utter_goods_not_in_orders" in heard.replies) is is_asked


async def test_bought_goods_are_looked_for_also_where_goods_are_asked_about(
    talk_of: TalkOf,
) -> None:
    said = {"goods": "音箱", "cue": "bought"}
    heard = await talk_of(ONE_ORDER).hears(TellProduct(), "ask_product", "我买的音箱没电源", **said)
    assert heard.replies == ["utter_goods_not_in_orders"]
    heard = await talk_of(None).hears(TellProduct(), "ask_product", "我买的音箱没电源", **said)
    assert heard.goes_on_with == "order_lookup_form"


async def test_a_gift_of_strange_goods_is_no_campaign_of_ours(talk_of: TalkOf) -> None:
    heard = await talk_of(None).hears(
        TellPromotions(), "ask_promotion", "买猫粮送猫条吗", goods=["猫粮", "猫条"]
    )
    assert heard.replies == ["utter_not_sold_here"] and heard.cards == []


async def test_a_pages_number_is_told_once_and_then_the_name_is_asked_for(talk_of: TalkOf) -> None:
    talk = talk_of(None)
    heard = await talk.hears(TellProduct(), "ask_product", "货号A10235", item_number="A10235")
    assert heard.replies == ["utter_number_not_ours"]
    heard = await talk.hears(TellProduct(), "ask_product", "厚不厚")
    assert heard.replies == ["utter_which_page"]
    heard = await talk.hears(TellQuality(), "ask_quality", "质量好吗")
    assert heard.replies == ["utter_which_page"]  # nobody vouches for goods of others
    heard = await talk.hears(StartOrder(), "place_order", "那我要两个")
    assert heard.replies == ["utter_which_page"]
    heard = await talk.hears(TellProduct(), "ask_product", "第三款跟前两款一样吗", ordinal=3)
    assert heard.replies == ["utter_which_page"]


@pytest.mark.parametrize(
    ("text", "said", "is_strange"),
    [
        ("键盘按了没反应", {"goods": "键盘"}, True),
        ("充电线断了", {"goods": "充电线", "cue": "accessory"}, False),  # of any goods
        ("防尘袋破了", {"goods": "防尘袋"}, False),  # lies in the box
        ("防水靴的帽子掉了", {"goods": "帽子", "kind": "徒步鞋"}, False),  # ours are named
    ],
)
async def test_parts_and_words_of_own_goods_are_none_of_another_shops(
    talk_of: TalkOf, text: str, said: dict[str, str], is_strange: bool
) -> None:
    rows = [
        {"entity": name, "value": value, "start": 0, "end": 3, "extractor": "shop"}
        for name, value in said.items()
    ]
    heard = await talk_of(ONE_ORDER).hears(StartReturn(), "report_defect", text, rows=rows)
    assert ("utter_goods_not_in_orders" in heard.replies) is is_strange
