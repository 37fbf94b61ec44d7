"""Canned phrases over HTTP: one's own by everybody, the shop's by who leads."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, DATABASE
from bot.channels.requests import json_object, text_field
from bot.desk import phrases, suggestions
from bot.desk.accounts import Agent
from bot.desk.audit import Deed
from bot.desk.phrases import SHOPS, BadPhrase
from bot.desk.shown import kept
from bot.desk.who import acting_person, reading_agent

_LARGEST_FILE = 2 * 1024 * 1024  # characters


async def listed(request: web.Request) -> web.Response:
    """GET: the shop's and one's own, the most used first."""
    agent = await reading_agent(request)
    found = await request.app[DATABASE].read(phrases.of_agent, agent)
    # In a thread: two thousand of them are read aloud in a second, the first time.
    return web.json_response(await asyncio.to_thread(lambda: [one.as_json() for one in found]))


async def add(request: web.Request) -> web.Response:
    """POST {group, code, text, is_shops}"""
    agent = await acting_person(request)
    body = await json_object(request)
    whose = await _whose(request, agent, is_shops=body.get("is_shops") is True)
    try:
        values = _values(body)
        phrase_id = await request.app[DATABASE].run(phrases.add, whose, values)
    except BadPhrase as error:
        raise ApiError(422, "bad_phrase", error.message) from None
    return web.json_response({"phrase_id": phrase_id})


async def change(request: web.Request) -> web.Response:
    """POST {group, code, text, is_shops}"""
    agent = await acting_person(request)
    body = await json_object(request)
    whose = await _whose(request, agent, is_shops=body.get("is_shops") is True)
    try:
        values = _values(body)
    except BadPhrase as error:
        raise ApiError(422, "bad_phrase", error.message) from None
    if not await request.app[DATABASE].run(phrases.change, _id(request), whose, values):
        raise ApiError(404, "unknown_phrase", "没有这条短语")
    return web.json_response({})


async def remove(request: web.Request) -> web.Response:
    """POST {is_shops}"""
    agent = await acting_person(request)
    is_shops = (await json_object(request)).get("is_shops") is True
    whose = await _whose(request, agent, is_shops=is_shops)
    if not await request.app[DATABASE].run(phrases.remove, _id(request), whose):
        raise ApiError(404, "unknown_phrase", "没有这条短语")
    return web.json_response({})


async def used(request: web.Request) -> web.Response:
    agent = await acting_person(request)
    await request.app[DATABASE].run(phrases.used, _id(request), agent.name)
    return web.json_response({})


async def export(request: web.Request) -> web.Response:
    """GET: the shop's and one's own as CSV."""
    agent = await reading_agent(request)
    found = await request.app[DATABASE].read(phrases.of_agent, agent)
    return web.Response(
        text=phrases.as_csv(found),
        content_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="phrases.csv"'},
    )


async def import_file(request: web.Request) -> web.Response:
    """POST {csv, is_shops}: 分组,短码,内容; what is there already is left as it is."""
    agent = await acting_person(request)
    body = await json_object(request)
    whose = await _whose(request, agent, is_shops=body.get("is_shops") is True)
    text = text_field(body, "csv")
    if len(text) > _LARGEST_FILE:
        raise ApiError(413, "too_large", "文件太大了，分几份导入")
    try:
        wanted = phrases.from_csv(text)
        new, known = await request.app[DATABASE].run(phrases.import_csv, whose, wanted)
    except BadPhrase as error:
        raise ApiError(422, "bad_phrase", error.message) from None
    return web.json_response({"new": new, "known": known})


async def suggestion_tally(request: web.Request) -> web.Response:
    """GET: what became of the bot's suggestions in the last thirty days."""
    await reading_agent(request)
    now = request.app[CLOCK]()
    return web.json_response(await request.app[DATABASE].read(suggestions.tally, now))


def _values(body: dict[str, object]) -> dict[str, str]:
    fields = (text_field(body, name, "") for name in ("group", "code", "text"))
    return phrases.checked(*fields)


async def _whose(request: web.Request, agent: Agent, *, is_shops: bool) -> str:
    if not is_shops:
        return agent.name
    if not agent.role.may_lead:
        raise ApiError(403, "leaders_only", "店铺短语要主管或店主来改")
    await kept(request, agent, Deed.PHRASES)
    return SHOPS


def _id(request: web.Request) -> int:
    text = request.match_info["phrase_id"]
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ApiError(404, "unknown_phrase", "没有这条短语")
    return int(text)
