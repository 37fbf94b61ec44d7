"""差多少钱: two of one product's own, or the other of two, with the gap between their lowest prices."""

from __future__ import annotations

import pytest

from actions.goods.price_gap import _of_one
from actions.hearing.context import Talk
from bot.shop.words.goods import Product, Sku


def sku(colour: str, size: str, price_fen: int) -> Sku:
    return Sku(sku_id=f"{colour}{size}", colour=colour, size=size, stock=1, price_fen=price_fen)


def talk(skus: tuple[Sku, ...], sizes: tuple[str, ...] = (), colours: tuple[str, ...] = ()) -> Talk:
    product = Product(
        product_id="p", name="线", nicknames=(), category="线", kind="线", price_fen=1000,
        list_price_fen=1000, weight_g=1, picture="", page="", selling_points=(), drawbacks=(),
        suits=(), uses=(), sheet=(), goes_with=(), skus=skus,
    )  # fmt: skip
    return Talk(
        product=product, colour="", size="", quantity=1, said_colours=colours, said_sizes=sizes,
        has_colour=False, has_size=False,
    )  # fmt: skip


LENGTHS = (sku("", "1米", 2500), sku("", "2米", 3500), sku("", "3米", 4500))
GRADES = (sku("特级", "250g", 9800), sku("特级", "500g", 18800), sku("一级", "250g", 6800))


@pytest.mark.parametrize(
    ("skus", "sizes", "colours", "told"),
    [
        (LENGTHS, ("1米", "2米"), (), [("1米", 2500), ("2米", 3500)]),
        (LENGTHS, ("2米",), (), []),  # of three the other is not known
        (LENGTHS, ("1米", "9米"), (), []),
        (GRADES, (), ("特级",), [("特级", 9800), ("一级", 6800)]),
        (GRADES, (), (), []),
    ],
)
def test_two_of_its_own(
    skus: tuple[Sku, ...],
    sizes: tuple[str, ...],
    colours: tuple[str, ...],
    told: list[tuple[str, int]],
) -> None:
    assert _of_one(talk(skus, sizes, colours)) == told
