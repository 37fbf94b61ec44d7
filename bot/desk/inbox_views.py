"""The trainers' inbox at the desk: what the bot should learn, and one press a decision."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from aiohttp import web

from actions.frame.intent_titles import intent_titles
from bot.channels.errors import ApiError
from bot.channels.keys import SETTINGS
from bot.channels.requests import json_object, text_field, whole_number
from bot.desk.accounts import Agent
from bot.desk.clerk import Busy, Clerk
from bot.desk.who import demand_own_page, reading_person
from bot.settings import ROOT

DAYS, ROWS, MOST_LINES, LONGEST = 7, 50, 20, 500
PROJECT = web.AppKey("trainers_project", Path)  # whose files are written
CLERK = web.AppKey("clerk", Clerk)  # who has the files before the eyes
_WITHIN_S = 60.0
_GENTLY = "5"  # buyers' turns go first


def prepare_inbox(app: web.Application, project: Path) -> None:
    app[PROJECT] = project

    def place() -> tuple[Path, Path, str]:
        settings = app[SETTINGS]
        return app[PROJECT], settings.var.resolve(), settings.database_url

    app[CLERK] = Clerk(place)
    app.on_cleanup.append(_close)


async def _close(app: web.Application) -> None:
    await app[CLERK].close()


async def trainer(request: web.Request) -> Agent:
    """Who may teach the bot. Raises ApiError."""
    agent = await reading_person(request)
    if not agent.role.may_teach:
        raise ApiError(403, "trainers_only", "这一项是训练师和店主做的")
    return agent


async def inbox(request: web.Request) -> web.Response:
    """GET ?days=7: {"count", "rows"}, the most helpful first; phones and addresses masked."""
    await trainer(request)
    days = whole_number(request.query.get("days", str(DAYS)))
    if days is None or not 1 <= days <= 90:
        raise ApiError(422, "bad_field", "days 要是 1 到 90 的数字")
    told = await told_of(request, deed="rows", days=days, limit=ROWS)
    names = intent_titles()
    for row in told["rows"]:
        row["heard_title"] = names.get(row["heard"], row["heard"])
        row["nearest"] = [
            {"intent": intent, "title": names.get(intent, intent), "chance": chance}
            for intent, chance in row["nearest"]
        ]
    return web.json_response(told)


async def accept(request: web.Request) -> web.Response:
    """POST {"lines", "intent"}: written under the intent; it counts within two seconds."""
    body = await _decision(request)
    return await written(request, deed="accept", intent=text_field(body, "intent"), **body["kept"])


async def question(request: web.Request) -> web.Response:
    """POST {"lines", "title", "answer"}: a new plain question with its answer."""
    body = await _decision(request)
    words = {"title": text_field(body, "title"), "answer": text_field(body, "answer")}
    return await written(request, deed="question", **words, **body["kept"])


async def skip(request: web.Request) -> web.Response:
    """POST {"lines"}: not listed again."""
    body = await _decision(request)
    return await written(request, deed="skip", **body["kept"])


async def nearest(request: web.Request) -> web.Response:
    """GET ?text=…&intent=…: the examples most like it, of that intent and of others."""
    await trainer(request)
    text = request.query.get("text", "").strip()
    if not text or len(text) > LONGEST:
        raise ApiError(422, "bad_field", "text 要是一句话")
    asked = {"lines": [text], "intent": request.query.get("intent", "")}
    return web.json_response(await told_of(request, deed="nearest", **asked))


async def intents(request: web.Request) -> web.Response:
    """GET: {"intents": [{"intent", "title"}]}, what a line may be written under by its title."""
    await trainer(request)
    found = sorted(intent_titles().items())
    return web.json_response({"intents": [{"intent": a, "title": b} for a, b in found]})


async def _decision(request: web.Request) -> dict[str, Any]:
    """The body, with `kept`: the lines, and by whom. Raises ApiError."""
    demand_own_page(request)
    agent = await trainer(request)
    body = await json_object(request)
    lines = body.get("lines")
    if (
        not isinstance(lines, list)
        or not 0 < len(lines) <= MOST_LINES
        or not all(isinstance(one, str) and 0 < len(one.strip()) <= LONGEST for one in lines)
    ):
        raise ApiError(422, "bad_field", f"lines 要是 1 到 {MOST_LINES} 句话")
    return {**body, "kept": {"lines": lines, "by": committer(request, agent)}}


def committer(request: web.Request, agent: Agent) -> str:
    """Whose commit a change is; "" where the project is no git folder: a file and no commit."""
    return agent.name if (request.app[PROJECT] / ".git").exists() else ""


async def told_of(request: web.Request, **asked: Any) -> dict[str, Any]:
    """What the process tells. Raises ApiError."""
    settings = request.app[SETTINGS]
    project = str(request.app[PROJECT])
    process = await asyncio.create_subprocess_exec(
        *("nice", "-n", _GENTLY, sys.executable, "-m", "bot.trainer.inbox_process"),
        *(project, str(settings.var.resolve()), settings.database_url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=ROOT,
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(json.dumps(asked).encode()), _WITHIN_S)
        told: dict[str, Any] = json.loads(out)
    except (asyncio.TimeoutError, ValueError):
        raise ApiError(503, "busy", "机器正忙，过一会儿再试") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return _fine(process.returncode or 0, told)


async def written(request: web.Request, **asked: Any) -> web.Response:
    """By the process that stays, which does one after the other. Raises ApiError."""
    return web.json_response(await told_by_clerk(request, **asked))


async def told_by_clerk(request: web.Request, **asked: Any) -> dict[str, Any]:
    """Like `told_of`, by the process that stays. Raises ApiError."""
    try:
        return _fine(*await request.app[CLERK].told(asked))
    except Busy:
        raise ApiError(503, "busy", "机器正忙，过一会儿再试") from None


def _fine(code: int, told: dict[str, Any]) -> dict[str, Any]:
    if code:
        why = told["why"]
        end = "" if why.endswith(("。", "？", "?")) else "。"
        raise ApiError(409, told.get("code", "cannot_teach"), f"{why}{end}")
    return told
