"""What the talk is about: which product, colour, size and number the buyer means right now."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.chat import Chat
from actions.elsewhere import strange_goods
from bot.shop.goods import Product, ProductQuery, Sku

_USUALLY = ("平时", "平常", "一般", "通常", "一直穿", "以前穿")
_INSTEAD = re.compile(r"没有?.{1,6}[，, ].{0,2}那")  # 没有红的啊 那黑的吧
_THIS_ONE = re.compile(r"[这那](件|款|个|双|条|顶)(?=[\s,，。!！?？拿穿选买要该是能可有偏合码]|$)")
_BESIDE = re.compile(r"[配搭](什么|啥)|怎么[配搭]")  # 配什么裤子: trousers beside what is talked of
_CORRECTING = ("不是", "不对", "错了", "改", "换", "应该", "搞错", "说错")


@dataclass(frozen=True, kw_only=True)
class Talk:
    """Empty strings and None mean: not known."""

    product: Product | None
    colour: str  # one of the product's own colours, or the buyer's word where it has no such
    size: str
    quantity: int
    said_colours: tuple[str, ...]  # in this very message
    said_sizes: tuple[str, ...]
    has_colour: bool  # the product comes in `colour`
    has_size: bool

    @property
    def matching_skus(self) -> tuple[Sku, ...]:
        """The product's SKUs of the colour and size meant; unknown ones do not narrow."""
        if self.product is None:
            return ()
        return tuple(
            sku
            for sku in self.product.skus
            if (not self.colour or sku.colour == self.colour)
            and (not self.size or sku.size == self.size)
        )


def is_usual(text: str) -> bool:
    """The size told is what the buyer wears elsewhere, not yet the one wanted here."""
    return any(word in text for word in _USUALLY)


async def talk_of(chat: Chat) -> Talk:
    """Reads the message against what was said before, and keeps what is new."""
    turn = chat.turn
    product_id = None if strange_goods(chat) else await _product_meant(chat)
    product = await chat.shop.product(product_id) if product_id else None
    if product is not None:
        chat.keep("product_in_talk", product.product_id)
    if turn.product_in_view != chat.slot("product_viewed"):
        chat.keep("product_viewed", turn.product_in_view)

    sizes = tuple(str(value) for value in turn.values("size"))
    colours = tuple(own_colour(product, str(value)) for value in turn.values("colour"))
    if any(word in turn.text for word in _CORRECTING) or _INSTEAD.search(turn.text):
        sizes, colours = sizes[-1:], colours[-1:]  # 不是38是39
    if sizes:
        chat.keep("size_in_talk", sizes[0])
    if colours:
        chat.keep("colour_in_talk", colours[0])
    if quantity := turn.value("quantity"):
        chat.keep("quantity_in_talk", int(quantity))

    colour = own_colour(product, chat.slot("colour_in_talk") or "")
    size = chat.slot("size_in_talk") or ""
    has_colour = product is None or colour in product.colours
    has_size = product is None or size in product.sizes
    return Talk(
        product=product,
        # What was said of another product does not narrow this one.
        colour=colour if has_colour or colours else "",
        size=size if has_size or sizes else "",
        quantity=chat.slot("quantity_in_talk") or 1,
        said_colours=colours,
        said_sizes=sizes,
        has_colour=has_colour and bool(colour),
        has_size=has_size and bool(size),
    )


def own_colour(product: Product | None, word: str) -> str:
    """The product's own name for a colour: 黑 and 黑色的 mean its 曜石黑."""
    if product is None or not word or word in product.colours:
        return word
    core = word.removesuffix("的").removesuffix("色")
    fitting = [colour for colour in product.colours if core and core in colour]
    if not fitting:
        fitting = [colour for colour in product.colours if colour.removesuffix("色") in word]
    return fitting[0] if fitting else word


async def _product_meant(chat: Chat) -> str | None:
    """The product of this message, else the one in view, else the one talked of."""
    turn = chat.turn
    if (named := turn.value("product")) is not None:
        return str(named)
    shown: list[str] = chat.slot("product_shown") or []
    if (ordinal := turn.value("ordinal")) is not None and shown:
        place = int(ordinal)
        if place == -1 or 1 <= place <= len(shown):
            return shown[-1] if place == -1 else shown[place - 1]
    in_talk: str | None = chat.slot("product_in_talk")
    if pointed := await _pointed_at(chat, shown, in_talk):
        return pointed
    if turn.product_in_view and turn.product_in_view != chat.slot("product_viewed"):
        return turn.product_in_view  # a page opened since the last message
    looked_at = in_talk or turn.product_in_view
    if looked_at and (_THIS_ONE.search(turn.text) or _BESIDE.search(turn.text)):
        return looked_at  # 平时裤子穿XL,这件拿几码
    if kind := turn.value("kind"):
        return await _one_of_kind(chat, str(kind), in_talk)
    return in_talk or turn.product_in_view or (shown[0] if len(shown) == 1 else None)


async def _pointed_at(chat: Chat, shown: list[str], in_talk: str | None) -> str | None:
    """那款黑的 / 那双鞋: the one of several shown goods that the description fits."""
    turn = chat.turn
    if len(shown) < 2 or not ("那" in turn.text or in_talk not in shown):
        return None
    colour, kind = turn.value("colour"), turn.value("kind")
    gender = turn.value("gender")
    if not colour and not kind and not gender:
        return None
    fitting = []
    for product_id in shown:
        product = await chat.shop.product(product_id)
        if product is None:
            continue
        if (kind and product.kind != kind) or (gender and product.gender != gender):
            continue
        if colour and own_colour(product, str(colour)) not in product.colours:
            continue
        fitting.append(product_id)
    return fitting[0] if len(fitting) == 1 else None


async def is_one_of_shown(chat: Chat) -> bool:
    """Whether the description fits exactly one of the goods that were shown."""
    shown: list[str] = chat.slot("product_shown") or []
    return await _pointed_at(chat, shown, None) is not None


async def _one_of_kind(chat: Chat, kind: str, in_talk: str | None) -> str | None:
    """The product in talk where it is of this kind, or the shop's only one of it."""
    if in_talk and (product := await chat.shop.product(in_talk)) and product.kind == kind:
        return in_talk
    found = await chat.shop.recommend(ProductQuery(kind=kind, in_stock_only=False, limit=2))
    return found[0].product.product_id if len(found) == 1 else None


def show_products(chat: Chat, product_ids: list[str]) -> None:
    """Keeps what was shown, so that 第二个 means something."""
    chat.keep("product_shown", product_ids)
    if len(product_ids) == 1:
        chat.keep("product_in_talk", product_ids[0])
