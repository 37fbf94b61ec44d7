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
_NAME_INSTEAD = re.compile(
    r"(?:写|填|打)?(?:错了?|不对)?[\s,\uff0c]{0,2}(?:改成|改为|换成|应该是|是)"
    r"(?P<name>[\u4e00-\u9fff]{2,4}?)(?:[吧哦了啊哈])?[\s.\u3002!\uff01~]{0,3}$"
)
_COMPANY = re.compile(
    r"[\u4e00-\u9fff()\uff08\uff09A-Za-z0-9\u00b7]{4,40}(公司|厂|店|院|部|所|中心|学校|集团|社|商行|大学|银行|分行|支行)"
)
# 抬头写错了 应该是远山商贸: what it shall be, though nothing calls it a company.
_TITLE_AGAIN = re.compile(
    r"(?:抬头|名称|公司名|单位名?)[^\s,\uff0c]{0,4}?(?:错|不对|改|换)[^\s,\uff0c]{0,3}?[\s,\uff0c]{0,2}"
    r"(?:应该?是|应为|是|成|为)\s{0,2}(?P<title>[\u4e00-\u9fffA-Za-z0-9()\uff08\uff09\u00b7]{4,40}?)"
    r"(?:才对|[的吧哦哈啊呀])?[\s.\u3002!\uff01~]{0,3}$"
)
_WRONG = re.compile(r"(?P<part>税号|邮箱|抬头|名称|公司名|单位)[^\s,\uff0c]{0,4}(?:错|不对)")
_PARTS = {"税号": "tax_number", "邮箱": "email"}
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


def name_instead(text: str, name: str) -> str | None:
    """徐静 of 徐强改成徐静, where `name` is 徐强."""
    _, was, rest = text.partition(name)
    match = _NAME_INSTEAD.match(rest) if was else None
    return match["name"] if match and not _NO_NAME.search(match["name"]) else None


def company(text: str) -> str | None:
    match = _COMPANY.search(text)
    return match[0] if match else None


def title_put_right(text: str) -> str | None:
    """The title that an invoice shall have in place of the one that was written wrong."""
    match = _TITLE_AGAIN.search(text)
    return match["title"] if match else None


def wrong_part(text: str) -> str:
    """Which part of an invoice is said to be wrong: title, tax_number or email; "" without one."""
    match = _WRONG.search(text)
    return _PARTS.get(match["part"], "title") if match else ""


def tax_number(text: str) -> str | None:
    """15 to 20 letters and digits, as typed."""
    match = _TAX_NUMBER.search(text)
    return match[0] if match else None


def four_digits(text: str) -> str | None:
    """The last four digits of a phone: the last number of exactly four."""
    found = _FOUR_DIGITS.findall(text)
    return found[-1] if found else None
