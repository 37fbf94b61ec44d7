"""Who sits at the desk: the cookie is checked here and nowhere else."""

from __future__ import annotations

import structlog
from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.origins import is_own_page
from bot.desk.accounts import Accounts, Agent
from bot.desk.presence import Presence
from bot.desk.scheduled import Scheduled
from bot.desk.telling import Telling

log = structlog.get_logger(__name__)

ACCOUNTS = web.AppKey("accounts", Accounts)
PRESENCE = web.AppKey("presence", Presence)
SCHEDULED = web.AppKey("scheduled", Scheduled)
TELLING = web.AppKey("telling", Telling)
COOKIE = "dianxiaoer_desk"
_REQUESTED_WITH = "dianxiaoer"  # no form of another site can send this header


async def reading_agent(request: web.Request) -> str:
    """The agent's name. Raises ApiError."""
    name = await request.app[ACCOUNTS].agent_of(request.cookies.get(COOKIE, ""))
    if name is None:
        raise ApiError(401, "not_signed_in", "请先登录")
    return name


async def acting_agent(request: web.Request) -> str:
    """The same for what changes something, or is written down: it must come from our page."""
    demand_own_page(request)
    return await reading_agent(request)


async def reading_person(request: web.Request) -> Agent:
    """Who reads, with role and name. Raises ApiError."""
    agent = await request.app[ACCOUNTS].find(await reading_agent(request))
    if agent is None:
        raise ApiError(401, "not_signed_in", "请先登录")
    return agent


async def acting_person(request: web.Request) -> Agent:
    """Who may answer buyers; it is a sign of life. Raises ApiError."""
    demand_own_page(request)
    agent = await reading_person(request)
    if not agent.role.may_answer:
        raise ApiError(403, "readers_only", "训练师账号只能看，不能接待")
    await request.app[PRESENCE].seen(agent.name)
    return agent


async def leading_person(request: web.Request) -> Agent:
    """A supervisor or the owner, from our page. Raises ApiError."""
    demand_own_page(request)
    agent = await reading_person(request)
    if not agent.role.may_lead:
        raise ApiError(403, "leaders_only", "这一项要主管或店主来做")
    return agent


def held_by(agent: Agent) -> str:
    """Whose a conversation must be that this agent changes: anybody's, for who leads."""
    return "" if agent.role.may_lead else agent.name


async def reading_owner(request: web.Request) -> str:
    name = await reading_agent(request)
    if not await request.app[ACCOUNTS].is_owner(name):
        raise ApiError(403, "owners_only", "这一项只有店主账号能看")
    return name


async def acting_owner(request: web.Request) -> str:
    demand_own_page(request)
    return await reading_owner(request)


def demand_own_page(request: web.Request) -> None:
    if request.headers.get("X-Requested-With") != _REQUESTED_WITH:
        raise ApiError(403, "foreign_page", "请从客服工作台操作")
    demand_own_origin(request)


def demand_own_origin(request: web.Request) -> None:
    """Browsers say where a page comes from; programs need not."""
    origin = request.headers.get("Origin")
    if origin is not None and not is_own_page(origin, request.host):
        log.warning("desk.foreign_page", host=request.host[:100])
        raise ApiError(
            403,
            "foreign_page",
            "请从客服工作台连接。网址没错的话，是前面的反向代理少了一行 "
            "proxy_set_header Host $http_host;",
        )
