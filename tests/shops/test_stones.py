"""A shop of stones is told of in words of stones: nothing that a demo shop sells is ever named there.

Every line of `LINES` is said to it, with and without goods in view; replies and buttons are read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.conversations.script import script_of
from tests.replies.test_no_trade import TRADE
from tests.shops.playing import Open, opened, play
from tests.support.house import ROOT

HERE = Path(__file__).parent / "stones"
# Of what every shop may say, though one of the demo shops calls a category, a sort or goods so.
EVERYBODYS = frozenset("包 礼盒 套装 充电 装备 工具 配件".split())
LINES = (
    "在吗", "你们家卖什么的", "有什么推荐的", "帮我挑一款", "送长辈选哪个", "有什么活动", "有券吗",
    "满99减9能和券一起用吗", "包邮吗", "到新疆多少钱", "发什么快递", "今天能发吗", "几天到北京",
    "怎么退货", "拆了能退吗", "不喜欢能退吗", "退货地址发我", "运费谁出", "有实体店吗", "几点下班",
    "可以开发票吗", "你叫什么名字", "你是机器人吗", "有大一点的吗", "哪种好", "质量怎么样", "是正品吗",
    "怎么用", "能用多久", "怎么保养", "会不会坏", "有什么不同", "多大合适", "选多大的", "这个多大", "我该买几号",
    "能便宜点吗", "再便宜点", "太贵了", "别家更便宜", "我再想想", "要一个", "来两个", "我要这款",
    "好看吗", "有别的颜色吗", "什么颜色好看", "有货吗", "什么时候到货", "到货叫我", "是什么材质",
    "重不重", "适合谁用", "孩子能用吗", "女生用合适吗", "和别的比哪个好", "最近有新品吗", "有赠品吗",
    "收到坏了", "发错了", "少发了一件", "我的快递到哪了", "怎么还没发货", "能改地址吗", "我要投诉",
    "有核桃吗", "有手机壳吗", "有登山鞋吗", "有口红吗", "谢谢", "再见", "嗯", "不对", "什么意思",
    "你推荐的不合适", "换一款", "搭配什么好", "我一米七多大合适", "小了怎么办", "大了能换吗",
)  # fmt: skip


def _demo_words() -> Iterator[str]:
    """Names, nicknames, categories and sorts of what the four demo shops sell."""
    for file in (ROOT / "shop" / "demo" / "products").glob("*.yml"):
        for row in yaml.safe_load(file.read_text(encoding="utf-8"))["products"]:
            yield from (row["name"], *row.get("nicknames", ()), row["category"], row["kind"])
    for shop in ("snacks", "cosmetics", "phones"):
        file = ROOT / "shop" / shop / "goods" / "商品.csv"
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield from (row["名称"], *row["别名"].split("|"), row["类目"], row["类型"])


FOREIGN = re.compile(
    "|".join(map(re.escape, sorted(set(_demo_words()) - EVERYBODYS - {""}, key=len)[::-1]))
)


@pytest.fixture(scope="module")
def stones(tmp_path_factory: pytest.TempPathFactory) -> Open:
    return opened(HERE, tmp_path_factory.mktemp("stones"))


def foreign_words(said: str, heard: str) -> list[str]:
    """Words of other trades that the buyer has not said first."""
    return [
        one for rule in (TRADE, FOREIGN) for one in rule.findall(said) if one and one not in heard
    ]


@pytest.mark.model
@pytest.mark.parametrize("at", [None, "pebble"])
@pytest.mark.parametrize("line", LINES)
async def test_no_other_shops_word_is_said(
    line: str, at: str | None, stones: Open, tmp_path: Path
) -> None:
    talk = {"about": "石头", "looking_at": at, "turns": [{"buyer": line}]}
    transcript = await play(stones, script_of(HERE / "talk", talk), tmp_path)
    told = [one for one in transcript if "bot:" in one]
    assert [(one, found) for one in told if (found := foreign_words(one, line))] == []


@pytest.mark.parametrize(
    "said", ["鞋服、背包都有", "要哪个码呢？", "雾绒哑光口红89元", "〔徒步登山｜露营〕"]
)
def test_a_word_of_another_shop_would_be_found(said: str) -> None:
    assert foreign_words(said, "在吗")
    assert not foreign_words("礼盒包装，发到您手上", "在吗")
