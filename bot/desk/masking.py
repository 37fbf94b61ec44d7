"""What of a conversation an agent sees at once: phones and addresses only in part.

The whole is one press away (reveals.py), and who pressed is kept. Masked here, on the server: what a
page hides is on its way to everybody who opens the network tab.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.conversations.house_rules import danger_of
from bot.conversations.messages import Author, Message
from bot.nlu.addresses import Places
from bot.nlu.codes import phones
from bot.nlu.contacts import contacts
from bot.nlu.normalise import sign_by_sign
from bot.nlu.phrases import PATTERNS, read_patterns
from bot.read_once import read_once
from bot.shop.words.masking import HIDDEN
from bot.shop.words.regions import find_region

PHONE, ADDRESS = "电话", "地址"  # labels of a summary's facts (bot/engine/facts.py)
# Quotes and full stops part what stands between them: 寄到「…」对吗. One character stays one.
_BORDERS = str.maketrans('「」『』“”"。！？!?、；…', "," * 15)
# No address is without one of these; 地址 may stand before what has none.
_ADDRESS_SIGNS = frozenset(
    "省市区县旗盟州镇乡村街路道巷弄里园场厦寓馆苑城庄院校司店站厂营湾屯组队栋幢座楼层室房户号址"
)
# Of what was understood an agent sees the name; the entities hold the numbers themselves.
_UNDERSTOOD = ("intent", "confidence", "decided_by", "outcome")


def masked_phone(phone: str) -> str:
    """138****8000; the last four digits are what couriers and buyers name."""
    digits = "".join(filter(str.isdigit, phone))
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 7 else HIDDEN


def masked_address(address: str) -> str:
    """杭州***"""
    region = find_region(address)
    return (region.name if region else "") + HIDDEN


def masked_text(text: str, known: Collection[str] = ()) -> str:
    """The text with phones and addresses masked; `known` are addresses to be masked as they stand."""
    for address in known:
        text = text.replace(address, masked_address(address))
    plain = sign_by_sign(text).translate(_BORDERS)
    numbers = list(phones(plain))
    if not numbers and _ADDRESS_SIGNS.isdisjoint(plain):
        return text  # nearly every line
    places = [one for one in contacts(plain, numbers, _places()) if one.entity == "address"]
    spans = [(one.start, one.end, masked_phone(one.value)) for one in numbers]
    spans += [(one.start, one.end, masked_address(text[one.start : one.end])) for one in places]
    for start, end, mask in sorted(spans, reverse=True):
        text = text[:start] + mask + text[end:]
    return text


def masked_message(message: Message, known: Collection[str] = ()) -> dict[str, Any]:
    """The desk's JSON of a line, with `is_masked` where something of it was left out."""
    whole = whole_message(message)
    shown = {**whole, "text": masked_text(message.text, known)}
    if message.card is not None:
        shown["card"] = _masked_card(message.card)
    shown["buttons"] = [{"title": masked_text(one.title, known)} for one in message.buttons]
    return {**shown, "is_masked": shown != whole}


def whole_message(message: Message) -> dict[str, Any]:
    understood = [
        {name: one[name] for name in _UNDERSTOOD if name in one} for one in message.understood
    ]
    shown = {**message.for_buyer(), "understood": understood}
    if message.author is Author.BUYER and message.text and (danger := danger_of(message.text)):
        shown["danger"] = danger
    return shown


def masked_summary(
    summary: Mapping[str, Any] | None, known: Collection[str] = ()
) -> dict[str, Any] | None:
    """The summary of a hand-over as it is listed; `is_masked` as above."""
    if summary is None:
        return None
    shown = dict(summary)
    shown["note"] = masked_text(str(summary.get("note", "")), known)
    shown["said"] = [masked_text(str(line), known) for line in summary.get("said", ())]
    shown["facts"] = {
        name: _masked_fact(name, str(value), known)
        for name, value in summary.get("facts", {}).items()
    }
    return {**shown, "is_masked": shown != dict(summary)}


def known_addresses(summary: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Addresses that were told in the conversation, to be found in whatever sentence repeats them."""
    told = str((summary or {}).get("facts", {}).get(ADDRESS, "")).strip()
    return (told,) if len(told) > 3 else ()


def _masked_fact(name: str, value: str, known: Collection[str]) -> str:
    if name == PHONE:
        return masked_phone(value)
    return masked_address(value) if name == ADDRESS else masked_text(value, known)


def _masked_card(card: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(card)
    if receiver := shown.get("receiver_text"):
        # "周国庆 138****1004 湖北省武汉市…": what stands behind the number is the address.
        ahead, stars, behind = str(receiver).partition("****")
        address = behind[4:].strip()
        shown["receiver_text"] = (
            f"{ahead}{stars}{behind[:4]} {masked_address(address)}".strip()
            if address
            else masked_text(str(receiver))
        )
    if note := shown.get("note"):
        shown["note"] = masked_text(str(note))
    return shown


@read_once
def _places() -> Places:
    return Places(one.text for one in read_patterns(PATTERNS) if one.entity == "region")


WORD_LISTS = (_places,)
