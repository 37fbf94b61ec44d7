"""What buyers read of an order's state: one list for cards that are told and cards that are renewed."""

from __future__ import annotations

from bot.shop.words.dealing import OrderStatus

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
