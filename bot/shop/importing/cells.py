"""One row of an import file: each cell is read by a rule that says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.shop.importing import amounts
from bot.shop.importing.columns import english
from bot.shop.importing.grids import EmptyFormula
from bot.shop.importing.moments import Moments, NotAMoment

SPLIT = re.compile(r"\s*[|｜；;\n]\s*")
SPLIT_WORDS = re.compile(r"\s*[|｜；;\n、，,]\s*")
SPLIT_PHRASES = re.compile(r"\s*[、/]\s*")
# Lists of single words, which no comma is part of.
LISTS_OF_WORDS = frozenset(
    "nicknames suits uses goes_with axes couriers regions products coupons ships_on_weekdays"
    " ships_also_on cutoff".split()
)
LONGEST_PHRASE = 12  # characters, of selling points that are parted by 、 alone
YES = frozenset("yes true 是 1 y √ ✓ 对 有 可 可以 能 t".split())
NO = frozenset(
    (
        "no",
        "false",
        "否",
        "0",
        "n",
        "×",
        "x",
        "✗",
        "无",
        "不",
        "不可",
        "不可以",
        "不能",
        "没有",
        "f",
        "",
    )
)
FOREVER = frozenset(
    ("长期", "长期有效", "永久", "不限", "无", "一直", "无期限", "-", "/", "永久有效")
)


@dataclass(frozen=True, kw_only=True)
class Problem:
    file: str
    row: int
    column: str
    what: str  # what is wrong, and what to write instead
    sheet: str = ""  # of a workbook with several

    @property
    def place(self) -> str:
        return f"{self.file}〔{self.sheet}〕" if self.sheet else self.file

    def __str__(self) -> str:
        return f"{self.place}:{self.row} {self.column}: {self.what}"


class ImportRefused(Exception):
    """Nothing was imported; `problems` names every bad cell."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass
class Row:
    """Cells by column; values are strings, or lists and rows where YAML nests them."""

    file: str
    row: int
    cells: Mapping[str, Any]
    problems: list[Problem]
    moments: Moments
    rows_of: Mapping[str, int] = field(default_factory=dict)  # line of each column (YAML)
    read: set[str] = field(default_factory=set)
    sheet: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)  # headings of a table's columns
    assumed: frozenset[str] = frozenset()  # columns nobody wrote, filled with what is usual

    def refuse(self, column: str, what: str) -> None:
        self.problems.append(self.problem(column, what))

    def problem(self, column: str, what: str) -> Problem:
        """At the cell of this column, by the heading the file gives it."""
        return Problem(
            file=self.file,
            row=self.rows_of.get(column, self.row),
            column=self.labels.get(column, column),
            what=what,
            sheet=self.sheet,
        )

    def has(self, column: str) -> bool:
        self.read.add(column)
        return self.cells.get(column) not in (None, "", [], {})

    def text(self, column: str, *, longest: int = 300, needed: bool = False) -> str:
        value = self._value(column, needed)
        if isinstance(value, (list, dict)):
            self.refuse(column, "这里只写一段文字，不要写成列表")
            return ""
        if len(value) > longest:
            self.refuse(column, f"太长了（{len(value)} 字），请缩短到 {longest} 字以内")
        return str(value)

    def choice(self, column: str, choices: Mapping[str, str], default: str | None = None) -> str:
        """`choices`: what may be written → what it means."""
        value = self._value(column, default is None)
        if value == "":
            return default or ""
        if not isinstance(value, str) or value not in choices:
            self.refuse(column, f"“{value}”不在可选项里，请写：{'、'.join(choices)}")
            return default or ""
        return choices[value]

    def texts(self, column: str) -> list[str]:
        value = self._value(column, False)
        if isinstance(value, list):
            return [str(item) for item in value if item != ""]
        if isinstance(value, dict):
            self.refuse(column, "这里写列表，如 [轻便, 防水]；表格里用 | 隔开")
            return []
        parts = SPLIT_WORDS if column in LISTS_OF_WORDS else SPLIT
        items = [item for item in parts.split(value) if item]
        if len(items) == 1 and column == "selling_points":
            phrases = [one for one in SPLIT_PHRASES.split(value) if one]
            if not re.search("[，。,]", value) and max(map(len, phrases)) <= LONGEST_PHRASE:
                return phrases
        return items

    def texts_whole(self, column: str) -> list[str]:
        """Like `texts`, where | is part of each text."""
        value = self._value(column, False)
        if value != "" and not (isinstance(value, list) and all(isinstance(x, str) for x in value)):
            self.refuse(column, "这里写列表，每条以“- ”开头")
            return []
        return list(value)

    def whole(
        self, column: str, *, default: int | None = None, least: int = 0, most: int = 10**8
    ) -> int:
        value = self._value(column, default is None)
        if value == "":
            return default or 0
        is_weight = column.endswith("_g")
        try:
            number = (amounts.grams if is_weight else amounts.whole)(_one(value))
        except amounts.NotAnAmount as wrong:
            why, write = (
                ("不是重量", "750g、1.2kg 这样") if is_weight else ("不是整数", "数字，如 12")
            )
            self.refuse(column, f"“{value}”{wrong.why or why}，请写{' ' * is_weight}{write}")
            return default or 0
        if not least <= number <= most:
            self.refuse(column, f"{number} 不合理，请写 {least} 到 {most} 之间的整数")
        return number

    def money(self, column: str, *, default: int | None = None, least: int = 0) -> int:
        """Yuan in the file, fen here; 0 where a complaint was made."""
        value = self._value(column, default is None)
        if value == "":
            return default or 0
        try:
            fen = amounts.fen(_one(value))
        except amounts.NotAnAmount as wrong:
            what = f"{wrong.why or '不是金额'}，请写元为单位的数字，如 299 或 299.90"
            self.refuse(column, f"“{value}”{what}")
            return default or 0
        if fen < least:
            self.refuse(column, f"“{value}”太小，至少写 {least / 100:g}")
        return fen

    def yes(self, column: str, *, default: bool = False) -> bool:
        value = str(self._value(column, False)).strip().lower()
        if value == "":
            return default
        if value not in YES | NO:
            self.refuse(column, f"“{value}”看不懂，请写 是 或 否")
        return value in YES

    def day(self, column: str, *, needed: bool = False) -> date | None:
        value = self._value(column, needed)
        if value == "" or (column == "ends" and value in FOREVER):
            return None
        try:
            return self.moments.day(str(value))
        except NotAMoment:
            self.refuse(column, f"“{value}”不是日期，请写 2025-06-18，或 +6d 表示六天后")
            return None

    def days(self, column: str) -> list[str]:
        """ISO dates of a list."""
        found = []
        for told in self.texts(column):
            try:
                found.append(self.moments.day(told).isoformat())
            except NotAMoment:
                self.refuse(column, f"“{told}”不是日期，请写成 [2027-02-14, 2027-02-20]")
        return found

    def time(self, column: str, *, needed: bool = False) -> datetime | None:
        value = self._value(column, needed)
        return None if value == "" else self.moment(column, str(value))

    def moment(self, column: str, value: str) -> datetime | None:
        try:
            return self.moments.time(value)
        except NotAMoment:
            self.refuse(
                column, f"“{value}”不是时间，请写 2025-06-18 14:20、-3d 14:20（三天前）或 -5h"
            )
            return None

    def row_of(self, column: str) -> Row:
        """The cells nested under a column (YAML)."""
        value = self._value(column, False)
        if value == "":
            return self._nested({}, self.row, {})
        if not isinstance(value, dict):
            self.refuse(column, "这里要分项写，每项一行“名称: 内容”")
            return self._nested({}, self.row, {})
        return self.nested(value)

    def rows_under(self, column: str) -> list[Row]:
        value = self._value(column, False)
        if value == "":
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(column, "这里写成列表，每项以“- ”开头，再分项写")
            return []
        return [self.nested(item) for item in value]

    def nested(self, value: Mapping[str, Any]) -> Row:
        lines = getattr(value, "lines", {})
        return self._nested(
            {english(key): item for key, item in value.items()},
            getattr(value, "line", self.row),
            {english(key): line for key, line in lines.items()},
        )

    def finish(self) -> None:
        """Refuses columns that nothing has read: most often a slip of the pen."""
        for column in self.cells:
            if column not in self.read:
                known = "、".join(sorted(self.read))
                self.refuse(column, f"没有“{column}”这一项，可写的有：{known}")

    def _nested(self, cells: Mapping[str, Any], row: int, rows_of: Mapping[str, int]) -> Row:
        return Row(
            file=self.file,
            row=row,
            cells=cells,
            problems=self.problems,
            moments=self.moments,
            rows_of=rows_of,
            sheet=self.sheet,
        )

    def _value(self, column: str, needed: bool) -> Any:
        self.read.add(column)
        value = self.cells.get(column)
        if isinstance(value, EmptyFormula):
            self.refuse(
                column, "这一格是公式，还没有算出结果，请用 Excel 打开保存一次，或粘贴成数值"
            )
            return ""
        if value is None or value == "":
            if needed:
                self.refuse(column, "没有填，这一项必须有")
            return ""
        return value.strip() if isinstance(value, str) else value


def _one(value: Any) -> str:
    if not isinstance(value, str):
        raise amounts.NotAnAmount(str(value))
    return value
