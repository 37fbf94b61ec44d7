"""Notes for colleagues over HTTP, and what calls the agent who asks. No buyer sees any of it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, CONVERSATIONS, DATABASE, NEWS
from bot.channels.requests import json_object, number_field, text_field, whole_number
from bot.conversations.listing import of_ids
from bot.conversations.news import DESK
from bot.desk.accounts import Agent
from bot.desk.kept import LONGEST_NOTE, add_note, notes_of
from bot.desk.mentions import called, mentions_of, see_mentions
from bot.desk.names import NAMES
from bot.desk.who import ACCOUNTS, acting_agent, acting_person, reading_agent


async def write_note(request: web.Request) -> web.Response:
    """POST {text}: for colleagues, who hear it at once; @ and a name calls one, who finds it later."""
    agent = await acting_person(request)
    text = text_field(await json_object(request), "text").strip()
    if not 0 < len(text) <= LONGEST_NOTE:
        raise ApiError(422, "bad_field", f"备注写 1 到 {LONGEST_NOTE} 字")
    found = await request.app[CONVERSATIONS].find(request.match_info["conversation_id"])
    return web.json_response(await noted(request, agent, found.conversation_id, text))


async def noted(
    request: web.Request, agent: Agent, conversation_id: str, text: str
) -> list[dict[str, Any]]:
    """Keeps the note, tells every page, and answers all notes of the talk."""
    app = request.app
    calls = called(text, await app[ACCOUNTS].all(), but=agent.name)
    await app[DATABASE].run(add_note, agent.name, conversation_id, text, app[CLOCK](), calls=calls)
    notes = await app[DATABASE].read(notes_of, conversation_id)
    frame = {"type": "note", "conversation_id": conversation_id, "note": notes[-1]}
    app[NEWS].publish(DESK, {**frame, "mentions": calls})
    return notes


async def mentions(request: web.Request) -> web.Response:
    """GET ?before=NOTE: notes that call this agent, the newest first, with whose talk it is; fifty a page."""
    agent = await reading_agent(request)
    before = whole_number(request.query.get("before", "0"))
    if before is None:
        raise ApiError(422, "bad_field", "before 要是一条备注的编号")
    app = request.app
    found = await app[DATABASE].read(mentions_of, agent, before=before)
    ids = list(dict.fromkeys(one["conversation_id"] for one in found))
    talks = await app[DATABASE].read(of_ids, ids)
    names = await app[NAMES].of(talks)
    buyers = {one.conversation_id: names[one.buyer_id] for one in talks}
    return web.json_response(
        [{**one, "buyer_name": buyers.get(one["conversation_id"], "访客")} for one in found]
    )


async def see(request: web.Request) -> web.Response:
    """POST {note_id}: what calls this agent in the talk is seen up to this note; their other pages hear it."""
    agent = await acting_agent(request)
    note_id = number_field(await json_object(request), "note_id")
    found = await request.app[CONVERSATIONS].find(request.match_info["conversation_id"])
    now, talk = request.app[CLOCK](), found.conversation_id
    if await request.app[DATABASE].run(see_mentions, agent, talk, note_id, now):
        frame = {"type": "mentions_seen", "conversation_id": talk, "note_id": note_id}
        request.app[NEWS].publish(DESK, {**frame, "to_agent": agent})
    return web.json_response({})
