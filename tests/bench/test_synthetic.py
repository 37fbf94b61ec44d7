"""Made-up shops and messages have the size that was asked for."""

from pathlib import Path

import yaml

from bench.servers import ROOT
from bench.synthetic import with_messages, write_shop

EXAMPLES = {"greet": [f"在吗{n}" for n in range(30)], "thank": [f"谢谢{n}" for n in range(10)]}


def test_messages_are_thinned_in_proportion() -> None:
    thin = with_messages(EXAMPLES, 20)
    assert {intent: len(lines) for intent, lines in thin.items()} == {"greet": 15, "thank": 5}


def test_messages_are_filled_up_without_repeats() -> None:
    grown = with_messages(EXAMPLES, 400)
    assert [len(set(lines)) for lines in grown.values()] == [300, 100]


def test_extra_intents_count_among_the_messages() -> None:
    grown = with_messages(EXAMPLES, 100, extra_intents=2, each=30)
    assert sum(map(len, grown.values())) == 100
    assert len(grown["bench_1"]) == 30


def test_goods_are_told_apart_by_name(tmp_path: Path) -> None:
    write_shop(tmp_path, ROOT / "shop" / "demo", 200)
    goods = yaml.safe_load((tmp_path / "products.yml").read_text(encoding="utf-8"))["products"]
    assert len({product["name"] for product in goods}) == 200
