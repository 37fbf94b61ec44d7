"""For whom the goods are: whose goods a person wears, in this line or as it was told before."""

from __future__ import annotations

from collections.abc import Sequence

from actions.frame.chat import Chat
from bot.shop.words.goods import Product

CHILD, CHILDRENS = "孩子", "童"
_GENDER_OF = {
    "孩子": "童", "老公": "男", "爸爸": "男", "男朋友": "男", "儿子": "男", "爷爷": "男", "公公": "男",
    "老婆": "女", "妈妈": "女", "女朋友": "女", "女儿": "女", "奶奶": "女", "婆婆": "女",
}  # fmt: skip


def gender_of(person: str, gender: str = "") -> str:
    """男, 女, 童 or empty: whose goods a person wears; a child's word for it (男) does not count."""
    return CHILDRENS if person == CHILD else gender or _GENDER_OF.get(person, "")


def gender_meant(chat: Chat) -> str:
    """For whom this line is: as it says itself, else as the buyer told; "" where nobody knows."""
    turn = chat.turn
    if turn.has("person", "gender"):
        return gender_of(str(turn.value("person") or ""), str(turn.value("gender") or ""))
    told = chat.slot("profile") or {}
    return gender_of(str(told.get("person") or ""), str(told.get("gender") or ""))


def is_for(product: Product, gender: str) -> bool:
    """Whether they can wear it; what is made for everybody is made for no child."""
    is_for_all = product.gender == "" and gender != CHILDRENS
    return not gender or is_for_all or product.gender == gender


def those_for(products: Sequence[Product], gender: str) -> list[Product]:
    """The ones of these goods that they can wear; all of them where none is."""
    return [one for one in products if is_for(one, gender)] or list(products)
