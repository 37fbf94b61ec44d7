"""What an agent reads of a chat that is handed over: words, not the dialogue's own notes."""

from __future__ import annotations

import pytest

from bot.engine.facts import facts_of
from bot.handing_over import HandOverReason
from bot.nlu import catalogue
from bot.nlu.catalogue import Catalogue, PlainTerm
from bot.shop.words.prices import price_text


@pytest.fixture(autouse=True)
def goods(monkeypatch: pytest.MonkeyPatch) -> None:
    terms = [
        PlainTerm("轻风", "product", "run-light"),
        PlainTerm("轻风跑鞋", "product", "run-light"),
        PlainTerm("云袜", "product", "sock"),
    ]
    monkeypatch.setattr(catalogue, "_current", Catalogue("facts", terms))


def test_a_half_finished_order_is_told_with_names_and_address() -> None:
    slots = {
        "order_product": "run-light",
        "order_colour": "黑色",
        "order_size": "42",
        "order_quantity": 2,
        "order_more": [
            {"product": "run-light", "colour": "白色", "size": "41", "quantity": 1},
            {"product": "sock", "colour": None, "size": None, "quantity": 2},
        ],
        "order_name": "李雷",
        "order_phone": "13800138000",
        "order_address": "杭州市西湖区文三路1号",
        "order_note": "别放快递柜",
    }
    assert facts_of(slots) == {
        "商品": "轻风跑鞋",
        "款式": "黑色",
        "规格": "42",
        "数量": "2",
        "另外还要": "轻风跑鞋白色41 1件、云袜 2件",
        "收货人": "李雷",
        "电话": "13800138000",
        "地址": "杭州市西湖区文三路1号",
        "备注": "别放快递柜",
    }


def test_what_only_the_dialogue_needs_is_left_out() -> None:
    slots = {
        "order_shown": "run-light|黑色|42|13800138000|杭州",
        "order_offered": {"order_size": "42"},
        "order_confirmed": True,
        "product_shown": ["run-light", "sock"],
        "product_question": "size",
        "product_question_said": "多大",
        "return_shown": {"what": "1|1|size|exchange|黑色43码", "deed_id": "t"},
    }
    assert facts_of(slots) == {}


def test_a_return_and_a_body_are_told_in_chinese() -> None:
    slots = {
        "product_in_talk": "gone-since",
        "return_line": {"number": "6802", "line_id": "1", "name": "轻风跑鞋"},
        "return_reason": "size",
        "return_remedy": "exchange",
        "return_wanted": "黑色43码",
        "return_photos": ["a", "b"],
        "size_measures": {"height_cm": 172.0, "weight_kg": 62.5, "usual_size": "42"},
        "recommend_wish": {"use": "徒步", "budget_fen": 50050},
    }
    assert facts_of(slots) == {
        "商品": "gone-since",
        "退换商品": "轻风跑鞋",
        "退换订单": "6802",
        "退换原因": "大小不合适",
        "想怎么处理": "换货",
        "想换成": "黑色43码",
        "照片": "2张",
        "身高": "172cm",
        "体重": "62.5kg",
        "平时穿": "42码",
        "用途": "徒步",
        "预算": "500.5元",
    }


@pytest.mark.parametrize("reason", HandOverReason)
def test_every_reason_is_told_in_its_own_words(reason: HandOverReason) -> None:
    assert [one for one in HandOverReason if one.text == reason.text] == [reason]


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (29900, "299元"),
        (29950, "299.5元"),
        (1234567, "12345.67元"),
        (100000000, "1000000元"),
        (5, "0.05元"),
        (0, "0元"),
        (-150, "-1.5元"),
    ],
)
def test_a_price_is_written_in_one_way(fen: int, text: str) -> None:
    assert price_text(fen) == text


def test_goods_of_another_shop_are_told_in_the_buyers_word() -> None:
    assert facts_of({"product_strange": "电饭煲"}) == {"问的东西（店里没有）": "电饭煲"}
