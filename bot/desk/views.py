"""The desk's JSON API and its socket. What it tells of a buyer is masked (masking.py)."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.channels.errors import ApiError
from bot.channels.keys import (
    CLOCK,
    CONVERSATIONS,
    DATABASE,
    FACE,
    PICTURES,
    SETTINGS,
    SHOP,
    TURNS,
)
from bot.channels.requests import (
    json_object,
    message_id,
    number_field,
    text_field,
    whole_number,
)
from bot.conversations import wishes
from bot.conversations.conversation import Status
from bot.conversations.joining import OtherTalk, others_of
from bot.conversations.listing import of_ids
from bot.conversations.messages import Message
from bot.conversations.wishes import Wish
from bot.desk import scheduled
from bot.desk.audit import Deed
from bot.desk.card import sentences
from bot.desk.kept import draft_of, keep_draft, notes_of
from bot.desk.line_views import demand_good_words
from bot.desk.listed import PAGE, counts, crowd_of, listed, one_listed
from bot.desk.masking import known_addresses, masked_message, masked_summary, whole_message
from bot.desk.promise_views import finds_promise, found_in
from bot.desk.reveals import NothingThere, reveal_message, reveal_summary
from bot.desk.searching import LONGEST, SHORTEST, search
from bot.desk.shown import buyer_shown, kept, order_shown, other_shown
from bot.desk.suggestions import used
from bot.desk.who import TELLING, acting_agent, acting_person, held_by, reading_agent

_LINES, _ORDERS = 200, 5
_SHELVES = {
    "": (Status.WAITING, Status.WITH_AGENT, Status.WITH_BOT),
    "waiting": (Status.WAITING,),
    "mine": (Status.WITH_AGENT,),
    "closed": (Status.CLOSED,),
}


async def conversations(request: web.Request) -> web.Response:
    """GET ?shelf=&offset=0: the agent's own, who waits, who is with others or the bot; 50 a page.

    `shelf`: waiting, mine, closed; "" = all that are not closed. Many visitors of one place who
    wait at once come behind the others (`is_behind`). X-Total-Count says how many there are.
    """
    agent = await reading_agent(request)
    offset = whole_number(request.query.get("offset", "0"))
    statuses = _SHELVES.get(request.query.get("shelf", ""))
    if offset is None or statuses is None:
        raise ApiError(422, "bad_field", "offset 要是一个数字，shelf 要是 waiting、mine 或 closed")
    behind = await crowd_of(request.app)
    found, count = await request.app[CONVERSATIONS].in_status(
        statuses,
        mine=agent,
        behind=behind,
        offset=offset,
        limit=PAGE,
        only_mine=request.query.get("shelf") == "mine",
    )
    return web.json_response(
        await listed(request.app, found, frozenset(behind)),
        headers={"X-Total-Count": str(count)},
    )


async def shelf_counts(request: web.Request) -> web.Response:
    agent = await reading_agent(request)
    return web.json_response(await request.app[DATABASE].read_apart(counts, agent))


async def find(request: web.Request) -> web.Response:
    """GET ?q=: talks by buyer, order number or any words, with the line it was found in."""
    await reading_agent(request)
    wanted = request.query.get("q", "").strip()
    if not SHORTEST <= len(wanted) <= LONGEST:
        raise ApiError(422, "bad_field", f"要找的字数在 {SHORTEST} 到 {LONGEST} 之间")
    hits = await request.app[DATABASE].read_apart(search, wanted)
    ids = [one.conversation_id for one in hits]
    talks = await request.app[DATABASE].read(of_ids, ids)
    shown = await listed(request.app, talks)
    return web.json_response(
        [{**one, "found_seq": hit.seq} for one, hit in zip(shown, hits, strict=True)]
    )


async def conversation(request: web.Request) -> web.Response:
    """GET ?before=SEQ: one; its lines, the card in sentences, notes, and the agent's draft."""
    agent = await reading_agent(request)
    app = request.app
    before = whole_number(request.query.get("before", "0"))
    app[TELLING].reads(agent, _id(request))
    found = await app[CONVERSATIONS].find(_id(request))
    messages = await app[CONVERSATIONS].history(
        found.conversation_id, before=before or None, limit=_LINES
    )
    known = known_addresses(found.summary)
    # In a thread: a long talk takes a tenth of a second, and buyers are not to wait for it.
    shown = await asyncio.to_thread(lambda: [masked_message(one, known) for one in messages])

    def read(
        connection: Connection,
    ) -> tuple[str, list[Any], list[Any], list[Wish], list[OtherTalk]]:
        return (
            draft_of(connection, agent, found.conversation_id),
            notes_of(connection, found.conversation_id),
            scheduled.of_talk(connection, found.conversation_id),
            wishes.of_conversation(connection, found.conversation_id),
            others_of(connection, found.conversation_id),
        )

    draft, notes, planned, heard, others = await app[DATABASE].read(read)
    buyer = await app[SHOP].buyer(found.buyer_id) if found.signed_in else None
    orders = await app[SHOP].orders_of(found.buyer_id, limit=_ORDERS)
    card = sentences(
        found,
        buyer=buyer,
        orders=orders,
        wishes=heard,
        recent=messages,
        now=app[CLOCK](),
        zone=app[SETTINGS].shop.zone,
    )
    return web.json_response(
        {
            "conversation": await one_listed(app, found),
            "summary": await asyncio.to_thread(masked_summary, found.summary, known),
            "card": card,
            "buyer": buyer_shown(buyer),
            "orders": [order_shown(one) for one in orders],
            "notes": notes,
            "others": [other_shown(one) for one in others],
            "draft": draft,
            "scheduled": planned,
            "messages": shown,
            "has_older": len(messages) == _LINES,
        }
    )


async def reveal(request: web.Request) -> web.Response:
    """POST {seq} or {}: the line, or the summary, as it is; who asked is written down first."""
    agent, now = await acting_agent(request), request.app[CLOCK]()
    seq = (await json_object(request)).get("seq")
    database = request.app[DATABASE]
    try:
        if seq is None:
            whole = await database.run(reveal_summary, _id(request), agent, now)
            return web.json_response({"summary": whole})
        if not isinstance(seq, int) or isinstance(seq, bool):
            raise ApiError(422, "bad_field", "seq 要是一条消息的编号")
        message = await database.run(reveal_message, _id(request), seq, agent, now)
    except NothingThere:
        raise ApiError(404, "unknown_message", "没有找到这条消息") from None
    return web.json_response({"message": whole_message(message)})


async def take(request: web.Request) -> web.Response:
    agent = await acting_person(request)
    taken = await request.app[CONVERSATIONS].take(_id(request), agent.name, agent.shown_name)
    await kept(request, agent, Deed.TAKE)
    return web.json_response(await one_listed(request.app, taken))


async def say(request: web.Request) -> web.Response:
    """POST {id, text?, picture_id?, suggestion?, is_sure?}: the agent's line; taking over comes with it.

    `picture_id`: uploaded in this talk; `suggestion`: seq of the bot's that it came of. 422 `words`
    where the text breaks the shop's rules for words; with `is_sure` it goes all the same. Where the
    line promises something by a time, the answer has it as `promise`, to be confirmed.
    """
    agent = await acting_person(request)
    body = await json_object(request)
    picture_id = text_field(body, "picture_id", "")
    text = text_field(body, "text", "" if picture_id else None)
    demand_good_words(text, is_sure=body.get("is_sure") is True)
    picture = await _picture(request, picture_id) if picture_id else None
    suggestion = number_field(body, "suggestion", 0)
    deeds = [finds_promise(request.app[FACE].now, request.app[CLOCK]())]
    if suggestion:
        deeds.append(used(suggestion, agent.name, request.app[CLOCK]()))

    def reply_to(connection: Connection, line: Message) -> None:
        for deed in deeds:
            deed(connection, line)

    message = await request.app[CONVERSATIONS].say_as_agent(
        _id(request),
        agent.name,
        message_id(body),
        text,
        shown_name=agent.shown_name,
        picture=picture,
        reply_to=reply_to,
    )
    await request.app[DATABASE].run(keep_draft, agent.name, _id(request), "", request.app[CLOCK]())
    shown = await asyncio.to_thread(masked_message, message)
    if (promise := await found_in(request, message)) is not None:
        shown = {**shown, "promise": promise}
    return web.json_response(shown)


async def _picture(request: web.Request, picture_id: str) -> dict[str, Any]:
    picture = await request.app[PICTURES].of_conversation(_id(request), picture_id)
    if picture is None:
        raise ApiError(404, "unknown_picture", "没有找到这张图片，再传一次吧")
    return picture.as_message()


async def give_back(request: web.Request) -> web.Response:
    """POST {seen?}: the last line on the page; what the buyer wrote behind it the bot answers."""
    agent = await acting_person(request)
    body = await json_object(request)
    seen = number_field(body, "seen") if "seen" in body else None
    back = await request.app[CONVERSATIONS].give_back(_id(request), held_by(agent), seen=seen)
    request.app[TURNS].wake(back.conversation_id)  # what was done meanwhile is told at once
    await kept(request, agent, Deed.GIVE_BACK)
    return web.json_response(await one_listed(request.app, back))


async def close(request: web.Request) -> web.Response:
    """POST {seen}: refused where the buyer has written since that line."""
    agent = await acting_person(request)
    seen = (await json_object(request)).get("seen")
    if not isinstance(seen, int):
        raise ApiError(422, "bad_field", "seen 要是页面上最后一条消息的 seq")
    closed = await request.app[CONVERSATIONS].close(_id(request), seen=seen, by=held_by(agent))
    await kept(request, agent, Deed.CLOSE)
    return web.json_response(await one_listed(request.app, closed))


def _id(request: web.Request) -> str:
    return request.match_info["conversation_id"]
