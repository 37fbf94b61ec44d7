"""A fact asked where several goods may be meant: told of each, or of the one that it can mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.context import show_products
from actions.hearing.for_whom import gender_meant
from actions.hearing.sheet import facts_asked, line_that_speaks, topics_of, without_names
from bot.asking import without_denied
from bot.shop.words.goods import Product, ProductQuery

_MOST, _LOOKED_AT, _TWO = 3, 6, 2


async def asked_text(chat: Chat) -> str:
    """The words of the line without the names of the goods it names."""
    turn = chat.turn
    text = turn.text
    for product_id in turn.values("product"):
        if (product := await chat.shop.product(str(product_id))) is not None:
            text = without_names(text, product)
    for one in turn.entities:
        if one.get("entity") in ("kind", "category") and one.get("end"):
            text = text.replace(turn.text[int(one["start"]) : int(one["end"])], " ")
    return text


async def tell_each(chat: Chat) -> bool:
    """你们冲锋衣静水压多少, 防滑吗 of the two just shown; False where their sheets do not tell, or
    more goods may be meant than can be told of."""
    turn = chat.turn
    products = await _meant(chat)
    if not 1 < len(products) <= _MOST or turn.in_form:
        return False
    text = without_denied(await asked_text(chat))
    speaking = [
        one
        for one in products
        if not topics_of(text) and line_that_speaks(without_names(text, one), one)
    ]
    if len(speaking) == 1:  # 杯子能刻名字吗: only one of them can
        return await _tell_only(chat, speaking[0], text)
    told = [(one, facts) for one in products if (facts := facts_asked(text, one))]
    if len(told) < len(products) and (not topics_of(text) or not told):
        return False
    show_products(chat, [one.product_id for one in products])
    said = "；".join(f"{one.name}：{facts[0]}" for one, facts in told)
    silent = [one.name for one in products if one not in [known for known, _ in told]]
    response = "utter_facts_of_some" if silent else "utter_facts_of_each"
    chat.ask("like_it", response, facts=said, silent="、".join(silent))
    return True


async def tell_of_both(chat: Chat) -> bool:
    """空包多重 比小溪重多少: the fact asked of the goods in talk and of those named beside them, or of
    two that are named: 果泥跟溶豆哪个保质期长, where both are kept as long."""
    turn = chat.turn
    named = list(dict.fromkeys(map(str, turn.values("product"))))
    in_talk = str(chat.slot("product_in_talk") or turn.product_in_view or "")
    is_compared = hears(turn, "by_how_much", "compare", "joined")
    if len(named) == 1 and in_talk and in_talk != named[0] and is_compared:
        named = [in_talk, *named]
    if len(named) != _TWO or turn.in_form:
        return False
    text = without_denied(await asked_text(chat))
    pair = [await chat.shop.product(one) for one in named]
    told = [(one, facts_asked(text, one)) for one in pair if one is not None]
    if len(told) < len(pair) or not topics_of(text) or not all(facts for _, facts in told):
        return False
    show_products(chat, [one.product_id for one, _ in told])
    chat.keep("product_in_talk", named[0])
    said = "；".join(f"{one.name}：{facts[0]}" for one, facts in told)
    chat.ask("like_it", "utter_facts_of_each", facts=said)
    return True


async def _tell_only(chat: Chat, product: Product, text: str) -> bool:
    fact = line_that_speaks(without_names(text, product), product)
    chat.keep("product_in_talk", product.product_id)
    chat.ask("like_it", "utter_only_this_one", name=product.name, fact=fact)
    return True


async def tell_of_another(chat: Chat, product: Product, text: str) -> bool:
    """有礼盒吗, of goods that have none: another of their kind that has; False without one."""
    asked = without_names(without_denied(text), product)
    if line_that_speaks(asked, product):
        return False
    query = ProductQuery(kind=product.kind, limit=_LOOKED_AT)
    for one in await chat.shop.recommend(query, chat.turn.buyer_id):
        other = one.product
        fits = not product.gender or other.gender in ("", product.gender)
        if other.product_id == product.product_id or not fits:
            continue
        if fact := line_that_speaks(without_names(asked, other), other):
            show_products(chat, [product.product_id, other.product_id])
            chat.keep("product_in_talk", other.product_id)
            values: dict[str, Any] = {"name": product.name, "other": other.name, "fact": fact}
            chat.ask("like_it", "utter_another_has_it", **values)
            return True
    return False


async def _meant(chat: Chat) -> Sequence[Product]:
    """Those of the kind named, else those shown side by side."""
    turn = chat.turn
    if turn.has("product"):
        return ()
    if kind := turn.value("kind"):
        gender = gender_meant(chat)
        query = ProductQuery(kind=str(kind), gender=gender, in_stock_only=False, limit=_MOST + 1)
        return [one.product for one in await chat.shop.recommend(query, turn.buyer_id)]
    found = [await chat.shop.product(one) for one in chat.slot("product_shown") or ()]
    return [one for one in found if one is not None]
