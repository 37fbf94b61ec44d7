"""Wires the house together: the one file that knows every part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta, timezone
from typing import Protocol

import structlog
from aiohttp import web

import actions.clock
import actions.shop
from bot.background import Background
from bot.channels import keys
from bot.channels.cors import cors
from bot.channels.errors import json_errors
from bot.channels.guards import plain_bodies, safe_headers
from bot.channels.health import READINESS, Readiness
from bot.channels.origins import Origins
from bot.channels.pictures import Pictures
from bot.channels.rate import RateLimit
from bot.channels.routes import ROUTES as BUYERS_ROUTES
from bot.channels.socket import SOCKETS, let_go
from bot.channels.tokens import Tokens
from bot.clock_watch import ClockWatch
from bot.conversations.conversation import Conversation
from bot.conversations.news import News
from bot.conversations.service import Conversations
from bot.conversations.session_sweeper import SessionSweeper
from bot.conversations.turns import Answers, Turns
from bot.database import Database, DatabaseUnavailable
from bot.deeds import ShopDeeds
from bot.desk.accounts import Accounts
from bot.desk.first_account import first_account
from bot.desk.routes import ROUTES as DESK_ROUTES
from bot.desk.sign_in_limits import SignInLimits
from bot.desk.views import SIGN_IN_LIMITS
from bot.desk.who import ACCOUNTS
from bot.engine.turns import Speaker
from bot.followups.occasions import Occasions
from bot.followups.planner import FollowUpPlanner
from bot.followups.sender import FollowUpSender
from bot.nlu.catalogue import use_catalogue
from bot.nlu.today import use_clock
from bot.retention import Retention
from bot.settings import Settings
from bot.shop.api import routes as shop_api_routes
from bot.shop.backoffice import BackOffice
from bot.shop.embedded import EmbeddedShop
from bot.shop.errors import ShopUnavailable
from bot.shop.parcels import is_known_number
from bot.shop.port import Shop
from bot.shop.remote import RemoteShop

log = structlog.get_logger(__name__)

_CATALOGUE_EVERY_S = 15.0
_LARGEST_BODY = 9 * 1024 * 1024
_SWEPT_EVERY_S = 900.0
_TURNS_END_WITHIN_S = 6.0


_BACKGROUND = web.AppKey("background", Background)


class LoadedEngine(Answers, Protocol):
    """What answers turns, with the name of what it learned."""

    @property
    def model_id(self) -> str: ...


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


def open_shop(settings: Settings, database: Database, clock: Callable[[], datetime]) -> Shop:
    """The shop behind SHOP_API_URL, or the embedded one."""
    if settings.shop_api_url:
        return RemoteShop(settings.shop_api_url, settings.shop_api_token)
    return EmbeddedShop(database, clock=clock, time_zone=str(settings.shop.zone))


def create_app(
    settings: Settings,
    *,
    database: Database,
    engine: LoadedEngine,
    clock: Callable[[], datetime] = utc_now,
) -> web.Application:
    """The whole server, on an upgraded database; aiohttp's signals start and stop its work."""
    shop = open_shop(settings, database, clock)
    actions.shop.provide(shop)
    actions.clock.provide(clock, settings.shop.zone)
    use_clock(clock, settings.shop.zone)
    news = News()
    origins, background = Origins(), Background()
    planner = FollowUpPlanner(settings.shop.follow_ups)
    turns = Turns(
        database=database,
        engine=engine,
        news=news,
        planner=planner,
        deeds=ShopDeeds(shop),
        reading=settings.shop.reading,
        speaker_of=speakers(settings, clock, origins),
        clock=clock,
    )
    app = web.Application(
        middlewares=[cors, json_errors, plain_bodies], client_max_size=_LARGEST_BODY
    )
    app[keys.SETTINGS] = settings
    app[keys.CLOCK] = clock
    app[keys.DATABASE] = database
    app[keys.MODEL_ID] = engine.model_id
    app[keys.SHOP] = shop
    app[keys.NEWS] = news
    app[keys.TURNS] = turns
    app[keys.ORIGINS] = origins
    app[_BACKGROUND] = background
    app[READINESS] = Readiness(database, settings.var, lambda: background.ailing)
    app[keys.CONVERSATIONS] = Conversations(
        database,
        news,
        clock,
        opt_outs=planner,
        own_numbers=is_known_number if isinstance(shop, EmbeddedShop) else None,
        silence=settings.shop.session_silence,
    )
    app[keys.TOKENS] = Tokens(settings.secret_key)
    app[keys.PICTURES] = Pictures(
        database, settings.var / "uploads", clock, most_bytes=settings.most_upload_bytes
    )
    app[keys.MESSAGE_RATE] = RateLimit(burst=40, per_second=4)
    app[keys.UPLOAD_RATE] = RateLimit(burst=8, per_second=0.5)
    app[keys.TYPING_RATE] = RateLimit(burst=30, per_second=2)
    # A log line that would come with every call.
    app[keys.DEFAULT_SENDER_TOLD] = RateLimit(burst=1, per_second=1 / 600)
    # Of one address range: a school, an office, a mobile carrier's gateway.
    app[keys.SESSION_RATE] = RateLimit(burst=120, per_second=1)
    app[SIGN_IN_LIMITS] = SignInLimits()
    app[ACCOUNTS] = Accounts(database, clock)
    app[SOCKETS] = {}
    app.add_routes(BUYERS_ROUTES)
    app.add_routes(DESK_ROUTES)
    if (settings.web / "assets").is_dir():
        app.router.add_static("/assets", settings.web / "assets")
    if isinstance(shop, EmbeddedShop) and settings.shop_api_token:
        app.add_routes(shop_api_routes(shop, token=settings.shop_api_token))
    app.on_response_prepare.append(safe_headers)
    app.cleanup_ctx.append(_working)
    app.on_shutdown.append(_let_go)
    return app


def speakers(
    settings: Settings, clock: Callable[[], datetime], origins: Origins | None = None
) -> Callable[[Conversation], Speaker]:
    def speaker_of(conversation: Conversation) -> Speaker:
        hours, now = settings.shop.hours, clock()
        return Speaker(
            buyer_id=conversation.buyer_id,
            signed_in=conversation.signed_in,
            asker=conversation.buyer_id,
            channel=conversation.channel,
            product_in_view=conversation.product_in_view,
            people_are_in=hours.are_open(now),
            people_back_text=hours.back_text(now),
            origin=origins.of(conversation.conversation_id) if origins else "",
        )

    return speaker_of


async def _working(app: web.Application) -> AsyncIterator[None]:
    """What goes on beside requests, from start to stop."""
    settings, shop = app[keys.SETTINGS], app[keys.SHOP]
    version = await _try_catalogue(shop, "")
    await first_account(app[ACCOUNTS], app[keys.SETTINGS])
    left = await app[keys.TURNS].resume()
    log.info("house.open", model=app[keys.MODEL_ID], resumed_conversations=left)
    sender = FollowUpSender(
        database=app[keys.DATABASE],
        occasions=Occasions(shop, settings.shop.zone),
        turns=app[keys.TURNS],
        plan=settings.shop.follow_ups,
        zone=settings.shop.zone,
        clock=app[keys.CLOCK],
    )
    background = app[_BACKGROUND]
    background.keep("follow_ups", sender.run)
    background.keep("catalogue", lambda: _keep_catalogue(shop, version))
    background.keep("turns", app[keys.TURNS].keep_sweeping)
    sweeper = SessionSweeper(
        app[keys.DATABASE], ShopDeeds(shop), app[keys.CLOCK], settings.shop.session_silence
    )
    background.keep("sessions", sweeper.keep_sweeping)
    background.keep("sweep", lambda: _sweep(app))
    plan, uploads = settings.shop.retention, settings.var / "uploads"
    retention = Retention(app[keys.DATABASE], shop, plan, app[keys.CLOCK], uploads=uploads)
    has_jumped = ClockWatch(app[keys.CLOCK]).has_jumped
    background.keep("retention", lambda: retention.run(has_jumped))
    if isinstance(shop, EmbeddedShop):
        office = BackOffice(
            app[keys.DATABASE], clock=app[keys.CLOCK], time_zone=str(settings.shop.zone)
        )
        watch = ClockWatch(app[keys.CLOCK])
        background.keep("orders", lambda: _keep_orders(office, watch, kept=plan.requests))
    yield
    await background.close()
    try:
        await asyncio.wait_for(app[keys.TURNS].close(), _TURNS_END_WITHIN_S)
    except asyncio.TimeoutError:
        log.warning("house.turns_left")  # their lines stay pending for the next start
    if isinstance(shop, RemoteShop):
        await shop.close()
    log.info("house.closed")


async def _let_go(app: web.Application) -> None:
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
            empty = await app[keys.CONVERSATIONS].forget_empty()
            await app[keys.CONVERSATIONS].close_abandoned()
            all_of_them = False
            if pictures or empty:
                log.info("house.swept", pictures=pictures, conversations=empty)
        except DatabaseUnavailable:
            log.warning("sweep.database_unavailable")
        await asyncio.sleep(_SWEPT_EVERY_S)


async def _keep_orders(
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


async def _keep_catalogue(shop: Shop, version: str) -> None:
    """Until cancelled: gives the entity matcher new words when the catalogue changes."""
    while True:
        await asyncio.sleep(_CATALOGUE_EVERY_S)
        version = await _try_catalogue(shop, version)


async def _try_catalogue(shop: Shop, known_version: str) -> str:
    """The version the matcher knows now; the old one where the shop does not answer."""
    try:
        version = await shop.catalogue_version()
        if version != known_version:
            terms = await shop.catalogue_terms()
            await asyncio.to_thread(use_catalogue, version, terms)
        return version
    except Exception as error:  # the edge of a background task: reported, tried again
        log.warning("catalogue.unavailable", error=type(error).__name__)
        return known_version
