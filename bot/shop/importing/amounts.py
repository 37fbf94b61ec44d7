"""Numbers, money and weights as owners write them: ￥1,299.00, 1.2万, 12 件, 5.6kg, 25g×30包."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, InvalidOperation

# 1,299 or 1299 or 12.50 or 1.2E3; a comma parts thousands and nothing else.
_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:e[+-]?\d{1,2})?|[+-]?\.\d+"
_PLAIN = re.compile(rf"({_NUMBER})(万|千|百|w|k)?")
_COUNTED = re.compile(
    rf"约?({_NUMBER})(万|千|百|w|k)?\+?(?:多|余)?"
    r"(?:件|个|只|双|条|套|盒|箱|包|袋|瓶|支|片|张|台|部|本|罐|枚|颗|把|块|卷|组|对|份|月|天|年|日|人付款|人)?(?:以上|左右)?"
)
_WEIGHED = re.compile(
    rf"约?({_NUMBER})(kg|千克|公斤|g|克|斤|市斤|两|mg|毫克|lbs?|磅|oz|盎司|吨|t)?"
)
_TIMES = re.compile(r"(?:[×x*]\d+(?:袋|包|盒|瓶|个|片|支|罐|小包|小袋|枚|块|条|颗)?)*")
_SIGNS = re.compile(
    r"^(?:￥|¥|rmb|cny|人民币|售价|价格|:|约)+|(?:元整?|块钱?|圆|rmb|cny|¥|￥|/.*|起)+$"
)
_TOO_LONG = 10**15
_FOLDS = {"万": 10_000, "w": 10_000, "千": 1000, "k": 1000, "百": 100, "": 1}
GRAMS = {
    "kg": Decimal(1000), "千克": Decimal(1000), "公斤": Decimal(1000), "吨": Decimal(10**6),
    "t": Decimal(10**6), "g": Decimal(1), "克": Decimal(1), "斤": Decimal(500),
    "市斤": Decimal(500), "两": Decimal(50), "mg": Decimal("0.001"), "毫克": Decimal("0.001"),
    "lb": Decimal("453.592"), "lbs": Decimal("453.592"), "磅": Decimal("453.592"),
    "oz": Decimal("28.3495"), "盎司": Decimal("28.3495"),
}  # fmt: skip


class NotAnAmount(ValueError):
    """Neither a number nor an amount; `why` may say what it is instead."""

    def __init__(self, text: str, why: str = "") -> None:
        super().__init__(text)
        self.why = why


def plain(text: str) -> str:
    """Half width, lower case, without blanks and signs nobody sees: what a number is read from."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(
        sign for sign in folded if not sign.isspace() and unicodedata.category(sign) != "Cf"
    )


def whole(text: str) -> int:
    """Pieces, days, months: 12 件, 1,200, 1.2万, 99+ (at least 99). Raises NotAnAmount."""
    found = _COUNTED.fullmatch(plain(text).replace("，", ","))
    if not found:
        raise NotAnAmount(text, _why(text))
    number = _decimal(found[1], text) * _FOLDS[found[2] or ""]
    if number != number.to_integral_value():
        raise NotAnAmount(text)
    return int(number)


def fen(text: str) -> int:
    """Money: ￥79.90, 1,299, 299元, 1.2万. Halves of a fen that a formula left are rounded.

    Raises NotAnAmount, for a range (299-399) and 面议 too.
    """
    bare = _SIGNS.sub("", plain(text))
    found = _PLAIN.fullmatch(bare)
    if not found:
        raise NotAnAmount(text, _why(text))
    amount = _decimal(found[1], text) * _FOLDS[found[2] or ""] * 100
    nearest = amount.quantize(Decimal(1), ROUND_HALF_UP)
    if abs(amount - nearest) > Decimal("0.0001") or abs(nearest) >= 10**9:
        raise NotAnAmount(text)
    return int(nearest)


def grams(text: str, unit: str = "g") -> int:
    """A weight, rounded up to whole grams: 750g, 5.6kg, 1斤, 25g×30包. `unit`: of a bare number.

    Raises NotAnAmount.
    """
    bare = plain(text).replace("净重", "").replace("毛重", "").replace("净含量", "").strip(":")
    bare = re.sub(r"[((].*?[))]$", "", bare)
    found = _WEIGHED.match(bare)
    if not found or not found[0]:
        raise NotAnAmount(text)
    rest = re.sub(r"^/(?:袋|包|盒|瓶|个|件|支|罐|箱)", "", bare[found.end() :])
    if not _TIMES.fullmatch(rest):
        raise NotAnAmount(text, _why(text))
    number = _decimal(found[1], text) * GRAMS[found[2] or unit]
    for factor in re.findall(r"\d+", rest):
        number *= int(factor)
    if number < 0 or number > 10**8:
        raise NotAnAmount(text)
    return int(number.to_integral_value(ROUND_CEILING))


def _decimal(text: str, whole_text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:  # a lone sign or point gets through the pattern's halves
        raise NotAnAmount(whole_text) from None
    if abs(number) >= _TOO_LONG:  # a code of many digits: beyond what decimals reckon with
        raise NotAnAmount(whole_text)
    return number


def _why(text: str) -> str:
    """What was written instead of an amount, where an owner would want to be told."""
    bare = plain(text)
    if bare.startswith("#"):
        return "是公式算错了的结果"
    if re.fullmatch(rf".?({_NUMBER}).?[-~到至—].?({_NUMBER}).*", bare):
        return "是一段范围"
    return ""
