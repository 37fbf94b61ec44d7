"""Which size of each of two goods, where the buyer has not said which of them is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.asking import product_buttons, wait_for
from actions.chat import Chat
from actions.context import show_products
from actions.phrasing import size_text
from actions.recommend_wishes import gender_of
from bot.shop.goods import Measurements, Product, ProductQuery, Sizing

RUNS_WORDS = ("偏大", "偏小", "正码", "码准", "标准码", "码正", "大还是小", "码数准")
_RUNS = {-1: "偏小，拿大一码", 0: "是正码", 1: "偏大，拿小一码"}
_ASKS_SIZE = re.compile(r"码|号|尺|多大|大小|太[大小紧松肥]|[紧松]不[紧松]|偏[大小]|大还是小")
_MOST = 2


async def goods_meant(chat: Chat) -> list[Product]:
    """One or two goods that a question of size without a name may mean; empty: ask, or recommend.

    裤子穿几码 means the shop's trousers, one or two; 穿几码 what was shown last.
    """
    turn = chat.turn
    if not turn.has("kind", "category"):
        shown = [await chat.shop.product(one) for one in chat.slot("product_shown") or []]
        found = [product for product in shown if product is not None]
    elif _ASKS_SIZE.search(turn.text):
        kind = str(turn.value("kind") or "")
        query = ProductQuery(
            kind=kind,
            category="" if kind else str(turn.value("category")),
            gender=gender_of(str(turn.value("person") or ""), str(turn.value("gender") or "")),
            in_stock_only=False,
            limit=_MOST + 1,
        )
        found = [one.product for one in await chat.shop.recommend(query, turn.buyer_id)]
    else:
        return []
    one_family = len({product.category == "shoes" for product in found}) == 1
    return found if one_family and len(found) <= _MOST else []


async def advise_each(chat: Chat, goods: Sequence[Product], measures: Measurements) -> bool:
    """Tells both sizes and lets the buyer pick; False where one of the goods has no advice."""
    first, second = goods
    advices = [await chat.shop.size_advice(one.product_id, measures) for one in goods]
    charts = [advice.chart for advice in advices if advice.chart is not None]
    outcomes = {advice.outcome for advice in advices}
    names = {"first": first.name, "second": second.name}
    if any(word in chat.turn.text for word in RUNS_WORDS) and len(charts) == len(goods):
        response = "utter_runs_each"
        said = [_RUNS[chart.runs] for chart in charts]
    elif outcomes == {Sizing.ADVISED}:
        response = "utter_size_of_each"
        said = [size_text(advice.size or "") for advice in advices]
    elif outcomes == {Sizing.NEEDS_MORE}:
        show_products(chat, [one.product_id for one in goods])
        about_feet = "foot_or_usual" in advices[0].missing
        question = "utter_ask_foot" if about_feet else "utter_ask_height_weight"
        wait_for(chat, "measures", "size", question)
        return True
    else:
        return False
    ids = [one.product_id for one in goods]
    show_products(chat, ids)
    chat.keep("product_question", "size")  # the one that is picked gets its reasons
    chat.keep("product_question_said", chat.turn.text)
    buttons = await product_buttons(chat, ids)
    both = {**names, "first_size": said[0], "second_size": said[1]}
    chat.ask("which_product", response, buttons, **both)
    return True
