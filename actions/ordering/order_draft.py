"""The order that is being put together in a chat: its lines, who receives it, what it still lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actions.frame.agreed import Shown, agreed_to
from actions.frame.chat import Chat
from actions.frame.phrasing import sku_text
from bot.shop.words.dealing import Receiver, WantedLine
from bot.shop.words.goods import Product, Sku

# The line in work has slots of its own, so that other answers may fill them; see `keep_lines`.
_FIELDS = ("product", "colour", "size", "quantity", "person")
SLOTS = (
    *(f"order_{name}" for name in _FIELDS),
    "order_at",
    "order_more",
    "order_offered",
    "order_name",
    "order_phone",
    "order_address",
    "order_note",
    "order_shown",
    "order_confirmed",
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """Some pieces of one product. None means: not said yet; "" where there is but one choice."""

    product: Product
    colour: str | None = None
    size: str | None = None
    quantity: int = 1
    person: str = ""  # for whom, as the buyer said it

    @property
    def is_chosen(self) -> bool:
        return self.colour is not None and self.size is not None

    @property
    def wanted(self) -> WantedLine:
        return WantedLine(
            product_id=self.product.product_id,
            colour=self.colour or "",
            size=self.size or "",
            quantity=self.quantity,
        )

    @property
    def sku(self) -> Sku | None:
        """The SKU once colour and size are chosen; None before, or where there is no such."""
        for sku in self.product.skus:
            if sku.colour == self.colour and sku.size == self.size:
                return sku
        return None

    @property
    def text(self) -> str:
        """栖云徒步鞋黑色42码."""
        return f"{self.product.name}{sku_text(self.colour or '', self.size or '')}"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """`at` is the line in work: the one that is asked about, or was spoken of last."""

    lines: tuple[Line, ...]
    at: int
    receiver: Receiver
    note: str
    agreed: Shown | None  # the summary of this very draft that the buyer said yes to

    @property
    def line(self) -> Line | None:
        return self.lines[self.at] if self.lines else None

    @property
    def what(self) -> str:
        """All that the buyer agrees to but the sum, which only the shop knows."""
        receiver = self.receiver
        lines = [
            f"{line.product_id}/{line.colour}/{line.size}x{line.quantity}" for line in self.wanted
        ]
        return "|".join((*lines, receiver.name, receiver.phone, receiver.address, self.note))

    @property
    def wanted(self) -> list[WantedLine]:
        return [line.wanted for line in self.lines]

    @property
    def lacks(self) -> str | None:
        """The form slot to ask for next; None where all is there and confirmed."""
        if self.line is None:
            return "order_product"
        if self.line.colour is None:
            return "order_colour"
        if self.line.size is None:
            return "order_size"
        if not self.receiver.is_complete:
            return "order_address"
        return "order_confirmed" if self.agreed is None else None


async def draft_of(chat: Chat) -> Draft:
    """The draft as the slots have it now; a saved receiver stands in until another is given."""
    lines, at = await _lines_in(chat)
    draft = Draft(
        lines=lines,
        at=at,
        receiver=Receiver(
            name=chat.slot("order_name") or "",
            phone=chat.slot("order_phone") or "",
            address=chat.slot("order_address") or "",
        ),
        note=chat.slot("order_note") or "",
        agreed=None,
    )
    if not lines:
        return draft
    return replace(draft, agreed=agreed_to(chat, "order_shown", "order_confirmed", draft.what))


async def _lines_in(chat: Chat) -> tuple[tuple[Line, ...], int]:
    told = [dict(one) for one in chat.slot("order_more") or []]
    at = min(int(chat.slot("order_at") or 0), len(told))
    if chat.slot("order_product"):
        told.insert(at, {name: chat.slot(f"order_{name}") for name in _FIELDS})
    lines = [await line_from(chat, one, chat.slot("order_product")) for one in told]
    found = tuple(line for line in lines if line is not None)
    return found, min(at, max(0, len(found) - 1))


async def line_from(chat: Chat, told: Mapping[str, Any], usual: str | None = None) -> Line | None:
    """A kept line; None where the shop has its product no more."""
    product_id = told.get("product") or usual
    product = await chat.shop.product(str(product_id)) if product_id else None
    if product is None:
        return None
    chat.about(product)
    return Line(
        product=product,
        colour=told.get("colour"),
        size=told.get("size"),
        quantity=int(told.get("quantity") or 1),
        person=str(told.get("person") or ""),
    )


def told_of(line: Line) -> dict[str, Any]:
    """The line as it is kept in a slot."""
    return {
        "product": line.product.product_id,
        "colour": line.colour,
        "size": line.size,
        "quantity": line.quantity,
        "person": line.person or None,
    }


def keep_lines(chat: Chat, lines: Sequence[Line], at: int) -> None:
    """These are the lines; one that lacks something comes into work before one that is whole."""
    told = [told_of(line) for line in lines]
    at = min(at, len(lines) - 1) if lines else 0
    if lines and lines[at].is_chosen:
        at = next((place for place, line in enumerate(lines) if not line.is_chosen), at)
    in_work = told.pop(at) if told else {}
    for name in _FIELDS:
        chat.keep(f"order_{name}", in_work.get(name))
    chat.keep("order_at", at or None)
    chat.keep("order_more", told or None)
    if in_work and chat.slot("product_in_talk") != in_work["product"]:
        chat.keep("product_in_talk", in_work["product"])
        chat.keep("colour_in_talk", None)
        chat.keep("size_in_talk", None)


def forget(chat: Chat) -> None:
    """After placing: the next order starts afresh."""
    for slot in SLOTS:
        chat.keep(slot, None)
    chat.keep("quantity_in_talk", None)
    chat.keep("goods_in_talk", None)
