"""The shop's files at the desk, for owners: see the plan, import, take the workbook, empty the shop."""

from __future__ import annotations

import asyncio
import io
import tempfile
from pathlib import Path
from typing import Any

import structlog
from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import BadHttpMessage
from sqlalchemy.engine import Connection

from bot.channels.errors import ApiError
from bot.channels.keys import CATALOGUE_CHANGED, CLOCK, DATABASE, SETTINGS, SHOP
from bot.channels.requests import arriving, json_object, text_field
from bot.desk.reveals import What, note_shop
from bot.desk.who import acting_owner, reading_owner
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.importing import removing, trade_packs, workbook
from bot.shop.importing.cells import ImportRefused
from bot.shop.importing.importer import Imported, NotAsSeen, import_files
from bot.shop.importing.telling import sentences

log = structlog.get_logger(__name__)

LARGEST_BYTES = 8 * 1024 * 1024  # of all files together
MOST_FILES = 30
EMPTYING = "清空"  # typed by who empties the shop: it cannot be undone
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def plan_files(request: web.Request) -> web.Response:
    """POST multipart, `file` each, `replace`: what an import would do; nothing is changed.

    {"lines", "warnings", "gone"}; 422 "refused" with a sentence a line.
    """
    await acting_owner(request)
    imported = await _imported(request, dry_run=True)
    return web.json_response(_told(imported))


async def import_shop(request: web.Request) -> web.Response:
    """POST the same with `gone`, as the plan told it: does it.

    409 where more or less would be deleted than the owner has seen; then nothing was changed.
    """
    owner = await acting_owner(request)
    imported = await _imported(request, dry_run=False)
    now = request.app[CLOCK]()
    await request.app[DATABASE].run(note_shop, What.SHOP_IMPORT, owner, now)
    request.app[CATALOGUE_CHANGED].set()
    log.info("shop_imported", agent=owner, counts=imported.counts, gone=imported.plan.gone)
    return web.json_response(_told(imported))


async def shop_workbook(request: web.Request) -> web.Response:
    """GET ?blank=1, ?trade=NAME: the shop's data, without buyers and orders, as an Excel workbook.

    `trade`: a trade pack's sample goods in place of the shop's data; 404 where there is none of that name.
    """
    await reading_owner(request)
    _demand_own_shop(request)
    if trade := request.query.get("trade", ""):
        pack = trade_packs.pack_named(trade)
        if pack is None:
            raise ApiError(404, "no_such_trade", "没有这个行当的模板，请用空的模板")
        sheets = await asyncio.to_thread(trade_packs.sheets_of, pack, request.app[CLOCK]())
    else:
        is_blank = request.query.get("blank") == "1"
        sheets = await request.app[DATABASE].read(workbook.contents, blank=is_blank)
    book = io.BytesIO()
    await asyncio.to_thread(workbook.write, book, sheets)
    return web.Response(
        body=book.getvalue(),
        content_type=_SHEET,
        headers={
            "Content-Disposition": 'attachment; filename="shop.xlsx"',
            "Cache-Control": "no-store",
        },
    )


async def trades(request: web.Request) -> web.Response:
    """GET: the trades there is a workbook to begin with for, {"trades": [{"key", "name"}]}."""
    await reading_owner(request)
    found = [{"key": one.key, "name": one.name} for one in trade_packs.packs()]
    return web.json_response({"trades": found})


async def empty_shop(request: web.Request) -> web.Response:
    """POST {"confirm": "清空"}: goods, campaigns, postage, buyers, orders, returns: all of it."""
    owner = await acting_owner(request)
    _demand_own_shop(request)
    if text_field(await json_object(request), "confirm", "") != EMPTYING:
        raise ApiError(422, "not_confirmed", f"清空了找不回来。确定的话请输入「{EMPTYING}」")
    now = request.app[CLOCK]()

    def work(connection: Connection) -> dict[str, int]:
        note_shop(connection, What.SHOP_EMPTY, owner, now)
        return removing.empty(connection)

    rows = await request.app[DATABASE].run(work)
    request.app[CATALOGUE_CHANGED].set()
    return web.json_response({"rows": rows})


def _demand_own_shop(request: web.Request) -> None:
    if not isinstance(request.app[SHOP], EmbeddedShop):
        raise ApiError(409, "not_our_shop", "商品资料在您自己的商城里，请在那边改")


async def _imported(request: web.Request, *, dry_run: bool) -> Imported:
    _demand_own_shop(request)
    app = request.app
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        fields = await arriving(_received(request, Path(folder)), 60.0)
        seen = fields.get("gone", "")
        try:
            return await asyncio.to_thread(
                import_files,
                app[DATABASE],
                [Path(folder)],
                now=app[CLOCK](),
                time_zone=str(app[SETTINGS].shop.zone),
                replace=fields.get("replace") == "1",
                dry_run=dry_run,
                gone_as_seen=None if dry_run else int(seen) if seen.isdigit() else 0,
            )
        except NotAsSeen:
            raise ApiError(
                409, "changed", "店里刚有变化，会删掉的和您看到的不一样，请再看一遍计划"
            ) from None
        except ImportRefused as refused:
            raise ApiError(422, "refused", "\n".join(sentences(refused.problems))) from None


async def _received(request: web.Request, folder: Path) -> dict[str, str]:
    """Writes the files into the folder; the other fields."""
    if not request.content_type.startswith("multipart/"):
        raise ApiError(415, "not_multipart", "文件要用表单上传")
    fields: dict[str, str] = {}
    size = files = 0
    try:
        reader: MultipartReader = await request.multipart()
        while (part := await arriving(reader.next())) is not None:
            if not isinstance(part, BodyPartReader):
                continue
            content = bytearray()
            while chunk := await arriving(part.read_chunk(64 * 1024)):
                content += chunk
                size += len(chunk)
                if size > LARGEST_BYTES:
                    raise ApiError(413, "too_large", "文件一次最多 8 MB，请分几次导")
            if part.name == "file" and part.filename:
                files += 1
                if files > MOST_FILES:
                    raise ApiError(413, "too_many", f"一次最多 {MOST_FILES} 个文件")
                await asyncio.to_thread(_place(folder, part.filename).write_bytes, bytes(content))
            elif part.name:
                fields[part.name] = content.decode("utf-8", "replace")[:100]
    except (ValueError, BadHttpMessage):  # what aiohttp raises where the form is no form
        raise ApiError(400, "bad_form", "表单内容不对，再传一次吧") from None
    if not files:
        raise ApiError(422, "no_file", "请选要导入的文件")
    return fields


def _place(folder: Path, told: str) -> Path:
    """Under its own name, of which only the last part counts; two of one name both stay."""
    name = told.replace("\\", "/").rpartition("/")[2].replace("\0", "").strip(". ")[-80:] or "文件"
    place = folder / name
    number = 2
    while place.exists():
        place = folder / f"{Path(name).stem}({number}){Path(name).suffix}"
        number += 1
    return place


def _told(imported: Imported) -> dict[str, Any]:
    return {
        "lines": imported.plan.lines(),
        "warnings": sentences(imported.plan.warnings),
        "gone": imported.plan.gone,
    }
