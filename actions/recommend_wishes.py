"""What goods a buyer wishes for, gathered over a talk, and the questions to the shop it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.chat import Chat
from bot.shop.goods import Product, ProductQuery

NARROWING = ("use", "kind", "category", "person", "budget_fen", "is_gift")
_GENDER_OF = {
    "孩子": "童", "老公": "男", "爸爸": "男", "男朋友": "男", "儿子": "男", "爷爷": "男", "公公": "男",
    "老婆": "女", "妈妈": "女", "女朋友": "女", "女儿": "女", "奶奶": "女", "婆婆": "女",
}  # fmt: skip
_CHILD = "孩子"
_ELDERLY = ("爸爸", "妈妈", "爷爷", "奶奶", "老人", "公公", "婆婆", "岳父", "岳母")
_GIFT = "送礼"


def gender_of(person: str, gender: str = "") -> str:
    """男, 女, 童 or empty: whose goods a person wears; a child's word for it (男) does not count."""
    return "童" if person == _CHILD else gender or _GENDER_OF.get(person, "")


async def wish_of(chat: Chat) -> dict[str, Any]:
    """What was wished so far and now; a new kind of goods begins a new wish."""
    turn = chat.turn
    before: dict[str, Any] = dict(chat.slot("recommend_wish") or {})
    said = {
        name: turn.value(name)
        for name in ("use", "kind", "category", "person", "gender", "colour")
        if turn.has(name)
    }
    if turn.has("money"):
        said["budget_fen"] = max(int(one) for one in turn.values("money"))  # 四五百
    if said.get("use") == _GIFT:
        del said["use"]
        said["is_gift"] = True
    if (product := await _named(chat)) and "kind" not in said:
        said["kind"], said["category"] = product.kind, product.category
    if said.get("kind", before.get("kind")) != before.get("kind"):
        before = {name: before[name] for name in ("person", "gender") if name in before}
    wish = {**before, **said}
    person = said.get("person")
    await chat.remember(use=said.get("use"), buys_for=person, budget_fen=said.get("budget_fen"))
    if not any(wish.get(name) for name in NARROWING) and (buyer := await chat.buyer()):
        wish["use"] = buyer.attribute("use") or ""
    return wish


async def _named(chat: Chat) -> Product | None:
    """推荐个背包: a nickname that names one of ours asks for its kind."""
    product_id = chat.turn.value("product")
    return await chat.shop.product(product_id) if product_id else None


def queries_of(wish: dict[str, Any]) -> list[ProductQuery]:
    """From the exact wish to looser ones; kind, budget and what was turned down always hold."""
    person = wish.get("person") or ""
    exact = ProductQuery(
        category="" if wish.get("kind") else wish.get("category") or "",
        kind=wish.get("kind") or "",
        use=wish.get("use") or "",
        gender=gender_of(person, wish.get("gender") or ""),
        colour=wish.get("colour") or "",
        size=wish.get("size") or "",
        budget_fen=wish.get("budget_fen"),
        without=tuple(wish.get("without", ())),
    )
    suited = ["老人"] if person in _ELDERLY else []
    suited += [_GIFT] if wish.get("is_gift") else []
    queries = [replace(exact, suits=one) for one in suited] + [exact]
    if exact.use and exact.kind and wish.get("category"):
        # 背包 may name one kind of bags, and the use ask for another.
        queries.append(replace(exact, kind="", category=wish["category"]))
    if exact.use and (exact.kind or exact.category or suited):
        queries += [replace(query, use="") for query in queries]
    if exact.colour or exact.size:
        queries += [replace(query, colour="", size="") for query in queries]
    if person == _CHILD:  # 儿子 may be grown up
        queries += [replace(query, gender="") for query in queries]
    return queries
