"""Hides what a shop must not keep: numbers of bank and identity cards, one-time codes, passwords.

Hidden before a line is stored, so that no agent, note, summary, backup or model ever holds it.
Our own numbers are left alone: those of orders have as many digits as those of cards.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.conversations.number_checks import is_card, is_identity
from bot.nlu.normalise import sign_by_sign

# Stand in a line for what was hidden.
CARD, IDENTITY, CODE, PASSWORD = "[银行卡号]", "[身份证号]", "[验证码]", "[密码]"
MASKS = (CARD, IDENTITY, CODE, PASSWORD)

IsOurs = Callable[[str], bool]
"""Whether these digits are the number of an order or a parcel of this shop."""

# Between the digits of one number: blanks, line breaks, dashes, dots, what makes 6️⃣ of a 6.
_GAP = r"[\s._·–—\-\ufe0f\u20e3]{0,3}"
_RUN = re.compile(rf"(?<![\dA-Za-z])\d(?:{_GAP}\d){{13,59}}(?:{_GAP}[Xx])?(?![\dA-Za-z])")
_BLOCK = re.compile(r"\d+[Xx]?|[Xx]")
_SAYS_CARD = re.compile(
    r"(?:银行|卡号|储蓄卡|信用卡|借记卡|工行|建行|农行|中行|招行|交行|邮储|账号|帐号|账户|卡)[^\d\n]{0,12}$"
)
_SAYS_IDENTITY = re.compile(r"(?:身份证|身份号|证件号|证件)[^\d\n]{0,8}$")
_SAYS_OURS = re.compile(
    r"(?:订单|单号|编号|快递|运单|物流|税号|识别号|信用代码|顺丰|圆通|中通|申通|韵达|极兔|邮政)[^\d\n]{0,8}$"
)
# 订单的钱退到6222…: where the money shall go is told behind it.
_SAYS_WHERE_TO = re.compile(r"(?:退款?|打款?|转账?|汇款?|付款?)(?:到|回|给|至|进|在)[^\d\n]{0,8}$")
_THEN_CARD = re.compile(r"[^\d\n]{0,4}(?:银行卡|卡号|储蓄卡|信用卡|借记卡|账号|帐号)")
_THEN_OURS = re.compile(r"(?:这个|那个|这|那|是我的|是|的|才是){1,2}(?:订单|单号|快递|运单)")
_SAYS_CODE = re.compile(
    r"(?P<word>验证码|校验码|动态码|动态密码|支付密码|取款密码|密码)(?P<between>[^\d\n]{0,6})(?P<code>\d(?:[ -]?\d){3,7})(?!\d)"
)
_THEN_CODE = re.compile(
    r"(?<!\d)(?P<code>\d{4,8})(?=[^\d\n]{0,3}(?:是|为)?(?:我的|收到的)?(?:验证码|校验码|动态码|支付密码))"
)
_PASSWORD = re.compile(
    r"(?P<word>密码)(?P<between>(?:是|为|[:： ]){1,3})(?P<code>(?=[!-~]{0,19}\d)[!-~]{6,20})"
)
_CODE_AWAITED = re.compile(r"(?:验证码|校验码|动态码)(?:是|为|[:： ]){0,3}$")
# 验证码没收到，尾号1012: the digits are something else.
_ANOTHER_THING = re.compile(r"尾号|电话|手机|订单|[没不未]")
# 单元门密码2580# is told to the courier.
_OF_A_DOOR = re.compile(r"(?:门|锁|柜|取件|楼下|单元)[^\d\n]{0,4}$")


def hidden(text: str, *, before: str = "", is_ours: IsOurs = lambda number: False) -> str:
    """The text with a word in place of each private number; as it is where there is none.

    `before`: the buyer's line ahead of it (验证码, and the digits by themselves). The nearest word
    beside a number decides: beside 订单, 单号 or a courier's name it is left alone, beside 银行卡
    or 身份证 hidden whatever its digits; without a word its own check digits prove what it is.
    """
    plain = sign_by_sign(text)
    found = [*_long_numbers(plain, before, is_ours), *_codes(plain, before)]
    for start, end, mask in sorted(found, reverse=True):
        text = text[:start] + mask + text[end:]
    return text


def has_hidden(text: str) -> bool:
    return any(mask in text for mask in MASKS)


def has_hidden_code(text: str) -> bool:
    return CODE in text or PASSWORD in text


def without_masks(text: str) -> str:
    """What the bot reads: the buyer's own words."""
    for mask in MASKS:
        text = text.replace(mask, " ")
    return text.strip()


_Span = tuple[int, int, str]  # start, end, mask


def _long_numbers(text: str, before: str, is_ours: IsOurs) -> list[_Span]:
    spans: list[_Span] = []
    for run in _RUN.finditer(text):
        blocks = list(_BLOCK.finditer(text, *run.span()))
        at = 0
        while at < len(blocks):
            # The most blocks first: 6222 0212 3456 7890 128 is one number.
            for last in range(len(blocks), at, -1):
                start, end = blocks[at].start(), blocks[last - 1].end()
                number = "".join(block.group() for block in blocks[at:last]).upper()
                if 14 <= len(number) <= 19 and (mask := _mask(text, start, end, number, before)):
                    if not is_ours(number):
                        spans.append((start, end, mask))
                    at = last
                    break
            else:
                at += 1
    return spans


def _mask(text: str, start: int, end: int, number: str, before: str) -> str:
    """What the number at this place is; "" for none of what is hidden."""
    ahead = text[:start] if text[:start].strip() else f"{before.rstrip()} "
    says = _nearest(ahead)
    if says is _SAYS_IDENTITY and len(number) in (15, 18):
        return IDENTITY
    if says is _SAYS_OURS or _THEN_OURS.match(text, end):
        return ""
    if is_identity(number):
        return IDENTITY
    if not number.isdigit():
        return ""
    is_said = says is _SAYS_CARD or _THEN_CARD.match(text, end)
    return CARD if (is_said and len(number) >= 15) or is_card(number) else ""


def _nearest(ahead: str) -> re.Pattern[str] | None:
    """The words that stand nearest to what follows."""
    found = [
        (match.start(), pattern)
        for pattern in (_SAYS_CARD, _SAYS_IDENTITY, _SAYS_OURS, _SAYS_WHERE_TO)
        if (match := _last(pattern, ahead[-24:]))
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The match that begins last: of 银行卡, 卡."""
    found = None
    at = 0
    while match := pattern.search(text, at):
        found, at = match, match.start() + 1
    return found


def _codes(text: str, before: str) -> list[_Span]:
    if _CODE_AWAITED.search(before) and re.fullmatch(r"\s{0,3}\d(?:[ -]?\d){3,7}\s{0,3}", text):
        return [(0, len(text), CODE)]
    spans: list[_Span] = []
    for match in _SAYS_CODE.finditer(text):
        is_of_a_door = match["word"] == "密码" and _OF_A_DOOR.search(text[: match.start()][-8:])
        if not is_of_a_door and not _ANOTHER_THING.search(match["between"]):
            mask = PASSWORD if "密码" in match["word"] else CODE
            spans.append((*match.span("code"), mask))
    spans += [(*match.span("code"), CODE) for match in _THEN_CODE.finditer(text)]
    spans += [
        (*match.span("code"), PASSWORD)
        for match in _PASSWORD.finditer(text)
        if not _OF_A_DOOR.search(text[: match.start()][-8:])
    ]
    return _without_overlaps(spans)


def _without_overlaps(spans: list[_Span]) -> list[_Span]:
    kept: list[_Span] = []
    for one in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return kept
