"""The chat page's HTTP side: sessions, history, pictures, goods and the demo switch."""

from __future__ import annotations

from typing import Any

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import BadHttpMessage

from bot import privacy_notice
from bot.channels.asking import offered_now
from bot.channels.errors import ApiError
from bot.channels.frames import product_in_view
from bot.channels.keys import (
    CARRYING,
    CHANNEL,
    CLOCK,
    CONVERSATIONS,
    DATABASE,
    FACE,
    JOINING,
    PICTURES,
    SESSION_RATE,
    SETTINGS,
    SHOP,
    TOKENS,
    UPLOAD_RATE,
    UPLOAD_RATE_OF_RANGE,
)
from bot.channels.pictures import LARGEST_BYTES, too_large
from bot.channels.requests import (
    arriving,
    identity,
    json_object,
    origin_of,
    text_field,
    whole_number,
)
from bot.channels.showing import shown_to_buyer
from bot.channels.storefront import is_demo
from bot.channels.tokens import BadToken, Identity
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Author, Message
from bot.conversations.service import Clock
from bot.outgoing import claimed

_UPLOADED_WITHIN_S = 60.0  # all of it; each piece within BODY_WITHIN_S


async def open_session(request: web.Request) -> web.Response:
    """POST {token?, was?, product_id?}: who this is, what was said, how the shop greets.

    `was`: the visitor's token of whoever has just signed in.
    """
    body = await json_object(request)
    app = request.app
    product_id = product_in_view(body)
    token, who = _known_or_new(request, text_field(body, "token", ""))
    conversation = await _conversation_of(app, who, product_id)
    await claimed.keep(app[DATABASE], who.buyer_id, who.email, app[CLOCK]())
    if who.signed_in and (was := text_field(body, "was", "")):
        await _carry_over(app, was, conversation)
        conversation = await app[CONVERSATIONS].find(conversation.conversation_id)
    messages = shown(request, await app[CONVERSATIONS].history(conversation.conversation_id))
    return web.json_response(
        {
            "token": token,
            "conversation_id": conversation.conversation_id,
            "demo": is_demo(request),
            "signed_in": who.signed_in,
            "shop": await _greeting(app, who),
            "status": conversation.status.value,
            "messages": messages,
            "last_seq": conversation.last_seq,
            "read_seq": conversation.read_seq,
            **await offered_now(app, conversation, product_id),
        }
    )


async def history(request: web.Request) -> web.Response:
    """GET ?before=<seq>: older messages, oldest first."""
    who = identity(request)
    before = whole_number(request.query.get("before", ""))
    if before is None:
        raise ApiError(422, "bad_field", "before 要是一个数字")
    conversation = await _conversation_of(request.app, who, None)
    older = await request.app[CONVERSATIONS].history(conversation.conversation_id, before=before)
    return web.json_response({"messages": shown(request, older)})


async def upload_picture(request: web.Request) -> web.Response:
    """POST multipart, field "file"."""
    who = identity(request)
    if not (
        request.app[UPLOAD_RATE].allows(who.buyer_id)
        and request.app[UPLOAD_RATE_OF_RANGE].allows(origin_of(request))
    ):
        raise ApiError(429, "too_fast", "图片发得有点快，歇一下再发")
    conversation = await _conversation_of(request.app, who, None)
    content = await arriving(uploaded(request), _UPLOADED_WITHIN_S)
    picture = await request.app[PICTURES].keep(
        conversation.conversation_id, content, origin=origin_of(request)
    )
    return web.json_response(picture.as_message())


async def uploaded(request: web.Request) -> bytes:
    """The file's bytes; it comes first, and nothing else is read to find it."""
    return (await uploaded_file(request))[1]


async def uploaded_file(request: web.Request) -> tuple[str, bytes]:
    """(name as the browser tells it, bytes)"""
    if not request.content_type.startswith("multipart/"):
        raise ApiError(415, "not_multipart", "图片要用表单上传")
    try:
        part = await arriving((await request.multipart()).next())
        if isinstance(part, BodyPartReader) and part.name == "file":
            return part.filename or "", await _bounded(part)
    except (ValueError, BadHttpMessage):  # what aiohttp raises where the form is no form
        raise ApiError(400, "bad_form", "表单内容不对，再传一次吧") from None
    raise ApiError(422, "no_file", "没有收到图片")


async def _bounded(part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await arriving(part.read_chunk(64 * 1024)):
        content += chunk
        if len(content) > LARGEST_BYTES:
            raise too_large()
    return bytes(content)


async def picture(request: web.Request) -> web.StreamResponse:
    """GET a buyer's picture by its unguessable id."""
    path = request.app[PICTURES].path(request.match_info["picture_id"])
    if path is None:
        raise web.HTTPNotFound
    return web.FileResponse(
        path,
        headers={
            "Content-Type": "image/jpeg",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=86400",
        },
    )


def shown(request: web.Request, messages: list[Message]) -> list[dict[str, Any]]:
    """What the buyer may see of these."""
    settings, demo = request.app[SETTINGS], is_demo(request)
    seen = [one for one in messages if one.author is not Author.SUGGESTION]
    return [shown_to_buyer(one, settings, demo=demo) for one in seen]


def _known_or_new(request: web.Request, token: str) -> tuple[str, Identity]:
    """The token's identity; a visitor's where it has run out, for the page must open.

    Raises ApiError where one range makes too many visitors.
    """
    app = request.app
    if token:
        try:
            return token, app[TOKENS].read(token)
        except BadToken:
            pass
    if not app[SESSION_RATE].allows(origin_of(request)):
        raise ApiError(429, "too_fast", "来的人有点多，过一分钟刷新一下")
    return app[TOKENS].for_visitor(app[CLOCK]())


async def _carry_over(app: web.Application, was: str, buyers: Conversation) -> None:
    """An order, or a wait, that was begun before the sign-in; an old token carries nothing."""
    try:
        visitor = app[TOKENS].read(was)
    except BadToken:
        return
    if visitor.signed_in:  # somebody else's
        return
    talk = await app[CONVERSATIONS].running(buyer_id=visitor.buyer_id, channel=CHANNEL)
    if talk is not None:
        await app[CARRYING].carry(talk, buyers)
        await app[JOINING].join(talk, buyers)


async def _conversation_of(
    app: web.Application, who: Identity, product_id: str | None
) -> Conversation:
    return await app[CONVERSATIONS].open(
        buyer_id=who.buyer_id, signed_in=who.signed_in, channel=CHANNEL, product_id=product_id
    )


async def _greeting(app: web.Application, who: Identity) -> dict[str, Any]:
    settings = app[FACE].now
    clock: Clock = app[CLOCK]
    now = clock()
    greeting = settings.greeting.first
    if who.signed_in and (buyer := await app[SHOP].buyer(who.buyer_id)) is not None:
        greeting = settings.greeting.known.format(nickname=buyer.nickname)
    is_open = settings.hours.are_open(now)
    notice = ""
    if not is_open:
        notice = settings.greeting.away.format(back=settings.hours.back_text(now))
    return {
        "name": settings.name,
        "greeting": greeting,
        "quick_questions": list(settings.greeting.quick_questions),
        "is_open": is_open,
        "hours_text": settings.hours.text(),
        "notice": notice,
        "unreachable": {"phone": settings.unreachable.phone, "words": settings.unreachable.words},
        "privacy": {"text": privacy_notice.line(settings), "url": privacy_notice.link(settings)},
    }
