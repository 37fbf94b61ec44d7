"""The trainers' files as pages: read by kind, changed in place, refused in the check's own sentences."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.requests import json_object, text_field
from bot.desk.inbox_views import committer, told_by_clerk, trainer, written
from bot.desk.who import demand_own_page

KINDS = ("questions", "replies", "words", "situations")  # of bot/trainer/shelves.py
MOST_CHANGES, MOST_ITEMS, DEEPEST = 8, 5000, 6

_FILE = re.compile(r"data/[A-Za-z0-9_/.-]{1,200}\.yml")
_MARK = re.compile(r"[0-9a-f]{64}")


async def listed(request: web.Request) -> web.Response:
    """GET ?kind=questions|replies|words|situations: {"entries", "files"}; each file with the mark
    that a change must bring along."""
    await trainer(request)
    return web.json_response(await told_by_clerk(request, deed="shelf", kind=_kind(request.query)))


async def save(request: web.Request) -> web.Response:
    """POST {"kind", "file", "mark", "changes": [{"path", "items"}]}: {"mark", "advice"}; 409
    `edited_meanwhile` where the file is no longer what was read, 409 `cannot_teach` with what is
    wrong. Nothing is written then."""
    demand_own_page(request)
    agent = await trainer(request)
    body = await json_object(request)
    changes = body.get("changes")
    if (
        not isinstance(changes, list)
        or not 0 < len(changes) <= MOST_CHANGES
        or not all(_is_change(one) for one in changes)
    ):
        raise ApiError(422, "bad_field", f"changes 要是 1 到 {MOST_CHANGES} 处改动")
    file, mark = text_field(body, "file"), text_field(body, "mark")
    if not _FILE.fullmatch(file) or not _MARK.fullmatch(mark):
        raise ApiError(422, "bad_field", "file 和 mark 要照读来的写")
    return await written(
        request,
        deed="save",
        kind=_kind(body),
        file=file,
        mark=mark,
        changes=[{"path": one["path"], "items": one["items"]} for one in changes],
        by=committer(request, agent),
    )


def _kind(given: Any) -> str:
    kind = given.get("kind", "")
    if kind not in KINDS:
        raise ApiError(422, "bad_field", f"kind 要是 {'、'.join(KINDS)} 之一")
    return str(kind)


def _is_change(one: Any) -> bool:
    if not isinstance(one, dict):
        return False
    path, items = one.get("path"), one.get("items")
    return (
        isinstance(path, list)
        and 0 < len(path) <= DEEPEST
        and all(isinstance(step, (str, int)) and not isinstance(step, bool) for step in path)
        and isinstance(items, list)
        and len(items) <= MOST_ITEMS
        and all(isinstance(item, str) for item in items)
    )
