"""Gives a dialogue's buyer exactly the orders that the talk is about, by the shop's own import."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from bench.replay.reading import Dialogue, Facts
from bot.database import Database
from bot.shop.__main__ import DEMO
from bot.shop.importing.cells import ImportRefused
from bot.shop.importing.importer import import_files

MODEL_BUYER = "buyer-lulu"  # whose name, phone, address and habits are copied
UNKNOWN = "?"  # a number nobody cares about


class CannotSetUp(Exception):
    """The shop refuses a dialogue's orders; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who talks in a dialogue."""

    buyer_id: str
    signed_in: bool
    facts: Facts


def set_up(database: Database, dialogue: Dialogue, *, now: datetime, folder: Path) -> Caller:
    """Puts buyer and orders into the shop; the same dialogue gets the same numbers every time.

    `now`: what `-3d 14:20` counts from. Raises CannotSetUp.
    """
    if dialogue.orders is None:
        buyer_id = f"visitor:replay-{dialogue.code}"
        return Caller(buyer_id=buyer_id, signed_in=False, facts=Facts())
    buyer = {**_model_buyer(), "id": f"replay-{dialogue.code}"}
    orders: list[dict[str, Any]] = []
    returns: list[dict[str, Any]] = []
    for place, row in enumerate(dialogue.orders, 1):
        order, case = _numbered(row, dialogue.code, place)
        orders.append({**order, "buyer": buyer["id"]})
        returns += [case] if case else []
    file = folder / f"{dialogue.code}.yml"
    rows = {"buyers": [buyer], "orders": orders, "returns": returns}
    file.write_text(yaml.safe_dump(rows, allow_unicode=True, sort_keys=False), encoding="utf-8")
    try:
        import_files(database, [file], now=now)
    except ImportRefused as refused:
        raise CannotSetUp(
            "; ".join(f"{one.column}: {one.what}" for one in refused.problems)
        ) from None
    parcels = [order["parcel"]["number"] for order in orders if order.get("parcel")]
    facts = Facts(
        orders=tuple(order["number"] for order in orders),
        parcels=tuple(parcels),
        phone=buyer["phone"],
        name=buyer["name"],
    )
    return Caller(buyer_id=buyer["id"], signed_in=True, facts=facts)


def _numbered(
    row: Mapping[str, Any], code: str, place: int
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """An order with the numbers it leaves open, and its return case if it has one."""
    own = zlib.crc32(code.encode()) % 10**8
    order = {"number": f"6900{own:08d}{place:04d}", **row}
    parcel = row.get("parcel")
    if isinstance(parcel, dict) and parcel.get("number", UNKNOWN) == UNKNOWN:
        order["parcel"] = {**parcel, "number": f"758{own:08d}{place:03d}"}
    case = order.pop("ret", None)
    if case is None:
        return order, None
    if not isinstance(case, dict):
        raise CannotSetUp("ret: write it as an object, like a row of returns in shop/demo")
    return order, {
        "id": f"TH9{own:08d}{place}",
        "order": order["number"],
        "line": "1",
        **case,
    }


def _model_buyer() -> dict[str, Any]:
    text = (DEMO / "buyers.yml").read_text(encoding="utf-8")
    buyers: list[dict[str, Any]] = yaml.safe_load(text)["buyers"]
    return next(buyer for buyer in buyers if buyer["id"] == MODEL_BUYER)
