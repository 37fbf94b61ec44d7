"""What agents do to a conversation beside answering: pass it on, keep something with it, undo a line."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, CONVERSATIONS, DATABASE, NEWS
from bot.channels.requests import json_object, number_field, text_field
from bot.conversations.news import DESK
from bot.desk.accounts import Agent
from bot.desk.audit import Deed
from bot.desk.kept import (
    LONGEST_NOTE,
    LONGEST_TAG,
    MOST_TAGS,
    keep_draft,
    keep_tags,
    snooze,
)
from bot.desk.listed import one_listed
from bot.desk.note_views import noted
from bot.desk.shown import kept
from bot.desk.who import ACCOUNTS, acting_person, held_by

_LONGEST_DRAFT = 5000
_LONGEST_SNOOZE_MINUTES = 7 * 24 * 60


async def transfer(request: web.Request) -> web.Response:
    """POST {to, department, note}: to a colleague who is in, or to who is in of a department and has the
    fewest talks; "" and "" = back into the queue."""
    agent = await acting_person(request)
    body = await json_object(request)
    to, department = text_field(body, "to", ""), text_field(body, "department", "")
    words = text_field(body, "note", "").strip()
    app, conversation_id = request.app, request.match_info["conversation_id"]
    if to or department:
        colleague = await (_named(app, to) if to else _idlest(app, department, agent.name))
        moved = await app[CONVERSATIONS].transfer(
            conversation_id, colleague.name, colleague.shown_name, held_by(agent)
        )
        told = to if to else f"{department}：{colleague.name}"
    else:
        moved, told = await app[CONVERSATIONS].requeue(conversation_id, held_by(agent)), "排队"
    if words:
        await noted(request, agent, conversation_id, words[:LONGEST_NOTE])
    await kept(request, agent, Deed.TRANSFER, about=told)
    return web.json_response(await one_listed(app, moved))


async def _named(app: web.Application, name: str) -> Agent:
    """Raises ApiError where there is no such colleague, or they are not in."""
    colleague = await app[ACCOUNTS].find(name)
    if colleague is None or not colleague.role.may_answer:
        raise ApiError(404, "unknown_agent", "没有这位同事")
    if not colleague.is_there(app[CLOCK]()):
        raise ApiError(409, "not_in", f"{colleague.shown_name}现在不在，转给别人或放回排队吧")
    return colleague


async def _idlest(app: web.Application, department: str, but: str) -> Agent:
    """Of the department, who is in and has the fewest talks. Raises ApiError."""
    everybody = await app[ACCOUNTS].all()
    of_it = [one for one in everybody if one.department == department and one.role.may_answer]
    if not of_it:
        raise ApiError(404, "unknown_department", "没有这个部门")
    now = app[CLOCK]()
    there = [one for one in of_it if one.is_there(now) and one.name != but]
    if not there:
        raise ApiError(409, "not_in", f"{department}现在没有别人在，转给别的同事或放回排队吧")
    has = Counter(name for _, name in await app[CONVERSATIONS].held_by_anybody())
    return min(there, key=lambda one: (has[one.name], one.name))


async def tag(request: web.Request) -> web.Response:
    """POST {tags: […]}: all of them, in this order."""
    agent = await acting_person(request)
    wanted = (await json_object(request)).get("tags")
    if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
        raise ApiError(422, "bad_field", "tags 要是一列文字")
    tags = list(dict.fromkeys(one.strip()[:LONGEST_TAG] for one in wanted if one.strip()))
    if len(tags) > MOST_TAGS:
        raise ApiError(422, "bad_field", f"最多 {MOST_TAGS} 个标签")
    found = await request.app[CONVERSATIONS].find(request.match_info["conversation_id"])
    await request.app[DATABASE].run(keep_tags, found.conversation_id, tags)
    await kept(request, agent, Deed.TAG, about="、".join(tags))
    request.app[NEWS].publish(DESK, {"type": "conversation", "conversation": found})
    return web.json_response(await one_listed(request.app, found))


async def put_aside(request: web.Request) -> web.Response:
    """POST {minutes}: out of sight for so long, or until the buyer writes; 0 ends it."""
    agent = await acting_person(request)
    minutes = number_field(await json_object(request), "minutes")
    if minutes > _LONGEST_SNOOZE_MINUTES:
        raise ApiError(422, "bad_field", "最多放七天")
    found = await request.app[CONVERSATIONS].find(request.match_info["conversation_id"])
    until = request.app[CLOCK]() + timedelta(minutes=minutes) if minutes else None
    await request.app[DATABASE].run(snooze, found.conversation_id, until, found.last_seq)
    await kept(request, agent, Deed.SNOOZE, about=f"{minutes}分钟")
    request.app[NEWS].publish(DESK, {"type": "conversation", "conversation": found})
    return web.json_response(await one_listed(request.app, found))


async def draft(request: web.Request) -> web.Response:
    """POST {text}: what stands in the writing line and is not sent; "" takes it away.

    The buyer whose conversation it is sees that somebody writes.
    """
    agent = await acting_person(request)
    text = text_field(await json_object(request), "text")[:_LONGEST_DRAFT]
    found = await request.app[CONVERSATIONS].find(request.match_info["conversation_id"])
    await request.app[DATABASE].run(
        keep_draft, agent.name, found.conversation_id, text, request.app[CLOCK]()
    )
    await request.app[CONVERSATIONS].agent_types(
        found.conversation_id, agent.name, on=bool(text.strip())
    )
    return web.json_response({})
