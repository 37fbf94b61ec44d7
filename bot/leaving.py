"""The doors by which messages leave the house, opened from the settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import aiohttp

from bot.database import Database
from bot.desk.alerts import DOOR as ALERT_DOOR
from bot.followups.pushing import EMAIL, SMS, TARGET, WEBHOOK, emails_of, phones_of
from bot.outgoing.delivery import Door
from bot.outgoing.email import EmailDoor, MailServer
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
    database: Database,
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
    if plan.email is not None:
        server = MailServer(
            host=plan.email.host,
            port=plan.email.port,
            security=plan.email.security,
            user=plan.email.user,
            password=plan.email.password,
            sender=plan.email.sender,
            sender_name=settings.shop.name,
        )
        doors[EMAIL] = EmailDoor(server, emails_of(shop, database))
    return doors
