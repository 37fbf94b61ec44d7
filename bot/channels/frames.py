"""What a buyer's frame on the chat socket means, checked against what we have offered."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.channels.asking import asked
from bot.channels.errors import ApiError
from bot.channels.keys import CONVERSATIONS, PICTURES, SHOP
from bot.channels.order_tiles import asked_of_order
from bot.channels.requests import message_id, number_field, text_field
from bot.channels.storefront import product_card
from bot.conversations.messages import Incoming

_LONGEST_PRODUCT_ID = 64


def product_in_view(body: dict[str, Any]) -> str | None:
    """The product the buyer looks at; None where none is named. Raises ApiError."""
    return text_field(body, "product_id", "")[:_LONGEST_PRODUCT_ID] or None


async def incoming(
    app: web.Application, conversation_id: str, buyer_id: str, frame: dict[str, Any]
) -> Incoming:
    """The message of a `send` frame. Raises ApiError."""
    own_id = message_id(frame)
    match frame.get("kind"):
        case "text":
            return Incoming(message_id=own_id, text=text_field(frame, "text"))
        case "button":
            button = number_field(frame, "seq"), number_field(frame, "button")
            return Incoming(message_id=own_id, button=button)
        case "product":
            return await _product(app, own_id, text_field(frame, "product_id"))
        case "question":
            product_id = text_field(frame, "product_id", "")[:_LONGEST_PRODUCT_ID]
            talk = await app[CONVERSATIONS].find(conversation_id)
            name, seen = text_field(frame, "question"), talk.product_in_view
            return await asked(app, own_id, buyer_id, name, product_id, seen)
        case "order":
            return await asked_of_order(app, own_id, buyer_id, text_field(frame, "number"))
        case "picture":
            return await _picture(app, conversation_id, own_id, text_field(frame, "picture_id"))
    raise ApiError(422, "bad_frame", "看不懂这种消息")


async def _product(app: web.Application, own_id: str, product_id: str) -> Incoming:
    product = await app[SHOP].product(product_id)
    if product is None:
        raise ApiError(404, "unknown_product", "没有找到这件商品")
    return Incoming(
        message_id=own_id,
        product_id=product_id,
        text=f"[商品] {product.name}",
        card=product_card(product),
    )


async def _picture(
    app: web.Application, conversation_id: str, own_id: str, picture_id: str
) -> Incoming:
    picture = await app[PICTURES].of_conversation(conversation_id, picture_id)
    if picture is None:
        raise ApiError(404, "unknown_picture", "没有找到这张图片，再传一次吧")
    return Incoming(message_id=own_id, picture=picture.as_message())
