"""Gives the rows of a table whose columns are known: cells by field, ids, dates that are none."""

from __future__ import annotations

import contextlib
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.shop.importing import amounts, headings
from bot.shop.importing.grids import DateCell, EmptyFormula
from bot.shop.importing.headings import Sure, fold
from bot.shop.importing.reading import Reading, TableRow, Trouble

# Words buyers choose by: a date there is a 3-6 or 1-2 that Excel took for one.
CHOSEN_BY = frozenset("id name colour size kind code number days tracking zone".split())
_ABOUT_DAYS = re.compile(r"日期|时间|保质|有效|到期|生产|上市|截止|开始|结束")
_SHORT_DATE = re.compile(
    r"\d{1,2}月\d{1,2}日|\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*-\d{1,2}",
    re.I,
)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e\+\d+", re.I)
# Columns of SKUs that owners write into the goods' own table.
AXIS_WORDS = re.compile(
    r"颜色|花色|尺码|码数|鞋码|口味|规格|色号|机型|型号|容量|净含量|款式|版本|套餐|长度|香型|味道|包装规格|度数|内存|材质款"
)
NO_CATEGORY = "本店商品"  # words nobody says: 其他 would be heard everywhere
UNKNOWN_WEIGHT = "1000"  # grams
TO_SKUS = frozenset("stock restock_on colour size".split())


def rows(
    reading: Reading, below: Sequence[tuple[int, list[str]]], troubles: list[Trouble]
) -> Iterator[TableRow]:
    section = reading.section
    carried = ""
    goods: set[str] = set()
    suspicious = _taken_for_dates(reading, below)
    for place, taken in suspicious.items():
        heading = reading.columns[place].heading
        troubles.append(
            Trouble(
                number=taken[0],
                column=heading,
                what=f"Excel 把这里改成了日期（{_count(taken)}），请把整列设为“文本”格式，再重新写，如 3-6",
            )
        )
    if suspicious:
        return
    found: list[tuple[int, dict[str, Any], dict[str, str]]] = []
    made_up = 0
    for number, row in below:
        cells, labels = _cells(reading, row)
        if not any(cells.values()):
            continue
        carried = _carry(reading, cells, labels, carried)
        if _SCIENTIFIC.fullmatch(str(cells.get("id", ""))):
            what = f"Excel 把“{cells['id']}”这样的长编号改成了科学计数，请把整列设为“文本”格式，再重新写"
            troubles.append(Trouble(number=number, column=labels["id"], what=what))
            return
        if section in ("products", "skus", "sizes", "promotions", "coupons"):
            made_up += _give_id(section, cells)
        found.append((number, cells, labels))
    if made_up and section == "products":
        reading.notes.append(f"{made_up} 行没有编号，按名称编了号；以后改名称要先补上编号")
    axes = _axes(reading, [cells for _, cells, _ in found])
    for number, cells, labels in found:
        assumed: frozenset[str] = frozenset()
        if section == "products" and cells.get("name"):
            assumed = _complete(reading, cells)
        yield from _emit(reading, cells, number, labels, goods, assumed, axes)


def _carry(reading: Reading, cells: dict[str, Any], labels: Mapping[str, str], carried: str) -> str:
    """Rows under one of the same thing leave its id, or a product's name, empty: it goes on."""
    column = {"orders": "number", "skus": "id", "sizes": "id", "products": "id"}.get(
        reading.section
    )
    if column is None:
        return ""
    if column not in cells or (reading.section == "products" and not cells[column]):
        column = "name"
    if column not in cells:
        return ""
    if cells[column]:
        return str(cells[column])
    if carried:
        cells[column] = carried
        _note_once(reading, f"“{labels[column]}”空着的行按上一行的算")
    return carried


def _axes(reading: Reading, rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Columns of goods' own table that belong to their SKUs: what buyers choose by, what differs."""
    own = [one.field for one in reading.columns if one.sure is Sure.OWN]
    first: dict[str, Mapping[str, Any]] = {}
    axes = {"colour", "size", *(name for name in own if AXIS_WORDS.search(name))}
    for cells in rows:
        held = first.setdefault(str(cells.get("id", "")), cells)
        axes |= {name for name in own if cells.get(name) != held.get(name)}
    return frozenset(axes)


def _complete(reading: Reading, cells: dict[str, Any]) -> frozenset[str]:
    """What many shops' tables do not have, and can be done without for a start; said once.

    The columns that were filled so.
    """
    lacking = frozenset(one for one in ("category", "kind", "weight_g") if not cells.get(one))
    if not cells.get("category"):
        cells["category"] = cells.get("kind") or NO_CATEGORY
        _note_once(reading, f"没有类目的商品，类目先按“{cells['category']}”算")
    if not cells.get("kind"):
        is_told = cells["category"] != NO_CATEGORY
        cells["kind"] = cells["category"] if is_told else str(cells["name"])[:32]
        _note_once(reading, f"没有类型的商品，类型先按{'类目' if is_told else '名称'}算")
    if not cells.get("weight_g"):
        for told in (cells.get("净含量"), cells.get("weight"), cells.get("规格"), UNKNOWN_WEIGHT):
            with contextlib.suppress(amounts.NotAnAmount):
                cells["weight_g"] = str(max(amounts.grams(str(told or "")), 1))
                break
        what = "1 公斤" if cells["weight_g"] == UNKNOWN_WEIGHT else "净含量"
        _note_once(reading, f"没有重量的商品，运费先按{what}算")
    return lacking


def _cells(reading: Reading, row: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]]:
    cells: dict[str, Any] = {}
    labels: dict[str, str] = {}
    meanings = headings.wordings()
    for column, text in zip(reading.columns, [*row, *[""] * len(reading.columns)], strict=False):
        if column.sure in (Sure.UNUSED, Sure.INTERNAL) or not column.field:
            continue
        value: str = text
        if isinstance(text, EmptyFormula):
            value = text
        elif (
            text and column.unit in ("kg", "千克", "公斤", "斤") and re.fullmatch(r"[\d.,]+", text)
        ):
            value = f"{text}{column.unit}"
        elif text and (known := meanings.get(f"{reading.section}.{column.field}")):
            value = known.get(fold(text), text)
        held = cells.get(column.field)
        if held and value and value != held:
            value = f"{held}|{value}"
        cells[column.field] = value or held or ""
        labels.setdefault(column.field, column.heading)
    return cells, labels


def _emit(
    reading: Reading,
    cells: dict[str, Any],
    number: int,
    labels: Mapping[str, str],
    goods: set[str],
    assumed: frozenset[str],
    axes: frozenset[str],
) -> Iterator[TableRow]:
    """Goods with stock in the same table give a product and an SKU; a product is taken once."""
    section = reading.section
    split = section == "products" and "stock" in cells
    if section == "products" and not split:  # goods of one colour: a fact like any other
        cells = {labels[k] if k in TO_SKUS else k: v for k, v in cells.items()}
    if not split:
        yield TableRow(section=section, cells=cells, number=number, labels=labels, assumed=assumed)
        return
    if cells["id"] not in goods:
        goods.add(cells["id"])
        _note_once(reading, "商品和规格在一张表里：一行一个规格，商品资料取第一行的")
        mine = {k: v for k, v in cells.items() if k not in TO_SKUS and k not in axes}
        yield TableRow(
            section="products", cells=mine, number=number, labels=labels, assumed=assumed
        )
    sku = {
        k: v
        for k, v in cells.items()
        if k in TO_SKUS or k in axes or k in ("id", "price", "weight_g")
    }
    yield TableRow(section="skus", cells=sku, number=number, labels=labels)


def _give_id(section: str, cells: dict[str, Any]) -> int:
    """An id for what has none, or one of Chinese; the same name gives the same id. 1 if made up."""
    column = "code" if section == "coupons" else "id"
    told = str(cells.get(column) or "")
    name = str(cells.get("name") or cells.get("title") or "")
    if section == "skus" and not told:
        return 0  # it is called by its product's name, see `joining`
    if not told and name and (section != "coupons" or column not in cells):
        cells[column] = made_id(name)
        return 1
    if told:
        cells[column] = usable_id(told)
    return 0


def usable_id(told: str) -> str:
    """Letters, digits and . _ - as they are (half width); anything else gets a code of its own."""
    bare = unicodedata.normalize("NFKC", told).strip()
    if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", bare):
        return bare
    joined = re.sub(r"[\s/\\]+", "-", bare)
    return joined if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", joined) else made_id(bare)


def made_id(name: str) -> str:
    return "g" + hashlib.sha256(fold(name).encode()).hexdigest()[:10]


def _taken_for_dates(
    reading: Reading, below: Sequence[tuple[int, list[str]]]
) -> dict[int, list[int]]:
    """Columns of words in which Excel made dates of some: place → rows."""
    found: dict[int, list[int]] = {}
    for place, column in enumerate(reading.columns):
        is_word = column.field in CHOSEN_BY or (
            column.sure is Sure.OWN and bool(AXIS_WORDS.search(column.heading))
        )
        if not is_word or _ABOUT_DAYS.search(column.heading):
            continue
        for number, row in below:
            cell = row[place] if place < len(row) else ""
            if isinstance(cell, DateCell) or _SHORT_DATE.fullmatch(cell):
                found.setdefault(place, []).append(number)
    return found


def _count(rows: Sequence[int]) -> str:
    shown = "、".join(map(str, rows[:3]))
    return f"第 {shown} 行" + (f"等 {len(rows)} 行" if len(rows) > 3 else "")


def _note_once(reading: Reading, note: str) -> None:
    if note not in reading.notes:
        reading.notes.append(note)
