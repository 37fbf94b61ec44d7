"""What was done at the desk, by whom and when; without a buyer's words."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.tables import audit

LONGEST_ABOUT = 120


class Deed(Enum):
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    INVITE = "invite"
    JOIN = "join"
    ACCOUNT = "account"  # role, name or department were changed
    TAKE = "take"
    GIVE_BACK = "give_back"
    CLOSE = "close"
    TRANSFER = "transfer"
    RELEASE = "release"  # back into the queue, its agent being away
    TAKE_LINE_BACK = "take_line_back"
    TAG = "tag"
    SNOOZE = "snooze"
    PHRASES = "phrases"  # the shop's were changed
    ADDRESS = "address"  # of an order
    PRICE = "price"  # of an unpaid order
    REMARK = "remark"  # on an order
    COUPON = "coupon"
    OFFER = "offer"  # of remedies
    OPEN_RETURN = "open_return"
    SETTLE_RETURN = "settle_return"
    CARD = "card"  # of goods or an order, sent to the buyer
    ATTRIBUTES = "attributes"  # of the buyer
    ORDER = "order"  # paid, sent, closed, refunded from the page of orders
    SHOP_ROW = "shop_row"  # of the shop's data: written, deleted, taken back

    @property
    def text(self) -> str:
        return _TEXTS[self]


_TEXTS = {
    Deed.SIGN_IN: "登录",
    Deed.SIGN_OUT: "退出",
    Deed.INVITE: "邀请",
    Deed.JOIN: "加入",
    Deed.ACCOUNT: "改账号",
    Deed.TAKE: "接入",
    Deed.GIVE_BACK: "还给机器人",
    Deed.CLOSE: "结束",
    Deed.TRANSFER: "转给同事",
    Deed.RELEASE: "放回排队",
    Deed.TAKE_LINE_BACK: "撤回一句",
    Deed.TAG: "改标签",
    Deed.SNOOZE: "稍后处理",
    Deed.PHRASES: "改店铺短语",
    Deed.ADDRESS: "改收货信息",
    Deed.PRICE: "改价",
    Deed.REMARK: "订单备注",
    Deed.COUPON: "送券",
    Deed.OFFER: "提处理办法",
    Deed.OPEN_RETURN: "开售后单",
    Deed.SETTLE_RETURN: "办售后单",
    Deed.CARD: "发卡片",
    Deed.ATTRIBUTES: "改买家资料",
    Deed.ORDER: "办订单",
    Deed.SHOP_ROW: "改店铺资料",
}


def note(
    connection: Connection,
    agent: str,
    deed: Deed,
    now: datetime,
    *,
    conversation_id: str = "",
    about: str = "",
) -> None:
    connection.execute(
        audit.insert().values(
            agent=agent,
            at=now,
            deed=deed.value,
            conversation_id=conversation_id,
            about=about[:LONGEST_ABOUT],
        )
    )


def newest(connection: Connection, *, limit: int = 200, offset: int = 0) -> list[dict[str, Any]]:
    query = sa.select(audit).order_by(audit.c.audit_id.desc()).limit(limit).offset(offset)
    return [
        {
            "agent": row.agent,
            "at": row.at.isoformat(),
            "deed": row.deed,
            "deed_text": Deed(row.deed).text,
            "conversation_id": row.conversation_id,
            "about": row.about,
        }
        for row in connection.execute(query)
    ]
