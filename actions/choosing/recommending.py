"""One or two goods for a wish, with the reason; what was turned down is not offered again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from actions.answering.answer import Answer
from actions.answering.company import tell_of_the_shop
from actions.answering.talking import looks_at_goods
from actions.choosing.beside import goes_beside_own
from actions.choosing.deciding import decide, decide_what_waited
from actions.choosing.judging import judge_figure
from actions.choosing.more_so import shows_one_more_so
from actions.choosing.recommend_found import better_ones, found_for
from actions.choosing.recommend_wishes import NARROWING, category_of, wish_of
from actions.choosing.which import which_ones
from actions.choosing.wished_otherwise import asks_fitness, wants_better, wants_others
from actions.frame.cards import product_card
from actions.frame.chat import Chat, button
from actions.frame.heard import hears
from actions.frame.phrasing import join_text
from actions.hearing.coming_along import tells_whether_it_comes_along
from actions.hearing.context import show_products
from actions.hearing.for_whom import gender_meant
from actions.hearing.parts import tells_of_a_part
from actions.hearing.profile import profile_of, turn_down
from actions.hearing.references import own_colour
from actions.hearing.sheet import is_general, topics_of
from actions.orders.asking import answer_named, can_wait, tell_not_ours
from bot.shop.words.goods import Product, ProductQuery, Recommendation

_LOOKED_AT, _MOST_USES = 60, 3
_OTHER_THAN = ("product", "kind", "category", "goods", "use")  # 有别的帐篷吗 names what is wished


class Recommend(Answer):
    def name(self) -> str:
        return "action_recommend"

    async def answer(self, chat: Chat) -> None:
        if await tell_of_the_shop(chat):
            return
        text = chat.turn.text
        if await tells_whether_it_comes_along(chat) or await shows_one_more_so(chat):
            return  # 防水袋送不送, 有没有再大一点的
        if chat.names_a_part and await tells_of_a_part(chat):
            return  # 腰带好用吗, of the pack that is talked of
        if hears(chat.turn, "goes_with") and await goes_beside_own(chat):
            return
        if wants_others(chat) and not chat.turn.has(*_OTHER_THAN):
            await recommend_other(chat)  # 不喜欢 还有别的款吗
            return
        names_a_kind = chat.turn.has("kind", "category") and not chat.turn.has("product")
        if not names_a_kind and await judge_figure(chat):
            return  # 星野两个人够睡吗
        is_about_one = (hears(chat.turn, "pointing") and is_general(text)) or asks_fitness(
            chat.turn
        )
        is_about_one = is_about_one or hears(chat.turn, "forecast")  # 山上会下雨
        if is_about_one and (chat.slot("product_in_talk") or chat.turn.product_in_view):
            await answer_named("product", chat)  # 介绍一下这款鞋
        elif not await decide(chat, is_recommending=True) and not await which_ones(chat):
            await recommend(chat)


@can_wait("recommend")
async def recommend(chat: Chat) -> None:
    """Decides between what was named, asks one thing where nothing is known, else recommends."""
    if await tell_not_ours(chat):
        return
    if await decide(chat, is_recommending=True) or await decide_what_waited(chat):
        return
    if wants_better(chat.turn) and await recommend_better(chat):
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
    """The same wish, less what was shown already; where goods of one kind were shown, of that kind,
    and if there are no others of it, that is said before anything else is."""
    wish = await wish_of(chat)
    shown = chat.slot("product_shown") or [chat.slot("product_in_talk")]
    shown = [str(one) for one in shown if one]
    if await _in_other_colours(chat, shown):
        return
    turn_down(chat, shown)
    without = list(dict.fromkeys([*wish.get("without", []), *profile_of(chat).refused]))
    wish = {**wish, "without": without}
    seen = [one for product_id in shown if (one := await chat.shop.product(product_id))]
    is_open = not wish.get("kind") and not wish.get("category")
    if is_open and len({one.kind for one in seen}) == 1:
        wish = {**wish, "kind": seen[0].kind, "category": seen[0].category}
    found = await found_for(chat, wish)
    if not found and len({one.kind for one in seen}) == 1:
        chat.keep("recommend_wish", wish)
        chat.reply(
            "utter_all_of_its_kind", kind=seen[0].kind, names=await _all_of(chat, seen[0].kind)
        )
        return
    await _recommend(chat, wish)


async def shows_another(chat: Chat) -> bool:
    """换一个, of who looks at goods and has bought nothing; False where an order may be meant."""
    turn = chat.turn
    is_of_an_order = turn.signed_in or turn.in_form or turn.has("order_number", "return_reason")
    is_of_a_sum = bool(chat.slot("goods_in_talk")) and turn.has("colour", "size")  # 我妈的换39
    if is_of_an_order or is_of_a_sum or not looks_at_goods(chat):
        return False
    await recommend_other(chat)
    return True


async def _all_of(chat: Chat, kind: str) -> str:
    """Every name of the kind, those that were turned down before among them."""
    query = ProductQuery(kind=kind, in_stock_only=False, limit=_LOOKED_AT)
    found = await chat.shop.recommend(query, chat.turn.buyer_id)
    return join_text([one.product.name for one in found])


async def _in_other_colours(chat: Chat, shown: Sequence[str]) -> bool:
    """不要黑的: the goods may stay, in another colour; those that come in others are told so."""
    colours = {str(one) for one in chat.turn.values("colour")}
    told = []
    for product_id in shown if colours and not chat.turn.has("product", "kind") else ():
        if (product := await chat.shop.product(product_id)) is None:
            continue
        unwanted = {own_colour(product, colour) for colour in colours}
        left = [one for one in product.colours if one not in unwanted and _is_there(product, one)]
        if left and len(left) < len(product.colours):
            told.append(f"{product.name}还有{join_text(left)}")
    if not told:
        return False
    chat.ask("like_it", "utter_in_other_colours", what="；".join(told))
    return True


def _is_there(product: Product, colour: str) -> bool:
    return any(sku.stock > 0 for sku in product.skus if sku.colour == colour)


async def recommend_cheaper(chat: Chat) -> bool:
    """Goods of the same kind below the cheapest shown; False where none was shown or is cheaper."""
    ids = chat.slot("product_shown") or [chat.slot("product_in_talk")]
    shown = [product for one in ids if one and (product := await chat.shop.product(one))]
    if not shown:
        return False
    below = min(product.price_fen for product in shown) - 1
    wish = {**await wish_of(chat), "budget_fen": below}
    if not any(wish.get(name) for name in ("kind", "category")):
        wish["kind"], wish["category"] = shown[0].kind, shown[0].category
    found = await found_for(chat, wish)
    if not found and wish.get("kind") and len({one.kind for one in shown}) > 1:
        wish = {**wish, "kind": "", "category": shown[0].category}  # of two kinds of bags, any bag
        found = await found_for(chat, wish)
    if not found:
        return False
    chat.keep("recommend_wish", wish)
    _show(chat, found)
    return True


async def recommend_better(chat: Chat) -> bool:
    """Goods of the same kind above those shown; where there are none, that these are the best of
    theirs, and by what. False where no kind is known yet."""
    wish = {**await wish_of(chat), "budget_fen": None}
    ids = [] if chat.turn.has("kind", "category") else chat.slot("product_shown") or []
    ids = ids or [chat.slot("product_in_talk") or chat.turn.product_in_view]
    if chat.turn.has("kind", "category") and not chat.turn.has("product"):
        ids = []
    above = [product for one in ids if one and (product := await chat.shop.product(one))]
    if above and not any(wish.get(name) for name in ("kind", "category")):
        wish["kind"], wish["category"] = above[0].kind, above[0].category
    if not any(wish.get(name) for name in ("kind", "category")):
        chat.keep("recommend_wish", {**wish, "was_asked": wish.get("was_asked")})
        return False
    found = await better_ones(chat, wish, topics_of(chat.turn.text), above)
    chat.keep("recommend_wish", wish)
    if found:
        _show(chat, found)
        return True
    if not above:
        return False
    alike = [
        one for one in above if one.kind == above[0].kind
    ]  # boots are no better grade of shoes
    best = max(alike, key=lambda one: one.price_fen)
    fact = best.fact("quality") or best.fact("warranty") or next(iter(best.selling_points), "")
    chat.keep("product_in_talk", best.product_id)
    chat.ask("like_it", "utter_best_of_its_kind", name=best.name, fact=fact or best.kind)
    return True


async def recommend_kind(chat: Chat, kind: str = "") -> None:
    """有登山包吗: goods of a kind, whatever was wished before."""
    turn = chat.turn
    wish = {name: turn.value(name) or "" for name in ("kind", "category", "person", "gender")}
    wish["kind"] = kind or wish["kind"]
    if not turn.has("person", "gender"):
        wish["gender"] = gender_meant(chat)  # 有冲锋衣吗, of who wants a present for her father
    if wish["kind"] and not wish["category"]:
        wish["category"] = await category_of(chat, wish["kind"])
    if wants_better(turn) and await recommend_better(chat):
        return
    colour, size = turn.value("colour"), turn.value("size")
    wish = {**wish, "colour": colour or "", "size": str(size or "")}
    found = await found_for(chat, wish)
    if not found and wish["gender"] and not turn.has("gender"):
        wish["gender"] = ""  # for whom it is was told of other goods
        found = await found_for(chat, wish)
    _tell(chat, wish, found)


async def _recommend(chat: Chat, wish: dict[str, Any]) -> None:
    _tell(chat, wish, await found_for(chat, wish))


def _tell(chat: Chat, wish: dict[str, Any], found: Sequence[Recommendation]) -> None:
    chat.keep("recommend_wish", wish)
    if not found:
        chat.reply("utter_nothing_suits_any_more" if wish.get("without") else "utter_nothing_suits")
        return
    _show(chat, found)


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
    was_talked_of = chat.slot("product_in_talk")
    show_products(chat, ids)
    if was_talked_of not in ids and len(ids) > 1:
        chat.keep("product_in_talk", None)  # what was talked of is not what we look at now
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
