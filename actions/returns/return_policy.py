"""What may be returned, until when and at whose cost: in general and for the buyer's own goods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from actions.answering.answer import Answer
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import day_text, join_text
from actions.hearing.context import is_after_sale, talk_of
from actions.hearing.elsewhere import strange_goods
from actions.hearing.order_wishes import order_wish
from actions.orders.orders import access_to, in_status, order_meant, own_orders
from actions.orders.refund_parts import tell_part_of_case
from actions.orders.refusing import tell_refusing_own
from actions.orders.return_cases import open_case_of
from actions.orders.return_road import road_of
from actions.returns.danger import keeps_danger_in_mind
from actions.returns.exchanging import tell_open_exchange
from actions.returns.return_parts import newest_open_case, tell_how
from actions.returns.return_postage import tell_return_postage
from bot.shop.rules.returns import USUAL_DAYS
from bot.shop.words.dealing import OrderStatus, Reason, ReturnCase, ReturnStatus, Right
from bot.shop.words.goods import Product, ProductQuery

_RULE = "return_rule"  # 清仓的, 定制的: goods named by the rule they go back by
_OF_CASE = ("how_soon", "arrived_yet", "if_late")
_SPECIAL = {
    "seven_days": "utter_policy_goods",
    "opened_too": "utter_policy_opened_too",
    "hygienic": "utter_policy_hygienic",
    "unopened_only": "utter_policy_unopened_only",
    "custom_made": "utter_policy_custom_made",
    "clearance": "utter_policy_clearance",
    "fresh": "utter_policy_fresh",
}
_MOSTLY = {
    "unopened_only": "utter_policy_mostly_unopened_only",
    "hygienic": "utter_policy_mostly_unopened_only",
    "fresh": "utter_policy_mostly_fresh",
    "custom_made": "utter_policy_mostly_custom_made",
}
_EXCEPT = {
    "seven_days": "utter_policy_except_seven_days",
    "opened_too": "utter_policy_except_seven_days",
    "unopened_only": "utter_policy_except_unopened_only",
    "hygienic": "utter_policy_except_unopened_only",
    "custom_made": "utter_policy_except_custom_made",
    "clearance": "utter_policy_except_clearance",
    "fresh": "utter_policy_except_fresh",
}
_USUAL, _MOST, _LOOKED_AT = "seven_days", 0.7, 200
_NAMED = 3  # goods that are told by name


class TellReturnPolicy(Answer):
    """The question's own point first; then what holds for the goods in talk or bought.

    How it is done is a plain question (data/nlu/questions/return_policy.yml); where to and who
    pays depend on the buyer's open case.
    """

    def name(self) -> str:
        return "action_tell_return_policy"

    async def answer(self, chat: Chat) -> None:
        if await tell_refusing_own(chat) or await tell_open_exchange(chat):
            return
        case = None if chat.turn.in_form else await newest_open_case(chat)
        if case is not None and hears(chat.turn, *_OF_CASE) and tell_part_of_case(chat, case):
            return  # 哪天能退, of what goes back already
        if keeps_danger_in_mind(chat):
            return
        if hears(chat.turn, "return_where"):
            await _tell_where(chat)
        elif hears(chat.turn, "return_postage", "postage"):
            await tell_return_postage(chat)
        elif _is_of_what_is_written_down(chat) and await _tell_by_road(chat):
            return
        elif not await _tell_own(chat) and not await _tell_special(chat):
            is_ours = not chat.turn.has("product", "kind") and not chat.slot("product_in_talk")
            if not is_ours or not await tell_how(chat):
                chat.reply("utter_policy", days=await usual_days(chat))


@order_wish("return_policy")
async def _tell_policy_of_an_order(chat: Chat) -> None:
    """Of the order that was agreed to be meant."""
    if await order_meant(chat, "return_policy", right=Right.SEE) is not None:
        await TellReturnPolicy().answer(chat)


async def _tell_where(chat: Chat) -> None:
    case = await _case_to_send_back(chat)
    if chat.turn.in_form == "return_form":
        chat.reply("utter_where_once_registered")
    elif case is None:
        chat.reply("utter_policy_where")
    else:
        chat.reply(
            "utter_policy_where_case", name=case.name, address=case.send_to, case=case.case_id
        )


def _is_of_what_is_written_down(chat: Chat) -> bool:
    """In its form, and behind it, as long as no other goods are named: 质量问题也看七天吗."""
    if chat.turn.in_form == "return_form":
        return True
    is_named = chat.turn.has("product", "kind", "category", _RULE)
    return not (chat.turn.in_form or is_named) and is_after_sale(chat)


async def _tell_by_road(chat: Chat) -> bool:
    """洗过不能退?, of what is our fault: it does not matter. False where the usual rules hold."""
    road = await road_of(chat)
    if road is None or not road.terms.is_our_fault:
        return False
    chat.reply("utter_policy_our_fault")
    return True


async def _case_to_send_back(chat: Chat) -> ReturnCase | None:
    """The newest of the buyer's cases whose goods we wait for."""
    for order in await own_orders(chat):
        case = await open_case_of(chat, order) if order.shipped_at else None
        if case is not None and case.send_to and case.status is ReturnStatus.OPENED:
            return case
    return None


async def _tell_own(chat: Chat) -> bool:
    """The day until which the buyer's last delivered goods may go back."""
    if chat.turn.has("product", "kind", "category", _RULE) or strange_goods(chat):
        return False
    delivered = [
        order
        for order in await own_orders(chat)
        if _is_delivered(order) and order.right is Right.CHANGE
    ]
    if not delivered:
        return False
    order = delivered[0]
    line = order.lines[0]
    terms = await chat.shop.return_terms(
        order.number, access_to(chat, order.number), line.line_id, reason=Reason.NO_REASON
    )
    if not terms.allowed or terms.until is None:
        return False
    response = "utter_policy_own_sealed" if terms.only_unopened else "utter_policy_own"
    chat.reply(
        response,
        name=line.name,
        until=day_text(terms.until),
        order_number=order.number,
        line=line.line_id,
    )
    return True


_is_delivered = in_status(OrderStatus.DELIVERED)


async def _tell_special(chat: Chat) -> bool:
    """The rule that is named itself; that of the goods in talk; of a kind that is named, the one of
    all its goods, or which of them go by which; else the one that most of the shop's goods have."""
    talk = await talk_of(chat)
    if chat.turn.has(_RULE) and await _tell_of_rule(chat, talk.product):
        return True
    if talk.product is not None:
        if talk.product.returnable not in _SPECIAL:
            return False
        product = talk.product
        chat.reply(_SPECIAL[product.returnable], name=product.name, days=product.return_days)
        return True
    kind, category = chat.turn.value("kind"), chat.turn.value("category")
    goods = await _goods(chat, str(kind or ""), str(category or ""))
    (rule, days), share = _usual(goods)
    if (kind or category) and 0 < share < 1.0:
        _tell_each_rule(chat, str(kind or category), goods)
        return True
    if rule not in _SPECIAL or share < (1.0 if kind or category else _MOST):
        return False
    if kind or category:
        chat.reply(_SPECIAL[rule], name=str(kind or category), days=days)
        return True
    if rule not in _MOSTLY:
        return False
    chat.reply(_MOSTLY[rule], days=days)
    return True


async def _tell_of_rule(chat: Chat, product: Product | None) -> bool:
    """清仓的能退吗, 清仓的背包能退吗: by the goods that the shop sells so; False where it sells none,
    and where the goods that are named go by it themselves."""
    rule = str(chat.turn.value(_RULE))
    kind, category = str(chat.turn.value("kind") or ""), str(chat.turn.value("category") or "")
    if chat.turn.has("product") and product is not None:
        if product.returnable == rule:
            return False
        category = product.category  # 背包 was heard as one of the bags
    found = [one for one in await _goods(chat, kind, category) if one.returnable == rule]
    if not found or rule not in _EXCEPT:
        return False
    _tell_exception(chat, rule, found)
    return True


def _tell_each_rule(chat: Chat, sort: str, goods: Sequence[Product]) -> None:
    """包能退吗, of bags of which one is on clearance: what holds for most, and for which others."""
    (usual, days), _ = _usual(goods)
    rules = list(dict.fromkeys(one.returnable for one in goods if one.returnable in _EXCEPT))
    rules.sort(key=lambda rule: rule != usual)
    for rule in rules:
        of_rule = [one for one in goods if one.returnable == rule]
        if rule == usual == _USUAL and len(of_rule) > 1:
            chat.reply("utter_policy_mostly_seven_days", name=sort, days=days)
        else:
            _tell_exception(chat, rule, of_rule)


def _tell_exception(chat: Chat, rule: str, goods: Sequence[Product]) -> None:
    names = join_text([one.name for one in goods[:_NAMED]])
    if len(goods) > _NAMED:
        names = f"{names}等{len(goods)}款"
    chat.reply(_EXCEPT[rule], names=names, days=goods[0].return_days)


async def usual_rule(chat: Chat) -> str:
    """What most of the shop's goods may be returned by."""
    (rule, _), _ = _usual(await _goods(chat))
    return rule


async def usual_days(chat: Chat) -> int:
    """The days in which most of the shop's goods may be returned."""
    days = Counter(one.return_days for one in await _goods(chat))
    return days.most_common(1)[0][0] if days else USUAL_DAYS


def _usual(goods: Sequence[Product]) -> tuple[tuple[str, int], float]:
    """(rule, days) of most of these goods, and the share of that rule."""
    rules = Counter(one.returnable for one in goods)
    if not rules:
        return ("", USUAL_DAYS), 0.0
    rule, times = rules.most_common(1)[0]
    days = Counter(one.return_days for one in goods if one.returnable == rule)
    return (rule, days.most_common(1)[0][0]), times / len(goods)


async def _goods(chat: Chat, kind: str = "", category: str = "") -> list[Product]:
    query = ProductQuery(
        kind=kind, category="" if kind else category, in_stock_only=False, limit=_LOOKED_AT
    )
    return [one.product for one in await chat.shop.recommend(query)]
