"""One or two goods for a wish, with the reason; what was turned down is not offered again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from actions.answer import Answer
from actions.asking import answer_named, tell_not_ours
from actions.cards import product_card
from actions.chat import Chat, button
from actions.context import show_products
from actions.heard import detail
from actions.recommend_wishes import NARROWING, queries_of, wish_of
from actions.sheet import is_general
from bot.shop.goods import Product, ProductQuery, Recommendation

_LOOKED_AT, _MOST_USES = 60, 3
_WHICH = ("哪个", "哪款", "哪双", "哪件", "哪种", "哪一")
_OTHERS = re.compile(
    r"(别的|其他|其它|另外)(?!.{0,2}(颜色|尺码|码|色|优惠|活动|问题|店|家|快递))|^还有吗|换一?(款|个|双|件)看"
)
_FITNESS = re.compile(
    r"^(?!.*(推荐|有没有|什么|哪)).*(够用|合适|适合|能用|可以)[^的]{0,5}[吗么?？]$"
)
_QUALITY = re.compile(
    r"(我?想?要|来个?|有没有).{1,6}(的|一点|点的?)|.{1,4}一?点的?有?(吗|没有|没)?"
)
_THIS = re.compile(r"(这|那)(款|个|双|件|条)")
_CHEAPER = re.compile(r"(有|换|推荐|来|找|看看).{0,6}便宜.{0,3}(的|款)")


class Recommend(Answer):
    def name(self) -> str:
        return "action_recommend"

    async def answer(self, chat: Chat) -> None:
        text = chat.turn.text
        is_about_one = (_THIS.search(text) and is_general(text)) or _FITNESS.search(text)
        if is_about_one and (chat.slot("product_in_talk") or chat.turn.product_in_view):
            await answer_named("product", chat)  # 介绍一下这款鞋
        else:
            await recommend(chat)


def names_a_budget(chat: Chat) -> bool:
    return bool(detail(chat.turn, "money", "role") == "budget")


async def recommend(chat: Chat) -> None:
    """Compares what was named, asks one thing where nothing is known, else recommends."""
    if await tell_not_ours(chat):
        return
    named = [str(product_id) for product_id in chat.turn.values("product")]
    shown = chat.slot("product_shown") or []
    in_talk = chat.slot("product_in_talk") or chat.turn.product_in_view
    if len(named) == 1 and in_talk not in (None, named[0]):
        named = [str(in_talk), named[0]]  # 和硬壳比哪个好
    between = named if len(named) > 1 else shown
    if len(between) > 1 and any(word in chat.turn.text for word in _WHICH):
        await compare(chat, between[:2])
        return
    wish = await wish_of(chat)
    if not wish.get("was_asked") and not any(wish.get(name) for name in NARROWING):
        chat.keep("recommend_wish", {**wish, "was_asked": True})
        chat.ask("like_it", "utter_ask_use", await _use_buttons(chat))
        return
    await _recommend(chat, wish)


async def _use_buttons(chat: Chat) -> list[dict[str, str]]:
    """What most of the shop's goods are for."""
    found = await chat.shop.recommend(ProductQuery(limit=_LOOKED_AT))
    uses = Counter(use for one in found for use in one.product.uses)
    return [button(use, "inform", use=use) for use, _ in uses.most_common(_MOST_USES)]


class RecommendOther(Answer):
    """What was shown did not please."""

    def name(self) -> str:
        return "action_recommend_other"

    async def answer(self, chat: Chat) -> None:
        await recommend_other(chat)


async def recommend_other(chat: Chat) -> None:
    """The same wish, less what was shown already."""
    wish = await wish_of(chat)
    turned_down = [*wish.get("without", []), *(chat.slot("product_shown") or [])]
    await _recommend(chat, {**wish, "without": list(dict.fromkeys(turned_down))})


def wants_others(chat: Chat) -> bool:
    """还有别的吗, after goods were shown; 还有别的颜色吗 asks for stock."""
    return bool(chat.slot("product_shown")) and bool(_OTHERS.search(chat.turn.text))


def wishes_quality(text: str) -> bool:
    """要轻便的: what the goods shall be like."""
    return bool(_QUALITY.fullmatch(text))


def wants_cheaper_goods(text: str) -> bool:
    """太贵了,有便宜的吗: other goods rather than another price."""
    return bool(_CHEAPER.search(text))


async def recommend_cheaper(chat: Chat) -> bool:
    """Goods of the same kind below the cheapest shown; False where none was shown or is cheaper."""
    ids = chat.slot("product_shown") or [chat.slot("product_in_talk")]
    shown = [product for one in ids if one and (product := await chat.shop.product(one))]
    if not shown:
        return False
    below = min(product.price_fen for product in shown) - 1
    wish = {**await wish_of(chat), "budget_fen": below}
    if not any(wish.get(name) for name in ("kind", "category")):
        wish["category"] = shown[0].category
    found = await _found(chat, wish)
    if not found:
        return False
    chat.keep("recommend_wish", wish)
    _show(chat, found)
    return True


async def recommend_kind(chat: Chat, kind: str = "") -> None:
    """有登山包吗: goods of a kind, whatever was wished before."""
    turn = chat.turn
    wish = {name: turn.value(name) or "" for name in ("kind", "category", "person", "gender")}
    wish["kind"] = kind or wish["kind"]
    colour, size = turn.value("colour"), turn.value("size")
    await _recommend(chat, {**wish, "colour": colour or "", "size": str(size or "")})


async def _recommend(chat: Chat, wish: dict[str, Any]) -> None:
    chat.keep("recommend_wish", wish)
    found = await _found(chat, wish)
    if not found:
        chat.reply("utter_nothing_suits_any_more" if wish.get("without") else "utter_nothing_suits")
        return
    _show(chat, found)


async def _found(chat: Chat, wish: dict[str, Any]) -> Sequence[Recommendation]:
    for query in queries_of(wish):
        if found := await chat.shop.recommend(query, chat.turn.buyer_id):
            if chat.turn.has("use", "money") and wish.get("use") and not (query.use or query.suits):
                chat.reply("utter_nearest", use=wish["use"])
            if wish.get("colour") and not query.colour:
                chat.reply("utter_not_in_colour", colour=wish["colour"])
            return found
    return ()


def _show(chat: Chat, found: Sequence[Recommendation]) -> None:
    ids = [one.product.product_id for one in found]
    was_shown = ids == (chat.slot("product_shown") or [])
    if was_shown and len(ids) == 1:
        chat.ask("like_it", "utter_still_this", name=found[0].product.name)
        return
    if was_shown:
        names = {"first": found[0].product.name, "second": found[1].product.name}
        chat.ask("like_it", "utter_still_these", _pick_buttons(found), **names)
        return
    if chat.slot("product_in_talk") not in ids:
        chat.keep("product_in_talk", None)  # what was talked of is not what we look at now
    show_products(chat, [one.product.product_id for one in found])
    if len(found) == 1:
        _show_one(chat, found[0])
        return
    for one in found:
        chat.show(product_card(one.product, one.reason))
    first, second = found[0], found[1]
    chat.ask(
        "like_it",
        "utter_recommend_two",
        first=first.product.name,
        first_reason=first.reason,
        second=second.product.name,
        second_reason=second.reason,
    )


def _pick_buttons(found: Sequence[Recommendation]) -> list[dict[str, str]]:
    return [
        button(one.product.name, "choose_product", product=one.product.product_id) for one in found
    ]


def _show_one(chat: Chat, one: Recommendation) -> None:
    chat.show(product_card(one.product, one.reason))
    chat.ask("like_it", "utter_recommend_one", name=one.product.name, reason=one.reason)


async def compare(chat: Chat, product_ids: Sequence[str]) -> None:
    """这两款哪个好: what each is good at, and for whom."""
    products = [
        product for one in product_ids if (product := await chat.shop.product(one)) is not None
    ]
    if len(products) < 2:
        chat.reply("utter_product_gone")
        return
    show_products(chat, [product.product_id for product in products])
    first, second = products
    chat.ask(
        "like_it",
        "utter_compare",
        first=first.name,
        first_point=_point(first),
        second=second.name,
        second_point=_point(second),
    )


def _point(product: Product) -> str:
    return product.selling_points[0] if product.selling_points else product.kind
