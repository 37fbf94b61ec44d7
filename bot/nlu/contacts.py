"""Receiver, phone and address out of one pasted text, in any order, with labels or without."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.nlu import addresses, names
from bot.nlu.addresses import Places
from bot.nlu.found import Found

_LABEL = re.compile(
    r"(?:收货人姓名|收件人姓名|收货人|收件人|收货姓名|联系人|姓名|收货地址|收件地址|详细地址|所在地区|所在地|地区|地址|街道|"
    r"手机号码|手机号|手机|联系电话|收货电话|电话号码|电话|联系方式|邮编|邮政编码)\s{0,2}(?:是|为|:)\s{0,2}|"
    r"(?<![\u4e00-\u9fff])(?:收货人|收件人|姓名|收货地址|详细地址|地址|手机|电话)\s+"
)
_HARD = re.compile(r"[\n,;|/\t\0]+")
# A blank between a number and its unit parts nothing: 88 号 3 幢.
_SOFT = re.compile(r"[^\s.]+(?:(?:\.(?=\d)|(?<=\d)[ ]+(?=[号栋幢座楼层室弄组期房]|单元))[^\s.]+)*")
_COMPANY = re.compile(
    r"[\u4e00-\u9fffa-z0-9()]{2,30}?(?:有限责任公司|股份有限公司|有限公司|集团公司)(?:[\u4e00-\u9fff]{2,8}分公司)?"
)
_TITLE_SAID = re.compile(
    r"(?:抬头|单位名称|公司名称|公司名|单位)\s{0,2}(?:是|为|写成?|开成?|改成|改为|:){0,3}\s{0,2}"
    r"(?P<name>[\u4e00-\u9fffa-z0-9()]{2,30}?(?:公司|集团|工作室|事务所|经营部|商行|厂|学校|大学|学院|中学|小学|幼儿园|医院|中心|研究院|研究所|局|委员会|协会|店|部))(?=[\s,.;\0]|$|税号)"
)
_COMPANY_LEAD = re.compile(
    r"^(?:麻烦|请|帮我?|我要|要|发票|抬头|开|写|是|给|的|为|成|改|改成|名称|公司名称|单位|就|我们|公司|应该|应|错了?|不对|换|叫|:){1,8}(?=[\u4e00-\u9fff]{4,})"
)


@dataclass
class _Chunk:
    start: int
    end: int
    kind: str = ""  # "address", "name" or nothing known
    is_labelled: bool = False


def companies(text: str) -> Iterator[Found]:
    """Invoice titles: names with 有限公司, and what stands behind 抬头."""
    for match in _TITLE_SAID.finditer(text):
        yield Found("company", match["name"], match.start("name"), match.end("name"))
    for match in _COMPANY.finditer(text):
        lead = _COMPANY_LEAD.match(match.group())
        start = match.start() + (lead.end() if lead else 0)
        yield Found("company", text[start : match.end()], start, match.end())


def contacts(text: str, phones: Collection[Found], regions: Places) -> list[Found]:
    """Names (receiver_name) and addresses of a text; `regions` are known places.

    `phones` of the text are no part of what is found; without a phone or a label an address
    must be complete (a street and a number, or a place and a house) to count.
    """
    masked = list(text)
    for phone in phones:
        masked[phone.start : phone.end] = "\0" * (phone.end - phone.start)
    said = list(names.SAID.finditer("".join(masked)))
    found = [
        Found("receiver_name", match["name"], match.start("name"), match.end("name"))
        for match in said
        if _is_said_name(match["name"])
    ]
    for one in found:
        masked[one.start : one.end] = "\0" * (one.end - one.start)
    plain = "".join(masked)
    chunks = _chunks(plain, regions)
    spans = _address_spans(plain, chunks, is_contact=bool(phones or found))
    found += [Found("address", _shown(text[start:end]), start, end) for start, end in spans]
    if not any(one.entity == "receiver_name" for one in found):
        found += _lone_name(text, plain, chunks, spans, is_contact=bool(phones or spans))
    return found


def _is_said_name(name: str) -> bool:
    return names.looks_like_name(name) or (len(name) >= 2 and name.isascii())


def _chunks(text: str, regions: Places) -> list[_Chunk]:
    """Stretches between lines, commas, labels, phones and blanks, each with its kind."""
    labels = list(_LABEL.finditer(text))
    chunks: list[_Chunk] = []
    borders = sorted(
        [(m.start(), m.end(), "") for m in _HARD.finditer(text)]
        + [(m.start(), m.end(), m.group()) for m in labels]
        + [(len(text), len(text), "")]
    )
    at, label = 0, ""
    for start, end, next_label in borders:
        if start < at:
            continue
        is_labelled = "地址" in label or "地区" in label or "所在" in label
        for word in _SOFT.finditer(text, at, start):
            chunks += _kinds(text, word.start(), word.end(), regions, is_labelled)
        at, label = end, next_label or ("" if "\n" in text[start:end] else label)
    return chunks


def _kinds(text: str, start: int, end: int, regions: Places, is_labelled: bool) -> list[_Chunk]:
    piece = text[start:end]
    bare = re.sub(r"(?:收|\(收\))$", "", piece) if len(piece) > 2 else piece
    if names.looks_like_name(bare) and bare not in regions and not is_labelled:
        return [_Chunk(start, start + len(bare), "name")]
    for size in (2, 3):  # a name glued before the place: 张三浙江省…
        head, rest = piece[:size], piece[size:]
        if names.looks_like_name(head) and regions.begin(rest):
            return [
                _Chunk(start, start + size, "name"),
                *_kinds(text, start + size, end, regions, False),
            ]
    points = addresses.score(piece, regions)
    if points >= 3 or (is_labelled and (points >= 2 or addresses.continues(piece))):
        last = names.tail_name(piece)
        if last and not is_labelled:
            cut = start + piece.rindex(last)
            return [_Chunk(start, cut, "address"), _Chunk(cut, cut + len(last), "name")]
        return [_Chunk(start, end, "address", is_labelled)]
    if piece in regions or (points == 2 and regions.begin(piece)):
        return [_Chunk(start, end, "place")]
    return [_Chunk(start, end, "more" if addresses.continues(piece) else "")]


def _address_spans(text: str, chunks: list[_Chunk], *, is_contact: bool) -> list[tuple[int, int]]:
    """Address chunks with the places before them and the house numbers after them."""
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(chunks):
        last = at
        while last < len(chunks) and chunks[last].kind in ("address", "place", "more"):
            if last > at and "\0" in text[chunks[last - 1].end : chunks[last].start]:
                break
            last += 1
        run = chunks[at:last]
        while run and run[0].kind == "more":
            run.pop(0)
        if run:
            start, end = addresses.trimmed(text, run[0].start, run[-1].end)
            piece = text[start:end]
            strong = any(one.is_labelled for one in run) or is_contact
            whole = any(one.kind == "address" for one in run) or (is_contact and len(run) > 1)
            if (
                whole
                and len(piece) >= (4 if strong else 7)
                and (strong or _is_complete(run, piece))
            ):
                spans.append((start, end))
        at = max(last, at + 1)
    return spans


def _is_complete(run: Sequence[_Chunk], piece: str) -> bool:
    return bool(re.search(r"\d", piece)) or len(run) > 1 or len(piece) >= 12


def _lone_name(
    text: str, plain: str, chunks: list[_Chunk], spans: list[tuple[int, int]], *, is_contact: bool
) -> list[Found]:
    """An unlabelled name beside a phone or an address; or a name and nothing else."""
    for chunk in chunks:
        if chunk.kind != "name" or not (is_contact or _is_alone(plain, chunk)):
            continue
        if not any(start <= chunk.start < end for start, end in spans):
            return [Found("receiver_name", text[chunk.start : chunk.end], chunk.start, chunk.end)]
    return []


def _is_alone(text: str, chunk: _Chunk) -> bool:
    return text.strip() == text[chunk.start : chunk.end] and chunk.end - chunk.start <= 4


def _shown(address: str) -> str:
    return re.sub(r"\s{0,2}\n\s{0,2}", " ", _LABEL.sub("", address.replace("\0", ""))).strip()
