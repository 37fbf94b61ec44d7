"""The demo shop front: goods to look at, demo buyers to act as, and a page that pays."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, DATABASE, SETTINGS, SHOP, TOKENS
from bot.channels.origins import came_by_proxy
from bot.channels.requests import identity_of, json_object, text_field
from bot.channels.tokens import BadToken
from bot.shop.embedded.buyers import read_known
from bot.shop.words.dealing import Access
from bot.shop.words.goods import Product, ProductQuery
from bot.shop.words.prices import price_text

_MOST_TILES = 500


async def products(request: web.Request) -> web.Response:
    """GET: every product, as a tile."""
    # A query that narrows nothing finds everything, at a shop of our own and at another's.
    everything = ProductQuery(in_stock_only=False, limit=_MOST_TILES)
    found = await request.app[SHOP].recommend(everything)
    return web.json_response([_tile(one.product) for one in found])


async def product(request: web.Request) -> web.Response:
    """GET one product as its page shows it."""
    found = await request.app[SHOP].product(request.match_info["product_id"])
    if found is None:
        raise ApiError(404, "unknown_product", "没有找到这件商品")
    return web.json_response(
        {
            **_tile(found),
            "kind": found.kind,
            "selling_points": list(found.selling_points),
            "drawbacks": list(found.drawbacks),
            "suits": list(found.suits),
            "colours": list(found.colours),
            "sizes": list(found.sizes),
            "colour_name": found.colour_name,
            "size_name": found.size_name,
        }
    )


async def demo_buyers(request: web.Request) -> web.Response:
    _demand_demo(request)
    buyers = await request.app[DATABASE].read(read_known)
    return web.json_response(
        [
            {
                "buyer_id": buyer_id,
                "nickname": nickname,
                "about": f"买过 {orders} 单" if orders else "新朋友",
            }
            for buyer_id, nickname, orders in buyers
        ]
    )


async def demo_login(request: web.Request) -> web.Response:
    """POST {buyer_id}: a token as the shop would sign it."""
    _demand_demo(request)
    buyer_id = text_field(await json_object(request), "buyer_id")
    known = await request.app[DATABASE].read(read_known)
    if buyer_id not in {known_id for known_id, _, _ in known}:
        raise ApiError(404, "unknown_buyer", "没有这位演示买家")
    return web.json_response(
        {"token": request.app[TOKENS].for_buyer(buyer_id, request.app[CLOCK]())}
    )


async def demo_order(request: web.Request) -> web.Response:
    """POST {order_number, token or ticket}: what the pay page shows."""
    number, access = await _order_request(request)
    order = await request.app[SHOP].order(number, access)
    if order is None:
        raise ApiError(404, "unknown_order", "没有找到这笔订单")
    return web.json_response(
        {
            "number": order.number,
            "status": order.status.value,
            "total_text": price_text(order.total_fen),
            "lines": [
                {
                    "name": line.name,
                    "colour": line.colour,
                    "size": line.size,
                    "quantity": line.quantity,
                    "price_text": price_text(line.unit_price_fen),
                    "picture": line.picture,
                }
                for line in order.lines
            ],
        }
    )


async def demo_pay(request: web.Request) -> web.Response:
    """POST {order_number, token or ticket}: pays, as the platform would."""
    number, access = await _order_request(request)
    order = await request.app[SHOP].pay_order(number, access, request_id=f"demo-pay:{number}")
    return web.json_response({"number": order.number, "status": order.status.value})


async def _order_request(request: web.Request) -> tuple[str, Access]:
    _demand_demo(request)
    body = await json_object(request)
    number = text_field(body, "order_number")
    if ticket := text_field(body, "ticket", ""):
        try:
            buyer_id = request.app[TOKENS].read_payment(ticket, number, request.app[CLOCK]())
        except BadToken:
            raise ApiError(401, "bad_token", "付款链接过期了，回聊天里再点一次去付款") from None
    else:
        buyer_id = identity_of(request.app, text_field(body, "token")).buyer_id
    return number, Access(buyer_id=buyer_id, asker=buyer_id)


def is_demo(request: web.Request) -> bool:
    """Whoever comes through a proxy is no owner trying things out on this machine."""
    return request.app[SETTINGS].demo and not came_by_proxy(request)


def _demand_demo(request: web.Request) -> None:
    if not is_demo(request):
        raise web.HTTPNotFound


def product_card(product: Product) -> dict[str, Any]:
    """The card of a product that the buyer shows; the bot's own say more."""
    return {"type": "product", **_tile(product), "has_sizes": product.size_chart is not None}


def _tile(product: Product) -> dict[str, Any]:
    prices = product.prices()
    tile = {
        "product_id": product.product_id,
        "name": product.name,
        "category": product.category,
        "price_text": f"{price_text(prices[0])}{'起' if len(prices) > 1 else ''}",
        "picture": product.picture,
        "page": product.page,
    }
    if product.list_price_fen > product.price_fen:
        tile["list_price_text"] = price_text(product.list_price_fen)
    return tile
