"""Which size fits: by the product's own chart and what the buyer tells or once told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.answering.answer import Answer
from actions.answering.handoff import offer_person
from actions.bargaining.bargaining import bargain, names_a_price
from actions.choosing.by_gender import tell_by_gender
from actions.choosing.deciding import decide
from actions.choosing.judging import judge_figure, tell_height
from actions.choosing.outgrowing import tell_room_to_grow
from actions.choosing.recommending import recommend
from actions.choosing.size_doubts import answer_doubt, size_doubted
from actions.choosing.sizing_two import MEASURES, advise_each, goods_meant
from actions.frame.cards import size_chart_card
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import from_text, size_text
from actions.frame.turn import Turn
from actions.hearing.context import talk_of
from actions.hearing.facts_of_each import asked_text
from actions.hearing.profile import keep_advised
from actions.hearing.sheet import line_that_speaks, topics_of
from actions.orders.asking import answer_named, ask_which_product, can_wait, wait_for
from bot.handing_over import HandOverReason
from bot.shop.rules.sizing import size_further
from bot.shop.words.goods import Fit, Measurements, Product, SizeAdvice, Sizing

_RUNS = {-1: "utter_runs_small", 0: "utter_runs_true", 1: "utter_runs_large"}


class AdviseSize(Answer):
    def name(self) -> str:
        return "action_advise_size"

    async def answer(self, chat: Chat) -> None:
        if names_a_price(chat):
            await bargain(chat)  # 450行不行
        elif await tell_room_to_grow(chat):
            return  # 能穿多久会小
        elif await tell_by_gender(chat):
            await _go_on_by_body(chat)  # 女的要小一码吧
        elif len(chat.turn.values("product")) > 1 and await decide(chat):
            return  # 我185 100公斤 观云和轻羽选哪个
        elif not chat.turn.has(*MEASURES) and await judge_figure(chat, is_asked=True):
            return  # 放得下15寸的电脑吗
        elif hears(chat.turn, "season") and not chat.turn.has(*MEASURES):
            await answer_named("product", chat)  # 冬天能穿吗
        elif await _asks_no_size(chat):
            await answer_named("product", chat)  # 她穿会不会太重, 跑马拉松能穿吗
        else:
            await advise_size(chat)


async def _go_on_by_body(chat: Chat) -> None:
    """The size itself, unless it was advised already."""
    product_id = chat.slot("product_in_talk") or chat.turn.product_in_view
    if not str(chat.slot("size_told") or "").startswith(f"{product_id}:"):
        await advise_size(chat)


async def _asks_no_size(chat: Chat) -> bool:
    """A question for a line of the sheet or for a use, in which no body and no size is told."""
    turn = chat.turn
    if turn.in_form or not turn.questions or turn.has(*MEASURES, "size"):
        return False
    if hears(turn, "sizes", "chart", "runs", "usual", "too_big", "too_small"):
        return False
    return turn.has("use") or bool(set(topics_of(await asked_text(chat))) - {"measures"})


@can_wait("size")
async def go_on(chat: Chat) -> None:
    """After a question of ours: which goods, which measures."""
    await advise_size(chat, was_asked=True)


@can_wait("size_picked")
async def take_in_its_size(chat: Chat) -> None:
    """那第一个吧, once both sizes were told: picked, in the size told; no second helping of it."""
    talk = await talk_of(chat)
    told = chat.slot("size_measures") or {}
    if talk.product is None or chat.turn.questions or chat.turn.has(*MEASURES) or not told:
        await advise_size(chat, was_asked=True)
        return
    measures = await _measures(chat, [talk.product])
    advice = await chat.shop.size_advice(talk.product.product_id, measures)
    if advice.outcome is not Sizing.ADVISED or not advice.in_stock:
        _tell(chat, talk.product, advice)
        return
    chat.keep("size_in_talk", advice.size)
    chat.keep("size_told", f"{talk.product.product_id}:{advice.size}")
    chat.ask(
        "order_it",
        "utter_chosen_in_size",
        name=talk.product.name,
        size=size_text(advice.size or ""),
        price=from_text(talk.product),
    )


async def advise_size(chat: Chat, *, was_asked: bool = False) -> None:
    talk = await talk_of(chat)
    goods = [talk.product] if talk.product else await goods_meant(chat, was_asked=was_asked)
    doubted = size_doubted(chat)
    if doubted and len(goods) == 1 and (step := float(chat.turn.value("size_step") or 0)):
        doubted = size_further(goods[0].sizes, doubted, step) or doubted  # 买大一码会不会掉跟
    measures = await _measures(chat, goods, doubted)
    if len(goods) == 1 and doubted and await answer_doubt(chat, goods[0], doubted, measures):
        chat.keep("product_in_talk", goods[0].product_id)
    elif len(goods) == 1:
        chat.keep("product_in_talk", goods[0].product_id)
        _tell(chat, goods[0], await chat.shop.size_advice(goods[0].product_id, measures))
    elif goods and await advise_each(chat, goods[0], goods[1], measures):
        return
    elif not goods and chat.turn.has("person", "kind", "category", "use"):
        await recommend(chat)  # 给我妈买双鞋,她脚宽
    else:
        await ask_which_product(chat, "size")


def _tells_a_measure(chat: Chat, product: Product) -> bool:
    """会勒肚子吗, 头围60能戴吗, of goods in one size: the line that speaks of what is asked."""
    words = "".join(one for one in chat.turn.text if not one.isdigit())  # 155 is no part of 1550
    fact = line_that_speaks(words, product) if words else ""
    if fact:
        chat.reply("utter_fact", name=product.name, fact=fact)
    return bool(fact)


def _tell(chat: Chat, product: Product, advice: SizeAdvice) -> None:
    chart = advice.chart
    if chart is not None and hears(chat.turn, "chart", "how_much_more"):
        chat.show(size_chart_card(product, chart, advice.size))
    if chart is not None and hears(chat.turn, "runs"):
        chat.reply(_RUNS[chart.runs])
    if _was_told(chat, product, advice) and chart is not None and hears(chat.turn, "chart", "runs"):
        chat.ask("order_it", "utter_offer_order")
    elif advice.outcome is Sizing.ADVISED:
        _tell_advised(chat, product, advice)
    elif advice.outcome is Sizing.NEEDS_MORE:
        about_feet = "foot_or_usual" in advice.missing
        wait_for(
            chat, "measures", "size", "utter_ask_foot" if about_feet else "utter_ask_height_weight"
        )
    elif advice.outcome is Sizing.ONE_SIZE:
        if not (tell_height(chat, product) or _tells_a_measure(chat, product)):
            chat.ask("order_it", "utter_one_size")
    elif advice.outcome is Sizing.OUT_OF_RANGE:
        if chart is not None:
            chat.show(size_chart_card(product, chart, None))
        chat.reply("utter_size_out_of_range")
        offer_person(chat, HandOverReason.NO_DATA)
    elif chart is not None:  # of measures that nobody tells of himself: 头围, 杆长
        chat.show(size_chart_card(product, chart, None))
        chat.reply("utter_chart_alone")
    else:
        chat.reply("utter_no_size_chart")
        offer_person(chat, HandOverReason.NO_DATA)


def _tell_advised(chat: Chat, product: Product, advice: SizeAdvice) -> None:
    assert advice.size is not None
    person = chat.turn.value("person") or (chat.slot("size_measures") or {}).get("person")
    keep_advised(chat, product.product_id, str(person or ""), advice.size)
    chat.keep("size_in_talk", advice.size)
    if chat.turn.in_form == "order_form" and chat.slot("order_size") is None and advice.in_stock:
        chat.keep("order_size", advice.size)
    values: dict[str, Any] = {"size": size_text(advice.size), "why": "，".join(advice.reasons[:2])}
    if advice.other_size:
        chat.reply("utter_size_between", other=size_text(advice.other_size), **values)
    elif advice.reasons:
        chat.reply("utter_size_advised_because", **values)
    else:
        chat.reply("utter_size_advised", **values)
    if advice.in_stock is False:
        chat.ask("restock_notice", "utter_advised_size_out", **values)
    else:
        chat.ask("order_it", "utter_offer_order")


def _was_told(chat: Chat, product: Product, advice: SizeAdvice) -> bool:
    """Whether this size was advised before: 偏大吗 then needs no second helping of it."""
    told = f"{product.product_id}:{advice.size}"
    was_told = bool(chat.slot("size_told") == told)
    chat.keep("size_told", told if advice.size else None)
    return was_told


async def _measures(chat: Chat, goods: Sequence[Product], doubted: str = "") -> Measurements:
    """What was told now, before in this chat, and by a signed-in buyer ever; newest first.

    A `doubted` size (XL行不行) is none that is worn. What is worn below these goods asks for room in these goods, and is no lasting taste.
    """
    turn = chat.turn
    is_shoe = not goods or _is_by_feet(goods[0])
    told = _told(chat)
    if doubted and told.get("usual_size") == doubted:
        del told["usual_size"]
    if turn.has("layered"):
        told["layered"] = [one.product_id for one in goods]
    person = turn.value("person")
    before: dict[str, Any] = dict(chat.slot("size_measures") or {})
    if person and person != before.get("person"):
        before = {"person": person}  # another body than the one spoken of so far
    known = {**before, **told}
    if known != (chat.slot("size_measures") or {}):
        chat.keep("size_measures", known)
    if known.get("person", "自己") == "自己":
        await _remember(chat, told)
        known = {**await _saved(chat, is_shoe=is_shoe), **known}
    is_layered = any(one.product_id in known.get("layered", ()) for one in goods)
    usual = known.get("usual_size")
    if usual and _is_shoe_size(usual) is not is_shoe:
        known.pop("usual_size")  # a shoe size says nothing about a jacket
    return Measurements(
        height_cm=known.get("height_cm"),
        weight_kg=known.get("weight_kg"),
        foot_mm=known.get("foot_mm"),
        usual_size=known.get("usual_size"),
        fit=Fit("loose" if is_layered else known.get("fit", "regular")),
        wide_foot="wide" in known.get("foot_shape", []),
        thin_foot="thin" in known.get("foot_shape", []),
        high_instep="high_instep" in known.get("foot_shape", []),
        thick_socks=bool(known.get("thick_socks")),
    )


def _is_by_feet(product: Product) -> bool:
    """Shoes, and what is chosen by the foot though it goes by M and L: 42的脚袜子什么码."""
    chart = product.size_chart
    return product.is_for_feet or (chart is not None and any(row.foot_mm for row in chart.rows))


def _told(chat: Chat) -> dict[str, Any]:
    turn = chat.turn
    told: dict[str, Any] = {
        name: float(value)
        for name in ("height_cm", "weight_kg", "foot_mm")
        if (value := turn.value(name)) is not None
    }
    if turn.has("size"):
        told["usual_size"] = str(_usual(turn) or turn.value("size"))
    if fit := turn.value("fit"):
        told["fit"] = str(fit)
    if shapes := turn.values("foot_shape"):
        told["foot_shape"] = [str(shape) for shape in shapes]
    if turn.has("thick_socks"):
        told["thick_socks"] = True
    return told


def _usual(turn: Turn) -> Any:
    """平时穿38,想要39 tells 38, wherever it stands."""
    sizes = [one for one in turn.entities if one.get("entity") == "size" and one.get("usual")]
    return sizes[0].get("value") if sizes else None


async def _saved(chat: Chat, *, is_shoe: bool) -> dict[str, Any]:
    buyer = await chat.buyer()
    if buyer is None:
        return {}
    saved: dict[str, Any] = {
        name: float(value)
        for name in ("height_cm", "weight_kg", "foot_mm")
        if (value := buyer.attribute(name))
    }
    if size := buyer.attribute("shoe_size" if is_shoe else "clothing_size"):
        saved["usual_size"] = size
    if fit := buyer.attribute("fit"):
        saved["fit"] = fit
    if shape := buyer.attribute("foot_shape"):
        saved["foot_shape"] = shape.split(",")
    return saved


async def _remember(chat: Chat, told: dict[str, Any]) -> None:
    size = told.get("usual_size")
    await chat.remember(
        height_cm=told.get("height_cm"),
        weight_kg=told.get("weight_kg"),
        foot_mm=told.get("foot_mm"),
        shoe_size=size if size and _is_shoe_size(size) else None,
        clothing_size=size if size and not _is_shoe_size(size) else None,
        fit=told.get("fit"),
        foot_shape=",".join(told["foot_shape"]) if "foot_shape" in told else None,
    )


def _is_shoe_size(size: str) -> bool:
    return size.replace(".", "", 1).isdigit()
