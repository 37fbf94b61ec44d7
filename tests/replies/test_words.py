"""Everything a buyer can be told keeps to the shop's rules for words."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.nlg.interpolator import interpolate_text

from bot.trainer import words_rule
from bot.trainer.code_calls import sources

ROOT = Path(__file__).resolve().parents[2]


def _responses() -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """(file, name, variants) of every response a trainer wrote."""
    for path in sorted((ROOT / "data").rglob("*.yml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(raw, dict):
            for name, variants in (raw.get("responses") or {}).items():
                yield str(path.relative_to(ROOT)), name, variants


RESPONSES = list(_responses())
TEXTS = [
    pytest.param(variant["text"], id=f"{file}:{name}:{number}")
    for file, name, variants in RESPONSES
    for number, variant in enumerate(variants, 1)
    if "text" in variant
]
TITLES = [
    pytest.param(button["title"], id=f"{file}:{name}:{button['title']}")
    for file, name, variants in RESPONSES
    for variant in variants
    for button in variant.get("buttons", ())
]


PAYLOADS = [
    pytest.param(button["payload"], id=f"{file}:{name}:{button['title']}")
    for file, name, variants in RESPONSES
    for variant in variants
    for button in variant.get("buttons", ())
    if "payload" in button
]


@pytest.mark.parametrize("text", [*TEXTS, *TITLES])
def test_no_absolute_words_and_superlatives(text: str) -> None:
    assert not (found := words_rule.ABSOLUTE.search(text)), (
        f"「{found[0]}」是绝对化用语,改用 尽量、一般"
    )


@pytest.mark.parametrize("text", [*TEXTS, *TITLES])
def test_no_rival_platform_is_named(text: str) -> None:
    assert not (found := words_rule.RIVALS.search(text)), f"「{found[0]}」是别的平台"


@pytest.mark.parametrize("text", [*TEXTS, *TITLES])
def test_nobody_is_led_away_from_the_shop(text: str) -> None:
    assert not (found := words_rule.ELSEWHERE.search(text)), f"「{found[0]}」会把买家引到店外"


@pytest.mark.parametrize("text", TEXTS)
def test_praise_is_never_paid_for(text: str) -> None:
    assert not words_rule.PAID_PRAISE.search(text), "不能用礼物或返现换好评"


@pytest.mark.parametrize("text", TEXTS)
def test_a_bubble_is_short(text: str) -> None:
    size, longest = words_rule.length(text), words_rule.LONGEST
    assert size <= longest, f"{size} 个字太长,拆成两句或删减到 {longest} 个字以内"


@pytest.mark.parametrize("title", TITLES)
def test_a_button_fits_on_a_phone(title: str) -> None:
    longest = words_rule.LONGEST_BUTTON
    assert len(title) <= longest, f"按钮不超过 {longest} 个字"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_survives_filling_in(payload: str) -> None:
    """Rasa takes {…} in a payload for a value to fill in, and logs an error for each."""
    filled = interpolate_text(payload, {"order_number": "6802000000000401", "line": "1"})
    assert filled.startswith("/"), "按钮的 payload 以 / 开头"
    assert "{{" not in filled and ("{" not in payload or "{{" in payload), "数据要写成 {{…}}"
    assert json.loads(filled[filled.index("{") :]) if "{" in filled else True


@pytest.mark.parametrize(
    ("name", "variants"), [pytest.param(name, variants, id=name) for _, name, variants in RESPONSES]
)
def test_every_reply_has_variants(name: str, variants: list[dict[str, Any]]) -> None:
    texts = {variant.get("text") for variant in variants}
    assert len(texts) >= 2, f"{name} 至少写两种不同的说法"


def test_every_reply_is_said_somewhere() -> None:
    said = _said_names()
    unsaid = [name for _, name, _ in RESPONSES if not any(one.fullmatch(name) for one in said)]
    assert not unsaid, f"没有动作、规则或表单会说这些: {unsaid}"


def test_every_reply_that_code_or_rules_call_for_is_written() -> None:
    written = {name for _, name, _ in RESPONSES} | {"utter_faq"}
    missing = [one.pattern for one in _said_names() if not any(map(one.fullmatch, written))]
    assert not missing, f"data/replies 里没有: {missing}"


def _said_names() -> list[re.Pattern[str]]:
    """Patterns of the response names in code and rules; f-strings match what they can make."""
    names = {re.escape("utter_faq/") + ".+"}
    for path in sources(ROOT):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if re.fullmatch(r"utter_[a-z_]*[a-z]", node.value):
                    names.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                names.update(_pattern_of(node))
    for path in ROOT.glob("data/stories/*.yml"):
        names.update(re.findall(r"utter_[a-z_]+", path.read_text(encoding="utf-8")))
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    actions = set(domain["actions"])
    for form in domain["forms"].values():
        for slot in form["required_slots"]:
            if f"action_ask_{slot}" not in actions:
                names.add(f"utter_ask_{slot}")
    not_replies = {"utter_faq", "utter_action", "utter_ask"}  # an action, a key, a prefix
    return [re.compile(name) for name in sorted(names - not_replies)]


def _pattern_of(node: ast.JoinedStr) -> list[str]:
    parts = [
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]*"
        for part in node.values
    ]
    pattern = "".join(parts)
    return [pattern] if pattern.startswith("utter_") else []
