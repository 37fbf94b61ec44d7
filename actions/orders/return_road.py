"""A return case in the making: what is said of it so far, the rules for it, what it still lacks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions.frame.agreed import Shown, agreed_to
from actions.frame.chat import Chat
from actions.orders.orders import access_to
from bot.shop.words.dealing import Order, OrderLine, Reason, Remedy, ReturnTerms

REMEDY_TEXTS = {
    Remedy.REFUND: "退货退款",
    Remedy.EXCHANGE: "换货",
    Remedy.PARTIAL_REFUND: "留下补一部分",
    Remedy.RESEND: "补发",
    Remedy.REFUND_ONLY: "退款",
}
REASON_TEXTS = {
    Reason.NO_REASON: "七天无理由",
    Reason.OPENED: "已拆用",
    Reason.SIZE: "大小不合适",
    Reason.DEFECT: "质量问题",
    Reason.WRONG_ITEM: "发错或漏发",
    Reason.NOT_RECEIVED: "没收到货",
}
_YES = ("return_shown", "return_confirmed")
SLOTS = (
    "return_reason",
    "return_details",
    "return_photos",
    "picture_asked",
    "return_remedy",
    "return_wanted",
    *_YES,
)


@dataclass(frozen=True, kw_only=True)
class Road:
    """One order line on its way back; empty and None mean: not said yet."""

    order: Order
    line: OrderLine
    reason: Reason | None
    photos: tuple[str, ...]
    remedy: Remedy | None
    wanted: str
    terms: ReturnTerms  # for the reason given, else for no reason at all
    agreed: Shown | None = None  # the summary of this very road that the buyer said yes to

    @property
    def choice(self) -> str:
        """What is the same for all remedies that can be chosen from."""
        reason = self.reason.value if self.reason else ""
        return "|".join((self.order.number, self.line.line_id, reason))

    @property
    def what(self) -> str:
        """All that the buyer agrees to but the sum."""
        return "|".join((self.choice, self.remedy.value if self.remedy else "", self.wanted))

    @property
    def refund_fen(self) -> int | None:
        """What goes back; None where the shop does not tell."""
        return self.terms.refund_fen(self.remedy) if self.remedy else None

    @property
    def lacks(self) -> str | None:
        """The form slot to ask for next; None where the case can be opened (or is refused)."""
        if self.reason is None:
            return "return_reason"
        if not self.terms.allowed:
            return None
        if len(self.photos) < self.terms.needs_photos:
            return "return_photos"
        if self.remedy is None or self.remedy not in self.terms.remedies:
            return "return_remedy"
        if self.remedy is Remedy.EXCHANGE and not self.wanted and not self.terms.is_our_fault:
            return "return_wanted"
        return "return_confirmed" if self.agreed is None else None


def begin(chat: Chat, order: Order, line: OrderLine) -> None:
    """Starts afresh for another line; what was said of this one stays."""
    where = {
        "number": order.number,
        "line_id": line.line_id,
        "name": line.name,
        "product_id": line.product_id,
    }
    if chat.slot("return_line") != where:
        for slot in SLOTS:
            chat.keep(slot, None)
    for slot in _YES:
        chat.keep(slot, None)
    chat.keep("return_line", where)


async def road_of(chat: Chat) -> Road | None:
    """The road as the slots have it now; None where its order is not to be seen any more."""
    where = chat.slot("return_line") or {}
    number, line_id = where.get("number", ""), where.get("line_id")
    access = access_to(chat, number)
    order = await chat.shop.order(number, access) if number else None
    line = next((one for one in order.lines if one.line_id == line_id), None) if order else None
    if order is None or line is None:
        return None
    reason = Reason(told) if (told := chat.slot("return_reason")) else None
    remedy = chat.slot("return_remedy")
    terms = await chat.shop.return_terms(
        number, access, line.line_id, reason=reason or Reason.NO_REASON
    )
    road = Road(
        order=order,
        line=line,
        reason=reason,
        photos=tuple(chat.slot("return_photos") or ()),
        remedy=Remedy(remedy) if remedy else _only(terms),
        wanted=chat.slot("return_wanted") or "",
        terms=terms,
    )
    return replace(road, agreed=agreed_to(chat, *_YES, road.what))


def _only(terms: ReturnTerms) -> Remedy | None:
    """Before it is sent there is one way only; else the buyer chooses."""
    return Remedy.REFUND_ONLY if terms.remedies == (Remedy.REFUND_ONLY,) else None
