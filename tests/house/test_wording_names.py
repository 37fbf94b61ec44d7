"""Which variant of a reply was said is known by its words before anything is filled in."""

from __future__ import annotations

from bot.engine.wording import FreshWording

RESPONSES = {"utter_x": [{"text": "{goods}到了"}, {"text": "您的{goods}签收啦"}]}


def test_a_wording_has_one_name_whatever_fills_it_and_another_than_its_neighbour() -> None:
    wording = FreshWording(RESPONSES)
    first = wording.wording_of("utter_x", "鞋到了", {"goods": "鞋"})
    assert first and first == wording.wording_of("utter_x", "帽子到了", {"goods": "帽子"})
    second = wording.wording_of("utter_x", "您的鞋签收啦", {"goods": "鞋"})
    assert second and second != first


def test_words_of_no_variant_have_no_name() -> None:
    assert FreshWording(RESPONSES).wording_of("utter_x", "别的话", {"goods": "鞋"}) == ""
    assert FreshWording(RESPONSES).wording_of("utter_y", "鞋到了", {}) == ""
