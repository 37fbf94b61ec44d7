"""Whether the process lives, and whether it can answer a buyer."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.channels.keys import DATABASE, MODEL_ID
from bot.database import DatabaseUnavailable


async def healthz(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """503 while the database does not answer. The model is loaded before the door opens."""

    def ping(connection: Connection) -> None:
        connection.execute(text("SELECT 1"))

    try:
        await request.app[DATABASE].read(ping)
    except DatabaseUnavailable:
        return web.json_response({"status": "unready", "database": "unavailable"}, status=503)
    return web.json_response({"status": "ready", "model": request.app[MODEL_ID]})
