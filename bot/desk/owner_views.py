"""What owners alone do at the desk: read who looked what up; export, erase, sign a buyer out."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from bot import buyer_data
from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, DATABASE, NEWS, SETTINGS, TOKEN_ENDS
from bot.channels.requests import json_object, text_field, whole_number
from bot.conversations import store
from bot.conversations.joining import ids_of_buyer
from bot.conversations.news import DESK
from bot.desk.reveals import What, existing, newest_reveals, note
from bot.desk.who import acting_owner, reading_owner

CONFIRMATION = "删除"  # typed by who erases: it cannot be undone


async def reveals(request: web.Request) -> web.Response:
    """GET ?offset=0: who saw what in full, exported or erased, the newest first; 200 a page."""
    await reading_owner(request)
    offset = whole_number(request.query.get("offset", "0"))
    if offset is None:
        raise ApiError(422, "bad_field", "offset 要是一个数字")
    found = await request.app[DATABASE].read(newest_reveals, offset=offset)
    return web.json_response([one.as_json() for one in found])


async def export_buyer(request: web.Request) -> web.Response:
    """POST: all that is kept of the conversation's buyer, rows by table, as a file."""
    owner, now = await acting_owner(request), request.app[CLOCK]()
    conversation_id = request.match_info["conversation_id"]
    kept = await request.app[DATABASE].run(_export, conversation_id, owner, now)
    # In a thread: years of talk are megabytes.
    text = await asyncio.to_thread(json.dumps, kept, ensure_ascii=False, indent=2)
    return web.Response(
        text=text,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="buyer-{conversation_id}.json"'},
    )


async def erase_buyer(request: web.Request) -> web.Response:
    """POST {"confirm": "删除"}: deletes it; orders stay, anonymous but for those still open.

    409 while the bot or an agent has yet to answer.
    """
    owner, now = await acting_owner(request), request.app[CLOCK]()
    if text_field(await json_object(request), "confirm", "") != CONFIRMATION:
        raise ApiError(422, "not_confirmed", f"删了找不回来。确定的话请输入「{CONFIRMATION}」")
    conversation_id = request.match_info["conversation_id"]
    erased, talks = await request.app[DATABASE].run(_erase, conversation_id, owner, now)
    for talk in talks:
        request.app[NEWS].publish(DESK, {"type": "gone", "conversation_id": talk})
    uploads = request.app[SETTINGS].var / "uploads"
    files = await asyncio.to_thread(buyer_data.delete_files, uploads, erased.picture_files)
    return web.json_response(
        {"rows": dict(erased.rows), "files": files, "open_orders": list(erased.open_orders)}
    )


async def sign_buyer_out(request: web.Request) -> web.Response:
    """POST: the tokens that the conversation's buyer has by now open nothing any more."""
    owner, now = await acting_owner(request), request.app[CLOCK]()
    conversation_id = request.match_info["conversation_id"]

    def write(connection: Connection) -> str:
        conversation = existing(connection, conversation_id)
        note(connection, conversation, What.SIGN_OUT, owner, now)
        return conversation.buyer_id

    await request.app[TOKEN_ENDS].end(await request.app[DATABASE].run(write))
    return web.json_response({})


def _export(
    connection: Connection, conversation_id: str, owner: str, now: datetime
) -> dict[str, list[dict[str, Any]]]:
    conversation = existing(connection, conversation_id)
    note(connection, conversation, What.EXPORT, owner, now)
    return buyer_data.export(connection, conversation.buyer_id)


def _erase(
    connection: Connection, conversation_id: str, owner: str, now: datetime
) -> tuple[buyer_data.Erased, list[str]]:
    """What went, and the ids of the talks that did."""
    conversation = existing(connection, conversation_id)
    if store.pending(connection, conversation_id):
        raise ApiError(409, "unanswered", "买家刚发的话还没答完，过一会儿再删")
    note(connection, conversation, What.ERASE, owner, now)
    talks = list(connection.execute(ids_of_buyer(conversation.buyer_id)).scalars())
    return buyer_data.erase(connection, conversation.buyer_id), talks
