"""Which size of each of two goods, where the buyer has not said which of them is meant."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import size_text
from actions.hearing.context import show_products
from actions.hearing.for_whom import gender_of
from actions.orders.asking import product_buttons
from bot.shop.words.goods import Measurements, Product, ProductQuery, Sizing

MEASURES = ("height_cm", "weight_kg", "foot_mm", "size")
_RUNS = {
    -1: "utter_this_one_runs_small",
    0: "utter_this_one_runs_true",
    1: "utter_this_one_runs_large",
}
_MOST = 2


async def goods_meant(chat: Chat, *, was_asked: bool) -> list[Product]:
    """One or two goods that a question of size without a name may mean; empty: ask, or recommend.

    裤子穿几码 means the shop's trousers where there are one or two; 穿几码 what was shown last.
    `was_asked`: this message answers our question which goods are meant.
    """
    turn = chat.turn
    body = dict(chat.slot("size_measures") or {})
    person = str(turn.value("person") or body.get("person") or "")
    gender = gender_of(person, str(turn.value("gender") or ""))
    if not turn.has("kind", "category"):
        shown = [await chat.shop.product(one) for one in chat.slot("product_shown") or []]
        found = [product for product in shown if product is not None]
        found = [one for one in found if not gender or one.gender in (gender, None, "")] or found
    elif was_asked or hears(turn, "sizes", "runs", "ill_fitting"):
        kind = str(turn.value("kind") or "")
        query = ProductQuery(
            kind=kind,
            category="" if kind else str(turn.value("category")),
            gender=gender,
            in_stock_only=False,
            limit=_MOST + 1,
        )
        found = [one.product for one in await chat.shop.recommend(query, turn.buyer_id)]
    else:
        return []
    one_family = len({product.is_for_feet for product in found}) == 1
    return found if one_family and len(found) <= _MOST else []


async def advise_each(chat: Chat, first: Product, second: Product, measures: Measurements) -> bool:
    """Tells both sizes once and lets the buyer pick; False: it must be known which one is meant."""
    ids = [first.product_id, second.product_id]
    is_anew = chat.turn.has("height_cm", "weight_kg", "foot_mm")  # 不对 他173
    if chat.turn.in_form or (chat.slot("product_asked") == ids and not is_anew):
        return False
    advices = [await chat.shop.size_advice(one, measures) for one in ids]
    charts = [advice.chart for advice in advices if advice.chart is not None]
    asks_runs = hears(chat.turn, "runs")
    if asks_runs and len(charts) == len(ids) and not chat.turn.has(*MEASURES):
        for product, chart in zip((first, second), charts, strict=True):
            chat.reply(_RUNS[chart.runs], name=product.name)
        response, values = "utter_which_of_these", {}
    elif all(one.outcome is Sizing.ADVISED and one.in_stock for one in advices):
        response = "utter_size_of_each"
        values = {
            "first": first.name,
            "first_size": size_text(advices[0].size or ""),
            "second": second.name,
            "second_size": size_text(advices[1].size or ""),
        }
    else:
        return False
    show_products(chat, ids)
    chat.keep("product_in_talk", None)
    chat.keep("product_asked", ids)
    told_sizes = response == "utter_size_of_each"
    chat.keep("product_question", "size_picked" if told_sizes else "size")
    chat.keep("product_question_said", chat.turn.text)
    chat.ask("which_product", response, await product_buttons(chat, ids), **values)
    return True
