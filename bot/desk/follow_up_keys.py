"""What the desk needs of the house to follow up."""

from __future__ import annotations

from aiohttp import web

from bot.followups.kinds import Kinds
from bot.followups.sender import FollowUpSender

KINDS: web.AppKey[Kinds] = web.AppKey("kinds")
SENDER = web.AppKey("sender", FollowUpSender)
