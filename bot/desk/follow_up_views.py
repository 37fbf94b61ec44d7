"""What is planned for a buyer, as agents see it: they may stop it, or have it said now."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.keys import CLOCK, CONVERSATIONS, DATABASE
from bot.channels.requests import whole_number
from bot.desk.deeds import OFFICE
from bot.desk.follow_up_keys import KINDS, SENDER
from bot.desk.promise_views import promise_shown
from bot.desk.who import acting_person, reading_agent, reading_owner
from bot.followups import claims, promises
from bot.followups.report import KindFigures, comparison, figures, promise_figures
from bot.followups.rules import FollowUp, Reason
from bot.followups.sender import NotSent

_MOST_DAYS = 366
REASON_TEXTS = {
    Reason.OPTED_OUT: "买家退订了，不能再发",
    Reason.GONE: "原因已经不在了（付了、取消了或办好了），不用发",
    Reason.REFUSED: "买家说过不要了",
    Reason.ANSWERED: "买家已经回过话了",
    Reason.TOO_MANY: "这位买家最近收到的够多了，到上限了",
    Reason.TOO_OLD: "过期了",
    Reason.NOT_YET: "还没到时候（没到货，或包裹已打包）",
    Reason.PERSON: "这位买家正由人工接待，直接跟他说就好",
    Reason.HOURS: "夜里不发，早上再说",
    Reason.CHAT_BUSY: "买家刚说了话，先等机器人答完",
    Reason.NO_CHAT: "这位买家没有可以发的会话",
    Reason.SHOP_DOWN: "店铺数据暂时查不到，稍后再试",
    Reason.UNKNOWN_KIND: "这一类跟进已经关了",
}


async def of_buyer(request: web.Request) -> web.Response:
    """GET: {planned, promises} of the buyer of this conversation, at whichever door."""
    await reading_agent(request)
    app = request.app
    found = await app[CONVERSATIONS].find(request.match_info["conversation_id"])
    planned = await app[DATABASE].read(claims.all_planned_of, found.buyer_id)
    made = await app[DATABASE].read(promises.of_buyer, found.buyer_id)
    kinds = app[KINDS]
    return web.json_response(
        {
            "planned": [
                {
                    "follow_up_id": one.follow_up_id,
                    "kind": one.kind,
                    "about": kinds[one.kind].about if one.kind in kinds else one.kind,
                    "due_at": one.due_at.isoformat(),
                    "order_number": str(one.about.get("order_number") or ""),
                    "held_back": REASON_TEXTS.get(why, "") if why else "",
                }
                for one, why in planned
            ],
            "promises": [promise_shown(one) for one in made],
        }
    )


async def report(request: web.Request) -> web.Response:
    """GET ?days=30: for owners, what came of following up, of promises and of wordings."""
    await reading_owner(request)
    days = whole_number(request.query.get("days", "30"))
    if days is None or not 1 <= days <= _MOST_DAYS:
        raise ApiError(422, "bad_field", f"days 要是 1 到 {_MOST_DAYS} 之间的数字")
    since = request.app[CLOCK]() - timedelta(days=days)
    found = await request.app[DATABASE].read(figures, since)
    made = await request.app[DATABASE].read(promise_figures, since)
    kinds = request.app[KINDS]
    shown = [
        {**asdict(one), "about": kinds[one.kind].about if one.kind in kinds else one.kind}
        | {"wordings": _compared(one)}
        for one in found
    ]
    return web.json_response({"days": days, "kinds": shown, "promises": made})


async def amends(request: web.Request) -> web.Response:
    """GET: for owners, {amends}: what was given this month to who waited for a late parcel, and what may be."""
    await reading_owner(request)
    office = request.app[OFFICE]
    found = await office.amends_of_month() if office is not None else None
    return web.json_response({"amends": asdict(found) if found is not None else None})


def _compared(one: KindFigures) -> dict[str, Any]:
    two = comparison(one.wordings)
    shares = [
        {"wording": name, "count": share.count, "of": share.of, "interval": list(share.interval)}
        for name, share in sorted(one.wordings.items())
    ]
    return {
        "shares": shares,
        "is_told_apart": two is not None and two.is_told_apart,
        "still_needed": two.still_needed if two is not None else None,
    }


async def stop(request: web.Request) -> web.Response:
    """POST: it is not said; who stopped it is written down."""
    agent = await acting_person(request)
    follow_up = await _planned(request)
    now = request.app[CLOCK]()
    await request.app[DATABASE].run(claims.drop, follow_up, Reason.STOPPED, now, agent.name[:40])
    return web.json_response({})


async def send(request: web.Request) -> web.Response:
    """POST: said now, whatever its hour. 409 with the reason where that may not be."""
    await acting_person(request)
    follow_up = await _planned(request)
    try:
        await request.app[SENDER].send_now(follow_up)
    except NotSent as refused:
        text = REASON_TEXTS.get(refused.reason, "现在发不了，稍后再试")
        raise ApiError(409, f"not_sent_{refused.reason.value}", text) from None
    return web.json_response({})


async def _planned(request: web.Request) -> FollowUp:
    number = whole_number(request.match_info["follow_up_id"])
    found: Any = await request.app[DATABASE].read(claims.find_planned, number or 0)
    if found is None:
        raise ApiError(404, "unknown_follow_up", "这条提醒已经发了、停了，或者没有")
    follow_up: FollowUp = found
    return follow_up
