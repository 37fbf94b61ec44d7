"""The goods of an order, from what one message says: begun, added, changed, left out, mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.frame.chat import Chat, button
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.hearing.context import Talk
from actions.hearing.order_lines import SaidLine, is_several, only_choice, products_said, said_lines
from actions.hearing.profile import turn_down
from actions.hearing.references import own_colour
from actions.ordering.order_adding import adds, adds_counted
from actions.ordering.order_draft import Draft, Line, draft_of, keep_lines, line_from
from actions.ordering.order_edits import (
    Change,
    change_said,
    completed,
    left_out,
    line_of,
    lines_it_fits,
    lines_named,
    refused_beside,
    with_change,
)
from actions.ordering.order_mending import mended
from actions.ordering.order_reminders import remind_of_other
from actions.ordering.wearers import lines_for_wearers, with_advised_sizes
from bot.shop.words.goods import Product

WHICH_LINE = "which_line"  # in the slot order_shown: which line is meant was just asked
_NAMING = ("product", "kind", "category")


async def begin(chat: Chat, talk: Talk, before: Product | None) -> None:
    """The lines of a new order: those said now, those summed up or picked, or the one in talk."""
    draft = await draft_of(chat)
    said = said_lines(chat.turn)
    if is_several(chat.turn, said) and (lines := await _said(chat, said, (), before)):
        keep_lines(chat, mended(chat, lines, ()), 0)
    elif picked := await _picked(chat, talk.product):
        lines = await with_change(chat, [_filled(one, talk) for one in picked])
        keep_lines(chat, mended(chat, lines, ()), 0)
    elif talk.product is not None and (lines := lines_for_wearers(chat, talk.product)):
        keep_lines(chat, mended(chat, [_coloured(one, talk) for one in lines], ()), 0)
    elif talk.product is not None:
        lines, at = list(draft.lines), draft.at
        held = [p for p, line in enumerate(lines) if line.product == talk.product]
        if not held or (lines and lines[at].product != talk.product and len(held) > 1):
            lines, at = [_new(talk.product)], 0
        else:
            at = at if at in held else held[0]
        old = tuple(lines)
        lines[at] = _told(replace(lines[at], quantity=talk.quantity), talk)
        keep_lines(chat, mended(chat, lines, old), at)
        if not draft.lines:
            await remind_of_other(chat, beside=talk.product)
    chat.keep("goods_in_talk", None)


def _new(product: Product) -> Line:
    return Line(
        product=product,
        colour=only_choice(product.colours),
        size=only_choice(product.sizes),
    )


def _coloured(line: Line, talk: Talk) -> Line:
    """With the colour that was spoken of; the sizes are people's own."""
    return replace(line, colour=talk.colour) if talk.has_colour and not line.colour else line


def _told(line: Line, talk: Talk) -> Line:
    """With the colour and size that were spoken of before for this product."""
    if talk.product is None or line.product.product_id != talk.product.product_id:
        return line
    is_one = len(line.product.colours) < 2
    colour = talk.colour if talk.colour and not is_one else line.colour
    size = talk.size if talk.size and len(line.product.sizes) > 1 else line.size
    return replace(line, colour=colour, size=size)


def _filled(line: Line, talk: Talk) -> Line:
    """Of several lines, one keeps what was settled of it."""
    told = _told(line, talk)
    return replace(
        told,
        colour=told.colour if line.colour is None else line.colour,
        size=told.size if line.size is None else line.size,
    )


async def _picked(chat: Chat, in_talk: Product | None) -> list[Line]:
    """The several goods that were summed up, or that the buyer wants all of."""
    told = chat.slot("goods_in_talk") or []
    if len(told) < 2 or chat.turn.has("ordinal"):
        return []
    found = [await line_from(chat, one) for one in told]
    lines = [_with_only_choices(line) for line in found if line is not None]
    return lines if in_talk in [line.product for line in lines] else []


def _with_only_choices(line: Line) -> Line:
    product = line.product
    return replace(
        line,
        colour=line.colour or only_choice(product.colours),
        size=line.size or only_choice(product.sizes),
    )


async def change(chat: Chat, talk: Talk, asked: str, before: Product | None) -> None:
    """What a message does to the lines of the open order."""
    draft = await draft_of(chat)
    turn, said, lines = chat.turn, said_lines(chat.turn), list(draft.lines)
    if not lines:
        await begin(chat, talk, before)
    elif (place := await left_out(chat, lines)) is not None and len(lines) > 1:
        chat.reply("utter_line_left_out", what=lines[place].text)
        turn_down(chat, [lines[place].product.product_id])
        del lines[place]
        keep_lines(chat, lines, min(draft.at, len(lines) - 1))
    elif refused := await refused_beside(chat, lines):
        chat.reply("utter_line_left_out", what=refused)  # nothing is added, nor put in its place
    elif is_several(turn, said):
        found = await _said(chat, said, draft.lines, draft.lines[draft.at].product)
        _take_several(chat, draft, found)
    elif await adds_counted(chat, draft) or await adds(chat, draft, said):
        return
    elif offered := _offered(chat, asked):
        _keep_changed(chat, draft, [draft.at], offered)
    else:
        await _take_change(chat, draft)


async def _said(
    chat: Chat, said: Sequence[SaidLine], held: Sequence[Line], before: Product | None
) -> list[Line]:
    """The lines said; goods that cannot be told are left out."""
    known = [line.product for line in held] or await _shown(chat)
    products = await products_said(chat, said, known, before)
    pairs = [(product, one) for product, one in zip(products, said, strict=True) if product]
    lines = [line_of(product, one) for product, one in pairs]
    return completed(await with_advised_sizes(chat, lines, [one for _, one in pairs]))


async def _shown(chat: Chat) -> list[Product]:
    found = [await chat.shop.product(one) for one in chat.slot("product_shown") or ()]
    return [product for product in found if product is not None]


def _take_several(chat: Chat, draft: Draft, found: Sequence[Line]) -> None:
    """Said lines stand for all of their product, or add to them; other goods stay."""
    lines = list(draft.lines)
    for product_id in dict.fromkeys(line.product.product_id for line in found):
        said = [line for line in found if line.product.product_id == product_id]
        held = [p for p, line in enumerate(lines) if line.product.product_id == product_id]
        if len(said) == len(held) == 1:
            old, new = lines[held[0]], said[0]
            lines[held[0]] = replace(
                old,
                colour=new.colour if new.colour is not None else old.colour,
                size=new.size if new.size is not None else old.size,
                quantity=new.quantity if new.quantity > 1 else old.quantity,
            )
            continue
        if held and not hears(chat.turn, "add_line"):
            first = held[0]
            lines = [line for p, line in enumerate(lines) if p not in held]
            lines[first:first] = said
        else:
            lines += said
    keep_lines(chat, mended(chat, lines, draft.lines), draft.at)


def _offered(chat: Chat, asked: str) -> Change | None:
    """What our question proposed, where the buyer says yes and nothing else."""
    offered = (chat.slot("order_offered") or {}).get(asked)
    if not offered or chat.turn.intent != "affirm" or chat.turn.has("size", "colour"):
        return None
    return Change(colour=offered) if asked == "order_colour" else Change(size=offered)


async def _take_change(chat: Chat, draft: Draft) -> None:
    """Another colour, size or number for the line that is meant; other goods in its place."""
    turn, told = chat.turn, change_said(chat.turn)
    named = await lines_named(chat, draft.lines)
    if not named and turn.has(*_NAMING) and (line := await _instead(chat, draft)) is not None:
        lines = list(draft.lines)
        lines[draft.at] = line
        keep_lines(chat, mended(chat, lines, draft.lines), draft.at)
    elif spread := _spread(turn, draft.lines):
        keep_lines(chat, mended(chat, spread, draft.lines), draft.at)
    elif told.is_any:
        places = named or lines_it_fits(told, draft.lines, draft.at)
        _keep_changed(chat, draft, places, told)
    elif named is not None and len(named) == 1:
        keep_lines(chat, draft.lines, named[0])


def _spread(turn: Turn, lines: Sequence[Line]) -> list[Line]:
    """我的要白的 他的要黑的, of two shirts without a colour: one for each, in their order; 杖要蓝的
    包军绿: each goes to the one line that comes in it. [] where it cannot be told."""
    colours = [str(one) for one in turn.values("colour")]
    if len(colours) < 2 or turn.questions or hears(turn, "instead", "not", "change", "choosing"):
        return []
    is_one = len({line.product.product_id for line in lines}) == 1
    if is_one and len(colours) == len(lines) and all(line.colour is None for line in lines):
        places = list(range(len(lines)))
    else:
        fitting = [
            [
                p
                for p, line in enumerate(lines)
                if own_colour(line.product, one) in line.product.colours
            ]
            for one in colours
        ]
        places = [one[0] for one in fitting if len(one) == 1]
    if len(set(places)) != len(colours):
        return []
    spread = list(lines)
    for place, colour in zip(places, colours, strict=True):
        spread[place] = replace(spread[place], colour=own_colour(spread[place].product, colour))
    return spread


async def _instead(chat: Chat, draft: Draft) -> Line | None:
    """换成防晒霜吧: other goods for those in work, with what was said of them."""
    said = said_lines(chat.turn)
    here = draft.lines[draft.at]
    products = await products_said(chat, said, await _shown(chat), here.product)
    product = next((one for one in products if one and one != here.product), None)
    if product is None:
        return None
    line = next(line_of(one, part) for one, part in zip(products, said, strict=True) if one)
    return replace(line, quantity=line.quantity if chat.turn.has("quantity") else here.quantity)


def _keep_changed(chat: Chat, draft: Draft, places: Sequence[int], told: Change) -> None:
    """Changes the one line meant; where it may be several of them, asks which."""
    if len(places) > 1:
        ask_which(chat, draft, places, told)
        return
    lines, at = list(draft.lines), places[0]
    if told.of(lines[at]) == lines[at] and lines[at].is_chosen and (told.colour or told.size):
        chat.reply("utter_line_is_so", what=lines[at].text)  # 改成43: it is 43 already
        return
    lines[at] = told.of(lines[at])
    if lines[at].quantity < 1 and len(lines) > 1:
        chat.reply("utter_line_left_out", what=lines[at].text)
        del lines[at]
        keep_lines(chat, lines, 0)
        return
    lines[at] = replace(lines[at], quantity=max(1, lines[at].quantity))
    there = mended(chat, lines, draft.lines)
    _say_changed(chat, draft.lines[at], there[at])
    keep_lines(chat, there, at)


def _say_changed(chat: Chat, before: Line, line: Line) -> None:
    """小一码吧, of what was settled: what is written now, and of which line."""
    is_counted = line.quantity != before.quantity
    is_other = (before.colour or line.colour, before.size or line.size) != (line.colour, line.size)
    if is_counted or is_other:
        pieces = f"{line.quantity}件" if is_counted else ""
        chat.reply("utter_line_resized", what=f"{line.text} {pieces}".rstrip())


def ask_which(chat: Chat, draft: Draft, places: Sequence[int], told: Change) -> None:
    values = {"colour": told.colour, "size": told.size, "quantity": told.quantity}
    buttons = [
        button(draft.lines[place].text, "change_order", ordinal=place + 1, **values)
        for place in places
    ]
    chat.reply("utter_which_of_lines", buttons)
    chat.keep("order_shown", WHICH_LINE)
