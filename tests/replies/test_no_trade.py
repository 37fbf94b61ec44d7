"""No reply, button or page knows a trade: what a shop of stones would say holds no word of clothes."""

from __future__ import annotations

import ast
import csv
import functools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.privacy_notice import sections
from bot.settings import read_settings

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
     "utter_room_unknown", "utter_no_room_left", "utter_size_stays", "utter_size_for_both",
     "utter_size_of_one_gender")
)  # fmt: skip
# A question that is offered beside a size chart alone.
OFFERED_WITH_SIZE_CHARTS = frozenset(("which_size",))
# Code that may name what is worn: it reads a size chart, or the words for it.
OF_WORN = frozenset(
    ("bot/shop/rules/sizing.py", "actions/bargaining/sizing.py", "actions/choosing/sizing_two.py")
)
# Headings of files and what they mean: read as the format that a table has, before it is goods.
OF_FILES = frozenset(
    ("bot/shop/importing/platforms/export.py", "bot/shop/importing/platforms/taobao.py",
     "bot/shop/importing/platforms/youzan.py", "bot/shop/importing/stored.py",
     "bot/shop/importing/table_rows.py")
)  # fmt: skip
# 一张 is of coupons, photos and orders too: alone it counts no goods.
OF_EVERYTHING = {("bot/nlu/counting.py", "张")}


def _tables(name: str) -> Iterator[dict[str, str]]:
    for file in sorted(
        [*ROOT.glob(f"shop/*/*/{name}.csv"), *ROOT.glob(f"bench/shops/*/*/{name}.csv")]
    ):
        with file.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)


@functools.cache
def names_of_trades() -> frozenset[str]:
    """How any shop in the repository calls a category, a sort, an axis or a unit: no code may branch on it."""
    found: set[str] = {"shoes", "clothing", "bags", "gear"}
    for file in (ROOT / "shop" / "demo" / "products").glob("*.yml"):
        for row in yaml.safe_load(file.read_text(encoding="utf-8"))["products"]:
            found |= {row["category"], row["kind"]}
    for row in _tables("商品"):
        found |= {row.get(name) or "" for name in ("类目", "类型", "大类", "小类")}
    for row in _tables("规格"):
        found |= set(row) - {"编号", "货号", "价格", "售价", "重量克", "毛重", "库存", "到货日期"}
    for file in (ROOT / "shop" / "trades").glob("*/about.yml"):
        pack = yaml.safe_load(file.read_text(encoding="utf-8"))
        found |= {file.parent.name, pack["name"], *pack["also"], *pack["axes"], *pack["facts"]}
    found |= set(
        yaml.safe_load((DATA / "patterns" / "measure_words.yml").read_text(encoding="utf-8"))
    )
    return frozenset(found - {""})


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
        if file.suffix not in (".vue", ".ts") or file.name in ("SizeChartCard.vue", "ShopGrid.vue"):
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if "sizes" in line:
                continue  # of goods with a size chart, and of the owner's table of sizes
            if TRADE.search(line.split("//")[0]):
                known.append(f"{file.name}:{number} {line.strip()}")
    assert known == []


def _offered() -> Iterator[tuple[str, str]]:
    """What a page or a button offers besides the replies: questions, titles of wishes, reminders."""
    titles = yaml.safe_load((DATA / "patterns" / "intent_titles.yml").read_text(encoding="utf-8"))
    yield from titles["titles"].items()
    asked = yaml.safe_load((DATA / "dialogue" / "questions.yml").read_text(encoding="utf-8"))
    for name, question in asked["questions"].items():
        yield name, question["says"]
    followed = (DATA / "followups.yml").read_text(encoding="utf-8")
    yield from (("followups.yml", line.split("#")[0]) for line in followed.splitlines())
    stones = replace(read_settings(ROOT, {"PORT": "0"}).shop, name="石头记")
    for section in sections(stones):
        yield from (("privacy", text) for text in section.lines)
    for page in sorted([*(ROOT / "web").glob("*.html"), *(ROOT / "web" / "p").glob("*.html")]):
        yield page.name, page.read_text(encoding="utf-8")


def test_nothing_that_is_offered_knows_a_trade() -> None:
    known = [
        f"{name}: {text}"
        for name, text in _offered()
        if name not in OFFERED_WITH_SIZE_CHARTS and TRADE.search(text)
    ]
    assert known == []


def test_the_words_are_heard_where_they_are() -> None:
    """The negative control: the demo's own sentences would be found."""
    for text in ("鞋服包具，尺码、库存", "您穿多大码？", "没穿用、吊牌在", "要哪个码呢？"):
        assert TRADE.search(text)
    for text in ("二维码", "验证码发我", "券码", "密码", "扫码"):
        assert not TRADE.search(text)


# Calls whose first argument is compared, and keys by which something is chosen.
_COMPARING = frozenset("startswith endswith get count find index fullmatch match search".split())


def _compared(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Constants that code compares with: `x == "鞋"`, `x in ("鞋", …)`, `case "鞋"`, `{"鞋": …}`, `x.startswith("鞋")`."""
    for node in ast.walk(tree):
        held: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            held = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            held = [node.value]
        elif isinstance(node, ast.Subscript):
            held = [node.slice]
        elif isinstance(node, ast.Dict):
            held = [key for key in node.keys if key is not None]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            held = list(node.args) if node.func.attr in _COMPARING else []
        for one in held:
            parts = one.elts if isinstance(one, (ast.Tuple, ast.List, ast.Set)) else [one]
            for part in parts:
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.lineno, part.value


def test_no_code_branches_on_the_name_of_a_category_axis_or_unit() -> None:
    found = [
        f"{name}:{line} {value}"
        for folder in ("bot", "actions")
        for file in sorted((ROOT / folder).rglob("*.py"))
        if (name := str(file.relative_to(ROOT))) not in OF_WORN | OF_FILES
        for line, value in _compared(ast.parse(file.read_text(encoding="utf-8")))
        if value in names_of_trades() and (name, value) not in OF_EVERYTHING
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        'a == "shoes"', 'b in ("口味", "x")', 'match c:\n case "色号": pass', 'x = {"机型": 1}', 'd["零食"]',
        'e.startswith("坚果")', 'f = g.get("承重")',
    ],
)  # fmt: skip
def test_a_branch_would_be_found(source: str) -> None:
    assert [value for _, value in _compared(ast.parse(source)) if value in names_of_trades()]
