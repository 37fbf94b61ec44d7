"""The shop's words can be exchanged while messages come in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.nlu import catalogue
from bot.nlu.catalogue import Catalogue, PlainTerm, read_dump, use_catalogue, write_dump
from bot.nlu.entities import EntityRules
from bot.nlu.normalise import normalise

TODAY = date(2026, 11, 21)
SOUNDING = [PlainTerm(name, "kind", name) for name in ("登山杖", "健步鞋", "羽绒服")]


@pytest.fixture(autouse=True)
def _own_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_current", None)


def values(rules: EntityRules, text: str) -> list[object]:
    return [one.value for one in rules.find(text, TODAY) if one.entity == "product"]


def test_a_new_version_replaces_the_old_words() -> None:
    rules = EntityRules()
    use_catalogue("1", [PlainTerm("轻羽冲锋衣", "product", "sp-1")])
    assert values(rules, "轻羽冲锋衣多少钱") == ["sp-1"]
    use_catalogue("2", [PlainTerm("云幕帐篷", "product", "sp-2")])
    assert values(rules, "轻羽冲锋衣和云幕帐篷") == ["sp-2"]


def test_the_longest_name_wins() -> None:
    use_catalogue(
        "1",
        [PlainTerm("冲锋衣", "product", "short"), PlainTerm("轻羽冲锋衣", "product", "long")],
    )
    assert values(EntityRules(), "轻羽冲锋衣有吗") == ["long"]


def test_a_name_is_found_inside_of_a_longer_word() -> None:
    use_catalogue("1", [PlainTerm("手机壳", "product", "sp-9")])
    assert values(EntityRules(), "手机壳子有吗") == ["sp-9"]


def test_sizes_come_back_as_the_shop_writes_them() -> None:
    goods = Catalogue("1", [PlainTerm("XXL", "size", "XXL"), PlainTerm("38", "size", "38")])
    found = EntityRules().find("2xl和xxl", TODAY, goods)
    sizes = [one.value for one in found if one.entity == "size"]
    assert sizes == ["XXL"]


def test_the_dump_for_rasa_shell_reads_back(tmp_path: Path) -> None:
    terms = [PlainTerm("轻羽冲锋衣", "product", "sp-1"), PlainTerm("黑", "colour", "黑色")]
    write_dump(tmp_path / "catalogue.yml", terms)
    assert sorted(map(repr, read_dump(tmp_path / "catalogue.yml"))) == sorted(map(repr, terms))


def test_twenty_thousand_names_stay_quick_to_search() -> None:
    goods = Catalogue(
        "many", [PlainTerm(f"山行{at}号冲锋衣", "product", str(at)) for at in range(20_000)]
    )
    found = [one.value for one in goods.phrases("山行12345号冲锋衣有货吗")]
    assert found == ["12345"]


@pytest.mark.parametrize("text", ["可以", "有现货吗", "正好", "我要白菜价"])
def test_a_nickname_that_is_an_everyday_word_takes_over_no_answer(text: str) -> None:
    words = ["可以", "现货", "正好", "白菜", "小云杯"]
    goods = Catalogue("everyday", [PlainTerm(word, "product", "cup-1") for word in words])
    assert [one for one in goods.phrases(normalise(text)) if one.entity == "product"] == []
    assert [one.value for one in goods.phrases("小云杯多少钱")] == ["cup-1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("登山仗多少钱", "登山仗"), ("有没有健布鞋", "健布鞋"), ("羽绒副好看吗", "羽绒副")],
)
def test_a_name_typed_with_a_character_of_the_same_sound_is_found(text: str, said: str) -> None:
    found = [one for one in Catalogue("v", SOUNDING).phrases(text) if one.entity == "kind"]
    assert [text[one.start : one.end] for one in found] == [said]


@pytest.mark.parametrize("text", ["老北京布鞋", "登山包", "羽毛球服", "登三仗", "爬山用的拐杖"])
def test_another_word_is_no_name_by_its_sound(text: str) -> None:
    assert [one for one in Catalogue("v", SOUNDING).phrases(text) if one.entity == "kind"] == []
