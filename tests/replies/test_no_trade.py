"""No reply, button or page knows a trade: what a shop of stones would say holds no word of clothes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
# Words of the demo shop's trade. 码 is also part of words of every shop.
TRADE = re.compile(
    "鞋|衣服|上衣|衣长|裤|袜|帽子|靴|穿|尺码|码数|吊牌|徒步|登山|露营|户外|通勤|贴身|身高|体重|脚长|帐篷|冲锋|背包|睡袋|周四"
    "|(?<![号密扫编代验短券条证数二维的])码"
)
# Said only of goods that have a size chart, which tells sizes of the body by its columns.
OF_SIZE_CHARTS = frozenset(
    ("utter_chosen_shoe", "utter_chosen_sized", "utter_no_such_size_worn", "utter_ask_height_weight",
     "utter_ask_foot", "utter_size_advised", "utter_size_between", "utter_this_one_runs_small",
     "utter_this_one_runs_true", "utter_this_one_runs_large", "utter_runs_small", "utter_runs_true",
     "utter_runs_large", "utter_size_out_of_range", "utter_size_will_do", "utter_size_fits_too",
     "utter_size_too_big", "utter_size_too_small", "utter_size_settled", "utter_sizes_by_body",
     "utter_room_unknown")
)  # fmt: skip
# Code that may name what is worn: it reads a size chart, or the words for it.
OF_WORN = frozenset(
    ("bot/shop/rules/sizing.py", "actions/bargaining/sizing.py", "actions/choosing/sizing_two.py")
)
# How a shop calls a category, an axis or a unit: nothing that code may branch on.
NAMES = frozenset(
    "shoes clothing bags gear 鞋 衣服 包 装备 颜色 尺码 口味 色号 机型 规格 双 件 盒 袋 支".split()
)


def _replies() -> Iterator[tuple[str, str]]:
    for file in sorted(DATA.rglob("*.yml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        responses = content.get("responses") if isinstance(content, dict) else None
        for name, variants in (responses or {}).items():
            for variant in variants:
                yield name, str(variant.get("text", ""))
                for button in variant.get("buttons") or ():
                    yield name, str(button["title"])


def test_no_reply_or_button_knows_a_trade() -> None:
    known = [
        f"{name}: {text}"
        for name, text in _replies()
        if name not in OF_SIZE_CHARTS and TRADE.search(text)
    ]
    assert known == []


def test_every_reply_of_size_charts_is_there() -> None:
    assert {name for name, _ in _replies()} >= OF_SIZE_CHARTS


@pytest.mark.parametrize("folder", ["web/src"])
def test_no_page_knows_a_trade(folder: str) -> None:
    known = []
    for file in sorted((ROOT / folder).rglob("*")):
        if file.suffix not in (".vue", ".ts") or file.name == "SizeChartCard.vue":
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if "has_sizes" in line:
                continue  # a button of goods with a size chart
            if TRADE.search(line.split("//")[0]):
                known.append(f"{file.name}:{number} {line.strip()}")
    assert known == []


def test_the_words_are_heard_where_they_are() -> None:
    """The negative control: the demo's own sentences would be found."""
    for text in ("鞋服包具，尺码、库存", "您穿多大码？", "没穿用、吊牌在", "要哪个码呢？"):
        assert TRADE.search(text)
    for text in ("二维码", "验证码发我", "券码", "密码", "扫码"):
        assert not TRADE.search(text)


def _compared(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Constants that code compares with: `x == "鞋"`, `x in ("鞋", …)`, `case "鞋"`."""
    for node in ast.walk(tree):
        held: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            held = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            held = [node.value]
        for one in held:
            parts = one.elts if isinstance(one, (ast.Tuple, ast.List, ast.Set)) else [one]
            for part in parts:
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.lineno, part.value


def test_no_code_branches_on_the_name_of_a_category_axis_or_unit() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line} {value}"
        for folder in ("bot", "actions")
        for file in sorted((ROOT / folder).rglob("*.py"))
        if str(file.relative_to(ROOT)) not in OF_WORN
        for line, value in _compared(ast.parse(file.read_text(encoding="utf-8")))
        if value in NAMES
    ]
    assert found == []


def test_a_branch_would_be_found() -> None:
    for source in ('a == "shoes"', 'b in ("口味", "x")', 'match c:\n case "色号": pass'):
        assert [value for _, value in _compared(ast.parse(source)) if value in NAMES]
