"""What was asked for, typed plainly: a name, a place, a title, a number without any word beside it.

An entity is found in any line; these hold only as the answer to the question that asks for them.
"""

from __future__ import annotations

import re

_PLACE = re.compile(r"[省市区县镇乡村路街巷弄号栋楼室]")
_SHORTEST_PLACE = 6
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
# 电话也换 139…, 手机改成 139…: what stands before the phone is no name.
_NO_NAME = re.compile(r"电话|手机|号码|改|换|打|用|留|联系|收件|收货|错|不对")
# Where a phone follows, what stands first is the name, also where no surname is known.
_NAME_FIRST = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,4})[\s,\uff0c]{1,3}1\d{10}")
_COMPANY = re.compile(
    r"[\u4e00-\u9fff()\uff08\uff09A-Za-z0-9\u00b7]{4,40}(公司|厂|店|院|部|所|中心|学校|集团|社|商行|大学|银行|分行|支行)"
)
_TAX_NUMBER = re.compile(r"\b[0-9A-Za-z]{15,20}\b")
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")


def place(text: str) -> str | None:
    """The whole line, where it is long enough and has a sign of a place in it."""
    told = text.strip()
    return told if len(told) >= _SHORTEST_PLACE and _PLACE.search(told) else None


def name(text: str) -> str | None:
    told = text.strip()
    return told if _NAME.fullmatch(told) else None


def name_before_phone(text: str) -> str | None:
    match = _NAME_FIRST.match(text)
    return match["name"] if match and not _NO_NAME.search(match["name"]) else None


def company(text: str) -> str | None:
    match = _COMPANY.search(text)
    return match[0] if match else None


def tax_number(text: str) -> str | None:
    """15 to 20 letters and digits, as typed."""
    match = _TAX_NUMBER.search(text)
    return match[0] if match else None


def four_digits(text: str) -> str | None:
    """The last four digits of a phone: the last number of exactly four."""
    found = _FOUR_DIGITS.findall(text)
    return found[-1] if found else None
