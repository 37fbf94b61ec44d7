"""Half understood, and told by one set phrase behind what was said before."""

from __future__ import annotations

from actions.answering.handoff import offer_person
from actions.answering.plain import answer_plainly
from actions.answering.talking import looks_at_goods
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.hearing.context import keep_goods_named, talk_of
from actions.hearing.sheet import line_that_speaks
from bot.dialogue.reading import meaning_length
from bot.handing_over import HandOverReason

_VILLAGE = "utter_faq/ask_delivery_area.village"
_OF_PLACES = frozenset((_VILLAGE, "utter_delivers_there", "utter_delivers_there_plain"))
_SAYS_WHAT = ("remedy", "return_reason")  # the matter itself stands in the line
_WHICH_TWO = "utter_which_two"
_COMPLAINTS = frozenset(
    ("utter_not_as_before", "utter_campaign_otherwise", "utter_claim_by_person")
)
_INVOICED = frozenset(("utter_invoice_requested", "utter_invoice_changed"))
_LEAVING = ("stop", "on_ones_own", "keeps_it", "will_wait", "nothing_more", "unwanted")
_MERE = 5  # characters: 不用了谢谢
_WORD = 6  # characters: 橘子味的
_POINTS = " ,，.。!！~"
_HOW = "faq/return_policy.exchange"


async def goes_on_from_before(chat: Chat) -> bool:
    turn = chat.turn
    if hears(turn, "same_matter") and turn.has("order_number") and not turn.has(*_SAYS_WHAT):
        chat.reply("utter_earlier_matter")  # 还是上个问题, 订单号…: of a talk that we do not see
        offer_person(chat, HandOverReason.NO_DATA)
    elif hears(turn, "way_there") and _OF_PLACES & set(turn.told_before):
        chat.reply("utter_way_there")
    elif hears(turn, "how_exchanged") and "exchange_request" in turn.ranking[:3]:
        await answer_plainly(chat, _HOW)
        await keep_goods_named(chat)
    elif hears(turn, "tale_begins") and not turn.asks and not turn.in_form:
        chat.reply("utter_heard_out")  # 情况是这样的, and nothing yet
    elif hears(turn, "how_soon") and _INVOICED & set(turn.told_before):
        await answer_plainly(chat, "faq/ask_invoice.when")  # 要多久, behind what was registered
    elif _names_none_of_ours(chat):
        chat.ask("which_product", "utter_no_goods_by_that_word", said=turn.text.strip(_POINTS))
    elif _asks_of_the_two(turn):
        chat.ask("which_product", "utter_depends_on_which_two")  # 那是不是第二款好
    elif _tells_more(chat):
        chat.ask("hand_over", "utter_noted_for_person")
    else:
        return False
    return True


async def tells_of_the_word(chat: Chat) -> bool:
    """收脚的啊, of the trousers that are looked at: the line of their sheet that speaks of it."""
    turn = chat.turn
    if turn.in_form or meaning_length(turn.text) > _WORD or not looks_at_goods(chat):
        return False
    product = (await talk_of(chat)).product
    line = line_that_speaks(turn.text, product) if product is not None else ""
    if product is not None and line:
        chat.reply("utter_fact", name=product.name, fact=line)
    return bool(line)


def _names_none_of_ours(chat: Chat) -> bool:
    """橘子味的, to 说下名字好吗: a word of goods, and nothing of it stands in our data."""
    turn = chat.turn
    is_asked = chat.slot("open_question") == "which_product" and turn.intent == "inform"
    is_word = not turn.entities and not turn.asks and meaning_length(turn.text) <= _WORD
    return is_asked and is_word and not (turn.in_form or chat.slot("product_in_talk"))


def _asks_of_the_two(turn: Turn) -> bool:
    """Which is better, before it is known which two are meant."""
    asks = turn.questions or turn.has("ordinal")
    return _WHICH_TWO in turn.told_before and asks and not turn.has("product", "kind")


def _tells_more(chat: Chat) -> bool:
    """不是 那种的也这样, to what is to be looked into: more of it, and no no to a person."""
    turn = chat.turn
    is_offered = chat.slot("open_question") == "hand_over" and _COMPLAINTS & set(turn.told_before)
    is_long = meaning_length(turn.text) > _MERE and not turn.questions
    return bool(is_offered) and is_long and not hears(turn, *_LEAVING)
