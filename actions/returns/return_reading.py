"""What a message says about a return: reason, photos, the remedy wanted, another size."""

from __future__ import annotations

import re

from actions.frame.chat import Chat
from actions.frame.phrasing import sku_text
from actions.hearing.references import own_colour
from actions.orders.return_road import Road
from bot.shop.words.dealing import OrderLine, Reason, Remedy
from bot.shop.words.goods import Product, Sku

_REASON_OF_INTENT = {
    "report_defect": Reason.DEFECT,
    "report_wrong_item": Reason.WRONG_ITEM,
    "parcel_not_received": Reason.NOT_RECEIVED,
}
_REASON_WORDS = (
    (
        Reason.SIZE,
        (
            "尺码",
            "码数",
            "大了",
            "小了",
            "偏大",
            "偏小",
            "挤脚",
            "太紧",
            "太松",
            "勒",
            "太长",
            "太短",
            "不合适",
            "不合身",
            "不合脚",
        ),
    ),
    (Reason.WRONG_ITEM, ("发错", "少发", "漏发", "发的不是", "颜色不对", "款式不对")),
    (
        Reason.DEFECT,
        (
            "质量",
            "破",
            "坏",
            "开胶",
            "脱线",
            "开线",
            "瑕疵",
            "污渍",
            "漏水",
            "断了",
            "裂",
            "掉色",
            "划痕",
        ),
    ),
    (
        Reason.NO_REASON,
        (
            "不喜欢",
            "不想要",
            "买错",
            "拍错",
            "拍多",
            "买多",
            "用不上",
            "不好看",
            "七天无理由",
            "7天无理由",
            "没有原因",
            "没原因",
            "不需要",
            "后悔",
        ),
    ),
)
_REMEDY_WORDS = (
    (Remedy.PARTIAL_REFUND, ("补偿", "部分退", "退一部分", "补差", "留着", "留下", "赔")),
    (Remedy.EXCHANGE, ("换",)),
    (Remedy.RESEND, ("补发", "重发", "重新发", "再发")),
    (Remedy.REFUND, ("退",)),
)
_ONE_UP = re.compile(r"大[一1]?个?[码号]")
_ONE_DOWN = re.compile(r"小[一1]?个?[码号]")
_TOO_SMALL = re.compile(r"小了|偏小|太小|有点小|挤|紧|勒|短")
_TOO_LARGE = re.compile(r"大了|偏大|太大|有点大|松|太长")


def reason_said(chat: Chat) -> Reason | None:
    turn = chat.turn
    told = str(turn.value("return_reason"))
    if told in {reason.value for reason in Reason}:
        return Reason(told)
    if turn.has("size_step"):
        return Reason.SIZE  # 换大一码
    if turn.intent in _REASON_OF_INTENT:
        return _REASON_OF_INTENT[turn.intent]
    for reason, words in _REASON_WORDS:
        if any(word in turn.text for word in words):
            return reason
    return None


def remedy_said(chat: Chat) -> Remedy | None:
    """By button, by the words of an answer, or by the wish to exchange."""
    turn = chat.turn
    if (told := turn.value("remedy")) is not None:
        try:
            return Remedy(str(told))
        except ValueError:
            return None
    if turn.intent == "exchange_request":
        return Remedy.EXCHANGE
    if turn.requested_slot in ("return_remedy", "return_confirmed"):
        for remedy, words in _REMEDY_WORDS:
            if any(word in turn.text for word in words):
                return remedy
    is_other = turn.intent == "return_request" and chat.slot("return_remedy") is not None
    return Remedy.REFUND if is_other else None


def take_photos(chat: Chat) -> bool:
    """Adds the pictures of this message to the evidence."""
    sent = [str(picture) for picture in chat.turn.values("picture")]
    if sent:
        chat.keep("return_photos", [*(chat.slot("return_photos") or ()), *sent])
    return bool(sent)


def suggested(text: str, line: OrderLine, product: Product) -> Sku | None:
    """One size up or down in the same colour, where the words ask for it and it is there."""
    step = _step(text)
    sizes = product.sizes
    if not step or line.size not in sizes:
        return None
    place = sizes.index(line.size) + step
    if not 0 <= place < len(sizes):
        return None
    wanted = (line.colour, sizes[place])
    found = next((sku for sku in product.skus if (sku.colour, sku.size) == wanted), None)
    return found if found and found.stock >= line.quantity else None


def _step(text: str) -> int:
    for step, words in ((1, _ONE_UP), (-1, _ONE_DOWN), (1, _TOO_SMALL), (-1, _TOO_LARGE)):
        if words.search(text):
            return step
    return 0


def take_wanted(chat: Chat, road: Road, product: Product | None) -> bool:
    """Keeps colour and size wanted in exchange, if there is one; says so where there is none."""
    turn, line = chat.turn, road.line
    colours = [own_colour(product, str(value)) for value in turn.values("colour")]
    sizes = [str(value) for value in turn.values("size")]
    if product is None or not (colours or sizes):
        return False
    colour = next((one for one in reversed(colours) if one != line.colour), line.colour)
    size = next((one for one in reversed(sizes) if one != line.size), line.size)
    sku = next((one for one in product.skus if (one.colour, one.size) == (colour, size)), None)
    what = sku_text(colour, size)
    if sku is None:
        chat.reply("utter_change_no_such", what=what, name=line.name)
    elif sku.stock < line.quantity:
        there = [s for s in product.skus if s.size == size and s.stock >= line.quantity]
        others = "、".join(sku_text(s.colour, s.size) for s in there[:3])
        chat.reply(
            "utter_change_out_but" if others else "utter_change_out", what=what, others=others
        )
    elif (colour, size) == (line.colour, line.size) and not road.terms.is_our_fault:
        return False
    else:
        chat.keep("return_wanted", what)
    return True
