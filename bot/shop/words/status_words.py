"""What buyers read of the state of orders and return cases: one list for cards that are told and cards
that are renewed."""

from __future__ import annotations

from bot.shop.words.dealing import OrderStatus, Remedy, ReturnCase, ReturnStatus

STATUS_TEXTS = {
    OrderStatus.DRAFT: "待您确认",
    OrderStatus.AWAITING_PAYMENT: "待付款",
    OrderStatus.PAID: "已付款，待发货",
    OrderStatus.PACKED: "已打包，待发出",
    OrderStatus.SHIPPED: "已发货",
    OrderStatus.DELIVERED: "已签收",
    OrderStatus.COMPLETED: "已完成",
    OrderStatus.CANCELLED: "已取消",
    OrderStatus.CLOSED: "已关闭",
}
CASE_TEXTS = {
    ReturnStatus.OPENED: "等待寄回",
    ReturnStatus.GOODS_SENT: "退回途中",
    ReturnStatus.GOODS_RECEIVED: "仓库已收到",
    ReturnStatus.REFUNDED: "已退款",
    ReturnStatus.EXCHANGED: "已换出",
    ReturnStatus.DECLINED: "未通过",
    ReturnStatus.WITHDRAWN: "已撤销",
}
COMES_BACK = (Remedy.REFUND, Remedy.EXCHANGE)


def case_text(case: ReturnCase) -> str:
    """Where nothing is sent back, an open case waits for us and not for the buyer."""
    if case.status is ReturnStatus.OPENED and case.remedy not in COMES_BACK:
        return "处理中"
    return CASE_TEXTS[case.status]


def send_to(case: ReturnCase) -> str:
    """Where the goods go back to; "" where nothing is to be sent, or not any more."""
    is_awaited = case.remedy in COMES_BACK and case.status is ReturnStatus.OPENED
    return case.send_to if is_awaited else ""
