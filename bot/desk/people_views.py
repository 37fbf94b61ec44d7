"""The shop's people: who is in, invitations by link, roles and names, and what was done."""

from __future__ import annotations

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, DATABASE
from bot.channels.requests import json_object, origin_of, text_field, whole_number
from bot.desk import audit
from bot.desk.audit import Deed
from bot.desk.invites import BadInvite, NameTaken
from bot.desk.passwords import WeakPassword
from bot.desk.roles import Role
from bot.desk.shown import agent_shown, kept
from bot.desk.sign_in_limits import SignInLimits
from bot.desk.who import (
    ACCOUNTS,
    PRESENCE,
    acting_agent,
    demand_own_page,
    leading_person,
    reading_agent,
    reading_person,
)

SIGN_IN_LIMITS = web.AppKey("sign_in_limits", SignInLimits)
_LONGEST_NAME = 20


async def people(request: web.Request) -> web.Response:
    """GET: everybody, with who is in now."""
    await reading_agent(request)
    now = request.app[CLOCK]()
    return web.json_response([agent_shown(one, now) for one in await request.app[ACCOUNTS].all()])


async def be_in(request: web.Request) -> web.Response:
    """POST {is_in}: the agent's own switch."""
    name = await acting_agent(request)
    is_in = (await json_object(request)).get("is_in")
    if not isinstance(is_in, bool):
        raise ApiError(422, "bad_field", "is_in 要是 true 或 false")
    await request.app[ACCOUNTS].change(name, is_in=is_in)
    return web.json_response({})


async def invite(request: web.Request) -> web.Response:
    """POST {role}: a token for the link, good for one account and three days."""
    agent = await leading_person(request)
    role = _role(await json_object(request))
    if not agent.role.may_invite(role):
        raise ApiError(403, "owners_only", f"{role.text}账号只有店主能邀请")
    token, until = await request.app[ACCOUNTS].invite(role, agent.name)
    await kept(request, agent, Deed.INVITE, about=role.text)
    return web.json_response({"token": token, "until": until.isoformat()})


async def join(request: web.Request) -> web.Response:
    """POST {token, name, display_name, password}: makes the account that the link stands for."""
    demand_own_page(request)
    body = await json_object(request)
    name = text_field(body, "name").strip()
    shown_name = text_field(body, "display_name", "").strip()
    if not 0 < len(name) <= _LONGEST_NAME or len(shown_name) > _LONGEST_NAME:
        raise ApiError(
            422, "bad_field", f"账号写 1 到 {_LONGEST_NAME} 字，称呼最多 {_LONGEST_NAME} 字"
        )
    if not request.app[SIGN_IN_LIMITS].allows(f"join {name}", origin_of(request)):
        raise ApiError(429, "too_many_tries", "试得太频繁了，过几分钟再来")
    try:
        role = await request.app[ACCOUNTS].join(
            text_field(body, "token"), name, text_field(body, "password"), shown_name
        )
    except WeakPassword as error:
        raise ApiError(422, "weak_password", str(error)) from None
    except NameTaken:
        raise ApiError(409, "name_taken", "这个账号名有人用了，换一个") from None
    except BadInvite:
        raise ApiError(404, "bad_invite", "邀请链接用过了或过期了，请再要一个") from None
    await request.app[DATABASE].run(
        audit.note, name, Deed.JOIN, request.app[CLOCK](), about=role.text
    )
    return web.json_response({"name": name, "role": role.value})


async def change(request: web.Request) -> web.Response:
    """POST {role?, display_name?, department?}: one's own name; the rest is the owner's."""
    demand_own_page(request)
    agent = await reading_person(request)
    name = request.match_info["name"]
    body = await json_object(request)
    values: dict[str, object] = {}
    for field in ("display_name", "department"):
        if field in body:
            value = text_field(body, field).strip()
            if len(value) > _LONGEST_NAME:
                raise ApiError(422, "bad_field", f"最多 {_LONGEST_NAME} 字")
            values[field] = value
    if "role" in body:
        values["role"] = _role(body).value
    is_own = name == agent.name and set(values) <= {"display_name"}
    if agent.role is not Role.OWNER and not is_own:
        raise ApiError(403, "owners_only", "这一项只有店主账号能改")
    if name == agent.name and "role" in values:
        raise ApiError(409, "own_role", "自己的角色要由另一位店主来改")
    if not values or not await request.app[ACCOUNTS].change(name, **values):
        raise ApiError(404, "unknown_agent", "没有这位同事")
    await kept(
        request, agent, Deed.ACCOUNT, about=f"{name}：{'、'.join(map(str, values.values()))}"
    )
    return web.json_response({})


async def remove(request: web.Request) -> web.Response:
    """POST: the account and its sign-ins go; what it had waits again."""
    agent = await leading_person(request)
    name = request.match_info["name"]
    if agent.role is not Role.OWNER:
        raise ApiError(403, "owners_only", "这一项只有店主账号能做")
    if name == agent.name:
        raise ApiError(409, "own_account", "自己的账号不能自己删")
    if await request.app[ACCOUNTS].remove(name) is None:
        raise ApiError(404, "unknown_agent", "没有这位同事")
    await request.app[PRESENCE].gone(name)
    await kept(request, agent, Deed.ACCOUNT, about=f"{name}：删除")
    return web.json_response({})


async def audit_log(request: web.Request) -> web.Response:
    """GET ?offset=0: what was done at the desk, the newest first; 200 a page."""
    agent = await reading_person(request)
    offset = whole_number(request.query.get("offset", "0"))
    if offset is None:
        raise ApiError(422, "bad_field", "offset 要是一个数字")
    if not agent.role.may_lead:
        raise ApiError(403, "leaders_only", "这一项要主管或店主来看")
    return web.json_response(await request.app[DATABASE].read(audit.newest, offset=offset))


def _role(body: dict[str, object]) -> Role:
    try:
        return Role(body.get("role"))
    except ValueError:
        raise ApiError(422, "bad_field", "role 要是 owner、supervisor、agent 或 trainer") from None
