"""Canned phrases over HTTP: one's own by everybody, the shop's by who leads."""

from __future__ import annotations

import asyncio

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.channels.chat import uploaded_file
from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, CONVERSATIONS, DATABASE, PICTURES
from bot.channels.pictures import StoredPicture
from bot.channels.requests import arriving, json_object, origin_of, text_field
from bot.desk import phrase_files, phrase_pictures, phrases, suggestions
from bot.desk.accounts import Agent
from bot.desk.audit import Deed
from bot.desk.phrase_pictures import PhrasePicture
from bot.desk.phrases import SHOPS, BadPhrase
from bot.desk.shown import kept
from bot.desk.who import acting_person, reading_agent

_LARGEST_FILE = 2 * 1024 * 1024  # bytes
_UPLOADED_WITHIN_S = 60.0
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def listed(request: web.Request) -> web.Response:
    """GET: the shop's and one's own, the most used first."""
    agent = await reading_agent(request)
    found = await request.app[DATABASE].read(phrases.of_agent, agent)
    # In a thread: two thousand of them are read aloud in a second, the first time.
    return web.json_response(await asyncio.to_thread(lambda: [one.as_json() for one in found]))


async def add(request: web.Request) -> web.Response:
    """POST {group, code, text, picture_id, is_shops}: words, a picture, or both."""
    agent = await acting_person(request)
    body = await json_object(request)
    whose = await _whose(request, agent, is_shops=body.get("is_shops") is True)
    try:
        values = _values(body)
        phrase_id = await request.app[DATABASE].run(phrases.add, whose, values, by=agent.name)
    except BadPhrase as error:
        raise ApiError(422, "bad_phrase", error.message) from None
    return web.json_response({"phrase_id": phrase_id})


async def change(request: web.Request) -> web.Response:
    """POST {group, code, text, picture_id, is_shops}"""
    agent = await acting_person(request)
    body = await json_object(request)
    whose = await _whose(request, agent, is_shops=body.get("is_shops") is True)
    try:
        changed = await request.app[DATABASE].run(
            phrases.change, _id(request), whose, _values(body), by=agent.name
        )
    except BadPhrase as error:
        raise ApiError(422, "bad_phrase", error.message) from None
    if not changed:
        raise ApiError(404, "unknown_phrase", "没有这条短语")
    return web.json_response({})


async def upload_picture(request: web.Request) -> web.Response:
    """POST multipart, field "file" → {"picture_id", "name", …}, to be named in a phrase.

    One that no phrase names within an hour goes again.
    """
    agent = await acting_person(request)
    name, content = await arriving(uploaded_file(request), _UPLOADED_WITHIN_S)
    brought: list[PhrasePicture] = []

    def keep(connection: Connection, picture: StoredPicture) -> None:
        now = request.app[CLOCK]()
        brought.append(phrase_pictures.add(connection, picture, agent.name, name, now))

    await request.app[PICTURES].store(content, keep, origin=f"desk:{origin_of(request)}")
    return web.json_response(brought[-1].as_json())


async def picture_for_talk(request: web.Request) -> web.Response:
    """POST: the phrase's picture as one of this talk's, to be sent with a line."""
    agent = await acting_person(request)
    found = await request.app[CONVERSATIONS].find(request.match_info["conversation_id"])
    picture = await request.app[DATABASE].read(phrases.picture_of, _id(request), agent.name)
    own = picture and await request.app[PICTURES].copy(found.conversation_id, picture.stored)
    if not own:
        raise ApiError(404, "unknown_picture", "没有找到这张图片，再传一次吧")
    return web.json_response(own.as_message())


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


async def export_csv(request: web.Request) -> web.Response:
    """GET: the shop's and one's own as CSV; pictures by their names."""
    agent = await reading_agent(request)
    found = await request.app[DATABASE].read(phrases.of_agent, agent)
    return web.Response(
        text=phrase_files.as_csv(found),
        content_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="phrases.csv"'},
    )


async def export_workbook(request: web.Request) -> web.Response:
    """GET: the same as an Excel workbook."""
    agent = await reading_agent(request)
    found = await request.app[DATABASE].read(phrases.of_agent, agent)
    return web.Response(
        body=await asyncio.to_thread(phrase_files.as_workbook, found),
        content_type=_WORKBOOK,
        headers={"Content-Disposition": 'attachment; filename="phrases.xlsx"'},
    )


async def import_file(request: web.Request) -> web.Response:
    """POST ?is_shops=1 multipart, field "file", CSV or Excel: 分组,短码,内容,图片.

    What is there already is left as it is; a file with a mistake changes nothing.
    """
    agent = await acting_person(request)
    whose = await _whose(request, agent, is_shops=request.query.get("is_shops") == "1")
    name, content = await arriving(uploaded_file(request), _UPLOADED_WITHIN_S)
    if len(content) > _LARGEST_FILE:
        raise ApiError(413, "too_large", "文件太大了，分几份导入")
    try:
        wanted = await asyncio.to_thread(phrase_files.read, name, content)
        new, known = await request.app[DATABASE].run(
            phrase_files.keep, whose, wanted, by=agent.name
        )
    except BadPhrase as error:
        raise ApiError(422, "bad_phrase", error.message) from None
    return web.json_response({"new": new, "known": known})


async def suggestion_tally(request: web.Request) -> web.Response:
    """GET: what became of the bot's suggestions in the last thirty days."""
    await reading_agent(request)
    now = request.app[CLOCK]()
    return web.json_response(await request.app[DATABASE].read(suggestions.tally, now))


def _values(body: dict[str, object]) -> dict[str, str]:
    fields = (text_field(body, name, "") for name in ("group", "code", "text", "picture_id"))
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
