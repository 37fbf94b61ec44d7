"""Publishing at the desk: a button, the steps as they go, and what differs."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import timedelta

import structlog
from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import DATABASE, SETTINGS
from bot.channels.requests import whole_number
from bot.desk.inbox_views import trainer
from bot.desk.who import demand_own_page
from bot.publishing import going_on, releases
from bot.settings import ROOT

log = structlog.get_logger(__name__)

PUBLISHERS = web.AppKey("publishers", set)  # tasks that wait for their process
SHOWN = 15
BEGINS_WITHIN = timedelta(seconds=15)
STEPS = ("check", "train", "sentences", "conversations", "swap")


async def listed(request: web.Request) -> web.Response:
    """GET: {"is_going_on", "steps", "releases": [...]}, the newest first."""
    await trainer(request)
    models = request.app[SETTINGS].models
    is_going_on = await asyncio.to_thread(going_on.goes_on, models)
    found = await request.app[DATABASE].read(releases.newest, limit=SHOWN)
    rows = [one.as_json() for one in found if one.status is not releases.Status.REGISTERED]
    return web.json_response({"is_going_on": is_going_on, "steps": STEPS, "releases": rows})


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
    """POST: begins in a process of its own; 409 where one goes on."""
    demand_own_page(request)
    agent = await trainer(request)
    await _begin(request, "publish", agent.name)
    return web.json_response({}, status=202)


async def rollback(request: web.Request) -> web.Response:
    """POST: the model before the newest; 409 where there is none."""
    demand_own_page(request)
    agent = await trainer(request)
    process = await _process(request, "rollback", agent.name)
    _, told = await process.communicate()
    if process.returncode:
        raise ApiError(409, "cannot_go_back", told.decode("utf-8", "replace").strip()[-300:])
    return web.json_response({})


async def _begin(request: web.Request, deed: str, by: str) -> None:
    if await asyncio.to_thread(going_on.goes_on, request.app[SETTINGS].models):
        raise ApiError(409, "publishing", "另一次发布或训练正在进行，等它做完再来")
    process = await _process(request, deed, by)

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


async def _process(request: web.Request, deed: str, by: str) -> asyncio.subprocess.Process:
    settings = request.app[SETTINGS]
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", deed, f"--by={by}"),
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
