"""Numbers and codes that name something: orders, parcels, phones, tax numbers, e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found

_EMAIL = re.compile(
    r"(?<![a-z0-9])[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}"
)
_MOBILE = re.compile(r"(?<![\d])(?:\+?86[- ]?)?(?P<n>1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<![\d])(?P<n>0\d{2,3}[- ]?\d{7,8})(?!\d)")
_TAIL = re.compile(
    r"(?:尾号|尾数|后四位|后4位|末四位|最后四位|结尾)(?:数|号)?\s{0,2}(?:是|为|:){0,3}\s{0,2}(?P<n>\d{4})(?!\d)|(?<!\d)(?<!\d[ -])(?P<m>\d{4})\s{0,2}(?:结尾|尾号)(?!\s{0,2}(?:是|为|:){0,3}\s{0,2}\d{4})"
)
_TAX_SAID = re.compile(
    r"(?:税号|纳税人识别号|识别号|信用代码|税务号|纳税号)\s{0,2}(?:是|为|:){0,3}\s{0,2}(?P<n>[0-9a-z]{15,20})(?![0-9a-z])"
)
_TAX = re.compile(
    r"(?<![0-9a-z])(?P<n>[159][1-9][0-9]{6}(?=[0-9a-z]{0,10}[a-z])[0-9a-z]{10})(?![0-9a-z])"
)
_PARCEL_SAID = re.compile(
    r"(?:快递单号?|运单号?|物流单号?|物流号|快递号|运单号码|快递编号|退货单号|寄回单号)\s{0,2}(?:是|为|:){0,3}\s{0,2}(?P<n>[a-z]{0,4}\d{8,20})(?![0-9a-z])"
)
_PARCEL = re.compile(
    r"(?<![0-9a-z])(?P<n>(?:sf|yt|jt|jd[a-z]{0,2}|zto|sto|yd|ems|dpk|ht|best)\d{10,16}|[a-z]{2}\d{9}cn)(?![0-9a-z])"
)
_COURIER_DIGITS = re.compile(
    r"(?:顺丰|圆通|中通|申通|韵达|百世|极兔|邮政|ems|德邦|京东|天天)(?:快递|快运|速运)?\s{0,2}(?:单号)?\s{0,2}(?:是|:){0,3}\s{0,2}(?P<n>\d{10,16})(?!\d)"
)
_ORDER_SAID = re.compile(
    r"(?:订单编号|订单号码|订单号|订单|单号|编号)\s{0,2}(?:是|为|:|#){0,3}\s{0,2}(?P<n>[a-z]{0,4}-?\d[\d-]{4,24}[a-z]?)(?![0-9a-z])"
)
# 商品ID:1000…, 款号A1023: a page of goods, of this shop or another.
_ITEM_SAID = re.compile(
    r"(?:(?:商品|宝贝|产品)(?:id|编号|编码|号码?)|(?<!退)[款货]号|sku)\s{0,2}(?:是|为|:|#){0,3}\s{0,2}"
    r"(?P<n>[a-z]{0,4}-?\d{4,14})(?![0-9a-z])"
)
_ORDER = re.compile(
    r"(?<![0-9a-z])(?P<n>\d{9,22}|[a-z]{1,3}-?\d{8,20}|(?:dx|sx|no)-?\d{4,20})(?![0-9a-z])"
)
# Pasted in blocks of four, or broken in the middle by a line's end; two phones are not one order.
_ORDER_IN_BLOCKS = re.compile(
    r"(?<![0-9a-z.-])(?P<n>\d{4}(?:[ \n-]{1,2}\d{4}){2,4}(?:[ \n-]\d{1,3})?"
    r"|(?!1[3-9]\d{9}(?!\d))\d{6,11}[ \n-]{1,2}(?!1[3-9]\d{9}(?!\d))\d{6,11})(?![0-9a-z]|-\d)"
)
# 6.802E+15: a spreadsheet has swallowed the last digits.
_DAMAGED = re.compile(r"(?<![0-9a-z.])\d(?:\.\d+)?e\+?(?:[89]|[12]\d)(?![0-9a-z])")
_LONGEST_ITEM = 13  # digits in the number of a page; orders of the large houses have more
_BLANKS = re.compile(r"[ \n-]")


def codes(text: str) -> Iterator[Found]:
    """Codes in capitals without blanks. The surest pattern of a stretch comes first.

    Nine digits and more without a word beside them are an order number; with a courier's name or
    letters (顺丰, SF…) a tracking number. Up to thirteen bare digits are as long as the number of a
    page of goods: `like` says so, the shop's data decide.
    """
    for match in _EMAIL.finditer(text):
        yield Found("email", match.group(), match.start(), match.end())
    for pattern in (_TAX_SAID, _TAX):
        yield from _coded("tax_number", pattern, text)
    for pattern in (_PARCEL_SAID, _PARCEL, _COURIER_DIGITS):
        yield from _coded("tracking_number", pattern, text)
    for match in _TAIL.finditer(text):
        group = "n" if match["n"] else "m"
        yield Found("phone_tail", match[group], match.start(), match.end())
    yield from phones(text)
    for match in _DAMAGED.finditer(text):
        yield Found("damaged_number", match.group().upper(), *match.span())
    for match in _ORDER_IN_BLOCKS.finditer(text):
        digits = _BLANKS.sub("", match["n"])
        if 12 <= len(digits) <= 22:
            yield Found("order_number", digits, *match.span())
    yield from _coded("item_number", _ITEM_SAID, text)
    yield from _coded("order_number", _ORDER_SAID, text)
    for one in _coded("order_number", _ORDER, text):
        is_short = one.value.isdigit() and len(one.value) <= _LONGEST_ITEM
        yield one.with_detail("like", "item") if is_short else one


def phones(text: str) -> Iterator[Found]:
    """Mobile and landline numbers as digits, an area code set off by a dash."""
    for match in _MOBILE.finditer(text):
        yield Found("phone", _BLANKS.sub("", match["n"]), match.start(), match.end())
    for match in _LANDLINE.finditer(text):
        yield Found("phone", match["n"].replace(" ", "-"), match.start(), match.end())


def _coded(entity: str, pattern: re.Pattern[str], text: str) -> Iterator[Found]:
    for match in pattern.finditer(text):
        yield Found(entity, match["n"].upper().strip("-"), match.start("n"), match.end("n"))
