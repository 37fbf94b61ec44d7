"""What goes on beside requests, from the house's start to its stop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import structlog
from aiohttp import ClientSession, web

from bot.background import Background
from bot.channels import keys
from bot.channels.pictures import UNUSED_FOR
from bot.channels.socket import SOCKETS, let_go
from bot.clock_watch import ClockWatch
from bot.conversations.news import DESK
from bot.conversations.session_sweeper import SessionSweeper
from bot.database import DatabaseUnavailable
from bot.deeds import ShopDeeds
from bot.desk import face_views, goods_picture_views, phrase_pictures
from bot.desk.alerts import Alerts
from bot.desk.first_account import first_account
from bot.desk.follow_up_keys import KINDS, SENDER
from bot.desk.looking import LOOKING
from bot.desk.promise_alerts import warns
from bot.desk.who import ACCOUNTS, PRESENCE, SCHEDULED, TELLING
from bot.followups.feed import FeedReader
from bot.followups.keeping import PromiseKeeper
from bot.followups.pushing import unwanted
from bot.followups.shipping_ledger import ShippingLedger
from bot.leaving import doors_of
from bot.model_watch import ModelWatch
from bot.nlu.catalogue import is_outdated, use_catalogue
from bot.outgoing.courier import Courier
from bot.retention import Retention
from bot.shop.embedded.backoffice import BackOffice
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.embedded.order_desk import OrderDesk
from bot.shop.wire.remote import RemoteShop
from bot.shop.words.errors import ShopUnavailable
from bot.shop.words.port import Shop
from bot.side_by_side import Sides
from bot.trial_watch import TrialWatch

log = structlog.get_logger(__name__)

_CATALOGUE_EVERY_S = 15.0
_SWEPT_EVERY_S = 900.0
_TURNS_END_WITHIN_S = 6.0
_LEFT_WITHIN_S = 2.0

BACKGROUND = web.AppKey("background", Background)
WATCH = web.AppKey("watch", ModelWatch)
TRIAL = web.AppKey("trial", TrialWatch)


async def working(app: web.Application) -> AsyncIterator[None]:
    """What goes on beside requests, from start to stop."""
    settings, shop = app[keys.SETTINGS], app[keys.SHOP]
    version = await _try_catalogue(shop, "")
    await face_views.reread(app)
    await app[keys.TOKEN_ENDS].reread()
    await first_account(app[ACCOUNTS], app[keys.SETTINGS])
    left = await app[keys.TURNS].resume()
    log.info("house.open", model=app[keys.TURNS].model_id, resumed_conversations=left)
    background = app[BACKGROUND]
    reader = FeedReader(
        database=app[keys.DATABASE],
        shop=shop,
        kinds=app[KINDS],
        clock=app[keys.CLOCK],
        office=office_of(app),
        ledger=ShippingLedger(shop, app[KINDS], settings.shop.follow_ups, settings.shop.zone),
    )
    background.keep("happenings", reader.run)
    promises_watch = ClockWatch(app[keys.CLOCK])
    background.keep("promises", lambda: keeper_of(app).run(promises_watch.has_jumped))
    sender_watch = ClockWatch(app[keys.CLOCK])
    background.keep("follow_ups", lambda: app[SENDER].run(sender_watch.has_jumped))
    changed = app[keys.CATALOGUE_CHANGED]
    background.keep("catalogue", lambda: _keep_catalogue(app, shop, version, changed))
    sides = Sides(app[keys.TURNS].use_engine, app[keys.TURNS].engine)
    if models := app.get(WATCH):
        background.keep("model", lambda: models.run(sides.use_present))
    if trial := app.get(TRIAL):
        background.keep("trial", lambda: trial.run(sides))
    background.keep("token_ends", app[keys.TOKEN_ENDS].keep_reading)
    background.keep("turns", app[keys.TURNS].keep_sweeping)
    sweeper = SessionSweeper(
        app[keys.DATABASE], ShopDeeds(shop), app[keys.CLOCK], settings.shop.session_silence
    )
    background.keep("sessions", sweeper.keep_sweeping)
    background.keep("desk", app[PRESENCE].keep_sweeping)
    background.keep("telling", app[TELLING].keep_telling)
    background.keep("telling_rows", app[TELLING].keep_telling_rows)
    background.keep("looking", app[LOOKING].keep_hearing)
    background.keep("looking_stands", app[LOOKING].keep_renewing)
    background.keep("scheduled", app[SCHEDULED].keep_sending)
    background.keep("sweep", lambda: _sweep(app))
    session = ClientSession()
    courier = Courier(
        database=app[keys.DATABASE],
        doors=doors_of(settings, session, app[keys.CLOCK], shop, app[keys.DATABASE]),
        clock=app[keys.CLOCK],
        unwanted=unwanted(app[keys.DATABASE], settings.shop.doors, app[keys.CLOCK]),
    )
    background.keep("outgoing", courier.run)
    alerts = Alerts(
        database=app[keys.DATABASE],
        plan=settings.shop.alerts,
        clock=app[keys.CLOCK],
        are_in_hours=app[keys.FACE].are_open,
        ailing=lambda: background.ailing,
    )
    background.keep("alerts", alerts.keep_looking)
    plan, uploads = settings.shop.retention, settings.var / "uploads"
    retention = Retention(app[keys.DATABASE], shop, plan, app[keys.CLOCK], uploads=uploads)
    has_jumped = ClockWatch(app[keys.CLOCK]).has_jumped
    background.keep("retention", lambda: retention.run(has_jumped))
    if office := office_of(app):
        watch = ClockWatch(app[keys.CLOCK])
        background.keep("orders", lambda: keep_orders(office, watch, kept=plan.requests))
    yield
    await background.close()
    try:
        await asyncio.wait_for(app[LOOKING].leave_all(), _LEFT_WITHIN_S)
    except asyncio.TimeoutError:
        log.warning("desk.looking_left")  # a database that hangs; what stands there ends by itself
    await session.close()
    try:
        await asyncio.wait_for(app[keys.TURNS].close(), _TURNS_END_WITHIN_S)
    except asyncio.TimeoutError:
        log.warning("house.turns_left")  # their lines stay pending for the next start
    if isinstance(shop, RemoteShop):
        await shop.close()
    log.info("house.closed")


def keeper_of(app: web.Application) -> PromiseKeeper:
    """Warns the desk's pages and, outside of them, the owner's."""
    shop = app[keys.SETTINGS].shop
    return PromiseKeeper(
        database=app[keys.DATABASE],
        shop=app[keys.SHOP],
        clock=app[keys.CLOCK],
        warn=warns(shop.alerts, shop.zone),
        tell=lambda promise: app[keys.NEWS].publish(
            DESK, {"type": "promise", "conversation_id": promise.conversation_id}
        ),
    )


def office_of(app: web.Application) -> BackOffice | None:
    """Of the embedded shop."""
    if not isinstance(app[keys.SHOP], EmbeddedShop):
        return None
    zone = str(app[keys.SETTINGS].shop.zone)
    return BackOffice(app[keys.DATABASE], clock=app[keys.CLOCK], time_zone=zone)


def order_desk_of(app: web.Application) -> OrderDesk | None:
    """Of the embedded shop."""
    if not isinstance(app[keys.SHOP], EmbeddedShop):
        return None
    zone = str(app[keys.SETTINGS].shop.zone)
    return OrderDesk(app[keys.DATABASE], clock=app[keys.CLOCK], time_zone=zone)


async def let_go_of_sockets(app: web.Application) -> None:
    """Tells sockets to come back later; their pages reconnect by themselves."""
    app[keys.NEWS].close()
    sockets: dict[web.WebSocketResponse, web.Request] = app[SOCKETS]
    await asyncio.gather(
        *(let_go(ws, request, code=1012, why=b"restart") for ws, request in sockets.items()),
        return_exceptions=True,
    )


async def _sweep(app: web.Application) -> None:
    """Until cancelled: clears what was begun and never used."""
    all_of_them = True
    while True:
        try:
            pictures = await app[keys.PICTURES].forget_unused(all_of_them=all_of_them)
            pictures += await _forget_pictures_of_phrases(app)
            pictures += await goods_picture_views.forget_unused(app)
            empty = await app[keys.CONVERSATIONS].forget_empty()
            await app[keys.CONVERSATIONS].close_abandoned()
            all_of_them = False
            if pictures or empty:
                log.info("house.swept", pictures=pictures, conversations=empty)
        except DatabaseUnavailable:
            log.warning("sweep.database_unavailable")
        await asyncio.sleep(_SWEPT_EVERY_S)


async def _forget_pictures_of_phrases(app: web.Application) -> int:
    before = app[keys.CLOCK]() - UNUSED_FOR
    unused = await app[keys.DATABASE].run(phrase_pictures.take_unused, before)
    app[keys.PICTURES].forget(unused)
    return len(unused)


async def keep_orders(
    office: BackOffice,
    watch: ClockWatch,
    every_s: float = 300.0,
    kept: timedelta = timedelta(days=30),  # remembered answers
) -> None:
    """Until cancelled: closes orders nobody paid and gives their pieces back to the shelf.

    Closing cannot be undone: for a round after the clock has jumped nothing is closed.
    """
    while True:
        if watch.has_jumped():
            log.warning("orders.clock_jumped")
            await asyncio.sleep(every_s)
            continue
        try:
            closed = await office.close_overdue_orders()
            await office.complete_old_orders()
            await office.forget_old_requests(kept)
            if closed:
                log.info("orders.closed_unpaid", count=len(closed))
        except ShopUnavailable:
            log.warning("orders.database_unavailable")
        await asyncio.sleep(every_s)


async def _keep_catalogue(
    app: web.Application, shop: Shop, version: str, changed: asyncio.Event
) -> None:
    """Until cancelled: gives the entity matcher new words when the catalogue changes, and buyers
    the greeting and hours as they are written now.

    At once where this house changed it; other houses and imports by hand are seen in a while.
    """
    while True:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(changed.wait(), _CATALOGUE_EVERY_S)
        changed.clear()
        version = await _try_catalogue(shop, version)
        with contextlib.suppress(DatabaseUnavailable):
            await face_views.reread(app)


async def _try_catalogue(shop: Shop, known_version: str) -> str:
    """The version the matcher knows now; the old one where the shop does not answer."""
    try:
        version = await shop.catalogue_version()
        if version != known_version or is_outdated():
            terms = await shop.catalogue_terms()
            await asyncio.to_thread(use_catalogue, version, terms)
        return version
    except Exception as error:  # the edge of a background task: reported, tried again
        log.warning("catalogue.unavailable", error=type(error).__name__)
        return known_version
