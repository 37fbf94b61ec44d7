"""Hides what a shop must not keep: numbers of bank cards and identity cards, one-time codes.

Hidden before a line is stored, so that no agent, note, summary, backup or model ever holds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

# Stand in a line for what was hidden.
CARD, IDENTITY, CODE = "[银行卡号]", "[身份证号]", "[验证码]"
MASKS = (CARD, IDENTITY, CODE)

_GAP = r"[ -]?"
_LONG = re.compile(rf"(?<![\dA-Za-z])\d(?:{_GAP}\d){{13,18}}[\dXx]?(?![\dA-Za-z])")
_CODE = re.compile(
    r"((?:验证码|校验码|动态码|动态密码|支付密码|取款密码|密码)[^\d\n]{0,6})(\d{4,8})(?!\d)"
    r"|(?<!\d)(\d{4,8})(?=[^\d\n]{0,3}(?:是|为)?(?:我的|收到的)?(?:验证码|校验码|动态码|支付密码))"
)
_CARD_WORD = re.compile(
    r"(?:银行|卡号|储蓄卡|信用卡|借记卡|工行|建行|农行|中行|招行|交行|邮储|账号|帐号|账户|卡)[^\d\n]{0,12}$"
)
_IDENTITY_WORD = re.compile(r"(?:身份证|身份号|证件号|证件)[^\d\n]{0,8}$")
_OTHER_WORD = re.compile(
    r"(?:订单|单号|编号|快递|运单|物流|税号|识别号|信用代码|顺丰|圆通|中通|申通|韵达|极兔|邮政)[^\d\n]{0,8}$"
)
# Weights and check characters of an identity number (GB 11643-1999).
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def hidden(text: str) -> str:
    """The text with a word in place of each private number.

    A number beside 订单, 单号 or a courier's name is left alone; one beside 银行卡 or 身份证 is
    hidden whatever its digits; one without a word where its own check digits prove what it is.
    """
    text = _LONG.sub(_long_number(text), text)
    return _CODE.sub(lambda found: f"{found.group(1) or ''}{CODE}", text)


def has_hidden(text: str) -> bool:
    return any(mask in text for mask in MASKS)


def without_masks(text: str) -> str:
    """What the bot reads: the buyer's own words."""
    for mask in MASKS:
        text = text.replace(mask, " ")
    return text.strip()


def _long_number(text: str) -> Callable[[re.Match[str]], str]:
    def replacement(found: re.Match[str]) -> str:
        before, number = text[: found.start()], re.sub(r"[ -]", "", found.group()).upper()
        if _IDENTITY_WORD.search(before) and len(number) in (15, 18):
            return IDENTITY
        if _OTHER_WORD.search(before):
            return found.group()
        if _is_identity(number):
            return IDENTITY
        is_card = number.isdigit() and 15 <= len(number) <= 19
        if is_card and (_CARD_WORD.search(before) or _is_union_pay(number)):
            return CARD
        return found.group()

    return replacement


def _is_identity(number: str) -> bool:
    """Eighteen characters with a birthday in them and the right check character."""
    if len(number) != 18 or not number[:17].isdigit() or number[0] not in "1234568":
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return 1900 <= born.year <= 2100 and _CHECKS[total % 11] == number[17]


def _is_union_pay(number: str) -> bool:
    """Sixteen to nineteen digits that begin with 62 and pass Luhn's check."""
    if not number.startswith("62") or len(number) < 16:
        return False
    doubled = [int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
