"""The URL map of the buyers' side."""

from __future__ import annotations

from aiohttp import web

from bot import privacy_notice
from bot.channels import (
    asking,
    by_http,
    chat,
    health,
    order_states,
    pages,
    rest,
    socket,
    storefront,
)

ROUTES = [
    web.get("/healthz", health.healthz),
    web.get("/readyz", health.readyz),
    web.post("/api/chat/session", chat.open_session),
    web.get("/api/chat/history", chat.history),
    web.get("/api/chat/socket", socket.socket),
    web.get("/api/chat/messages", by_http.hear),
    web.post("/api/chat/messages", by_http.say),
    web.get("/api/chat/questions", asking.questions),
    web.post("/api/chat/orders", order_states.order_states),
    web.post("/api/chat/pictures", chat.upload_picture),
    web.get("/uploads/{picture_id}", chat.picture),
    web.get("/api/chat/products", storefront.products),
    web.get("/api/chat/products/{product_id}", storefront.product),
    web.get("/api/chat/demo/buyers", storefront.demo_buyers),
    web.post("/api/chat/demo/login", storefront.demo_login),
    web.post("/api/chat/demo/order", storefront.demo_order),
    web.post("/api/chat/demo/pay", storefront.demo_pay),
    web.get("/webhooks/rest/", rest.status),
    web.post("/webhooks/rest/webhook", rest.webhook),
    web.get("/", pages.front),
    web.get("/p/{product_id}", pages.product),
    web.get("/pay/{order_number}", pages.pay),
    web.get("/desk", pages.desk),
    web.get(privacy_notice.PAGE, pages.privacy),
    web.get("/widget.js", pages.widget),
    web.get("/panel.js", pages.panel),
    web.get(r"/assets/{name:[\w.-]+}", pages.asset),
    web.get(r"/pictures/{name:[\w.-]+}", pages.goods_picture),
]
