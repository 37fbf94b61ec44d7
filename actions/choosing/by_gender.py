"""女的要小一码吧: a chart goes by the body, and by nobody's sex."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.context import talk_of


async def tell_by_gender(chat: Chat) -> bool:
    """Whether men and women differ by a size here; False where that is not asked or no goods with a
    chart are talked of."""
    if not hears(chat.turn, "by_gender"):
        return False
    product = (await talk_of(chat)).product
    if product is None or product.size_chart is None:
        return False
    chart = product.size_chart
    by = "脚长" if any(row.foot_mm for row in chart.rows) else "身高体重"
    if product.gender:
        chat.reply("utter_size_of_one_gender", name=product.name, gender=product.gender, by=by)
    else:
        chat.reply("utter_size_for_both", name=product.name, by=by)
    return True
