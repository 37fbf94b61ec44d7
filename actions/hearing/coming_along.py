"""雨罩送不送, 防水袋送不送, 要另外买吗: whether a thing lies in the box of the goods in talk, yes or no."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import from_text
from actions.hearing.asked_words import denials, wanted
from actions.hearing.context import talk_of
from actions.hearing.parts import lines_of_box
from actions.hearing.sheet import sheet_words
from bot.shop.rules.speaking import speaks_of
from bot.shop.words.fitting import parts_of
from bot.shop.words.goods import Product, ProductQuery

_NAMING = ("product", "kind")
_SORTS = ("kind", "category")
_CONTENTS = "contents"


async def tells_whether_it_comes_along(chat: Chat) -> bool:
    """False where it is not asked, no goods are talked of, or their data do not tell what is in the
    box; presents that are pleaded for (袜子送不送) are haggled for."""
    turn = chat.turn
    is_asked = hears(turn, "comes_along") or _names_what_would_come(chat)
    if not is_asked or hears(turn, "gift") or turn.in_form == "return_form":
        return False
    in_talk = chat.slot("product_in_talk") or turn.product_in_view
    product = await chat.shop.product(str(in_talk)) if in_talk else None
    if product is None:
        product = (await talk_of(chat)).product
    if product is None:
        return False
    other = await _other_named(chat, product)
    words = [*_said(chat), other.kind, *other.nicknames] if other is not None else _things(chat)
    for word in words:
        if fact := _line_of(product, word):
            chat.reply("utter_comes_along", name=product.name, fact=fact)
            return True
    if other is not None:
        price = from_text(other)
        chat.reply("utter_sold_apart", name=product.name, other=other.name, price=price)
        return True
    contents = product.fact(_CONTENTS)
    if not words or not contents:
        return False
    chat.reply("utter_not_in_the_box", name=product.name, thing=words[0], contents=contents)
    return True


async def _other_named(chat: Chat, product: Product) -> Product | None:
    """Goods of ours that the line names beside those in talk."""
    for product_id in chat.turn.values("product"):
        if str(product_id) != product.product_id:
            return await chat.shop.product(str(product_id))
    for sort in _SORTS:
        for value in map(str, chat.turn.values(sort)):
            if value in (product.kind, product.category):
                continue
            kind, category = (value, "") if sort == "kind" else ("", value)
            query = ProductQuery(kind=kind, category=category, in_stock_only=False, limit=1)
            if found := await chat.shop.recommend(query, chat.turn.buyer_id):
                return found[0].product
    return None


def _names_what_would_come(chat: Chat) -> bool:
    """带线吗, 送电池吗: the line is a word of giving, a thing, and the mark of a question."""
    turn = chat.turn
    spans = [
        (int(one["start"]), int(one["end"]))
        for one in turn.entities
        if one.get("entity") in ("goods", *_NAMING, *_SORTS) and one.get("end")
    ]
    if chat.names_a_part and (at := turn.text.find(chat.names_a_part)) >= 0:
        spans.append((at, at + len(chat.names_a_part)))
    before, after = tuple(sheet_words()["comes_with"]), tuple(sheet_words()["comes_asked"])
    return any(
        turn.text[:start].endswith(before) and turn.text[end:].startswith(after)
        for start, end in spans
    )


def _said(chat: Chat) -> list[str]:
    """线 of 自带线吗, whatever goods of ours are called so: the buyer's own word for them."""
    text = chat.turn.text
    named = [one for one in chat.turn.entities if one.get("entity") in (*_NAMING, *_SORTS)]
    return [text[int(one["start"]) : int(one["end"])] for one in named if one.get("end")]


def _things(chat: Chat) -> list[str]:
    """雨罩 of 雨罩送不送: what is left of the line when its set phrases are taken out."""
    turn = chat.turn
    goods = [*filter(None, [chat.names_a_part]), *map(str, turn.values("goods"))]
    text = turn.text
    for one in turn.entities:
        if one.get("entity") in ("cue", *_NAMING) and one.get("end"):
            text = text.replace(turn.text[int(one["start"]) : int(one["end"])], "\n")
    return list(dict.fromkeys([*goods, *(one.word for one in wanted(text))]))


def _line_of(product: Product, word: str) -> str:
    """The line by which it lies in the box; a line that denies it is none."""
    for line in lines_of_box(product):
        told = line
        for other in denials().harmless:  # 无线充一个 holds no 线
            told = told.replace(other, " ")
        if word and any(item.startswith(word) for item in parts_of(line)):
            return line  # 线一根
        if word and word in told:
            spoken = speaks_of(product, word, denials())
            if spoken is None or not spoken.is_denied:
                return line
    return ""
