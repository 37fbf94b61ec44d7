"""An agent's lines beside plain words: pictures, one taken back, one for later; and buyers' ratings."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from aiohttp import web

from bot.channels.chat import uploaded
from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, CONVERSATIONS, DATABASE, PICTURES
from bot.channels.requests import (
    arriving,
    json_object,
    number_field,
    origin_of,
    text_field,
    whole_number,
)
from bot.conversations import ratings
from bot.conversations.receiving import sendable
from bot.desk import scheduled
from bot.desk.audit import Deed
from bot.desk.masking import masked_message, masked_text
from bot.desk.shown import kept
from bot.desk.who import SCHEDULED, acting_person, held_by, reading_person
from bot.trainer.words_rule import against

_UPLOADED_WITHIN_S = 60.0
_LONGEST_AHEAD = timedelta(days=30)
_LONGEST_DAYS = 365


def demand_good_words(text: str, *, is_sure: bool) -> None:
    """Raises ApiError where the text breaks the shop's rules for words and is not meant all the same."""
    if not is_sure and (broken := against(text)):
        raise ApiError(422, "words", "；".join(f"{what}，{instead}" for what, instead in broken))


async def upload_picture(request: web.Request) -> web.Response:
    """POST multipart, field "file" → {"picture_id", …}, to be sent with a line."""
    await acting_person(request)
    found = await request.app[CONVERSATIONS].find(request.match_info["conversation_id"])
    content = await arriving(uploaded(request), _UPLOADED_WITHIN_S)
    picture = await request.app[PICTURES].keep(
        found.conversation_id, content, origin=f"desk:{origin_of(request)}"
    )
    return web.json_response(picture.as_message())


async def take_back(request: web.Request) -> web.Response:
    """POST: the agent's own line, within two minutes; the line that says so."""
    agent = await acting_person(request)
    seq = whole_number(request.match_info["seq"])
    if seq is None:
        raise ApiError(404, "unknown_message", "没有找到这条消息")
    conversation_id = request.match_info["conversation_id"]
    told = await request.app[CONVERSATIONS].take_back(conversation_id, seq, agent.name)
    await kept(request, agent, Deed.TAKE_LINE_BACK, about=f"第{seq}句")
    return web.json_response(await asyncio.to_thread(masked_message, told))


async def schedule(request: web.Request) -> web.Response:
    """POST {text, at, is_sure?}: a line for later; all of this talk's that wait."""
    agent = await acting_person(request)
    body, now = await json_object(request), request.app[CLOCK]()
    text = sendable(text_field(body, "text"))
    if not text:
        raise ApiError(422, "empty", "消息是空的，写点什么再定时吧")
    demand_good_words(text, is_sure=body.get("is_sure") is True)
    due_at = _moment(text_field(body, "at"))
    if not now < due_at <= now + _LONGEST_AHEAD:
        raise ApiError(422, "bad_field", "时间要在现在之后、三十天之内")
    found = await request.app[CONVERSATIONS].find(request.match_info["conversation_id"])
    database = request.app[DATABASE]
    try:
        await database.run(
            scheduled.plan, found.conversation_id, agent.name, text, due_at=due_at, now=now
        )
    except scheduled.TooMany:
        most = scheduled.MOST_OF_A_TALK
        raise ApiError(409, "too_many", f"一段会话最多定时 {most} 句") from None
    lines = await database.read(scheduled.of_talk, found.conversation_id)
    request.app[SCHEDULED].tell(found.conversation_id, agent.name, scheduled.Fate.PLANNED)
    return web.json_response(lines)


async def unschedule(request: web.Request) -> web.Response:
    """POST {line_id}: called off, or put away after it was held back; those that are left."""
    agent = await acting_person(request)
    line_id = number_field(await json_object(request), "line_id")
    conversation_id, database = request.match_info["conversation_id"], request.app[DATABASE]
    if not await database.run(scheduled.cancel, conversation_id, line_id, held_by(agent)):
        raise ApiError(404, "unknown_line", "没有这句定时的话，可能已经发出去了")
    request.app[SCHEDULED].tell(conversation_id, agent.name, scheduled.Fate.CANCELLED)
    return web.json_response(await database.read(scheduled.of_talk, conversation_id))


async def rated(request: web.Request) -> web.Response:
    """GET ?days=30: what buyers said of talks with people; of all by who leads, else one's own."""
    agent = await reading_person(request)
    days = whole_number(request.query.get("days", "30"))
    if days is None or not 1 <= days <= _LONGEST_DAYS:
        raise ApiError(422, "bad_field", f"days 要是 1 到 {_LONGEST_DAYS} 的数字")
    since = request.app[CLOCK]() - timedelta(days=days)
    whose = "" if agent.role.may_lead else agent.name
    found = await request.app[DATABASE].read(ratings.tally, since, agent=whose)
    words = [{**one, "words": masked_text(one["words"])} for one in found["words"]]
    return web.json_response({**found, "days": days, "words": words})


def _moment(text: str) -> datetime:
    """ISO 8601 with its zone. Raises ApiError."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if moment.tzinfo is not None:
            return moment
    except ValueError:
        pass
    raise ApiError(422, "bad_field", "at 要是带时区的时间，例如 2027-05-01T09:00:00+08:00")
