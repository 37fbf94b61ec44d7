"""The doors by which messages leave the house, opened from the settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import aiohttp

from bot.desk.alerts import DOOR as ALERT_DOOR
from bot.followups.pushing import SMS, TARGET, WEBHOOK, phones_of
from bot.outgoing.delivery import Door
from bot.outgoing.robots import AlertDoor
from bot.outgoing.sms import HttpSmsProvider, SmsDoor
from bot.outgoing.webhook import Target, WebhookDoor
from bot.settings import Settings
from bot.shop.words.port import Shop


def doors_of(
    settings: Settings,
    session: aiohttp.ClientSession,
    clock: Callable[[], datetime],
    shop: Shop,
) -> dict[str, Door]:
    """By the name that rows of the outbox have in `door`."""
    doors: dict[str, Door] = {ALERT_DOOR: AlertDoor(session, settings.shop.alerts.targets, clock)}
    plan = settings.shop.doors
    if plan.webhook is not None:
        target = Target(url=plan.webhook.url, secret=plan.webhook.secret)
        doors[WEBHOOK] = WebhookDoor(session, {TARGET: target}, clock)
    if plan.sms is not None:
        provider = HttpSmsProvider(session, plan.sms.url, plan.sms.key)
        doors[SMS] = SmsDoor(provider, phones_of(shop))
    return doors
