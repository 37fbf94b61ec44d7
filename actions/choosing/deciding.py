"""哪个好, 帮我选: a verdict with its reason; 零下5度冷不冷, 够不够睡: a yes or no with the number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions.choosing.colours_compared import compare_colours
from actions.choosing.neighbours import ask_which_beside, means_a_neighbour, neighbours
from actions.choosing.verdicts import Verdict, said_by_the_shop, strengths_text, verdict
from actions.choosing.which import names_in_line
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.asked_words import denials, meets, wanted
from actions.hearing.context import show_products, talk_of
from actions.hearing.for_whom import gender_meant, gender_of
from actions.hearing.goods_facts import PRICE, better_on
from actions.hearing.profile import keep, profile_of, tell_reason
from actions.hearing.sheet import topics_of
from bot.shop.rules.sort_names import is_of_kind
from bot.shop.rules.speaking import speaks_of
from bot.shop.words.goods import Product, ProductQuery

_LOOKED_AT, _TWO = 12, 2
_TELLS = ("use", "person", "gender", "money", "amount", "occasion")


def asks_to_decide(chat: Chat) -> bool:
    is_after_verdict = any(one.startswith("utter_verdict") for one in chat.turn.told_before)
    return hears(chat.turn, "compare", "compare_price", "decide") or (
        is_after_verdict and hears(chat.turn, "why_so")
    )


async def decide(chat: Chat, *, is_recommending: bool = False) -> bool:
    """Gives a verdict between the two goods meant; False where none is asked for or two are not
    to be found. Where goods are to be recommended, a mere 哪款 asks for one."""
    if await compare_colours(chat):
        return True
    is_which = is_recommending and hears(chat.turn, "which", "forecast")
    if not asks_to_decide(chat) and not is_which:
        return False
    pair = await _pair(chat)
    if len(pair) < _TWO and means_a_neighbour(chat):
        product = (await talk_of(chat)).product
        if product is None:
            return False
        pair = [product, *await neighbours(chat, product)]
        if len(pair) != _TWO:
            ask_which_beside(chat, product, pair[1:])
            return True
    if len(pair) < _TWO:
        return False
    topics = [one for one in topics_of(chat.turn.text) if one != "difference"]
    if hears(chat.turn, "compare_price"):
        topics = [PRICE]
    if not topics and (said := said_by_the_shop(chat.turn.text, pair[0], pair[1])) is not None:
        keep(chat, replace(profile_of(chat), pending=()))
        tell_verdict(chat, said)  # 哪个适合过夜
        return True
    await _decide_between(chat, pair[0], pair[1], topics)
    return True


async def _decide_between(
    chat: Chat, first: Product, second: Product, topics: Sequence[str] = ()
) -> None:
    """Where nothing told decides, the differences are told and one thing is asked; once."""
    profile = profile_of(chat)
    is_settled = any(better_on(topic, first, second) for topic in topics)
    by_words = None if is_settled else _by_words(chat, first, second)
    found = by_words or verdict(first, second, profile, topics=topics)
    if not found.is_told and set(profile.verdict) == {first.product_id, second.product_id}:
        found = found.for_winner(profile.verdict[0])  # what was said stands
    pair = (first.product_id, second.product_id)
    was_asked = set(profile.pending) == set(pair)
    if found.is_told or profile.knows_a_wish or was_asked or hears(chat.turn, "decide"):
        keep(chat, replace(profile, pending=()))
        tell_verdict(chat, found)
        return
    await tell_differences(chat, first, second)


def _by_words(chat: Chat, first: Product, second: Product) -> Verdict | None:
    """哪个更保湿: the one whose data say so, where the other's do not."""
    names = [name for one in (first, second) for name in (one.name, one.kind, *one.nicknames)]
    names += names_in_line(chat)  # 杯子和登山杖选哪个 asks for no cup in the parcel
    for asked in wanted(chat.turn.text, names):
        told = [speaks_of(one, asked.word, denials()) for one in (first, second)]
        has = [one is not None and meets(one, asked) for one in told]
        if has[0] == has[1]:
            continue
        winner, other = (first, second) if has[0] else (second, first)
        clause = next(one.clause for one, is_so in zip(told, has, strict=True) if one and is_so)
        return Verdict.by_clause(winner, other, clause)
    return None


async def tell_differences(chat: Chat, first: Product, second: Product) -> None:
    """What each is better at; what they are for is asked, and then decides."""
    pair = (first.product_id, second.product_id)
    keep(chat, replace(profile_of(chat), pending=pair))
    show_products(chat, list(pair))
    chat.keep("product_in_talk", None)
    chat.ask(
        "like_it",
        "utter_compare",
        first=first.name,
        first_point=strengths_text(first, second),
        second=second.name,
        second_point=strengths_text(second, first),
    )


async def decide_what_waited(chat: Chat) -> bool:
    """爬山用, to the question what the two compared goods are for: now the verdict can be given."""
    profile = profile_of(chat)
    if len(profile.pending) != _TWO or not chat.turn.has(*_TELLS):
        return False
    products = [await chat.shop.product(one) for one in profile.pending]
    pair = [one for one in products if one is not None]
    if len(pair) < _TWO:
        return False
    await _decide_between(chat, pair[0], pair[1])
    return True


def tell_verdict(chat: Chat, found: Verdict) -> None:
    """Told again, another reason speaks for the same goods; a third time the buyer is let think."""
    profile = profile_of(chat)
    ids = (found.winner.product_id, found.other.product_id)
    reason = tell_reason(chat, found.reasons)
    was_told = profile.verdict == ids
    keep(chat, replace(profile_of(chat), verdict=ids))
    show_products(chat, list(ids))
    chat.keep("product_in_talk", found.winner.product_id)
    values: dict[str, Any] = {
        "name": found.winner.name,
        "other": found.other.name,
        "reason": reason or "",
        "strength": found.strength,
    }
    if reason is None:
        chat.ask("like_it", "utter_verdict_stands", **values)
    elif was_told:
        chat.ask("like_it", "utter_verdict_again", **values)
    elif found.is_told:
        chat.ask("like_it", "utter_verdict", **values)
    else:
        chat.ask("like_it", "utter_verdict_by_sales", **values)


async def _pair(chat: Chat) -> list[Product]:
    """The two that are compared: named now, the named one and the one talked of, two kinds, or
    those shown last."""
    turn = chat.turn
    ids = [str(one) for one in turn.values("product")]
    shown = [str(one) for one in chat.slot("product_shown") or []]
    in_talk = chat.slot("product_in_talk") or turn.product_in_view
    if len(ids) == 1 and in_talk and in_talk != ids[0]:
        ids = [str(in_talk), *ids]
    kinds_named = [str(one) for one in turn.values("kind")]
    if len(ids) < _TWO and kinds_named and len(ids) + len(kinds_named) >= _TWO:
        ids += [one for kind in kinds_named[:_TWO] for one in await _best_of(chat, kind)]
    if len(ids) < _TWO and len(kinds_named) == 1 and hears(turn, "joined") and in_talk:
        looked_at = await chat.shop.product(str(in_talk))
        if looked_at is not None and not is_of_kind(looked_at, kinds_named[0]):
            ids = [str(in_talk), *await _best_of(chat, kinds_named[0])]  # 和徒步鞋哪个轻
    if len(ids) < _TWO and len(kinds_named) == 1:
        ids = await _both_of(chat, kinds_named[0]) or ids  # 两款粉底液哪个好
    if not ids and not (means_a_neighbour(chat) and in_talk):
        ids = shown
    products = [await chat.shop.product(one) for one in dict.fromkeys(ids[:2])]
    return [one for one in products if one is not None]


async def _both_of(chat: Chat, kind: str) -> list[str]:
    """The goods of a kind, for whom they are meant, where they are two."""
    gender = gender_meant(chat)
    query = ProductQuery(kind=kind, gender=gender, in_stock_only=False, limit=_TWO + 1)
    found = await chat.shop.recommend(query, chat.turn.buyer_id)
    return [one.product.product_id for one in found] if len(found) == _TWO else []


async def _best_of(chat: Chat, kind: str) -> list[str]:
    profile = profile_of(chat)
    query = ProductQuery(
        kind=kind, gender=gender_of(profile.person, profile.gender), in_stock_only=False, limit=1
    )
    found = await chat.shop.recommend(query, chat.turn.buyer_id)
    if not found and query.gender:
        found = await chat.shop.recommend(replace(query, gender=""), chat.turn.buyer_id)
    return [one.product.product_id for one in found]
