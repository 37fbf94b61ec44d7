"""Puts together what several tables say of one thing: ids written differently, rows of one order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bot.shop.importing.grids import Sheet
from bot.shop.importing.headings import fold
from bot.shop.importing.reading import TableRow
from bot.shop.importing.table_rows import made_id, usable_id
from bot.shop.words.dealing import ATTRIBUTES

Placed = tuple[Sheet, TableRow]
_LISTS = ("products", "goes_with")
_ABOUT_CHARTS = ("runs", "wide", "roomy_instep", "note")
_RECEIVER = ("name", "phone", "address", "email")


def joined(tables: Sequence[Placed], notes: list[str]) -> list[Placed]:
    """The same rows as YAML would nest them, SKUs under the ids their goods have."""
    goods = {
        str(row.cells.get("id", "")): str(row.cells.get("name", ""))
        for _, row in tables
        if row.section == "products"
    }
    by_name = {fold(name): number for number, name in goods.items() if name}
    by_bare = {number.lstrip("0"): number for number in goods if number}
    charts = _charts([row for _, row in tables if row.section == "sizes"])
    done: list[Placed] = []
    for sheet, row in tables:
        if row.section == "products" and (chart := charts.pop(str(row.cells.get("id")), None)):
            done.append((sheet, replace(row, cells={**row.cells, "size_chart": chart})))
        elif row.section == "skus":
            done.append(
                (sheet, replace(row, cells=_owned(row.cells, goods, by_name, by_bare, notes)))
            )
        elif row.section == "buyers":
            done.append((sheet, replace(row, cells=_under(row.cells, "attributes", ATTRIBUTES))))
        elif row.section == "promotions":
            done.append((sheet, replace(row, cells=_promotion(row.cells, by_name))))
        elif row.section == "postage":
            done.append((sheet, replace(row, cells=_zone(row.cells))))
        elif row.section == "shop":
            done.append((sheet, replace(row, cells=_shop(row.cells))))
        elif row.section in ("orders", "sizes"):
            continue
        else:
            done.append((sheet, row))
    if charts:
        notes.append(f"尺码表里的 {'、'.join(charts)} 这次没有商品，没有读")
    return [*done, *_orders((sheet, row) for sheet, row in tables if row.section == "orders")]


def _charts(rows: Sequence[TableRow]) -> dict[str, dict[str, Any]]:
    """Size charts by product, as YAML nests them; 偏码, 宽楦 and 说明 of a product's first row."""
    charts: dict[str, dict[str, Any]] = {}
    for row in rows:
        cells = {field: value for field, value in row.cells.items() if value}
        about: dict[str, Any] = {
            field: cells.pop(field) for field in _ABOUT_CHARTS if field in cells
        }
        chart = charts.setdefault(str(cells.pop("id", "")), {"rows": [], **about})
        chart["rows"].append(cells)
    return charts


def _owned(
    cells: dict[str, Any],
    goods: dict[str, str],
    by_name: dict[str, str],
    by_bare: dict[str, str],
    notes: list[str],
) -> dict[str, Any]:
    """Under the product's id: by its name where the table has no ids, or with the zeros it lost."""
    named = fold(str(cells.get("name") or ""))
    cells = {field: value for field, value in cells.items() if field != "name"}
    told = str(cells.get("id") or "")
    if not told and named:
        return {**cells, "id": by_name.get(named) or made_id(named)}
    if told and told not in goods and (meant := by_bare.get(told.lstrip("0"))):
        note = f"规格里的编号“{told}”按商品“{meant}”读（前面的 0 不一样）"
        if note not in notes:
            notes.append(note)
        return {**cells, "id": meant}
    return cells


def _under(cells: dict[str, Any], name: str, fields: Sequence[str]) -> dict[str, Any]:
    inner = {field: cells[field] for field in fields if cells.get(field)}
    rest = {field: value for field, value in cells.items() if field not in fields}
    return {**rest, name: inner} if inner else rest


def _promotion(cells: dict[str, Any], by_name: dict[str, str]) -> dict[str, Any]:
    """活动价: `编号=价格` each, or one price for all goods of the campaign."""
    named = [
        by_name.get(fold(one)) or usable_id(one)
        for one in str(cells.get("products") or "")
        .replace("，", "|")
        .replace("、", "|")
        .replace(",", "|")
        .split("|")
        if one.strip() and one.strip() not in ("全店", "全部", "全场", "所有商品")
    ]
    made = {**cells, "products": named} if "products" in cells else dict(cells)
    told = str(cells.get("sale_prices") or "").strip()
    if told:
        pairs = [
            one.replace("＝", "=").replace("：", "=").replace(":", "=").partition("=")
            for one in told.replace("\n", "|").replace("；", "|").split("|")
        ]
        made["sale_prices"] = (
            {key.strip(): price.strip() for key, _, price in pairs}
            if all(sign for _, sign, _ in pairs)
            else dict.fromkeys(named, told)
        )
    return made


def _zone(cells: dict[str, Any]) -> dict[str, Any]:
    """A zone is called after its regions where it has no name."""
    zone = str(cells.get("zone") or cells.get("regions") or "其余地区")
    return {**cells, "zone": zone[:60]}


def _shop(cells: dict[str, Any]) -> dict[str, Any]:
    """停发: `2027-02-03~2027-02-12 春节放假` each."""
    told = str(cells.get("pauses") or "").strip()
    if not told:
        return {field: value for field, value in cells.items() if field != "pauses"}
    pauses = []
    for one in told.replace("\n", "|").replace("；", "|").split("|"):
        days, _, note = one.strip().partition(" ")
        first, _, last = (
            days.replace("至", "~").replace("到", "~").replace("～", "~").partition("~")
        )
        pauses.append({"from": first, "to": last or first, "note": note.strip()})
    return {**cells, "pauses": pauses}


def _orders(rows: Iterable[Placed]) -> list[Placed]:
    """One order a number: its lines stand in rows of their own."""
    kept: dict[str, Placed] = {}
    for sheet, row in rows:
        cells = row.cells
        line = {
            field: cells[field]
            for field in ("product", "colour", "size", "options", "quantity", "price")
            if cells.get(field)
        }
        number = str(cells.get("number") or "")
        if number in kept:
            kept[number][1].cells["lines"].append(line)
            continue
        order: dict[str, Any] = {
            field: cells.get(field, "")
            for field in (
                "number", "buyer", "status", "created", "pays_until", "paid", "shipped", "signed",
                "off", "postage", "gift", "note", "close_reason", "invoice_title", "tax_number",
                "invoice_email",
            )
            if field in cells
        }  # fmt: skip
        receiver = {
            one: cells[f"receiver_{one}"] for one in _RECEIVER if cells.get(f"receiver_{one}")
        }
        if receiver:
            order["receiver"] = receiver
        if cells.get("tracking"):
            order["parcel"] = {
                "courier": cells.get("courier") or "快递",
                "number": cells["tracking"],
                "due": cells.get("due") or cells.get("shipped") or cells.get("created") or "",
                "events": [
                    one.strip() for one in str(cells.get("events") or "").split("\n") if one.strip()
                ],
                **({"courier_phone": cells["courier_phone"]} if cells.get("courier_phone") else {}),
            }
        order["lines"] = [line] if line else []
        kept[number] = (sheet, replace(row, cells=order))
    return list(kept.values())
