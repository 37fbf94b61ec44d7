"""What the talk is about: which product, colour, size and number the buyer means right now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.frame.chat import Chat
from actions.frame.heard import detail, hears
from actions.frame.turn import Turn
from actions.hearing.bought import bought_meant, recall
from actions.hearing.counted import counted_instead
from actions.hearing.elsewhere import strange_goods
from actions.hearing.for_whom import gender_meant, those_for
from actions.hearing.order_access import own_orders
from actions.hearing.profile import goes_to, profile_of
from actions.hearing.references import described, own_colour, pointed_at, points_at_it
from actions.hearing.sheet import is_only_a_property
from bot.dialogue.files import read_matters
from bot.dialogue.matter import Matter
from bot.shop.rules.sort_names import is_of_kind
from bot.shop.words.goods import Product, ProductQuery, Sku

_ASKING_FACTS = ("ask_product", "ask_quality", "ask_usage", "unsafe")
_TWINS_AMONG = 20
_NAME_BEGINS = 2  # characters that two goods of one series share


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


async def talk_of(chat: Chat) -> Talk:
    """Reads the message against what was said before, and keeps what is new."""
    is_strange = bool(strange_goods(chat))
    was_bought = None if is_strange else await _bought_again(chat)
    product_id = was_bought or (None if is_strange else await _product_meant(chat))
    own_id = None if is_strange or product_id else await _own_goods_in_talk(chat)
    known_id = product_id or own_id
    product = await chat.shop.product(known_id) if known_id else None
    if product is not None:
        chat.about(product)
    if product is not None and own_id is None:  # what was bought is looked for no more
        before = chat.slot("product_in_talk")
        if before and before != product.product_id:
            chat.keep("product_before", before)
        chat.keep("product_in_talk", product.product_id)
        if not chat.turn.in_form:
            goes_to(chat, product.product_id)
    await recall(chat, product)
    turn = chat.turn
    if turn.product_in_view != chat.slot("product_viewed"):
        chat.keep("product_viewed", turn.product_in_view)

    sizes = tuple(str(value) for value in turn.values("size"))
    colours = tuple(own_colour(product, str(value)) for value in turn.values("colour"))
    if hears(turn, "instead", "that", "change"):
        sizes, colours = sizes[-1:], colours[-1:]  # 不是38是39
    if sizes:
        chat.keep("size_in_talk", sizes[0])
    if colours:
        chat.keep("colour_in_talk", colours[0])
    if (quantity := turn.value("quantity")) and detail(turn, "quantity", "role") != "these":
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


async def _bought_again(chat: Chat) -> str | None:
    """上次那双: what was bought comes into talk with its colour and size; of several they are
    shown to pick from, and None."""
    found = await bought_meant(chat)
    if len({product.product_id for _, product in found}) > 1:
        show_products(chat, [product.product_id for _, product in found])
        chat.keep("product_in_talk", None)
        return None
    if not found:
        return None
    for slot, values in (
        ("colour_in_talk", {line.colour for line, _ in found}),
        ("size_in_talk", {line.size for line, _ in found}),
    ):
        chat.keep(slot, values.pop() or None if len(values) == 1 else None)
    return found[0][1].product_id


async def _product_meant(chat: Chat) -> str | None:
    """The product of this message, else the one in view, else the one talked of."""
    turn = chat.turn
    looked_at_now = chat.slot("product_in_talk") or turn.product_in_view
    if (named := turn.value("product")) is not None:
        if looked_at_now and _is_a_property(turn):
            return str(looked_at_now)
        if chat.slot("product_shown") and _is_a_property(turn):
            return None  # 能放水壶不, of the bags that were shown
        return await _of_gender(chat, str(named), turn.value("gender"))
    shown: list[str] = chat.slot("product_shown") or []
    if (ordinal := turn.value("ordinal")) is not None and shown:
        place = int(ordinal)
        if len(shown) == 1 and (earlier := _one_of_talked(chat, place)):
            return earlier
        if place > len(shown) or _is_of_row(chat, shown):
            shown = chat.slot("product_row") or shown  # 不对 是第二个, when the first was picked
        if place == -1 or 1 <= place <= len(shown):
            return shown[-1] if place == -1 else shown[place - 1]
    if (ordinal is not None and not shown) and (earlier := _one_of_talked(chat, int(ordinal))):
        return earlier
    if (one := await described(chat)) is not None:
        return one.product_id
    in_talk: str | None = chat.slot("product_in_talk")
    if pointed := await pointed_at(chat, shown, in_talk):
        return pointed
    talked_of = [in_talk or turn.product_in_view, *shown, chat.slot("product_before")]
    if (counted := await counted_instead(chat, talked_of)) is not None:
        return counted.product_id  # 再加一双, of the jacket and the socks
    if turn.product_in_view and turn.product_in_view != chat.slot("product_viewed"):
        return turn.product_in_view  # a page opened since the last message
    looked_at = in_talk or turn.product_in_view
    if looked_at and (points_at_it(turn) or hears(turn, "goes_with")):
        return looked_at  # 平时裤子穿XL,这件拿几码
    if kind := turn.value("kind"):
        return await _one_of_kind(chat, str(kind), in_talk)
    meant = in_talk or turn.product_in_view or (shown[0] if len(shown) == 1 else None)
    if meant and turn.has("gender") and hears(turn, "meant", "not", "instead"):
        return await _of_gender(chat, str(meant), turn.values("gender")[-1])
    return meant


def _one_of_talked(chat: Chat, place: int) -> str | None:
    """还是前面那个吧, of gloves and a lamp whose prices were asked one after the other."""
    before, in_talk = chat.slot("product_before"), chat.slot("product_in_talk")
    two = [str(one) for one in (before, in_talk) if one]
    if in_talk in (chat.slot("product_row") or ()):
        return None  # of what was shown side by side
    if chat.turn.in_form and not chat.turn.requested_slot:
        return None  # whoever opened the form has picked it by this very line
    return two[place if place < 0 else place - 1] if len(two) > 1 and place in (1, 2, -1) else None


def _is_of_row(chat: Chat, shown: Sequence[str]) -> bool:
    """那就第一个吧, after the second of the row was looked at: the places are those of the row."""
    return len(shown) == 1 and shown[0] in (chat.slot("product_row") or ())


async def _of_gender(chat: Chat, named: str, gender: object) -> str:
    """观云冲锋衣女款: a nickname of the men's with 女款 behind it names the women's of that name; so does
    我说的是女款, of the men's that is talked of."""
    product = await chat.shop.product(named)
    if product is None or not (gender and product.gender) or product.gender == gender:
        return named
    found = await chat.shop.recommend(
        ProductQuery(kind=product.kind, in_stock_only=False, limit=_TWINS_AMONG)
    )
    twins = [
        one
        for one in (recommended.product for recommended in found)
        if one.gender == gender and one.name[:_NAME_BEGINS] == product.name[:_NAME_BEGINS]
    ]
    return twins[0].product_id if len(twins) == 1 else named


def _is_a_property(turn: Turn) -> bool:
    """Asked for a fact, a name beside 能, 含 or 过敏 tells what the goods looked at are to have."""
    named = next(one for one in turn.entities if one.get("entity") == "product")
    start, end = int(named.get("start") or 0), int(named.get("end") or 0)
    return turn.intent in _ASKING_FACTS and is_only_a_property(turn.text, start, end)


async def _own_goods_in_talk(chat: Chat) -> str | None:
    """What a return is written down for, or the one thing in the order that the talk is about."""
    turn = chat.turn
    if turn.in_form == "return_form":
        where: dict[str, str] = chat.slot("return_line") or {}
        return where.get("product_id") if chat.slot("return_remedy") == "exchange" else None
    if turn.in_form or turn.has("kind", "category") or not is_after_sale(chat):
        return None
    return await goods_of_own_order(chat)


async def goods_of_own_order(chat: Chat) -> str | None:
    """The one thing in the order that the talk is about; None of several, and without one."""
    number = chat.slot("order_in_talk")
    order = next((one for one in await own_orders(chat) if one.number == number), None)
    is_one = order is not None and len(order.lines) == 1
    return order.lines[0].product_id if order is not None and is_one else None


def is_after_sale(chat: Chat) -> bool:
    """Whether what was talked of before this line is something that came wrong or goes back."""
    told = (Matter.of_slot(chat.slot(name)) for name in ("matter", "matter_parked"))
    return any(one is not None and one.intent in read_matters().after_sale for one in told)


async def _one_of_kind(chat: Chat, kind: str, in_talk: str | None) -> str | None:
    """The product in talk where it is of this kind, or the shop's only one of it."""
    looked_at = await chat.shop.product(in_talk) if in_talk else None
    if looked_at is not None and is_of_kind(looked_at, kind):
        return in_talk
    query = ProductQuery(kind=kind, in_stock_only=False, limit=_TWINS_AMONG)
    found = [one.product for one in await chat.shop.recommend(query)]
    spoken_of = [one for one in found if one.product_id in profile_of(chat).talked_of]
    if len(spoken_of) == 1 and not hears(chat.turn, "other_goods", "cheaper_goods", "which"):
        return spoken_of[0].product_id  # 冲锋衣XL有不, with the gloves between
    if len(found) > 1:
        found = those_for(found, gender_meant(chat))
    return found[0].product_id if len(found) == 1 else None


async def keep_goods_named(chat: Chat) -> None:
    """儿童背包周五能到吗: goods named beside a question that is not about them stay in talk."""
    if chat.turn.has("product", "kind") and not chat.turn.in_form:
        await talk_of(chat)


def show_products(chat: Chat, product_ids: list[str]) -> None:
    """Keeps what was shown, so that 第二个 means something."""
    chat.keep("product_shown", product_ids)
    before = chat.slot("product_in_talk")
    if before and before not in product_ids:
        chat.keep("product_before", before)
    if len(product_ids) > 1:
        chat.keep("product_row", product_ids)
    if len(product_ids) == 1:
        chat.keep("product_in_talk", product_ids[0])
