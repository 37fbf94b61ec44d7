"""你不会骗我吧, of a parcel that is waited for: where it stands, and no word of genuine goods."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.orders.orders import own_orders
from actions.orders.parcel_news import due_text, last_text
from bot.dialogue.files import read_matters
from bot.dialogue.matter import Matter
from bot.shop.words.dealing import ParcelState


async def vouches_for_parcel(chat: Chat) -> bool:
    """False where no parcel under way is the matter, or nothing is doubted."""
    matter = Matter.of_slot(chat.slot("matter"))
    is_of_parcel = matter is not None and matter.intent in read_matters().parcel
    if not is_of_parcel or not hears(chat.turn, "distrust", "lied_to"):
        return False
    number = chat.slot("order_in_talk")
    order = next((one for one in await own_orders(chat) if one.number == number), None)
    parcel = order.parcel if order is not None else None
    if parcel is None or parcel.state is ParcelState.SIGNED:
        return False
    chat.reply("utter_parcel_no_lie", last=last_text(parcel), due=due_text(parcel))
    return True
