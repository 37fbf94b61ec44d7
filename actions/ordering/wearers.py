"""Several people, each with a size or a body of their own: 公公42 婆婆37, 男的178 75公斤 女的162."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import join_text, size_text
from actions.hearing.order_lines import SaidLine
from actions.hearing.profile import profile_of
from actions.ordering.order_draft import Line
from actions.ordering.order_edits import line_of
from bot.shop.words.goods import Measurements, Product, Sizing

_SEVERAL = 2


def lines_for_wearers(chat: Chat, product: Product) -> list[Line]:
    """One line for each person whose size was told before the goods were chosen; [] where fewer
    than two were told, or this line says sizes or another number itself."""
    profile, turn = profile_of(chat), chat.turn
    wearers = profile.wearers if product.is_for_feet else ()
    each = [one[1:] for one in profile.advised if one[0] == product.product_id]
    if hears(turn, "each") and len(each) >= _SEVERAL and not turn.has("size"):
        wearers = tuple(each)  # 那各来一件, once the size of each was advised
    number = turn.value("quantity")
    is_all = number is None or int(number) == len(wearers) or hears(turn, "each")
    if len(wearers) < _SEVERAL or turn.has("size") or not is_all:
        return []
    return [
        line_of(product, SaidLine(size=size if size in product.sizes else None, person=person))
        for person, size in wearers
    ]


async def with_advised_sizes(
    chat: Chat, lines: Sequence[Line], said: Sequence[SaidLine]
) -> list[Line]:
    """What lacks a size and was said with a body gets the size that its chart advises; told once."""
    sized, told = [], []
    for line, one in zip(lines, said, strict=True):
        if line.size is None and one.has_body:
            body = Measurements(
                height_cm=one.height_cm, weight_kg=one.weight_kg, foot_mm=one.foot_mm
            )
            advice = await chat.shop.size_advice(line.product.product_id, body)
            if advice.outcome is Sizing.ADVISED and advice.size:
                line = replace(line, size=advice.size)
                told.append(f"{line.product.name}{size_text(advice.size)}")
        sized.append(line)
    if told:
        chat.reply("utter_sizes_by_body", what=join_text(told))
    return sized
