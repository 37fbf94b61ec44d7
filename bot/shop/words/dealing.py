"""What happens between shop and buyer: offers, orders, parcels, returns, and who the buyer is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from bot.shop.words.quotes import SavedBy, Saving


class Step(Enum):
    """Rungs of the bargaining ladder, in the order in which they are offered (以退为进)."""

    VALUE = "value"  # why it is worth its price
    GIFT = "gift"
    COUPON = "coupon"
    POSTAGE = "postage"
    PRICE = "price"
    LAST = "last"  # nothing further: repeats the last offer
    BULK = "bulk"  # a person decides


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What was promised to one buyer for one product; the same in every chat."""

    product_id: str
    step: Step
    unit_price_fen: int  # what the buyer pays apiece with this offer
    off_fen: int  # taken off apiece so far
    gift: str = ""
    coupon_code: str = ""
    free_postage: bool = False
    value_text: str = ""  # for Step.VALUE: one selling point
    meets_ask: bool | None = None  # the buyer's own figure is met; None = none was named
    is_last: bool = False


class OrderStatus(Enum):
    DRAFT = "draft"  # being put together in the chat
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    PACKED = "packed"  # address can no longer be changed without a person
    SHIPPED = "shipped"
    DELIVERED = "delivered"  # signed by the buyer or a pick-up point
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    CLOSED = "closed"  # not paid in time


class Verb(Enum):
    """What can be done to an order; which of it a buyer may do now stands in `Order.may`."""

    PAY = "pay"
    CANCEL = "cancel"
    CHANGE_RECEIVER = "change_receiver"
    CHANGE_LINE = "change_line"  # another colour or size
    CHANGE_QUANTITY = "change_quantity"
    ADD_NOTE = "add_note"
    URGE = "urge"  # ask that it be packed or brought sooner
    RETURN = "return"
    EXCHANGE = "exchange"
    REQUEST_INVOICE = "request_invoice"
    CHANGE_INVOICE = "change_invoice"  # one is registered and not issued yet
    # the shop's own
    PACK = "pack"
    SHIP = "ship"
    SIGN = "sign"
    COMPLETE = "complete"
    CLOSE = "close"
    CHANGE_PRICE = "change_price"


@dataclass(frozen=True, kw_only=True)
class Receiver:
    name: str = ""
    phone: str = ""  # in full: show it to its buyer only, and masked
    address: str = ""

    @property
    def is_complete(self) -> bool:
        return bool(self.name and self.phone and self.address)

    @property
    def masked_phone(self) -> str:
        return f"{self.phone[:3]}****{self.phone[-4:]}" if len(self.phone) >= 7 else self.phone


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    line_id: str
    product_id: str
    sku_id: str
    name: str
    colour: str
    size: str
    quantity: int
    unit_price_fen: int
    picture: str = ""


@dataclass(frozen=True, kw_only=True)
class ParcelEvent:
    at: datetime
    text: str
    place: str = ""


class ParcelState(Enum):
    LABELLED = "labelled"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    SIGNED = "signed"
    STALLED = "stalled"  # no event for longer than usual
    RETURNING = "returning"
    RETURNED = "returned"


@dataclass(frozen=True, kw_only=True)
class Parcel:
    courier: str
    courier_phone: str
    tracking_number: str
    state: ParcelState
    shipped_at: datetime
    due_on: date  # first promised day
    new_due_on: date | None  # where it is late and a new day can be said
    is_late: bool
    delay_reason: str  # drawn from the events; "" where none can be told
    events: tuple[ParcelEvent, ...]  # newest first


class Right(Enum):
    """How far an `Access` opens an order."""

    SEE = "see"  # its state and parcel; goods, sums and receiver stay hidden
    CHANGE = "change"  # all that its buyer may see and do


@dataclass(frozen=True, kw_only=True)
class Order:
    number: str
    buyer_id: str
    status: OrderStatus
    lines: tuple[OrderLine, ...]
    goods_fen: int
    postage_fen: int
    off_fen: int
    total_fen: int
    gift: str
    note: str
    receiver: Receiver
    created_at: datetime
    pays_until: datetime | None = None
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    signed_at: datetime | None = None
    close_reason: str = ""
    parcel: Parcel | None = None
    invoice_title: str = ""
    may: frozenset[Verb] = frozenset()  # what its buyer may do now, by the shop's own rules
    ships_on: date | None = None  # paid and still here: the day promised, or soonest after it
    ships_late: bool = False  # the day promised has passed; `ships_on` is that day
    savings: tuple[Saving, ...] = ()  # what took off how much; `off_fen` holds all but the bargain
    amends: str = ""  # what whoever waits for this late parcel is given (5元券); "" = nothing
    right: Right = Right.CHANGE  # of whoever asked; with SEE the rest is masked or empty

    @property
    def told_savings(self) -> tuple[Saving, ...]:
        """`savings`, and what else was taken off: an imported order may say how much and not for
        what, and its sum is to come out all the same."""
        known = sum(one.off_fen for one in self.savings if one.by is not SavedBy.BARGAIN)
        rest = self.off_fen - known
        if rest <= 0:
            return self.savings
        return (*self.savings, Saving(by=SavedBy.CAMPAIGN, off_fen=rest, title="优惠"))


@dataclass(frozen=True, kw_only=True)
class WantedLine:
    """What a buyer wants of one SKU, before it is an order line."""

    product_id: str
    colour: str
    size: str
    quantity: int = 1


@dataclass(frozen=True, kw_only=True)
class Access:
    """By what right somebody asks for an order; how far it opens the shop says (`Order.right`).

    The buyer whom the token names, or the visitor, opens own orders wholly. The phone's last four
    digits, which stand on every parcel, let one see its state; the whole phone with the
    receiver's name opens it wholly. `asker` (conversation or visitor) and `origin` (the address
    it comes from, "" where nobody knows) say who is trying, for the limits on wrong tries.
    """

    buyer_id: str | None = None
    phone_tail: str | None = None
    phone: str | None = None
    name: str | None = None
    asker: str = ""
    origin: str = ""


class Reason(Enum):
    """Why something goes back, or is asked for again."""

    NO_REASON = "no_reason"
    OPENED = "opened"  # no reason, and the goods are opened or used
    SIZE = "size"
    DEFECT = "defect"
    WRONG_ITEM = "wrong_item"  # another one came, or something is missing
    NOT_RECEIVED = "not_received"


class Remedy(Enum):
    REFUND = "refund"  # return the goods and be refunded
    EXCHANGE = "exchange"
    PARTIAL_REFUND = "partial_refund"  # keep the goods
    RESEND = "resend"
    REFUND_ONLY = "refund_only"  # not shipped yet, or lost


@dataclass(frozen=True, kw_only=True)
class ReturnTerms:
    """What the rules allow for one order line now."""

    order_number: str
    line_id: str
    allowed: bool
    remedies: tuple[Remedy, ...]
    until: date | None  # last day of the seven
    # why not: "too_late" | "opened" | "custom_made" | "clearance" | "fresh" | "not_signed" |
    # "not_paid" | "already_open" | "not_sent" (of several goods: cancel the order, or ask a person)
    refusal: str = ""
    buyer_pays_postage: bool = True
    needs_photos: int = 0
    only_unopened: bool = False  # hygiene goods: allowed while the seal is whole
    is_our_fault: bool = False  # the shop's or the courier's doing: a person sees to it
    refunds_fen: tuple[int, ...] = ()  # what each of `remedies` gives back; () = not told

    def refund_fen(self, remedy: Remedy) -> int | None:
        """What goes back with this remedy; None where the shop does not tell."""
        told = dict(zip(self.remedies, self.refunds_fen, strict=False))
        return told.get(remedy)


class ReturnStatus(Enum):
    OPENED = "opened"  # waiting for the goods
    GOODS_SENT = "goods_sent"
    GOODS_RECEIVED = "goods_received"
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class ReturnCase:
    case_id: str
    order_number: str
    line_id: str
    name: str
    remedy: Remedy
    reason: Reason
    status: ReturnStatus
    opened_at: datetime
    refund_fen: int
    refund_due_on: date | None
    refunded_at: datetime | None
    send_to: str  # the shop's return address
    buyer_pays_postage: bool
    photos: tuple[str, ...] = ()
    wanted: str = ""  # for an exchange: colour and size wanted


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """What the shop knows of a buyer (属性)."""

    buyer_id: str
    nickname: str
    receiver: Receiver
    orders_count: int = 0
    spent_fen: int = 0
    last_order_on: date | None = None
    attributes: tuple[tuple[str, str], ...] = ()  # see ATTRIBUTES
    email: str = ""  # where the shop may write to; "" where it knows none

    def attribute(self, name: str) -> str | None:
        return dict(self.attributes).get(name)


ATTRIBUTES = (
    "height_cm",
    "weight_kg",
    "foot_mm",
    "shoe_size",
    "clothing_size",
    "fit",
    "foot_shape",
    "colour",
    "style",
    "use",
    "budget_fen",
    "buys_for",
    "pets",
    "allergies",
    "price_sensitive",
    "birthday",  # MM-DD
)
