"""Asking about which product an answer is wanted, and going on with it once that is known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from actions.answering.handoff import is_with_a_person
from actions.frame.chat import Chat, button
from actions.frame.heard import hears
from actions.frame.phrasing import join_text, sku_text
from actions.hearing.elsewhere import (
    is_number,
    only_tells_of_strange,
    says_bought,
    strange_goods,
    tell_strange,
)
from actions.orders.orders import ask_for_bought, goods_are_in_no_order
from bot.handing_over import HandOverReason
from bot.shop.rules.sort_names import is_of_kind
from bot.shop.rules.speaking import Denials, speaks_of
from bot.shop.words.goods import Product, ProductQuery

Continue = Callable[[Chat], Awaitable[None]]

_LOOKED_AT, _NAMED, _KINDS = 60, 3, 5
_ASKED_IN_WORDS = ("product", "quality", "usage")
_TELLING = ("ask_quality", "praise", "inform", "nlu_half_sure", "nlu_fallback")
_WAITING: dict[str, Continue] = {}
_A_PERSON = button("找人工客服", "ask_human")


def can_wait(name: str) -> Callable[[Continue], Continue]:
    """Registers an answer under `name`, so that it can be given after a question of ours."""

    def register(answer: Continue) -> Continue:
        _WAITING[name] = answer
        return answer

    return register


async def ask_which_product(chat: Chat, waiting: str) -> None:
    """Asks for the product; what was shown becomes buttons. `waiting` is answered afterwards.

    Nothing is guessed: goods that we do not sell are said to be none of ours, and whoever was
    asked once and named nothing is told what we carry.
    """
    if await tell_not_ours(chat):
        return
    likely = await _likely(chat)
    was_asked = chat.slot("product_asked") == likely
    chat.keep("product_asked", likely)
    chat.keep("product_question", waiting)
    chat.keep("product_question_said", chat.turn.text)
    if likely:
        chat.keep("product_shown", likely)
        response = "utter_pick_first" if was_asked else "utter_which_of_these"
        buttons = [*await product_buttons(chat, likely), *([_A_PERSON] if was_asked else [])]
    elif made := await _made_so(chat):
        await _which_made_so(chat, *made)
        return
    elif was_asked:
        response, buttons = "utter_what_we_carry", await kind_buttons(chat)
    elif hears(chat.turn, "last_one", "same_again"):
        response, buttons = "utter_which_before", [button("帮我推荐", "ask_recommendation")]
    else:
        response, buttons = "utter_which_product", [button("帮我推荐", "ask_recommendation")]
    if chat.turn.in_form:
        chat.reply(response, buttons)
        return
    chat.ask("which_product", response, buttons)


async def _made_so(chat: Chat) -> tuple[str, list[Product]] | None:
    """有黄色的吗, M码有吗, and no goods named: what the shop has in the colour and size told so far;
    None where this line tells none, or nothing is made so."""
    turn = chat.turn
    if not turn.has("colour", "size") or turn.has("kind", "category") or turn.in_form:
        return None
    colour = str(turn.value("colour") or chat.slot("colour_in_talk") or "")
    size = str(turn.value("size") or chat.slot("size_in_talk") or "")
    query = ProductQuery(colour=colour, size=size, limit=_LOOKED_AT)
    found = [one.product for one in await chat.shop.recommend(query, turn.buyer_id)]
    found = [one for one in found if any(sku.stock > 0 for sku in one.skus_like(colour, size))]
    return (sku_text(colour, size), found) if found else None


async def _which_made_so(chat: Chat, what: str, found: Sequence[Product]) -> None:
    """Names a few of them to pick from; of many, the kinds there are."""
    names = [one.name for one in found[:_NAMED]]
    if len(found) <= _NAMED:
        chat.keep("product_shown", [one.product_id for one in found])
        buttons = await product_buttons(chat, [one.product_id for one in found])
    else:
        kinds = list(dict.fromkeys(one.kind for one in found))
        names = kinds[:_KINDS]
        buttons = [button(kind, "ask_recommendation", kind=kind) for kind in kinds[:_NAMED]]
    chat.ask("which_product", "utter_made_so", buttons, what=what, names=join_text(names))


async def tell_not_ours(chat: Chat) -> bool:
    """Says of strange goods that they are none of ours, or asks for the order that holds them.

    False where the talk is about none.
    """
    strange = strange_goods(chat)
    if not strange or await _is_said_of_ours(chat, strange):
        return False
    if chat.turn.in_form == "return_form":
        chat.reply("utter_noted")  # 只有10包, beside what is being written down
        return True
    is_sought = goods_are_in_no_order(chat)
    is_asked_on = is_sought and not chat.turn.has("goods")
    if is_with_a_person(chat, "utter_goods_in_no_order") and not is_number(strange):
        chat.reply("utter_again_to_person")
        return True
    if chat.turn.intent in _TELLING and only_tells_of_strange(chat.turn):
        chat.reply("utter_elsewhere_heard")
        return True
    if (chat.slot("order_in_talk") or is_asked_on) and not is_number(strange):
        response = "utter_goods_in_no_order" if is_asked_on else "utter_own_unknown"
        chat.reply(response, goods=strange)
        chat.keep("handoff_reason", HandOverReason.NO_DATA.value)
        chat.ask("hand_over", "utter_offer_person")
        return True
    if says_bought(chat.turn) and strange == chat.turn.value("goods"):
        await ask_for_bought(chat, strange)
    elif is_sought and "utter_goods_in_no_order" in chat.turn.told_in_talk:
        chat.reply("utter_not_ours_still", goods=strange)
    else:
        tell_strange(chat, strange)
    return True


async def _is_said_of_ours(chat: Chat, goods: str) -> bool:
    """深色瓷砖看得出来吗, of a filler whose own data speak of 瓷砖: no other goods are meant."""
    looked_at = chat.slot("product_in_talk") or chat.turn.product_in_view
    product = await chat.shop.product(str(looked_at)) if looked_at else None
    if product is None or speaks_of(product, goods, Denials(words=())) is None:
        return False
    chat.keep("product_strange", None)
    return True


async def kind_buttons(chat: Chat) -> list[dict[str, str]]:
    """The kinds of goods that sell best, to look at; and a person."""
    found = await chat.shop.recommend(ProductQuery(limit=12), chat.turn.buyer_id)
    kinds = list(dict.fromkeys(one.product.kind for one in found if one.product.kind))
    looks = [button(kind, "ask_recommendation", kind=kind) for kind in kinds[:3]]
    return [*looks, _A_PERSON]


async def product_buttons(chat: Chat, product_ids: Sequence[str]) -> list[dict[str, str]]:
    """Buttons that pick one of these goods."""
    products = [await chat.shop.product(product_id) for product_id in product_ids]
    return [
        button(product.name, "choose_product", product=product.product_id)
        for product in products
        if product is not None
    ]


async def _likely(chat: Chat) -> list[str]:
    """Goods of the kind that was named, else what was shown."""
    kind, shown = chat.turn.value("kind"), list(chat.slot("product_shown") or [])[:3]
    if kind is None:
        return shown
    of_kind = []
    for product_id in shown:
        product = await chat.shop.product(product_id)
        if product is not None and is_of_kind(product, str(kind)):
            of_kind.append(product_id)
    if of_kind:
        return of_kind
    found = await chat.shop.recommend(ProductQuery(kind=str(kind), limit=3))
    return [one.product.product_id for one in found]


def wait_for(chat: Chat, question: str, waiting: str, response: str, **values: Any) -> None:
    """Asks for something else (measures, region) that `waiting` needs."""
    chat.keep("product_question", waiting)
    chat.keep("product_question_said", chat.turn.text)
    if chat.turn.in_form:
        chat.reply(response, **values)
        return
    chat.ask(question, response, **values)


async def answer_named(name: str, chat: Chat) -> bool:
    """Gives the answer registered under `name`; False where there is none."""
    answer = _WAITING.get(name)
    if answer is not None:
        await answer(chat)
    return answer is not None


async def answer_what_waited(chat: Chat) -> bool:
    """Gives the answer that waited; False where none did."""
    name = chat.slot("product_question") or ""
    said = str(chat.slot("product_question_said") or "")
    chat.keep("product_question", None)
    if name in _ASKED_IN_WORDS and said and not chat.turn.questions:
        chat.turn = replace(chat.turn, text=said)  # 栖云 picks, and 防水吗 was the question
    return await answer_named(name, chat)
