"""The REST door, with the request and answer shapes of Rasa's own REST channel.

POST {"sender", "message", "metadata"?} answers a list of {"recipient_id", "text"?, "image"?,
"buttons"?, "custom"?}: everything the turn says. In `metadata`: `message_id` makes a repeated call
answer alike, `token` is a shop's buyer token, `product_id` the product in view.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from typing import Any

import structlog
from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.frames import product_in_view
from bot.channels.keys import (
    CLOCK,
    CONVERSATIONS,
    DATABASE,
    DEFAULT_SENDER_TOLD,
    MESSAGE_RATE,
    ORIGINS,
    SETTINGS,
    TURNS,
)
from bot.channels.origins import is_local
from bot.channels.requests import (
    bearer,
    identity_of,
    json_object,
    message_id,
    origin_of,
    text_field,
)
from bot.channels.showing import shown_to_buyer
from bot.channels.storefront import is_demo
from bot.channels.tokens import Identity
from bot.conversations.messages import Incoming, Message
from bot.outgoing import claimed

log = structlog.get_logger(__name__)

CHANNEL = "rest"
_LONGEST_SENDER = 200


async def webhook(request: web.Request) -> web.Response:
    _demand_token(request)
    body = await json_object(request)
    sender = _sender(request, body)
    if not 0 < len(sender) <= _LONGEST_SENDER:
        raise ApiError(422, "bad_field", f"sender 要是 1 到 {_LONGEST_SENDER} 个字符")
    text = text_field(body, "message")
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise ApiError(422, "bad_field", "metadata 要是一个对象")
    who = _identity(request, sender, metadata)
    if not request.app[MESSAGE_RATE].allows(who.buyer_id):
        raise ApiError(429, "too_fast", "发得有点快，稍等再发")
    app = request.app
    await claimed.keep(app[DATABASE], who.buyer_id, who.email, app[CLOCK]())
    said = await _answers(request, who, sender, text, metadata)
    settings, demo = request.app[SETTINGS], is_demo(request)
    lines = [_as_rasa(sender, one, shown_to_buyer(one, settings, demo=demo)) for one in said]
    return web.json_response([line for some in lines for line in some])


def _sender(request: web.Request, body: dict[str, Any]) -> str:
    """Numbers are taken as Rasa takes them; without any, all callers are one (Rasa's default)."""
    given = body.get("sender")
    if given is None and request.app[DEFAULT_SENDER_TOLD].allows(""):
        log.warning("rest.no_sender", fields=sorted(map(str, body))[:10])
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    return text_field(body, "sender", "default")


async def status(request: web.Request) -> web.Response:
    """GET /webhooks/rest/: Rasa clients ask whether the door is there."""
    return web.json_response({"status": "ok"})


async def _answers(
    request: web.Request, who: Identity, sender: str, text: str, metadata: dict[str, Any]
) -> list[Message]:
    conversations, turns = request.app[CONVERSATIONS], request.app[TURNS]
    conversation = await conversations.open(
        buyer_id=who.buyer_id,
        signed_in=who.signed_in,
        channel=CHANNEL,
        product_id=product_in_view(metadata),
    )
    request.app[ORIGINS].heard(conversation.conversation_id, origin_of(request))
    own_id = message_id(metadata, "message_id") if "message_id" in metadata else uuid.uuid4().hex
    incoming = await _incoming(request, conversation.conversation_id, own_id, text)
    receipt = await conversations.receive(conversation.conversation_id, incoming)
    # A repeated call waits here for the first one's turn, then finds nothing pending.
    await turns.answer(conversation.conversation_id, up_to=receipt.seq)
    return await conversations.answers(conversation.conversation_id, receipt.seq)


async def _incoming(request: web.Request, conversation_id: str, own_id: str, text: str) -> Incoming:
    """A payload that we offered under the last lines counts as that button; all else is text."""
    if text.startswith("/"):
        recent = await request.app[CONVERSATIONS].history(conversation_id, limit=20)
        for message in reversed(recent):
            for index, button in enumerate(message.buttons):
                if button.payload is not None and _payload_text(button.payload) == text:
                    return Incoming(message_id=own_id, button=(message.seq, index))
    return Incoming(message_id=own_id, text=text)


def _demand_token(request: web.Request) -> None:
    settings = request.app[SETTINGS]
    if not settings.rest_token:
        # A proxy in front makes loopback public, and so does a page of another origin.
        if settings.is_on_loopback and is_local(request):
            return
        raise ApiError(403, "rest_off", "对外开放 REST 接口要先设置 REST_TOKEN")
    given = bearer(request) or request.query.get("token", "")
    if not hmac.compare_digest(
        given.encode("utf-8", "replace"), settings.rest_token.encode("utf-8", "replace")
    ):
        raise ApiError(401, "bad_token", "令牌不对")


def _identity(request: web.Request, sender: str, metadata: dict[str, Any]) -> Identity:
    """The buyer of a signed token; else a visitor known by the caller's `sender`."""
    if token := text_field(metadata, "token", ""):
        return identity_of(request.app, token)
    name = hashlib.sha256(sender.encode()).hexdigest()[:32]
    return Identity(buyer_id=f"visitor:rest-{name}", signed_in=False)


def _as_rasa(sender: str, message: Message, shown: dict[str, Any]) -> list[dict[str, Any]]:
    """One message as Rasa's channel would have sent it: text with buttons, image, custom."""
    lines: list[dict[str, Any]] = []
    if message.text:
        line: dict[str, Any] = {"recipient_id": sender, "text": message.text}
        if message.buttons:
            line["buttons"] = [
                {
                    "title": button.title,
                    "payload": _payload_text(button.payload) if button.payload else button.title,
                }
                for button in message.buttons
            ]
        lines.append(line)
    if message.picture is not None:
        lines.append({"recipient_id": sender, "image": message.picture["url"]})
    if message.card is not None:
        lines.append({"recipient_id": sender, "custom": {"card": shown["card"]}})
    return lines


def _payload_text(payload: Any) -> str:
    entities = payload["entities"]
    data = json.dumps(entities, ensure_ascii=False) if entities else ""
    return f"/{payload['intent']}{data}"
