"""The training data keeps its promises: enough lines, each under one intent, none of them real."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml

from bench.real_overlap import REAL_MESSAGES, overlaps, plain
from bot.nlu.labels import catalogue_intent

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "data" / "nlu").rglob("*.yml"))
WIDE = set(
    "ask_product stock_check size_advice bargain logistics_delay track_parcel return_request "
    "return_policy ask_promotion ask_recommendation complain inform affirm out_of_scope".split()
)


# A trainer's own intents may be small; these are the contract that the product is measured by.
CATALOGUE = WIDE | set(
    "greet goodbye thank deny hold_on hesitate ask_human ask_bot praise ask_price ask_postage "
    "ask_quality ask_color ask_payment ask_invoice place_order ask_ship_time ask_courier "
    "ask_delivery_time ask_delivery_area inform_paid order_note change_address change_order "
    "cancel_order order_status parcel_not_received exchange_request refund_status report_defect "
    "report_wrong_item price_protection ask_usage ask_warranty".split()
)


def examples() -> list[tuple[str, str]]:
    """(intent, line) of every training line."""
    found = []
    for path in FILES:
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            lines = (line.removeprefix("- ") for line in block["examples"].splitlines())
            found += [(block["intent"], line) for line in lines if line.strip()]
    return found


def test_every_intent_has_its_hundred_lines_and_a_wide_one_two_hundred_and_fifty() -> None:
    counts = Counter(catalogue_intent(intent) for intent, _ in examples())
    short = {
        intent: counts[intent]
        for intent in CATALOGUE
        if counts[intent] < (250 if intent in WIDE else 100)
    }
    assert short == {}


def test_no_line_stands_under_two_intents() -> None:
    intents = defaultdict(set)
    for intent, line in examples():
        intents[plain(line) or line].add(intent)
    assert {line: found for line, found in intents.items() if len(found) > 1} == {}


def test_no_real_message_is_among_them() -> None:
    if not REAL_MESSAGES.is_dir():
        if os.environ.get("REQUIRE_REAL_MESSAGES"):
            pytest.fail("the real messages are demanded here and not beside us")
        pytest.skip("the real messages are not beside us")
    assert list(overlaps(FILES)) == []
