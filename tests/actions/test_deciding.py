"""A buyer's line, read by the real entity rules, to the action that decides: no model needed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from rasa_sdk import Action

from actions.answering.company import SmallTalk
from actions.answering.talking import HeardWhyLeaving, Hesitated
from actions.bargaining.sizing import AdviseSize
from actions.choosing.recommending import Recommend
from actions.choosing.safety import KeepSafe
from actions.goods.products import TellProduct
from actions.goods.quality import TellQuality
from bot.nlu.catalogue import Catalogue, PlainTerm
from bot.nlu.entities import EntityRules
from bot.nlu.normalise import normalise
from tests.support.talk import Heard, Talk

Says = Callable[[Action, str], Awaitable[Heard]]


@pytest.fixture(scope="module")
def rules() -> EntityRules:
    return EntityRules()


@pytest.fixture
async def says(talk_of: Callable[[str | None], Talk], rules: EntityRules) -> Says:
    talk = talk_of(None)
    terms = await talk.shop.catalogue_terms()
    goods = Catalogue("t", [PlainTerm(one.text, one.entity, one.value) for one in terms])

    async def say(action: Action, text: str) -> Heard:
        found = rules.find(normalise(text), date(2026, 11, 21), goods)
        return await talk.hears(action, "x", text, rows=[_row(one) for one in found])

    return say


def _row(found: Any) -> dict[str, Any]:
    return {"entity": found.entity, "value": found.value, **dict(found.details)}


@pytest.mark.parametrize(
    ("text", "winner"),
    [
        ("观云和轻羽哪个更轻", "轻羽单层硬壳冲锋衣"),
        ("观云和轻羽哪个更防水", "轻羽单层硬壳冲锋衣"),
        ("暖山和轻羽哪个更保暖", "暖山鹅绒羽绒服"),
        ("林步和栖云哪个更透气", "林步低帮轻徒步鞋女款"),
    ],
)
async def test_the_asked_point_decides(says: Says, text: str, winner: str) -> None:
    heard = await says(Recommend(), text)
    assert heard.replies == ["utter_verdict"]
    assert heard.values["name"] == winner


async def test_nothing_told_asks_once_and_then_decides(says: Says) -> None:
    assert (await says(Recommend(), "栖云和林步哪款好")).replies == ["utter_compare"]
    heard = await says(Recommend(), "主要登山用")
    assert heard.replies == ["utter_verdict"]
    assert heard.values["name"] == "栖云中帮防水徒步鞋"


async def test_asked_again_another_reason_is_told(says: Says) -> None:
    first = await says(Recommend(), "观云和轻羽哪个更轻")
    again = await says(Recommend(), "到底选哪个")
    assert again.replies == ["utter_verdict_again"]
    assert again.values["name"] == first.values["name"]
    assert again.values["reason"] != first.values["reason"]


async def test_who_lets_us_choose_is_not_asked(says: Says) -> None:
    heard = await says(Recommend(), "栖云和林步你帮我选一个")
    assert heard.replies == ["utter_verdict_by_sales"]


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("暖山羽绒服零下5度冷不冷", "utter_figure_fits"),
        ("暖山羽绒服零下25度冷不冷", "utter_figure_short"),
        ("小溪双肩包放得下15寸电脑吗", "utter_figure_fits"),
        ("小溪双肩包放得下17寸电脑吗", "utter_figure_short"),
        ("星野帐篷两个人够睡吗", "utter_figure_fits"),
        ("星野帐篷三个人够睡吗", "utter_figure_too_much"),
        ("山泉保温杯能装2升水吗", "utter_figure_short"),
        ("行路腰包能放500毫升的水吗", "utter_figure_too_much"),
    ],
)
async def test_a_figure_gets_yes_or_no(says: Says, text: str, reply: str) -> None:
    assert (await says(TellProduct(), text)).replies[0] == reply


async def test_what_no_figure_is_asked_for_stays_a_fact(says: Says) -> None:
    assert set((await says(TellProduct(), "暖山羽绒服保暖吗")).replies) == {"utter_fact"}


async def test_figures_told_before_choose_what_is_recommended(says: Says) -> None:
    await says(TellProduct(), "栖云零下20度能穿吗")
    heard = await says(Recommend(), "那推荐双鞋")
    assert heard.values.get("name", heard.values.get("first")) == "雪岭加绒雪地靴"


@pytest.mark.parametrize(
    ("doubt", "reply"),
    [
        ("L行不行", "utter_size_will_do"),
        ("XL行不行", "utter_size_too_big"),
        ("M会不会太小", "utter_size_too_small"),
        ("L会不会太大", "utter_size_not_too_big"),
    ],
)
async def test_a_doubted_size_gets_yes_or_no(says: Says, doubt: str, reply: str) -> None:
    await says(AdviseSize(), "观云男款 我175 68公斤穿什么码")
    heard = await says(AdviseSize(), doubt)
    assert heard.replies == [reply]
    assert "68公斤" in heard.values["why"]


async def test_a_doubt_told_once_is_settled(says: Says) -> None:
    await says(AdviseSize(), "观云男款 我175 68公斤穿什么码")
    await says(AdviseSize(), "XL行不行")
    assert (await says(AdviseSize(), "XL真的不行吗 行不行啊")).replies == ["utter_size_settled"]


async def test_the_size_worn_elsewhere_is_no_doubt(says: Says) -> None:
    heard = await says(AdviseSize(), "林步平时穿37 拿多大合适")
    assert not [one for one in heard.replies if one.startswith("utter_size_too")]


async def test_each_reason_is_told_once(says: Says) -> None:
    told = [(await says(TellQuality(), "栖云质量怎么样")).replies[0] for _ in range(5)]
    assert told[0] == "utter_quality_of"
    assert told[1:] == [
        "utter_reason_fact",
        "utter_reason_warranty",
        "utter_reason_returns",
        "utter_reason_sold",
    ]
    last = await says(TellQuality(), "栖云质量怎么样")
    assert last.replies == ["utter_reasons_all_told", "utter_offer_person"]


async def test_a_birthday_is_heard_once(says: Says) -> None:
    first = await says(Recommend(), "我爸过生日 想送个登山杖")
    assert first.replies[0] == "utter_touched_birthday"
    again = await says(Recommend(), "就是给我爸生日的 登山杖")
    assert not [one for one in again.replies if one.startswith("utter_touched")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("气罐漏气了", "unsafe_goods"), ("用了以后脸红肿了", "unwell"), ("里面吃到头发", "foul")],
)
async def test_safety_fetches_a_person_at_once(says: Says, text: str, kind: str) -> None:
    heard = await says(KeepSafe(), text)
    assert heard.replies[0] == f"utter_safety_{kind}"
    assert heard.handed_over is not None and heard.handed_over["reason"] == "safety"


async def test_who_asks_for_a_doctors_word_gets_no_person(says: Says) -> None:
    heard = await says(KeepSafe(), "防晒霜孕妇能用吗")
    assert "utter_safety_ask_doctor" in heard.replies
    assert heard.handed_over is None


async def test_who_leaves_is_asked_once(says: Says) -> None:
    await says(TellProduct(), "介绍一下栖云")
    assert (await says(Hesitated(), "算了不买了")).replies == ["utter_ask_why_leaving"]
    assert "utter_ask_why_leaving" not in (await says(Hesitated(), "算了不买了")).replies
    assert (await says(HeardWhyLeaving(), "再看看")).replies == ["utter_why_other"]


async def test_who_only_thinks_it_over_is_not_asked_why(says: Says) -> None:
    await says(TellProduct(), "介绍一下栖云")
    assert (await says(Hesitated(), "有点犹豫")).replies == ["utter_hesitated"]


async def test_looking_around_is_welcome(says: Says) -> None:
    assert (await says(SmallTalk(), "我随便看看")).replies == ["utter_just_looking"]
    assert (await says(SmallTalk(), "大半夜你们还在啊")).replies == ["utter_still_here"]
