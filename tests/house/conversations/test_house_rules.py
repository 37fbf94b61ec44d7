"""House rules hold whatever was understood, and let every ordinary wish through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.conversations.house_rules import Ruled, ruled
from bot.nlu import catalogue
from bot.nlu.catalogue import Catalogue, PlainTerm

_LINES: dict[str, list[Any]] = yaml.safe_load(
    Path(__file__).with_name("house_rules.yml").read_text(encoding="utf-8")
)
_PASSES, _REST = _LINES.pop("passes"), _LINES.pop("rest")


@pytest.fixture(autouse=True)
def goods(monkeypatch: pytest.MonkeyPatch) -> None:
    terms = [
        PlainTerm("轻风跑鞋", "product", "run-light"),
        PlainTerm("轻风", "product", "run-light"),
        PlainTerm("Gore-Tex", "product", "gore"),
    ]
    monkeypatch.setattr(catalogue, "_current", Catalogue("rules", terms))


@pytest.mark.parametrize(
    ("response", "text"),
    [(response, text) for response, texts in _LINES.items() for text in texts],
)
def test_the_house_answers_and_the_engine_hears_nothing(response: str, text: str) -> None:
    assert ruled(text) == Ruled((response,), "")


@pytest.mark.parametrize("text", _PASSES)
def test_ordinary_wishes_pass(text: str) -> None:
    assert ruled(text) == Ruled((), text)


@pytest.mark.parametrize("line", _REST)
def test_what_is_asked_beside_it_is_read(line: dict[str, Any]) -> None:
    assert ruled(line["said"]) == Ruled(tuple(line["replies"]), line["left"])


@pytest.mark.parametrize("response", _LINES)
def test_every_kind_has_its_examples(response: str) -> None:
    assert len(_LINES[response]) == len(set(_LINES[response])) and len(_LINES[response]) >= 6


def test_a_link_of_our_own_is_the_product() -> None:
    assert ruled("https://shop.example/p/run-light?from=chat") == Ruled((), "", "run-light")


def test_a_question_beside_our_own_link_is_about_the_product() -> None:
    assert ruled("http://127.0.0.1:8080/p/run-light 这双42有吗") == Ruled((), "轻风跑鞋 这双42有吗")


def test_a_link_to_a_product_we_do_not_have_is_any_link() -> None:
    assert ruled("http://127.0.0.1:8080/p/gone") == Ruled(("utter_no_links",), "")


def test_goods_named_in_a_share_text_are_answered_without_a_word_on_the_link() -> None:
    text = "【轻风跑鞋】https://m.other.cn/h.gX3 点击链接直接打开 有42吗"
    assert ruled(text) == Ruled((), "【轻风跑鞋】    有42吗")
