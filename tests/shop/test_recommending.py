"""What is recommended to whom, from the demo shop's window."""

from __future__ import annotations

from typing import Any

import pytest

from bot.shop.words.goods import ProductQuery
from tests.shop.conftest import House


async def _ids(house: House, buyer_id: str | None = None, **wish: Any) -> list[str]:
    found = await house.shop.recommend(ProductQuery(**wish), buyer_id)
    return [recommendation.product.product_id for recommendation in found]


@pytest.mark.parametrize(
    ("wish", "first"),
    [
        ({"text": "登山鞋"}, "boot-qiyun"),
        ({"text": "冲锋衣", "gender": "女"}, "jacket-guanyun-w"),
        ({"suits": "老人", "category": "鞋"}, "shoe-kangbu"),
        ({"use": "跑步", "category": "鞋"}, "trail-fengxing"),
        ({"suits": "孩子", "category": "包"}, "pack-kids"),
        ({"text": "帐篷"}, "tent-xingye"),
        ({"use": "溯溪", "kind": "防水袋"}, "drybag-hailang"),
    ],
)
async def test_the_fitting_product_comes_first(
    house: House, wish: dict[str, Any], first: str
) -> None:
    assert (await _ids(house, **wish))[0] == first


async def test_the_budget_is_kept(house: House) -> None:
    found = await house.shop.recommend(ProductQuery(category="鞋", budget_fen=25000))
    assert found and all(r.product.price_fen <= 25000 for r in found)


async def test_what_was_turned_down_is_not_offered_again(house: House) -> None:
    first = await _ids(house, category="包")
    assert not set(first) & set(await _ids(house, category="包", without=tuple(first)))


async def test_sold_out_goods_are_left_out_unless_asked_for(house: House) -> None:
    assert await _ids(house, text="帐篷", colour="米色") == []
    assert await _ids(house, text="帐篷", colour="米色", in_stock_only=False) == ["tent-xingye"]


async def test_nothing_suitable_is_said_by_an_empty_answer(house: House) -> None:
    assert await _ids(house, kind="滑雪板") == []
    assert await _ids(house, text="微波炉") == []


async def test_childrens_goods_are_for_who_speaks_of_children(house: House) -> None:
    assert "boot-kids" not in await _ids(house, text="登山鞋", limit=9)
    assert (await _ids(house, use="徒步", gender="童", category="鞋"))[0] == "boot-kids"
    assert "boot-kids" in await _ids(house, "buyer-tangyuan", text="登山鞋", limit=9)


async def test_a_remembered_size_moves_goods_up_but_shuts_none_out(house: House) -> None:
    await house.shop.remember("v", {"shoe_size": "46"})
    assert await _ids(house, "v", category="鞋")


async def test_the_reason_is_the_shops_own_word(house: House) -> None:
    [first, *_] = await house.shop.recommend(ProductQuery(suits="送礼", category="装备"))
    assert any(point in first.reason for point in first.product.selling_points)
    assert len(first.reason) <= 60
