"""The shop's data a row at a time: read by who leads, changed and taken back by owners."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web
from sqlalchemy.engine import Connection

from bot.channels.errors import ApiError
from bot.channels.keys import CATALOGUE_CHANGED, CLOCK, DATABASE, SETTINGS, SHOP
from bot.channels.requests import json_object, text_field, whole_number
from bot.desk import face_views
from bot.desk.accounts import Agent
from bot.desk.audit import Deed, note
from bot.desk.roles import Role
from bot.desk.who import acting_owner, reading_person
from bot.shop.editing import changing, history, size_charts, taking_back
from bot.shop.editing.changing import By, EditedMeanwhile, LooksOdd, Refused, Saved, Wanted
from bot.shop.editing.history import Change
from bot.shop.editing.rows import SIZES, ShopRow, rows
from bot.shop.editing.sheets import WITH_OWN, Field, Sheet, sheets
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.embedded.house import FACE

log = structlog.get_logger(__name__)
T = TypeVar("T")

PAGE = 50
LONGEST_KEY, LONGEST_TEXT, MOST_FIELDS, LONGEST_SEARCH = 200, 4000, 80, 60


async def listed(request: web.Request) -> web.Response:
    """GET ?kind=products&q=…&of=…&offset=0: a page of rows that have every word of `q`.

    `of`: of SKUs and size charts those of one product. Floors are shown to owners alone.
    """
    agent = await leader(request)
    sheet = _sheet(request.query.get("kind", ""))
    offset = whole_number(request.query.get("offset", "0"))
    if offset is None:
        raise ApiError(422, "bad_field", "offset 要是一个数字")
    words = request.query.get("q", "")[:LONGEST_SEARCH].casefold().split()
    of = request.query.get("of", "")

    def read(connection: Connection) -> list[ShopRow]:
        return [
            one
            for one in rows(connection, sheet.section)
            if one.has(words) and (not of or of in (one.cells.get("id"), one.key))
        ]

    if sheet.section == FACE:
        await face_views.reread(request.app)
        found = [face_views.row(request.app)]
    else:
        found = await request.app[DATABASE].read_apart(read)
    is_owner = agent.role is Role.OWNER
    return web.json_response(
        {
            "kind": sheet.section,
            "title": sheet.title,
            "may_edit": is_owner,
            "has_own": sheet.section in WITH_OWN,
            "groups": _groups_shown(sheet, is_owner=is_owner),
            "rows": [row_shown(one, is_owner=is_owner) for one in found[offset : offset + PAGE]],
            "total": len(found),
        }
    )


async def save(request: web.Request) -> web.Response:
    """POST {kind, key, mark, values, is_sure?}: writes what is other in one row; key "" is a new one.

    422 `refused` with what is wrong by field; 409 `looks_odd` likewise, where `is_sure` writes it all
    the same; 409 `edited_meanwhile` with the row as it is now. Nothing is written then.
    """
    owner = await acting_owner(request)
    demand_own_shop(request)
    body = await json_object(request)
    sheet, key, mark = _which(body)
    values = body.get("values")
    if (
        not isinstance(values, dict)
        or not 0 < len(values) <= MOST_FIELDS
        or not all(isinstance(one, str) and len(one) <= LONGEST_TEXT for one in values.values())
        or not all(0 < len(one) <= LONGEST_SEARCH for one in values)
    ):
        raise ApiError(422, "bad_field", f"values 每项写文字，最多 {LONGEST_TEXT} 字")
    wanted = Wanted(
        section=sheet.section,
        key=key,
        mark=mark,
        typed={name: _clean(text) for name, text in values.items()},
        is_sure=body.get("is_sure") is True,
    )
    by = _by(request, owner)

    def work(connection: Connection) -> Saved:
        if wanted.section == FACE:
            saved = face_views.save(request.app, connection, wanted, by)
        else:
            editor = size_charts if wanted.section == SIZES else changing
            saved = editor.save(connection, wanted, by)
        if saved.change_id is not None:
            _note(connection, by, sheet.title, saved.row.title, "；".join(saved.details))
        return saved

    saved = await _done(request, work)
    return web.json_response(
        {
            "row": row_shown(saved.row, is_owner=True),
            "change_id": saved.change_id,
            "details": list(saved.details),
            "advice": list(saved.advice),
        }
    )


async def remove(request: web.Request) -> web.Response:
    """POST {kind, key, mark}: takes the row, and what hangs on it, out of the shop."""
    owner = await acting_owner(request)
    demand_own_shop(request)
    sheet, key, mark = _which(await json_object(request))
    if sheet.section in ("shop", FACE) or not key:
        raise ApiError(422, "bad_field", "这一行不能删")
    by = _by(request, owner)

    def work(connection: Connection) -> int:
        if sheet.section == SIZES:
            change_id = size_charts.remove(connection, key, mark, by)
        else:
            change_id = taking_back.remove(connection, sheet.section, key, mark, by)
        _note(connection, by, sheet.title, key, "删了")
        return change_id

    return web.json_response({"change_id": await _done(request, work)})


async def changes(request: web.Request) -> web.Response:
    """GET ?offset=0: what was changed by hand, the newest first; fifty a page."""
    await leader(request)
    offset = whole_number(request.query.get("offset", "0"))
    if offset is None:
        raise ApiError(422, "bad_field", "offset 要是一个数字")
    found = await request.app[DATABASE].read(history.newest, offset=offset)
    return web.json_response({"changes": [_change_shown(one) for one in found]})


async def undo(request: web.Request) -> web.Response:
    """POST: takes the change back, or tells why it cannot be (409 `cannot_undo`)."""
    owner = await acting_owner(request)
    demand_own_shop(request)
    change_id = whole_number(request.match_info["change_id"])
    if change_id is None:
        raise ApiError(404, "unknown_change", "没有这条改动")
    by = _by(request, owner)

    def work(connection: Connection) -> Change:
        change = taking_back.undo(connection, change_id, by)
        title = sheets()[change.section].title
        _note(connection, by, title, change.name, f"撤销 {change.agent} 的改动")
        return change

    return web.json_response({"name": (await _done(request, work)).name})


async def leader(request: web.Request) -> Agent:
    """Who may see the shop's data at the desk. Raises ApiError."""
    agent = await reading_person(request)
    if not agent.role.may_lead:
        raise ApiError(403, "leaders_only", "这一项要主管或店主来看")
    demand_own_shop(request)
    return agent


def row_shown(row: ShopRow, *, is_owner: bool) -> dict[str, Any]:
    fields = sheets()[row.section].fields
    secret = set() if is_owner else {one.name for one in fields.values() if one.is_secret}
    return {
        "key": row.key,
        "title": row.title,
        "about": row.about,
        "note": row.note,
        "mark": row.mark,
        "axes": list(row.axes),
        "values": {name: text for name, text in row.texts.items() if name not in secret},
    }


async def _done(request: web.Request, work: Callable[[Connection], T]) -> T:
    """The deed, all of it or nothing. Raises ApiError."""
    try:
        done = await request.app[DATABASE].run(work)
    except EditedMeanwhile as error:
        row = row_shown(error.row, is_owner=True) if error.row else None
        what = "刚被改过，您写的还在，看过现在的再存" if row else "已经不在店里了，可能刚被删掉"
        raise ApiError(409, "edited_meanwhile", what, row=row) from None
    except LooksOdd as odd:
        what = "有几处不大对，看一眼再存"
        raise ApiError(409, "looks_odd", what, faults=_faults_shown(odd)) from None
    except Refused as refused:
        what = "这几处改好再存"
        raise ApiError(422, "refused", what, faults=_faults_shown(refused)) from None
    except taking_back.CannotUndo as error:
        raise ApiError(409, "cannot_undo", error.why) from None
    await face_views.reread(request.app)
    request.app[CATALOGUE_CHANGED].set()
    return done


def _faults_shown(refused: Refused) -> list[dict[str, str]]:
    return [{"field": one.field, "what": one.what} for one in refused.faults]


def _note(connection: Connection, by: By, title: str, name: str, told: str) -> None:
    about = f"{title} {name}：{told}" if told else f"{title} {name}"
    note(connection, by.agent, Deed.SHOP_ROW, by.now, about=about)


def _by(request: web.Request, owner: str) -> By:
    zone = ZoneInfo(str(request.app[SETTINGS].shop.zone))
    return By(agent=owner, now=request.app[CLOCK](), zone=zone)


def _which(body: Mapping[str, Any]) -> tuple[Sheet, str, str]:
    told = dict(body)
    key, mark = text_field(told, "key", ""), text_field(told, "mark", "")
    if len(key) > LONGEST_KEY or len(mark) > LONGEST_KEY:
        raise ApiError(422, "bad_field", "key 和 mark 要照读来的写")
    return _sheet(text_field(told, "kind")), key, mark


def _sheet(kind: str) -> Sheet:
    if (found := sheets().get(kind)) is None:
        raise ApiError(422, "bad_field", f"kind 要是 {'、'.join(sheets())} 之一")
    return found


def _clean(text: str) -> str:
    """Lone surrogates and NUL are JSON, but no text that a database takes."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def demand_own_shop(request: web.Request) -> None:
    if not isinstance(request.app[SHOP], EmbeddedShop):
        raise ApiError(409, "not_our_shop", "商品资料在您自己的商城里，请在那边改")


def _groups_shown(sheet: Sheet, *, is_owner: bool) -> list[dict[str, Any]]:
    shown = []
    for name, fields in sheet.groups:
        its = [_field_shown(one) for one in fields if is_owner or not one.is_secret]
        if its:
            shown.append({"name": name, "fields": its})
    return shown


def _field_shown(one: Field) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": one.label,
        "form": one.form,
        "needed": one.needed,
        "hint": one.hint,
        "choices": list(one.choices),
        "is_fixed": one.is_fixed,
        "is_only_new": one.is_only_new,
    }


def _change_shown(one: Change) -> dict[str, Any]:
    return {
        "change_id": one.change_id,
        "at": one.at.isoformat(),
        "agent": one.agent,
        "kind_text": sheets()[one.section].title,
        "what_text": one.what.text,
        "name": one.name,
        "details": list(one.details),
        "is_undone": one.undone_by is not None,
    }
