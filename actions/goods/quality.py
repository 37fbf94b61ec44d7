"""Whether goods are good and genuine: by their own lines, and reasons that are each told once."""

from __future__ import annotations

from collections.abc import Sequence

from actions.answering.answer import Answer
from actions.bargaining.objections import (
    SEVEN_DAYS,
    answer_same_elsewhere,
    end_of_reasons,
    mark_told,
    reasons_for,
    tell_next,
    was_told,
)
from actions.choosing.facts import tell_facts
from actions.choosing.judging import judge_as_before
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import join_text
from actions.goods.doubts import tells_by_the_word
from actions.goods.otherwise import tells_it_is_looked_into
from actions.goods.received_doubts import tells_it_keeps, tells_of_packing
from actions.goods.unwritten import tell_unknown
from actions.hearing.asked_words import wanted
from actions.hearing.context import Talk, talk_of
from actions.hearing.elsewhere import strange_goods
from actions.hearing.facts_of_each import asked_text, tell_each
from actions.hearing.nearly_said import closer_said, telling_letters
from actions.hearing.sheet import (
    asks_own_columns,
    has_column_for,
    is_general,
    topics_of,
)
from actions.orders.asking import ask_which_product, can_wait
from actions.orders.parcel_doubts import vouches_for_parcel
from actions.returns.return_policy import usual_rule
from bot.asking import doubted
from bot.shop.words.goods import Product, ProductQuery

_TWO, _LOOKED_AT = 2, 200
_OF_TRUST = ("genuine", "distrust", "doubt_quality", "same_elsewhere", "why_dear")


class TellQuality(Answer):
    def name(self) -> str:
        return "action_tell_quality"

    async def answer(self, chat: Chat) -> None:
        if await tells_it_is_looked_into(chat) or await vouches_for_parcel(chat):
            return
        if tells_of_packing(chat) or await tells_it_keeps(chat):
            return
        if not await judge_as_before(chat):
            await tell_quality(chat)


@can_wait("quality")
async def tell_quality(chat: Chat) -> None:
    talk = await talk_of(chat)
    strange = strange_goods(chat)
    if strange:
        await ask_which_product(chat, "quality")
        return
    if answer_same_elsewhere(chat, talk.product):
        return
    text = await asked_text(chat)
    topics = topics_of(text)
    topics.sort(key=lambda topic: topic != "quality")  # 质量有啥不一样
    if talk.product is None and topics and not strange and await tell_each(chat):
        return
    fact = _quality_asked(topics, talk.product)
    if await _tells_what_else_is_asked(chat, talk, text, topics):
        return
    if set(topics) <= {"quality"} and tells_by_the_word(chat, talk.product, text, fact or ""):
        return  # 会不会开胶
    mark = (
        "quality"
        if talk.product is None
        else f"{talk.product.product_id}:{_topic(topics, talk.product)}"
    )
    if fact is None and hears(chat.turn, "why_dear") and tell_next(chat, reasons_for(talk.product)):
        return  # 凭啥贵: a reason, and no word of genuine goods
    if not was_told(chat, mark):
        mark_told(chat, mark)
        _tell_quality_first(chat, talk.product, fact)
    elif not tell_next(chat, reasons_for(talk.product, topics, may_return=await _may_return(chat))):
        end_of_reasons(chat)


def _asks_else(text: str, talk: Talk, fact: str) -> bool:
    """会扎吗, 会不会硬: a word of which the line that is told anyway says nothing."""
    product = talk.product
    names = (product.name, product.kind, *product.nicknames) if product is not None else ()
    return bool(doubted(text)) or any(one.word not in fact for one in wanted(text, names))


async def _tells_what_else_is_asked(
    chat: Chat, talk: Talk, text: str, topics: Sequence[str]
) -> bool:
    """好吃吗, 会发烫吗, 会缩水吗 ask for no certificate."""
    fact = _quality_asked(topics, talk.product)
    asks_else = (fact is None or _asks_else(text, talk, fact)) and "quality" not in topics
    if asks_else and tell_facts(chat, talk, text):
        return True
    is_of_trust = hears(chat.turn, *_OF_TRUST) and not _asks_something_else(chat)
    if asks_else and not is_of_trust and await _tell_not_written(chat, talk):
        return True
    if fact and talk.product and (closer := closer_said(text, talk.product, [fact])):
        chat.reply("utter_fact", name=talk.product.name, fact=closer)
        return True
    return False


def _asks_something_else(chat: Chat) -> bool:
    """会漏尿吗, of nappies: a doubt whose words say more than that it may not last."""
    turn = chat.turn
    doubts = [one for one in turn.entities if one.get("value") == "doubt_quality" and "end" in one]
    said = "".join(turn.text[one.get("start", 0) : one.get("end", 0)] for one in doubts)
    others = [one for one in _OF_TRUST if one != "doubt_quality"]
    return (
        bool(doubts)
        and not hears(turn, *others)
        and any(letter not in said for one in wanted(turn.text) for letter in one.word)
    )


async def _tell_not_written(chat: Chat, talk: Talk) -> bool:
    """会发热吗, 有许可证吗: what nobody wrote is no matter of genuine goods; False for 好不好."""
    text = chat.turn.text
    if talk.product is not None:
        says_what = wanted(text) or asks_own_columns(text) or telling_letters(text)
        if is_general(text) or not (says_what or topics_of(text)):
            return False
        tell_unknown(chat, talk.product)
        return True
    if not asks_own_columns(text):
        if wanted(text):
            await ask_which_product(chat, "quality")
        return bool(wanted(text))
    found = await chat.shop.recommend(ProductQuery(in_stock_only=False, limit=_LOOKED_AT))
    if any(has_column_for(text, one.product) for one in found):
        await ask_which_product(chat, "quality")
        return True
    chat.reply("utter_which_none", words=join_text([one.word for one in wanted(text)]) or "这一点")
    chat.note_unwritten("")
    return True


def _tell_quality_first(chat: Chat, product: Product | None, fact: str | None) -> None:
    if fact is None:
        chat.reply("utter_quality")
        return
    chat.reply("utter_quality_of", fact=fact)
    if product is not None and product.drawbacks:
        mark = f"{product.product_id}:drawback"
        if not was_told(chat, mark):
            mark_told(chat, mark)
            chat.reply("utter_honestly", drawback=product.drawbacks[0])


async def _may_return(chat: Chat) -> bool:
    """Whether most of the shop's goods go back without a reason."""
    return await usual_rule(chat) == SEVEN_DAYS


def _topic(topics: Sequence[str], product: Product) -> str:
    """会掉色吗 is answered by the care line, 质量好吗 by the line on quality."""
    return next((topic for topic in topics if product.fact(topic)), "quality")


def _quality_asked(topics: Sequence[str], product: Product | None) -> str | None:
    return None if product is None else product.fact(_topic(topics, product))
