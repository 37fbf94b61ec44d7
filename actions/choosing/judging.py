"""零下5度冷不冷, 两个人够睡吗: one product, one figure; yes or no by the goods' own data."""

from __future__ import annotations

from typing import Any

from actions.choosing.deciding import asks_to_decide, decide
from actions.choosing.which import names_in_line
from actions.frame.chat import Chat
from actions.hearing.context import show_products, talk_of
from actions.hearing.goods_facts import Judged, judge, judge_height, line_with
from actions.hearing.profile import asked_amounts, profile_of
from actions.hearing.sheet import topics_of
from bot.amounts import Amount, kinds
from bot.shop.words.goods import Product, ProductQuery

_LOOKED_AT, _TWO = 12, 2
_TELLS = ("use", "person", "gender", "money", "amount", "occasion")


async def judge_figure(chat: Chat, *, is_asked: bool = False) -> bool:
    """零下5度冷不冷, 两个人够睡吗, 那17寸呢: yes or no by the goods' own figures; False where the
    line asks no figure, names other goods than those known, or the sheets tell none."""
    asked, turn = asked_amounts(chat) or _asked_before(chat), chat.turn
    if not asked or not (turn.asks or is_asked):
        return False
    if len(turn.values("product")) >= _TWO and asks_to_decide(chat):
        return await decide(chat)  # 15寸电脑 小溪和轻途哪个好
    talk = await talk_of(chat)
    products = [talk.product] if talk.product else await _shown(chat)
    for one in products:
        if line := _line_that_tells(chat, one):
            chat.keep("product_in_talk", one.product_id)
            chat.reply("utter_fact", name=one.name, fact=line)  # 500毫升一天够喝吗
            return True
    for amount in asked:
        told = [(one, judge(one, amount)) for one in products]
        judged = [(product, found) for product, found in told if found is not None]
        judged.sort(key=lambda one: not one[1].fits)  # of several shown, the one that fits
        if judged:
            await _tell_judged(chat, *judged[0], amount)
            return True
    return False


async def tells_it_falls_short(chat: Chat) -> bool:
    """三个人睡的帐篷有吗, of a tent for two: that it is for two, before that it is there."""
    asked = [] if chat.turn.in_form else asked_amounts(chat)
    product = (await talk_of(chat)).product if asked else None
    if product is None:
        return False
    for amount in asked:
        judged = judge(product, amount)
        if judged is not None and not judged.fits:
            await _tell_judged(chat, product, judged, amount)
            return True
    return False


async def judge_as_before(chat: Chat) -> bool:
    """羽绒服呢 扛得住不, whatever it was understood as, where a figure was judged just now."""
    return bool(_asked_before(chat)) and await judge_figure(chat)


def _asked_before(chat: Chat) -> list[Amount]:
    """羽绒服呢 扛得住不, after 雪地靴零下30度行吗: the same figure, asked of the next goods."""
    turn = chat.turn
    was_judged = any(one.startswith("utter_figure_") for one in turn.told_before)
    is_next = turn.has("product", "kind") and turn.questions and not turn.has("size", "colour")
    text = turn.text
    for name in names_in_line(chat):
        text = text.replace(name, " ")
    if not (was_judged and is_next) or topics_of(text):
        return []
    return [one for one in profile_of(chat).amounts if one.of == "temperature"][-1:]


def _line_that_tells(chat: Chat, product: Product) -> str:
    """Where the goods' own lines speak of the very figure asked about, that is the answer."""
    text = chat.turn.text
    for one in chat.turn.entities:
        if one.get("entity") != "amount" or not one.get("of") or "end" not in one:
            continue
        low = float(one["value"])
        asked = Amount(of=str(one["of"]), low=low, high=low, start=0, end=0)
        if line := line_with(product, text[int(one["start"]) : int(one["end"])], asked):
            return line
    return ""


def tell_height(chat: Chat, product: Product) -> bool:
    """我一米八七背得合适吗, of goods in one size: yes or no where their data tell for whom."""
    height = chat.turn.value("height_cm")
    if height is None:
        return False
    if (judged := judge_height(product, float(height))) is None:
        return False
    values: dict[str, Any] = {
        "name": product.name,
        "asked": f"身高{amount_text(float(height), 'length')}",
        "fact": judged.fact,
    }
    chat.reply("utter_figure_fits" if judged.fits else "utter_figure_too_much", **values)
    return True


async def _tell_judged(chat: Chat, product: Product, judged: Judged, amount: Amount) -> None:
    values: dict[str, Any] = {
        "name": product.name,
        "asked": amount_text(amount.low, amount.of),
        "fact": judged.fact,
        "gap": amount_text(judged.off_by, amount.of),
    }
    chat.keep("product_in_talk", product.product_id)
    if judged.fits:
        chat.reply("utter_figure_fits", **values)
        return
    chat.reply("utter_figure_short" if judged.off_by else "utter_figure_too_much", **values)
    if other := await _that_fits(chat, product, amount):
        show_products(chat, [product.product_id, other.product_id])
        chat.ask("like_it", "utter_figure_instead", name=other.name, asked=values["asked"])


async def _shown(chat: Chat) -> list[Product]:
    if chat.turn.has("kind", "category"):
        return []
    found = [await chat.shop.product(one) for one in chat.slot("product_shown") or []]
    return [one for one in found if one is not None]


async def _that_fits(chat: Chat, product: Product, amount: Amount) -> Product | None:
    """Goods of the same kind whose own figures meet what was asked."""
    query = ProductQuery(kind=product.kind, limit=_LOOKED_AT)
    for one in await chat.shop.recommend(query, chat.turn.buyer_id):
        is_other = one.product.product_id != product.product_id
        fits_person = not product.gender or one.product.gender in ("", product.gender)
        judged = judge(one.product, amount) if is_other and fits_person else None
        if judged is not None and judged.fits:
            return one.product
    return None


def amount_text(value: float, of: str) -> str:
    """-5 of temperature is 零下5度."""
    unit = kinds()[of].unit
    sign = "零下" if value < 0 else ""
    return f"{sign}{abs(round(value, 1)):g}{unit}"
