"""Why a person is fetched: one list, known to the actions that say it and the desk that shows it."""

from __future__ import annotations

from enum import Enum, IntEnum


class Urgency(IntEnum):
    """The queue is served by this first, and oldest first within it."""

    AT_ONCE = 0
    SOON = 1
    USUAL = 2


class HandOverReason(Enum):
    """The value is stored and counted; the text is what an agent reads."""

    ASKED = "asked"
    MISUNDERSTOOD = "misunderstood"
    ANGER = "anger"
    REVIEW_THREATENED = "review_threatened"  # a bad word in public, not given yet
    DEFECT = "defect"  # the buyer has shown it
    DEFECT_UNSEEN = "defect_unseen"  # told of, and no picture came
    MONEY = "money"
    BELOW_FLOOR = "below_floor"
    BULK = "bulk"
    ADDRESS_AFTER_PACKING = "address_after_packing"
    CHANGE_AFTER_PACKING = "change_after_packing"
    CHANGE_AFTER_PAYMENT = "change_after_payment"
    CHANGE_BY_PERSON = "change_by_person"  # merging, splitting, another price
    URGED = "urged"
    NO_DATA = "no_data"
    WRONG_MOMENT = "wrong_moment"  # the order has moved on since it was talked of
    SAFETY = "safety"  # somebody may be hurt or ill
    REVIEW = "review"  # a bad one was given, as the shop tells; a draft of an answer lies ready
    TROUBLE = "trouble"
    AGENT_LEFT = "agent_left"  # who had the conversation went away
    GIVEN_ON = "given_on"  # an agent put it back into the queue
    BY_AGENT = "by_agent"  # nobody asked: an agent took it from the bot

    @property
    def text(self) -> str:
        return _TEXTS[self]

    @property
    def urgency(self) -> Urgency:
        return _URGENT.get(self, Urgency.USUAL)

    def outweighs(self, other: str) -> bool:
        """Whether it is rather this that the desk tells of a buyer who waits for `other`."""
        before = HandOverReason(other) if other else HandOverReason.BY_AGENT
        if self.urgency == before.urgency:
            return (before, self) == (HandOverReason.ANGER, HandOverReason.REVIEW_THREATENED)
        return self.urgency < before.urgency


_TEXTS = {
    HandOverReason.ASKED: "买家要找人工",
    HandOverReason.MISUNDERSTOOD: "连着没听懂",
    HandOverReason.ANGER: "买家生气，或要投诉、曝光",
    HandOverReason.REVIEW_THREATENED: "买家说要给差评",
    HandOverReason.DEFECT: "质量问题或错发，有照片",
    HandOverReason.DEFECT_UNSEEN: "质量问题或错发，没有照片",
    HandOverReason.MONEY: "钱款争议",
    HandOverReason.BELOW_FLOOR: "还价超出权限",
    HandOverReason.BULK: "批量采购",
    HandOverReason.ADDRESS_AFTER_PACKING: "打包后改地址",
    HandOverReason.CHANGE_AFTER_PACKING: "打包后改订单",
    HandOverReason.CHANGE_AFTER_PAYMENT: "付款后改数量，涉及补退款",
    HandOverReason.CHANGE_BY_PERSON: "改价、合并或拆分订单",
    HandOverReason.URGED: "催件",
    HandOverReason.NO_DATA: "店铺资料里没有答案",
    HandOverReason.WRONG_MOMENT: "订单状态变了，机器人办不了",
    HandOverReason.SAFETY: "人可能受伤、不舒服，先顾人",
    HandOverReason.REVIEW: "买家给了差评，回复的草稿在下面",
    HandOverReason.TROUBLE: "系统没办成",
    HandOverReason.AGENT_LEFT: "接待的客服离开了",
    HandOverReason.GIVEN_ON: "同事放回排队",
    HandOverReason.BY_AGENT: "客服自己接手",
}

_URGENT = {
    HandOverReason.SAFETY: Urgency.AT_ONCE,
    HandOverReason.ANGER: Urgency.SOON,
    HandOverReason.REVIEW_THREATENED: Urgency.SOON,
    HandOverReason.MONEY: Urgency.SOON,
    HandOverReason.DEFECT: Urgency.SOON,
    HandOverReason.DEFECT_UNSEEN: Urgency.SOON,
    HandOverReason.ADDRESS_AFTER_PACKING: Urgency.SOON,  # the parcel may leave any minute
    HandOverReason.AGENT_LEFT: Urgency.SOON,
}
