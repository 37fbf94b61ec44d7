"""Numbers a buyer should not have sent: bank cards (Luhn) and identity cards (their check digit).

They are named so that nothing takes them for an order number, says them back or keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.nlu.found import Found

_LONG = re.compile(r"(?<![\da-z])(?P<n>\d(?:[ -]?\d){14,18}[ -]?[\dx])(?![\da-z])")
_CARD_SAID = re.compile(r"银行卡|卡号|储蓄卡|信用卡|打到?.{0,2}卡|退到?.{0,3}卡|开户行|支行")
_ID_SAID = re.compile(r"身份证|证件号")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# Chinese cards begin so. Numbers of shops' orders may begin with any other digits of the networks.
_ISSUER = "62"
_ORDER_SAID = re.compile(r"订单|单号|编号|运单|快递")


def cards(text: str) -> Iterator[Found]:
    """`bank_card` and `id_card`; the value is the last four characters only, the rest is nobody's.

    A word beside the number is enough (银行卡, 身份证: buyers mistype); without one the check digit
    must hold, and for a bank card the beginning and a length of 16 to 19.
    """
    for match in _LONG.finditer(text):
        digits = re.sub(r"[ -]", "", match["n"])
        before = text[max(0, match.start() - 14) : match.start()]
        if len(digits) == 18 and (is_id_card(digits) or _ID_SAID.search(before)):
            yield Found("id_card", digits[-4:].upper(), *match.span())
        elif digits.isdigit() and (
            _CARD_SAID.search(before) or (is_bank_card(digits) and not _ORDER_SAID.search(before))
        ):
            yield Found("bank_card", digits[-4:], *match.span())


def is_bank_card(digits: str) -> bool:
    """Sixteen to nineteen digits of China's card network with Luhn's check digit."""
    if not 16 <= len(digits) <= 19 or not digits.startswith(_ISSUER):
        return False
    total = 0
    for at, char in enumerate(reversed(digits)):
        value = int(char) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_id_card(number: str) -> bool:
    """Eighteen characters with a possible birthday and the check digit of GB 11643."""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    remainder = sum(weight * int(char) for weight, char in zip(_WEIGHTS, number[:17], strict=True))
    return "10X98765432"[remainder % 11] == number[17].upper()
