"""出差用 要能放电脑, of goods that are talked of: whether they suit, else what does."""

from __future__ import annotations

from actions.choosing.needs import goods_of, has_all, needs_told
from actions.choosing.recommending import recommend
from actions.frame.chat import Chat
from actions.frame.phrasing import join_text
from actions.goods.there_is import asked_what_for
from actions.hearing.context import talk_of

_OTHER_GOODS = ("product", "kind", "category", "goods", "person", "gender", "money", "occasion")
_DATA = ("size", "colour", "quantity", "phone", "address", "order_number", "amount")
_MOST_USES = 3


async def tells_what_it_is_needed_for(chat: Chat) -> bool:
    """False where nothing is told that goods of this sort could be chosen by, or no goods are known
    yet that it could be told of."""
    turn = chat.turn
    if turn.in_form or turn.questions or turn.has(*_OTHER_GOODS, *_DATA):
        return False
    if not chat.slot("product_in_talk"):
        return False
    product = (await talk_of(chat)).product
    if product is None:
        return False
    needs = needs_told(chat, await goods_of(chat, product.category))
    use = str(turn.value("use") or "")
    if not needs and not (use and asked_what_for(turn)):
        return False
    clause = has_all(product, needs)
    if (needs and not clause) or (use and use not in product.uses):
        await recommend(chat)
        return True
    if use:
        uses = join_text(product.uses[:_MOST_USES])
        chat.ask(
            "like_it", "utter_good_for", name=product.name, use=_own_word(chat, use), uses=uses
        )
    if clause:
        chat.ask("like_it", "utter_fact", name=product.name, fact=clause)
    return True


def _own_word(chat: Chat, use: str) -> str:
    """出差 of who said that, where the shop calls it 旅游."""
    for one in chat.turn.entities:
        if one.get("entity") == "use" and one.get("extractor") != "payload" and one.get("end"):
            return chat.turn.text[int(one["start"]) : int(one["end"])] or use
    return use
