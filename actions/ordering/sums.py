"""What the goods in talk cost together: which they are, and the shop's sum told in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions.delivery.postage import region_meant
from actions.frame.chat import Chat
from actions.frame.heard import detail, hears
from actions.frame.phrasing import join_text, less_text, price_text, prices_text, sku_text
from actions.frame.turn import Turn
from actions.hearing.context import Talk, talk_of
from actions.hearing.counted import counted_among
from actions.hearing.order_lines import SaidLine, products_said, said_lines
from actions.hearing.side_by_side import side_by_side
from actions.ordering.bulk import in_bulk, leaves_bulk_to_a_person, tell_bulk
from actions.ordering.order_draft import Line, draft_of, line_from, told_of
from actions.ordering.order_edits import completed, line_of, with_change
from actions.ordering.sum_changes import changes_the_sum, holds_all
from actions.ordering.wearers import lines_for_wearers
from actions.orders.asking import ask_which_product, can_wait
from bot.shop.rules.sort_names import is_of_kind
from bot.shop.words.goods import Product
from bot.shop.words.quotes import Quote, QuoteLine, SavedBy

NEAR = 5  # what brings the next step is told unasked where it is less than a fifth of the sum
_VERY_MANY = 50  # pieces of one line
_MOST = 999  # pieces of one line that are reckoned here
_NAMING = ("product", "kind", "category")


def asks_for_sum(chat: Chat) -> bool:
    """一共多少, 到手价, 还差多少, 两双 …: the message wants it added up, whatever the intent."""
    turn = chat.turn
    return hears(turn, "in_all", "net_price", "how_much_more") or len(said_lines(turn)) > 1


@can_wait("price")
async def tell_sum(chat: Chat) -> None:
    """Told for the goods meant; where none are known, asks which."""
    looked_at = chat.slot("product_in_talk") or chat.turn.product_in_view
    before = await chat.shop.product(looked_at) if looked_at else None
    number = int(chat.slot("quantity_in_talk") or 1)
    talk = await talk_of(chat)
    is_more = detail(chat.turn, "quantity", "role") == "add" and not chat.turn.has(*_NAMING)
    if is_more and talk.product == before:
        talk = replace(talk, quantity=number + talk.quantity)  # 再加一双呢
        chat.keep("quantity_in_talk", talk.quantity)
    lines = await _goods_meant(chat, talk, before)
    if is_more and before is not None and [line.product for line in lines] == [talk.product]:
        others = [_plain(before, number)] if talk.product != before else []
        lines = [*others, *lines]  # 再加一双, of socks beside the jacket
    if lines and talk.product not in [line.product for line in lines]:
        chat.keep(
            "product_in_talk", lines[0].product.product_id
        )  # 不要睡袋了: it is not in the sum
    if len(lines) > 1:
        chat.keep("quantity_in_talk", None)
    if not lines:
        if not await leaves_bulk_to_a_person(chat, talk.quantity):
            await ask_which_product(chat, "price")
        return
    if not chat.turn.in_form and (big := in_bulk(lines) or _very_many(lines)):
        tell_bulk(chat, big.quantity, f"{big.quantity}件{big.product.name}")
        return
    region = await region_meant(chat)
    quote = await chat.shop.quote(
        [line.wanted for line in lines], buyer_id=chat.turn.buyer_id, region=region
    )
    chat.keep("goods_in_talk", [told_of(line) for line in lines] if len(lines) > 1 else None)
    if not quote.postage.can_deliver:
        chat.reply("utter_postage_nowhere", region=quote.postage.region)
    _tell(chat, quote, lines)


def _very_many(lines: Sequence[Line]) -> Line | None:
    """一百份什么价: nobody buys so many at the price of one, whether or not the shop set a number."""
    return next((line for line in lines if line.quantity >= _VERY_MANY), None)


async def tells_saved_of_sum(chat: Chat) -> bool:
    """用券能便宜多少, of several goods: what is taken off, or the sum and what is missing for it."""
    if not hears(chat.turn, "net_price") or len(chat.slot("goods_in_talk") or ()) < 2:
        return False
    if not await tell_what_is_saved(chat):
        await tell_sum(chat)
    return True


async def tell_what_is_saved(chat: Chat) -> bool:
    """用券能减多少, of goods that were summed up: what is taken off, and not the same sum again."""
    lines = await _held(chat, chat.slot("product_in_talk"))
    if len(lines) < 2 or chat.turn.has(*_NAMING, "quantity", "money"):
        return False
    quote = await chat.shop.quote(
        [line.wanted for line in lines],
        buyer_id=chat.turn.buyer_id,
        region=await region_meant(chat),
    )
    if not (less := less_text(quote.savings)):
        return False
    saved = price_text(sum(one.off_fen for one in quote.savings))
    chat.ask("order_it", "utter_sum_saves", less=less, saved=saved, total=total_text(quote))
    return True


async def _goods_meant(chat: Chat, talk: Talk, before: Product | None) -> list[Line]:
    """Those said now, together with those said before where the words put them together."""
    turn, said = chat.turn, said_lines(chat.turn)
    held = await _held(chat, before.product_id if before is not None else None)
    named = await _named(chat, said, [line.product for line in held], before)
    if not named and talk.product not in [line.product for line in held]:
        held = []  # 这款多少, of a page opened since
    is_together = hears(turn, "in_all", "both", "add_line")
    if held and named and hears(turn, "unwanted", "leave_out", "called_off"):
        gone, known = ([line.product for line in lines] for lines in (named, held))
        left = [line for line in held if line.product not in gone]  # 水壶不要了 换帐篷
        return [*left, *(line for line in named if line.product not in known)] or held
    is_change = len(held) > 1 and (is_together or not turn.questions)
    if is_change and (changes_the_sum(chat) or is_together):
        changed = await with_change(chat, held)  # 垫子要两个, 我妈的换39
        if changed != held or (changes_the_sum(chat) and holds_all(held, named)):
            return changed
    if len(named) > 1:
        return named
    if named and (people := lines_for_wearers(chat, named[0].product)):
        return people
    if named and turn.has(*_NAMING):
        others = [line for line in held if line.product != named[0].product]
        if not others and before is not None and before != named[0].product:
            others = [_plain(before, 1)]
        here = [line for line in held if line.product == named[0].product]
        if not here and others and named[0].quantity == len(others) + 1:
            named = [replace(named[0], quantity=1)]  # 三件呢 加上水壶: of them all
        if here and hears(turn, "add_line") and turn.has("quantity"):
            named = [replace(named[0], quantity=here[0].quantity + named[0].quantity)]
        return [*others, *named] if is_together else named
    known = [*(line.product for line in held), *([talk.product] if talk.product else [])]
    if not named and turn.has("kind") and not _are_of_kind(turn, known):
        return []  # 保温杯两个一起多少: which of the cups is asked, and not what was summed up before
    if held and detail(turn, "quantity", "role") == "add" and not turn.has(*_NAMING):
        return _with_more(chat, held)  # 再加一双, of the jacket and the socks
    if len(held) == 1 and (number := turn.value("quantity")):
        return [replace(held[0], quantity=min(int(number), _MOST))]
    if held and (is_together or not turn.has("quantity")):
        return held
    if is_together and not said and len(pair := side_by_side(chat)) > 1:
        products = [await chat.shop.product(one) for one in pair]
        return [_plain(product, 1) for product in products if product is not None]
    if talk.product is None:
        return []
    if lines := lines_for_wearers(chat, talk.product):
        return lines
    other_id = chat.slot("product_before")
    is_of_two = hears(turn, "the_two") and detail(turn, "quantity", "role") == "these"
    if is_together and not said and other_id and (is_of_two or not turn.has("quantity")):
        other = await chat.shop.product(other_id)  # 手套 … 打底衣 … 一起多少
        if other is not None and other != talk.product:
            return [_plain(other, 1), _plain(talk.product, 1)]
    line = Line(
        product=talk.product,
        colour=talk.colour if talk.has_colour else None,
        size=talk.size if talk.has_size else None,
        quantity=min(talk.quantity, _MOST),
    )
    return [line]


def _are_of_kind(turn: Turn, products: Sequence[Product]) -> bool:
    return any(is_of_kind(one, str(kind)) for one in products for kind in turn.values("kind"))


def _with_more(chat: Chat, held: Sequence[Line]) -> list[Line]:
    """One more of what the measure word counts, else of what was spoken of last."""
    places = counted_among(chat.turn, [line.product for line in held])
    in_talk = chat.slot("product_in_talk")
    places = places or [p for p, line in enumerate(held) if line.product.product_id == in_talk]
    lines, at = list(held), places[0] if places else 0
    more = int(chat.turn.value("quantity") or 1)
    lines[at] = replace(lines[at], quantity=min(lines[at].quantity + more, _MOST))
    return lines


async def _held(chat: Chat, in_talk: str | None) -> list[Line]:
    """The goods of the open order, or the several ones that were summed up last; `in_talk`: what was
    talked of until this line, which goes on with them where it is one of them."""
    if chat.turn.in_form == "order_form" and (written := (await draft_of(chat)).lines):
        return list(written)
    found = [await line_from(chat, told) for told in chat.slot("goods_in_talk") or ()]
    lines = [line for line in found if line is not None]
    return lines if in_talk in [line.product.product_id for line in lines] else []


async def _named(
    chat: Chat, said: Sequence[SaidLine], known: Sequence[Product], before: Product | None
) -> list[Line]:
    products = await products_said(chat, said, known, before)
    lines = [line_of(product, one) for product, one in zip(products, said, strict=True) if product]
    return completed(lines)


def _plain(product: Product, quantity: int) -> Line:
    return Line(product=product, quantity=quantity)


# -- how it is told


def _tell(chat: Chat, quote: Quote, lines: Sequence[Line]) -> None:
    line, product = quote.lines[0], lines[0].product
    is_told = len(product.prices()) > 1 and not line.is_lowest
    less = less_text(quote.savings)
    is_only_promised = [saving.by for saving in quote.savings] == [SavedBy.BARGAIN]
    values: dict[str, Any] = {
        "name": f"{line.name}{sku_text(line.colour, line.size)}" if is_told else line.name,
        "price": price_text(line.unit_price_fen if is_only_promised else line.price_fen),
        "list_price": price_text(product.list_price_fen),
        "goods": join_text([_line_text(one, len(quote.lines)) for one in quote.lines]),
        "full": price_text(quote.full_fen),
        "less": less,
        "total": total_text(quote),
        "extras": extras_text(quote),
    }
    is_one = len(quote.lines) == 1
    if is_one and chat.turn.intent == "ask_postage" and hears(chat.turn, "how_much_more"):
        sent = quote.postage
        if sent.is_free and sent.can_deliver and quote.free_postage_missing_fen is None:
            chat.ask("order_it", "utter_nothing_missing")  # 还差多少包邮, of what is sent free
            return
    if quote.is_lowest and len(quote.lines) == 1:
        prices = prices_text(product, line.colour, line.size)
        chat.ask("order_it", "utter_price_varies", **{**values, "prices": prices})
        return
    if len(quote.lines) > 1 or line.quantity > 1 or chat.turn.in_form:
        chat.reply("utter_sum_net" if less else "utter_sum", **values)
        _tell_more(chat, quote)
        chat.ask("order_it", "utter_offer_order_for_sum")
        return
    if is_only_promised:
        chat.ask("order_it", "utter_price_promised", **values)
    elif product.list_price_fen > product.price_fen:
        response = "utter_price_in_campaign_net" if less else "utter_price_in_campaign"
        chat.ask("order_it", response, **values)
    else:
        chat.ask("order_it", "utter_price_net" if less else "utter_price", **values)
    if hears(chat.turn, "how_much_more"):
        _tell_more(chat, quote)


def _line_text(line: QuoteLine, lines: int) -> str:
    """Of several goods each with its sum, of one its price apiece; as for everybody today."""
    what = f"{line.name}{sku_text(line.colour, line.size)}"
    gap = " " if what[-1:].isascii() else ""  # 防晒乳SPF50 2件, and not SPF502件
    number = f"{gap}{line.quantity}件" if line.quantity > 1 else ""
    if lines > 1:
        least = "起" if line.is_lowest else ""
        return f"{what}{number}{price_text(line.price_fen * line.quantity)}{least}"
    return f"{what}{number}，每件{price_text(line.price_fen)}" if number else what


def total_text(quote: Quote) -> str:
    """What is paid; without postage while nobody knows where it goes."""
    postage = quote.postage.fee_fen if quote.postage.region else 0
    least = "起" if quote.is_lowest else ""
    return f"{price_text(quote.total_fen - quote.postage.fee_fen + postage)}{least}"


def extras_text(quote: Quote) -> str:
    """，包邮，送防潮地席一张: what comes with it."""
    sent = quote.postage
    if not sent.can_deliver:
        parts = []
    elif sent.is_free:
        parts = ["包邮" if sent.region else "多数地区包邮"]
    elif sent.region:
        parts = [f"含运费{price_text(sent.fee_fen)}"]
    else:
        parts = [f"运费另算，多数地区{price_text(sent.fee_fen)}"]
    parts += [f"送{gift}" for gift in quote.gifts]
    return "".join(f"，{part}" for part in parts)


def _tell_more(chat: Chat, quote: Quote) -> None:
    """What is missing for free postage, and for the next campaign or coupon if that is near."""
    is_asked = hears(chat.turn, "how_much_more")
    missing, step = quote.free_postage_missing_fen, quote.next_step
    if missing is not None and (is_asked or chat.turn.intent == "ask_postage" or missing <= 3000):
        free_from = price_text(quote.postage.free_from_fen or 0)
        chat.reply("utter_more_for_postage", missing=price_text(missing), free_from=free_from)
    elif step is not None and (is_asked or step.missing_fen * NEAR <= quote.full_fen):
        chat.reply(
            "utter_more_for_step",
            missing=price_text(step.missing_fen),
            title=step.title,
            off=price_text(step.off_fen),
        )
    elif is_asked and quote.postage.is_free:
        chat.reply("utter_nothing_missing")
