"""Asking about which product an answer is wanted, and going on with it once that is known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from actions.cards import product_card
from actions.chat import Chat, button
from bot.shop.goods import ProductQuery

Continue = Callable[[Chat], Awaitable[None]]

_WAITING: dict[str, Continue] = {}


def can_wait(name: str) -> Callable[[Continue], Continue]:
    """Registers an answer under `name`, so that it can be given after a question of ours."""

    def register(answer: Continue) -> Continue:
        _WAITING[name] = answer
        return answer

    return register


async def ask_which_product(chat: Chat, waiting: str) -> None:
    """Asks for the product; what was shown becomes buttons. `waiting` is answered afterwards.

    The same is not asked twice: next time the first one shown is taken, and the buyer is told so.
    A buyer with nothing in view is shown something instead.
    """
    likely = await _likely(chat)
    was_asked = chat.slot("product_asked") == likely
    if not likely and was_asked and (likely := await show_favourites(chat)):
        chat.keep("product_asked", likely)
        chat.keep("product_question", waiting)
        chat.keep("product_question_said", chat.turn.text)
        return
    buttons = await product_buttons(chat, likely)
    if likely and was_asked:
        await _assume(chat, likely[0], waiting, buttons[1:])
        return
    chat.keep("product_asked", likely)
    chat.keep("product_question", waiting)
    chat.keep("product_question_said", chat.turn.text)
    if likely:
        chat.keep("product_shown", likely)
        response = "utter_which_of_these"
    else:
        buttons = [button("帮我推荐", "ask_recommendation")]
        response = "utter_which_product"
    if chat.turn.in_form:
        chat.reply(response, buttons)
        return
    chat.ask("which_product", response, buttons)


async def _assume(
    chat: Chat, product_id: str, waiting: str, others: Sequence[Mapping[str, str]]
) -> None:
    product = await chat.shop.product(product_id)
    chat.keep("product_in_talk", product_id)
    chat.keep("product_asked", None)
    chat.keep("product_question", waiting)  # another one picked gets the same answer
    chat.keep("product_question_said", chat.turn.text)
    chat.reply("utter_assume_product", others, name=product.name if product else "")
    await answer_named(waiting, chat)


async def product_buttons(chat: Chat, product_ids: Sequence[str]) -> list[dict[str, str]]:
    """Buttons that pick one of these goods."""
    products = [await chat.shop.product(product_id) for product_id in product_ids]
    return [
        button(product.name, "choose_product", product=product.product_id)
        for product in products
        if product is not None
    ]


async def show_favourites(chat: Chat) -> list[str]:
    """What sells well, for a buyer who names nothing; the ids shown."""
    measures = chat.slot("size_measures") or {}
    is_foot = "foot_mm" in measures or "foot_shape" in measures
    query = ProductQuery(category="shoes" if is_foot else "", limit=2)
    found = await chat.shop.recommend(query, chat.turn.buyer_id)
    for one in found:
        chat.show(product_card(one.product, one.reason))
    shown = [one.product.product_id for one in found]
    if shown:
        chat.keep("product_shown", shown)
        chat.ask("like_it", "utter_favourites")
    return shown


async def _likely(chat: Chat) -> list[str]:
    """Goods of the kind that was named, else what was shown."""
    kind, shown = chat.turn.value("kind"), list(chat.slot("product_shown") or [])[:3]
    if kind is None:
        return shown
    of_kind = []
    for product_id in shown:
        product = await chat.shop.product(product_id)
        if product is not None and product.kind == kind:
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
    chat.keep("product_question", None)
    return await answer_named(name, chat)
