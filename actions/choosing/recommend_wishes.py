"""What goods a buyer wishes for, gathered over a talk, and the questions to the shop it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.choosing.needs import goods_of, needs_told, sort_in_talk
from actions.frame.chat import Chat
from actions.hearing.for_whom import CHILD, CHILDRENS, gender_of
from actions.hearing.profile import profile_of
from actions.hearing.sheet import in_the_shops_words
from bot.shop.words.goods import Product, ProductQuery

NARROWING = (
    "use", "kind", "category", "person", "budget_fen", "is_gift", "suits", "likes", "for_feet", "needs",
)  # fmt: skip
_PASSING = ("use", "person", "gender", "budget_fen", "is_gift", "likes")
_CHILD_UP_TO = 13  # years
_LISTS = {"suits": "suits", "use": "uses"}
_LOOKED_AT = 200
_ELDERLY = ("爸爸", "妈妈", "爷爷", "奶奶", "老人", "公公", "婆婆", "岳父", "岳母")
_GIFT = "送礼"


async def wish_of(chat: Chat) -> dict[str, Any]:
    """What was wished so far and now; a new kind of goods begins a new wish."""
    turn = chat.turn
    before = _before(chat)
    if sort := await sort_in_talk(chat, before):
        # 有背包么, and then 出差用: what it is for is told of the bags.
        of_others = ("kind", "use", "suits", "needs", "for_feet")
        before = {name: told for name, told in before.items() if name not in of_others}
        before["category"] = sort
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
    said.update(await _own_words(chat, said))
    if await _begins_anew(chat, said, before):
        kept: dict[str, Any] = {n: before[n] for n in ("person", "gender") if n in before}
        before = {**kept, **await _sort_kept(chat, said, before)}
    if not said.keys() & {"kind", "category"} and not before.get("kind") and _is_of_shoes(chat):
        said["for_feet"] = True  # 给我老公买一双 他43的脚
    ages = [value for of, value in profile_of(chat).figures if of == "age"]
    if ages and ages[-1] <= _CHILD_UP_TO:
        said["gender"] = CHILDRENS
    wish = {**before, **said}
    sort_of = {"kind": str(wish.get("kind") or ""), "category": str(wish.get("category") or "")}
    if any(sort_of.values()) and (needs := needs_told(chat, await goods_of(chat, **sort_of))):
        wish["needs"] = list(dict.fromkeys([*wish.get("needs", ()), *needs]))
    is_for_child = gender_of(wish.get("person") or "", wish.get("gender") or "") == CHILDRENS
    if is_for_child and wish.get("kind") and not wish.get("category"):
        wish["category"] = await category_of(chat, str(wish["kind"]))
    person = said.get("person")
    await chat.remember(use=said.get("use"), buys_for=person, budget_fen=said.get("budget_fen"))
    if not any(wish.get(name) for name in NARROWING) and (buyer := await chat.buyer()):
        wish["use"] = buyer.attribute("use") or ""
    return wish


async def _begins_anew(chat: Chat, said: dict[str, Any], before: dict[str, Any]) -> bool:
    """Other goods are wished for: another kind or category, or a use that none of the kind has."""
    if "kind" in said:
        return bool(said["kind"] != before.get("kind"))
    if "category" in said:
        kind = str(before.get("kind") or "")
        held = before.get("category") or (await category_of(chat, kind) if kind else "")
        return bool(held and said["category"] != held)
    told = {name: str(said[name]) for name in ("use", "suits") if said.get(name)}
    if not before.get("kind") or not told:
        return False
    query = ProductQuery(kind=str(before["kind"]), in_stock_only=False, limit=_LOOKED_AT)
    goods = [one.product for one in await chat.shop.recommend(query, chat.turn.buyer_id)]
    lists = {"use": "uses", "suits": "suits"}
    own = "use" not in told or await _is_own_use(chat, told["use"])
    return own and not any(
        word in getattr(one, lists[name]) for one in goods for name, word in told.items()
    )


async def _sort_kept(chat: Chat, said: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """给我爸买件冲锋衣, 他爱钓鱼: what it is for changes no jacket into a rod. The category that was
    named stays, where it has such goods; else the kind, where somebody is only described."""
    if said.keys() & {"kind", "category"}:
        return {}
    kind = str(before.get("kind") or "")
    category = str(before.get("category") or await category_of(chat, kind))
    query = ProductQuery(
        category=category,
        use=str(said.get("use") or ""),
        suits=str(said.get("suits") or ""),
        in_stock_only=False,
        limit=1,
    )
    if category and await chat.shop.recommend(query, chat.turn.buyer_id):
        return {"category": category}
    is_of_somebody = before.get("person") and not said.get("suits") and not chat.turn.asks
    return {"kind": kind, "category": category} if is_of_somebody else {}


async def _is_own_use(chat: Chat, use: str) -> bool:
    query = ProductQuery(use=use, in_stock_only=False, limit=1)
    return bool(await chat.shop.recommend(query, chat.turn.buyer_id))


async def category_of(chat: Chat, kind: str) -> str:
    query = ProductQuery(kind=kind, in_stock_only=False, limit=1)
    found = await chat.shop.recommend(query, chat.turn.buyer_id)
    return found[0].product.category if found else ""


async def _own_words(chat: Chat, said: dict[str, Any]) -> dict[str, str]:
    """For whom and for what by the shop's own lists: 办公室吃的, 油皮用的, 上班吃的 of 上班族."""
    text = in_the_shops_words(chat.turn.text)
    query = ProductQuery(in_stock_only=False, limit=_LOOKED_AT)
    products = [one.product for one in await chat.shop.recommend(query, chat.turn.buyer_id)]
    told: dict[str, str] = {}
    for name in ("suits", "use"):
        words = {one for product in products for one in getattr(product, _LISTS[name])}
        meant = [one for one in words if one != _GIFT and _is_said(one, text)]
        if meant and not said.get(name):
            told[name] = max(meant, key=lambda one: (one in text, len(one), one))
    if "suits" in told:
        told.pop("use", None)
    return told


def _is_said(word: str, text: str) -> bool:
    """上班族 also by what it is made of: 上班."""
    return len(word) > 1 and (word in text or (len(word) > 2 and word[:2] in text))


def _is_of_shoes(chat: Chat) -> bool:
    """A size that only shoes have, where no goods are named."""
    sizes = [str(one) for one in chat.turn.values("size")]
    return bool(sizes) and all(size.replace(".", "", 1).isdigit() for size in sizes)


def _before(chat: Chat) -> dict[str, Any]:
    """What was wished so far; for whom it is goes by who was named last, whatever that line was."""
    wish: dict[str, Any] = dict(chat.slot("recommend_wish") or {})
    passing = _told_in_passing(chat)
    if passing.get("person", wish.get("person")) != wish.get("person"):
        wish.pop("gender", None)
    last: dict[str, Any] = {n: passing[n] for n in ("person", "gender") if n in passing}
    return {**passing, **wish, **last}


def _told_in_passing(chat: Chat) -> dict[str, Any]:
    """What was told of the buyer in other lines than those that wished for goods."""
    known = profile_of(chat).as_slot()
    return {name: known[name] for name in _PASSING if name in known}


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
    suited = [wish["suits"]] if wish.get("suits") else []
    of_children = []
    if exact.gender == CHILDRENS and exact.kind and wish.get("category"):
        # 小孩穿的徒步鞋: what is made for children goes before the kind that grown-ups wear.
        of_children = [replace(exact, kind="", category=wish["category"])]
    suited += ["老人"] if person in _ELDERLY and "老人" not in suited else []
    suited += [_GIFT] if wish.get("is_gift") else []
    queries = [replace(exact, suits=one) for one in suited] + [exact, *of_children]
    if exact.use and exact.kind and wish.get("category"):
        # 背包 may name one kind of bags, and the use ask for another.
        queries.append(replace(exact, kind="", category=wish["category"]))
    if exact.use and (exact.kind or exact.category or suited):
        queries += [replace(query, use="") for query in queries]
    if exact.colour or exact.size:
        queries += [replace(query, colour="", size="") for query in queries]
    if person == CHILD:  # 儿子 may be grown up
        queries += [replace(query, gender="") for query in queries]
    return queries
