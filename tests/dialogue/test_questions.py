"""Questions that the page offers: the right ones for order, page and moment, told apart by a table."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.dialogue.questions import AT_ONCE, QUESTIONS, next_of, read_questions, shares_of
from bot.dialogue.table_file import TableError
from tests.support.house import ROOT

TABLE = read_questions(ROOT / QUESTIONS)
INTENTS = {
    one if isinstance(one, str) else next(iter(one))
    for one in yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["intents"]
}


def first(*facts: str) -> str:
    return TABLE.predicted(frozenset(facts), {})[0].name


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        (("bought", "on_the_way", "parcel_late"), "parcel_late"),
        (("bought", "on_the_way"), "where_is_it"),
        (("bought", "to_ship", "ships_late"), "ships_late"),
        (("bought", "to_ship"), "when_ships"),
        (("bought", "signed"), "want_return"),
        (("bought", "case_open"), "refund_status"),
        (("newcomer", "on_product", "sized"), "which_size"),
        (("newcomer", "on_product"), "in_stock"),
        (("newcomer",), "recommend"),
        (("newcomer", "night"), "leave_word"),
        (("bought", "on_the_way", "night"), "where_is_it"),
    ],
)
def test_the_likeliest_comes_first(facts: tuple[str, ...], name: str) -> None:
    assert first(*facts) == name


def test_six_at_most_and_no_wish_in_two_words() -> None:
    found = TABLE.predicted(frozenset(("bought", "on_the_way", "parcel_late", "signed")), {})
    assert len(found) == AT_ONCE
    assert len({one.intent for one in found}) == AT_ONCE


def test_the_shops_own_figures_move_a_question_up() -> None:
    facts = frozenset(("newcomer",))
    assert TABLE.predicted(facts, {"ask_postage": 0.6})[0].intent == "ask_postage"


SHEET = ("care", "配料", "origin", "shelf_life", "quality")


def test_what_the_sheet_tells_is_offered_the_likeliest_two() -> None:
    found = TABLE.predicted(frozenset(("newcomer", "on_product")), {}, sheet=SHEET)
    facts = [one for one in found if one.name.startswith("fact.")]
    assert [one.says for one in facts] == ["想知道配料", "保质期多久"]
    assert len(found) == AT_ONCE and "ask_price" in {one.intent for one in found}


def test_where_orders_move_the_page_takes_half_of_the_places() -> None:
    facts = frozenset(("bought", "on_the_way", "on_product", "sized"))
    found = TABLE.predicted(facts, {}, sheet=SHEET)
    of_page = [one for one in found if one.when and one.when <= {"on_product", "sized"}]
    assert (len(of_page), len(found)) == (3, AT_ONCE)
    assert {"where_is_it", "which_size"} <= {one.name for one in found}


def test_only_what_the_sheet_tells_is_asked() -> None:
    assert TABLE.find("fact.配料", SHEET) and not TABLE.find("fact.配料")
    assert TABLE.find("fact.quality", SHEET) is None  # has its own question
    assert TABLE.find("postage", SHEET) is TABLE.all["postage"]


def test_a_campaign_moves_its_question_up() -> None:
    def place(*facts: str) -> int:
        found = TABLE.predicted(frozenset(facts), {}, limit=20)
        return [one.intent for one in found].index("ask_promotion")

    assert place("newcomer", "campaign") < place("newcomer")


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        (("newcomer",), {"查订单": "my_order", "退换货": "return_rules", "找人工": "person"}),
        (("newcomer", "on_product", "sized"), {"看尺码": "which_size"}),
        (("bought", "on_the_way", "parcel_late"), {"查快递": "parcel_late", "查订单": "old_order"}),
        (("bought", "to_ship", "ships_late"), {"催发货": "ships_late", "查订单": "unpaid_status"}),
        (("bought", "signed"), {"查订单": "my_order", "退换货": "want_return"}),
        (("bought", "night", "campaign"), {"找人工": "leave_word", "有优惠吗": "promotion_now"}),
    ],
)
def test_what_stays_at_hand_fits_the_moment(facts: tuple[str, ...], wanted: dict[str, str]) -> None:
    found = {title: one.name for title, one in TABLE.at_hand(frozenset(facts))}
    assert wanted.items() <= found.items()
    assert {"查订单", "退换货", "找人工"} <= set(found)
    assert ("看尺码" in found) == ("sized" in facts) and ("查快递" in found) == (
        "on_the_way" in facts
    )


def test_what_the_shops_buyers_ask_next_moves_up_or_comes_in() -> None:
    facts = frozenset(("newcomer", "on_product", "sized"))

    def after(asked: dict[str, int]) -> list[str]:
        return [one.name for one in TABLE.next("stock_check", facts, asked)]

    assert after({}) == ["which_size", "postage", "when_would_ship"]  # as trainers wrote
    assert after({"ask_postage": 11}) == ["postage", "which_size", "when_would_ship"]
    assert after({"ask_courier": 9}) == after({})  # by chance
    assert after({"ask_courier": 11}) == ["which_size", "postage", "which_courier"]
    assert after({"stock_check": 99, "order_status": 99}) == after({})  # just asked; at hand
    assert after({"refund_status": 99}) == after({})  # nothing was bought
    assert TABLE.next("praise", facts, {"ask_courier": 11}) == [TABLE.all["which_courier"]]


def test_completions_come_the_likeliest_first() -> None:
    facts = frozenset(("newcomer", "on_product"))
    usual = [one.name for one in TABLE.likeliest(facts, {}, SHEET)]
    assert usual[0] == "in_stock" and {"fact.配料", "postage", "return_rules"} <= set(usual)
    own = [one.name for one in TABLE.likeliest(facts, {"ask_postage": 0.6}, SHEET)]
    assert own[0] == "postage" and sorted(own) == sorted(usual)


def test_what_comes_next_is_counted_under_its_wish() -> None:
    counts = [("faq/ask_invoice.title", "bargain", 1), ("ask_invoice", "faq/bargain.x", 2)]
    assert next_of(counts) == {"ask_invoice": {"bargain": 3}}


def test_shares_count_a_plain_question_under_its_wish() -> None:
    counted = [("faq/ask_invoice.title", 1), ("ask_invoice", 1), ("bargain", 2)]
    assert shares_of(counted) == {"ask_invoice": 0.5, "bargain": 0.5}
    assert shares_of([]) == {}


def test_a_title_at_hand_is_short_enough_for_a_row() -> None:
    assert all(len(title) <= 4 for title in TABLE.shortcuts)


def test_every_intent_is_one_of_the_domains() -> None:
    plain = {path.stem for path in (ROOT / "data/nlu").glob("*.yml")}
    assert plain
    used = {one.intent for one in (*TABLE.all.values(), *TABLE.by_fact.values())}
    assert used <= INTENTS | {one.removeprefix("faq/") for one in INTENTS}


def test_a_mistake_is_told_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "questions.yml"
    file.write_text(
        "questions:\n  a: {says: 在吗, intent: greet, when: [on_the_wai], weight: 1}\nfacts: {}\nshortcuts: {}\nnext: {}\n"
    )
    with pytest.raises(TableError, match=r"questions\.yml:2: .*on_the_way"):
        read_questions(file)
    file.write_text(
        "questions:\n  a: {says: 在吗, intent: greet, weight: 12}\nfacts: {}\nshortcuts: {}\nnext: {}\n"
    )
    with pytest.raises(TableError, match=r":2: weight"):
        read_questions(file)
