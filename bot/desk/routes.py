"""The URL map of the desk."""

from __future__ import annotations

from aiohttp import web

from bot.desk import owner_views, views

_ONE = "/api/desk/conversations/{conversation_id}"

ROUTES = [
    web.post("/api/desk/login", views.login),
    web.post("/api/desk/logout", views.logout),
    web.get("/api/desk/me", views.me),
    web.get("/api/desk/conversations", views.conversations),
    web.get("/api/desk/reveals", owner_views.reveals),
    web.get("/api/desk/socket", views.socket),
    web.get(_ONE, views.conversation),
    web.post(f"{_ONE}/reveal", views.reveal),
    web.post(f"{_ONE}/buyer/export", owner_views.export_buyer),
    web.post(f"{_ONE}/buyer/erase", owner_views.erase_buyer),
    web.post(f"{_ONE}/take", views.take),
    web.post(f"{_ONE}/messages", views.say),
    web.post(f"{_ONE}/return", views.give_back),
    web.post(f"{_ONE}/close", views.close),
]
