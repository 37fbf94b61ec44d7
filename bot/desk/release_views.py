"""Publishing at the desk: a button, the steps as they go, and what differs."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import DATABASE, SETTINGS
from bot.channels.requests import json_object, text_field, whole_number
from bot.database import Database
from bot.desk.inbox_views import trainer
from bot.desk.who import demand_own_page
from bot.publishing import by_side, going_on, releases, trials
from bot.settings import ROOT
from bot.training.refusals import Refused

log = structlog.get_logger(__name__)

PUBLISHERS = web.AppKey("publishers", set)  # tasks that wait for their process
SHOWN = 15
BEGINS_WITHIN = timedelta(seconds=15)
STEPS = ("check", "train", "sentences", "conversations", "swap")


async def listed(request: web.Request) -> web.Response:
    """GET: {"is_going_on", "steps", "trial", "releases": [...]}, the newest first; `trial`: the last
    one that answered a share of chats beside the model in use, with what both came to, or null."""
    await trainer(request)
    models = request.app[SETTINGS].models
    is_going_on = await asyncio.to_thread(going_on.goes_on, models)
    found = await request.app[DATABASE].read(releases.newest, limit=SHOWN)
    rows = [one.as_json() for one in found if one.status is not releases.Status.REGISTERED]
    trial = await _last_trial(request.app[DATABASE])
    return web.json_response(
        {"is_going_on": is_going_on, "steps": STEPS, "trial": trial, "releases": rows}
    )


async def _last_trial(database: Database) -> dict[str, Any] | None:
    tried = await database.read(releases.last_tried)
    if tried is None:
        return None
    sides = await database.read_apart(by_side.by_side, tried)
    told = [one.as_json() for one in sides]
    return {**tried.as_json(), "sides": told, "verdict": by_side.verdict(sides)}


async def differences(request: web.Request) -> web.Response:
    """GET: {"differences": [...]} of one release, regressions on accepted ones first."""
    await trainer(request)
    number = whole_number(request.match_info["release_id"])
    path = request.app[SETTINGS].var / "releases" / f"{number}.jsonl"
    if number is None or not path.is_file():
        raise ApiError(404, "unknown_release", "这次发布的对比没有留下来，只留最近三次的")
    text = await asyncio.to_thread(path.read_text, "utf-8")
    return web.json_response({"differences": [json.loads(line) for line in text.splitlines()]})


async def publish(request: web.Request) -> web.Response:
    """POST {"share"?}: begins in a process of its own; 409 where one goes on. `share`: of chats that
    it answers beside the model in use, 0 to 1; without it, all of them."""
    demand_own_page(request)
    agent = await trainer(request)
    share = (await json_object(request)).get("share")
    if share is not None and not (isinstance(share, (int, float)) and 0 < share < 1):
        raise ApiError(422, "bad_field", "share 要是 0 到 1 之间的数，例如 0.2")
    if share is not None:
        await _demand_room_beside(request)
    await _begin(request, agent.name, *(() if share is None else (f"--share={float(share)}",)))
    return web.json_response({}, status=202)


async def decide(request: web.Request) -> web.Response:
    """POST {"how": "adopt"|"drop"}: the release that answers a share of chats answers all of them,
    or none; 409 where there is none."""
    demand_own_page(request)
    agent = await trainer(request)
    how = text_field(await json_object(request), "how")
    if how not in ("adopt", "drop"):
        raise ApiError(422, "bad_field", "how 要是 adopt 或 drop")
    await _done(request, "cannot_decide", "releases", agent.name, f"--{how}")
    return web.json_response({})


async def rollback(request: web.Request) -> web.Response:
    """POST: the model before the newest; 409 where there is none."""
    demand_own_page(request)
    agent = await trainer(request)
    await _done(request, "cannot_go_back", "rollback", agent.name)
    return web.json_response({})


async def _demand_room_beside(request: web.Request) -> None:
    """Told at once: the process of a publish would tell it seconds later. Raises ApiError."""
    try:
        trials.demand_none(await request.app[DATABASE].read(releases.trying))
        await asyncio.to_thread(trials.demand_memory)
    except Refused as error:
        raise ApiError(409, "cannot_try", str(error)) from None


async def _done(request: web.Request, code: str, deed: str, by: str, *more: str) -> None:
    """Waits for it. Raises ApiError with its sentence."""
    process = await _process(request, deed, by, *more)
    _, told = await process.communicate()
    if process.returncode:
        raise ApiError(409, code, told.decode("utf-8", "replace").strip()[-300:])


async def _begin(request: web.Request, by: str, *more: str) -> None:
    if await asyncio.to_thread(going_on.goes_on, request.app[SETTINGS].models):
        raise ApiError(409, "publishing", "另一次发布或训练正在进行，等它做完再来")
    process = await _process(request, "publish", by, *more)

    async def wait() -> None:
        _, told = await process.communicate()
        if process.returncode:
            log.error("publish.ended", count=process.returncode, why=told.decode()[-300:])

    task = asyncio.create_task(wait())
    request.app[PUBLISHERS].add(task)
    task.add_done_callback(request.app[PUBLISHERS].discard)
    try:  # what is wrong at once is told at once
        await asyncio.wait_for(asyncio.shield(task), 1.0)
    except asyncio.TimeoutError:
        return
    if process.returncode == 2:
        raise ApiError(409, "cannot_publish", "没能开始发布，看看下面的记录和服务器日志")


async def _process(
    request: web.Request, deed: str, by: str, *more: str
) -> asyncio.subprocess.Process:
    settings = request.app[SETTINGS]
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", deed, f"--by={by}", *more),
        cwd=ROOT,
        env={
            **os.environ,
            "DIANXIAOER_VAR": str(settings.var.resolve()),
            "DATABASE_URL": settings.database_url,
            "MODELS": str(settings.models.resolve()),
        },
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # it goes on when the house is shut
    )
