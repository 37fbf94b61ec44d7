"""Which goods a measure word means: by the endings of kinds, and only where it tells them apart."""

from __future__ import annotations

from typing import Any

import pytest

from bot.shop.rules.measure_words import counted_by, is_counted_by
from bot.shop.words.goods import Product


def _goods(kind: str) -> Product:
    empty: dict[str, Any] = dict.fromkeys(
        ("nicknames", "selling_points", "drawbacks", "suits", "uses", "sheet", "goes_with", "skus"),
        (),
    )
    named: dict[str, Any] = {
        "product_id": kind,
        "name": kind,
        "category": "",
        "kind": kind,
        "picture": "",
        "page": "",
    }
    return Product(**named, **empty, price_fen=100, list_price_fen=100, weight_g=1)


@pytest.mark.parametrize(
    ("word", "kinds", "meant"),
    [
        ("双", ["冲锋衣", "羊毛袜"], [1]),
        ("双", ["雪地靴", "袜子", "帽子"], [0, 1]),
        ("件", ["冲锋衣", "徒步鞋"], [0]),
        ("条", ["徒步裤", "打底衣"], [0]),
        ("顶", ["帐篷", "睡袋"], [0]),
        ("双", ["徒步鞋", "越野跑鞋"], []),  # it tells nothing where all are counted so
        ("双", ["保温杯", "睡袋"], []),
        ("个", ["冲锋衣", "徒步鞋"], []),  # counts anything
        ("", ["冲锋衣", "徒步鞋"], []),
    ],
)
def test_a_measure_word_means_the_goods_it_counts(
    word: str, kinds: list[str], meant: list[int]
) -> None:
    assert counted_by([_goods(kind) for kind in kinds], word) == meant


def test_goods_without_a_kind_are_counted_by_nothing() -> None:
    assert not is_counted_by(_goods(""), "双")
