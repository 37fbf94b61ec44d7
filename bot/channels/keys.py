"""Typed keys under which the application carries its parts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.channels.origins import Origins
from bot.channels.pictures import Pictures
from bot.channels.rate import RateLimit
from bot.channels.token_ends import TokenEnds
from bot.channels.tokens import Tokens
from bot.conversations.carrying import Carrying
from bot.conversations.joining import Joining
from bot.conversations.news import News
from bot.conversations.service import Conversations
from bot.conversations.turns import Turns
from bot.database import Database
from bot.settings import Settings
from bot.shop.words.port import Shop
from bot.shop_face import Face

CHANNEL = "web"  # the door of the chat page

SETTINGS = web.AppKey("settings", Settings)
FACE = web.AppKey("face", Face)
CLOCK: web.AppKey[Callable[[], datetime]] = web.AppKey("clock")
CONVERSATIONS = web.AppKey("conversations", Conversations)
TURNS = web.AppKey("turns", Turns)
CARRYING = web.AppKey("carrying", Carrying)
JOINING = web.AppKey("joining", Joining)
NEWS = web.AppKey("news", News)
CATALOGUE_CHANGED = web.AppKey("catalogue_changed", asyncio.Event)  # by this house: read at once
SHOP: web.AppKey[Shop] = web.AppKey("shop")
TOKEN_ENDS = web.AppKey("token_ends", TokenEnds)
TOKENS = web.AppKey("tokens", Tokens)
PICTURES = web.AppKey("pictures", Pictures)
MESSAGE_RATE = web.AppKey("message_rate", RateLimit)
UPLOAD_RATE = web.AppKey("upload_rate", RateLimit)
UPLOAD_RATE_OF_RANGE = web.AppKey("upload_rate_of_range", RateLimit)
POLL_RATE = web.AppKey("poll_rate", RateLimit)
TYPING_RATE = web.AppKey("typing_rate", RateLimit)
DEFAULT_SENDER_TOLD = web.AppKey("default_sender_told", RateLimit)
SESSION_RATE = web.AppKey("session_rate", RateLimit)
ORIGINS = web.AppKey("origins", Origins)
DATABASE = web.AppKey("database", Database)
