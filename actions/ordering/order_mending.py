"""What cannot be had as it was said is told at once, and taken out of the order again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.frame.chat import Chat
from actions.frame.phrasing import day_text, join_text, size_text, sku_text
from actions.ordering.order_draft import Line


def mended(chat: Chat, lines: Sequence[Line], before: Sequence[Line]) -> list[Line]:
    """Says at once what cannot be had, and takes it out again."""
    return [
        line
        if line in before
        else _mend(chat, line, before[place] if place < len(before) else None)
        for place, line in enumerate(lines)
    ]


def _mend(chat: Chat, line: Line, before: Line | None) -> Line:
    product = line.product
    chat.about(product)
    if before is not None and before.product.product_id != product.product_id:
        before = None
    if line.colour and line.colour not in product.colours:
        colours = join_text(product.colours)
        chat.reply("utter_no_such_colour", name=product.name, what=line.colour, colours=colours)
        return replace(line, colour=before.colour if before else None)
    if line.size and line.size not in product.sizes:
        sizes = join_text([size_text(size) for size in product.sizes])
        what = size_text(line.size)
        chat.reply("utter_no_such_size", name=product.name, what=what, sizes=sizes)
        return replace(line, size=before.size if before else None)
    if line.sku is None:
        return line
    if line.sku.stock <= 0:
        _say_sold_out(chat, line)
        if line.size:
            chat.keep("size_in_talk", None)
            return replace(line, size=None)
        return replace(line, colour=None)
    if line.sku.stock < line.quantity:
        what = sku_text(line.sku.colour, line.sku.size) or product.name
        chat.reply("utter_only_so_many_taken", what=what, left=line.sku.stock)
        chat.keep("quantity_in_talk", line.sku.stock)
        return replace(line, quantity=line.sku.stock)
    return line


def _say_sold_out(chat: Chat, line: Line) -> None:
    assert line.sku is not None
    what = sku_text(line.sku.colour, line.sku.size) or line.product.name
    if line.sku.restock_on:
        chat.reply("utter_order_sold_out_until", what=what, day=day_text(line.sku.restock_on))
    else:
        chat.reply("utter_out_in_order", what=what)
