"""有没有再大一点的, 薄一点的有吗: other goods of the kind that are more so than those in talk."""

from __future__ import annotations

from actions.choosing.neighbours import others_of_kind
from actions.frame.cards import product_card
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.context import show_products, talk_of
from actions.hearing.goods_facts import those_more_so, wanted_by, wanted_says

_NAMING = ("product", "kind", "category", "size", "goods")


async def shows_one_more_so(chat: Chat) -> bool:
    """Where there is none, that is said, and nothing else is shown in its place; False where it is
    not asked, or of no goods in talk."""
    cue = next((one for one in wanted_by() if hears(chat.turn, one)), "")
    if not cue or chat.turn.in_form or chat.turn.has(*_NAMING):
        return False
    product = (await talk_of(chat)).product
    if product is None or (chat.turn.has("size_step") and product.size_chart is not None):
        return False  # 有大一点的吗, of shoes, asks for a size
    found = those_more_so(cue, product, await others_of_kind(chat, product))
    if not found:
        says = wanted_says(cue)
        chat.ask("like_it", "utter_none_more_so", name=product.name, kind=product.kind, says=says)
        return True
    reason = next(iter(found[0].selling_points), found[0].kind)
    chat.show(product_card(found[0], reason))
    show_products(chat, [found[0].product_id])
    chat.ask("like_it", "utter_recommend_one", name=found[0].name, reason=reason)
    return True
