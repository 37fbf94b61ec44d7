"""The order that is being put together in a chat: what it holds and what it still lacks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions.agreed import Shown, agreed_to
from actions.chat import Chat
from actions.order_lines import more_wanted
from bot.shop.dealing import Receiver, WantedLine
from bot.shop.goods import Product, Sku

SLOTS = (
    "order_product",
    "order_colour",
    "order_size",
    "order_offered",
    "order_quantity",
    "order_more",
    "order_name",
    "order_phone",
    "order_address",
    "order_note",
    "order_shown",
    "order_confirmed",
)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """None means: not said yet; "" is a choice where the product has only one."""

    product: Product | None
    colour: str | None
    size: str | None
    quantity: int
    more: tuple[WantedLine, ...]  # other colours and sizes of the same product
    receiver: Receiver
    note: str
    agreed: Shown | None  # the summary of this very draft that the buyer said yes to

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
        assert self.product is not None
        return [
            WantedLine(
                product_id=self.product.product_id,
                colour=self.colour or "",
                size=self.size or "",
                quantity=self.quantity,
            ),
            *self.more,
        ]

    @property
    def sku(self) -> Sku | None:
        """The SKU once colour and size are chosen; None before, or where there is no such."""
        if self.product is None:
            return None
        for sku in self.product.skus:
            if sku.colour == self.colour and sku.size == self.size:
                return sku
        return None

    @property
    def lacks(self) -> str | None:
        """The form slot to ask for next; None where all is there and confirmed."""
        if self.product is None:
            return "order_product"
        if self.colour is None:
            return "order_colour"
        if self.size is None:
            return "order_size"
        if not self.receiver.is_complete:
            return "order_address"
        return "order_confirmed" if self.agreed is None else None


async def draft_of(chat: Chat) -> Draft:
    """The draft as the slots have it now; a saved receiver stands in until another is given."""
    product_id = chat.slot("order_product")
    product = await chat.shop.product(product_id) if product_id else None
    draft = Draft(
        product=product,
        colour=chat.slot("order_colour"),
        size=chat.slot("order_size"),
        quantity=int(chat.slot("order_quantity") or 1),
        more=tuple(more_wanted(product, chat.slot("order_more") or [])) if product else (),
        receiver=Receiver(
            name=chat.slot("order_name") or "",
            phone=chat.slot("order_phone") or "",
            address=chat.slot("order_address") or "",
        ),
        note=chat.slot("order_note") or "",
        agreed=None,
    )
    if product is None:
        return draft
    return replace(draft, agreed=agreed_to(chat, "order_shown", "order_confirmed", draft.what))


def forget(chat: Chat) -> None:
    """After placing: the next order starts afresh."""
    for slot in SLOTS:
        chat.keep(slot, None)
    chat.keep("quantity_in_talk", None)
