"""Typed keys under which the application carries its parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.channels.origins import Origins
from bot.channels.pictures import Pictures
from bot.channels.rate import RateLimit
from bot.channels.tokens import Tokens
from bot.conversations.news import News
from bot.conversations.service import Conversations
from bot.conversations.turns import Turns
from bot.database import Database
from bot.settings import Settings
from bot.shop.port import Shop

SETTINGS = web.AppKey("settings", Settings)
CLOCK: web.AppKey[Callable[[], datetime]] = web.AppKey("clock")
CONVERSATIONS = web.AppKey("conversations", Conversations)
TURNS = web.AppKey("turns", Turns)
NEWS = web.AppKey("news", News)
SHOP: web.AppKey[Shop] = web.AppKey("shop")
TOKENS = web.AppKey("tokens", Tokens)
PICTURES = web.AppKey("pictures", Pictures)
MESSAGE_RATE = web.AppKey("message_rate", RateLimit)
UPLOAD_RATE = web.AppKey("upload_rate", RateLimit)
TYPING_RATE = web.AppKey("typing_rate", RateLimit)
DEFAULT_SENDER_TOLD = web.AppKey("default_sender_told", RateLimit)
SESSION_RATE = web.AppKey("session_rate", RateLimit)
ORIGINS = web.AppKey("origins", Origins)
DATABASE = web.AppKey("database", Database)
MODEL_ID = web.AppKey("model_id", str)
