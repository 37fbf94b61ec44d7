"""Several colours or sizes of one product in one order: 两件黑XL和一件灰L, 38和39各一双."""

from __future__ import annotations

import re
from typing import Any

from actions.chat import Chat
from actions.context import own_colour
from actions.heard import hears
from actions.phrasing import size_text, sku_text
from actions.turn import Turn
from bot.shop.dealing import WantedLine
from bot.shop.goods import Product

_JOINED = re.compile(r"和|跟|、|一[件双条个].{1,8}一[件双条个]")
_CHOOSING = re.compile(r"不|换|改|还是|或|哪|吗|[?？]")
_FIELDS = ("colour", "size", "quantity")


def lines_said(turn: Turn) -> list[dict[str, Any]]:
    """[{"colour", "size", "quantity"}, …] of a message with more than one; [] for one.

    A field that comes again begins the next line; what a line does not say it takes from another.
    """
    is_joined = hears(turn, "each", "add_line") or _JOINED.search(turn.text)
    if not is_joined or _CHOOSING.search(turn.text):
        return []
    lines: list[dict[str, Any]] = [{}]
    for entity in sorted(turn.entities, key=lambda one: one.get("start") or 0):
        name = entity.get("entity")
        if name not in _FIELDS:
            continue
        if name in lines[-1] or (name == "quantity" and len(lines[-1]) > 0):
            lines.append({})
        lines[-1][name] = entity.get("value")
    lines = [line for line in lines if "colour" in line or "size" in line]
    if len(lines) < 2:
        return []
    for name in ("colour", "size"):
        known = [line[name] for line in lines if name in line]
        before = known[0] if known else None
        for line in lines:
            before = line.setdefault(name, before)
    each = hears(turn, "each")
    for line in lines:
        line["quantity"] = 1 if each else int(line.get("quantity") or 1)
    return lines


def adds_a_line(turn: Turn) -> bool:
    """再加一双39的, when an order is being written already."""
    return hears(turn, "add_line") and turn.has("colour", "size")


def added_line(chat: Chat, product: Product) -> dict[str, Any]:
    """One more line; what is not said is as in the first."""
    turn = chat.turn
    colour, size = turn.value("colour"), turn.value("size")
    return {
        "colour": own_colour(product, str(colour)) if colour else chat.slot("order_colour"),
        "size": str(size) if size else chat.slot("order_size"),
        "quantity": int(turn.value("quantity") or 1),
    }


def keep_more(chat: Chat, product: Product, lines: list[dict[str, Any]]) -> None:
    """Keeps the lines after the first; says at once which of them cannot be had."""
    kept = []
    for line in lines:
        colour = own_colour(product, str(line["colour"])) if line["colour"] else ""
        size = str(line["size"] or "")
        if len(product.colours) < 2:
            colour = next(iter(product.colours), "")
        if len(product.sizes) < 2:
            size = next(iter(product.sizes), "")
        sku = next((one for one in product.skus if (one.colour, one.size) == (colour, size)), None)
        what = sku_text(colour, size_text(size)) or product.name
        if sku is None:
            chat.reply("utter_change_no_such", what=what, name=product.name)
        elif sku.stock < line["quantity"]:
            chat.reply("utter_line_not_there", what=what, left=sku.stock)
        else:
            kept.append({"colour": colour, "size": size, "quantity": line["quantity"]})
    chat.keep("order_more", kept or None)


def more_wanted(product: Product, lines: list[dict[str, Any]]) -> list[WantedLine]:
    return [
        WantedLine(
            product_id=product.product_id,
            colour=line["colour"],
            size=line["size"],
            quantity=line["quantity"],
        )
        for line in lines
    ]
