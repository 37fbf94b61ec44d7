"""Why a person is fetched: each cause is a value of its own, in words that an agent reads."""

from __future__ import annotations

import pytest

from bot.conversations.tables import conversations
from bot.desk.listed import _REASONS
from bot.handing_over import HandOverReason, Urgency

# What the desk must be able to tell apart (docs/desk.md).
TOLD_APART = {
    HandOverReason.ASKED: "人工",
    HandOverReason.MISUNDERSTOOD: "没听懂",
    HandOverReason.ANGER: "生气",
    HandOverReason.REVIEW_THREATENED: "要给差评",
    HandOverReason.REVIEW: "给了差评",
    HandOverReason.DEFECT: "，有照片",
    HandOverReason.DEFECT_UNSEEN: "没有照片",
    HandOverReason.MONEY: "钱",
    HandOverReason.BELOW_FLOOR: "还价",
    HandOverReason.BULK: "批量",
    HandOverReason.ADDRESS_AFTER_PACKING: "打包后改地址",
    HandOverReason.NO_DATA: "没有答案",
    HandOverReason.TROUBLE: "系统",
    HandOverReason.BY_AGENT: "自己接手",
}


@pytest.mark.parametrize(("reason", "word"), TOLD_APART.items(), ids=lambda one: str(one))
def test_a_reason_is_told_in_words_of_its_own(reason: HandOverReason, word: str) -> None:
    assert word in reason.text
    assert [one for one in TOLD_APART if word in one.text] == [reason]


def test_the_desk_tells_every_reason_and_no_two_alike() -> None:
    assert {one.value: one.text for one in HandOverReason} == _REASONS
    assert len(set(_REASONS.values())) == len(HandOverReason)


def test_every_reason_fits_its_column() -> None:
    assert (
        max(len(one.value) for one in HandOverReason)
        <= conversations.c.hand_over_reason.type.length
    )


@pytest.mark.parametrize(
    ("before", "said", "told"),
    [
        ("asked", HandOverReason.ANGER, "anger"),
        ("asked", HandOverReason.REVIEW_THREATENED, "review_threatened"),
        ("anger", HandOverReason.REVIEW_THREATENED, "review_threatened"),
        ("review_threatened", HandOverReason.ANGER, "review_threatened"),
        ("money", HandOverReason.REVIEW_THREATENED, "money"),  # the first is the cause
        ("anger", HandOverReason.SAFETY, "safety"),
        ("safety", HandOverReason.ANGER, "safety"),
        ("anger", HandOverReason.ASKED, "anger"),
    ],
)
def test_of_two_reasons_the_weightier_is_told(before: str, said: HandOverReason, told: str) -> None:
    assert (said.value if said.outweighs(before) else before) == told


def test_a_threat_is_as_urgent_as_anger() -> None:
    assert HandOverReason.REVIEW_THREATENED.urgency == HandOverReason.ANGER.urgency == Urgency.SOON
