"""Wires the house together: the one file that knows every part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from functools import partial

from aiohttp import web

import actions.frame.clock
import actions.frame.shop
from bot.background import Background
from bot.channels import keys
from bot.channels.asking import prepare as prepare_questions
from bot.channels.cors import cors
from bot.channels.errors import json_errors
from bot.channels.guards import bounded_waits, plain_bodies, safe_headers
from bot.channels.health import READINESS, Readiness
from bot.channels.origins import Origins
from bot.channels.pictures import Pictures
from bot.channels.rate import RateLimit
from bot.channels.routes import ROUTES as BUYERS_ROUTES
from bot.channels.shop_news import SHOP_NEWS
from bot.channels.socket import SOCKETS
from bot.channels.token_ends import TokenEnds
from bot.channels.tokens import Tokens
from bot.conversations.carrying import Carrying
from bot.conversations.conversation import Conversation
from bot.conversations.joining import Joining, same_person
from bot.conversations.news import News
from bot.conversations.service import Conversations
from bot.conversations.turns import Answers, Turns
from bot.database import Database
from bot.deeds import ShopDeeds
from bot.desk.accounts import Accounts
from bot.desk.deeds import OFFICE
from bot.desk.follow_up_keys import KINDS, SENDER
from bot.desk.inbox_views import prepare_inbox
from bot.desk.listed import rows_of, waiting_of
from bot.desk.looking import LOOKING, Looking
from bot.desk.names import NAMES, Names
from bot.desk.order_desk_views import ORDER_DESK
from bot.desk.people_views import SIGN_IN_LIMITS
from bot.desk.presence import Presence
from bot.desk.release_views import PUBLISHERS
from bot.desk.routes import ROUTES as DESK_ROUTES
from bot.desk.scheduled import Scheduled
from bot.desk.sign_in_limits import SignInLimits
from bot.desk.telling import Telling
from bot.desk.who import ACCOUNTS, PRESENCE, SCHEDULED, TELLING
from bot.engine.turns import Speaker
from bot.followups.kinds import kinds_of, read_kinds
from bot.followups.occasions import Occasions
from bot.followups.planner import FollowUpPlanner
from bot.followups.pushing import demand_known, pushes
from bot.followups.sender import FollowUpSender
from bot.model_watch import ModelWatch
from bot.nlu.today import use_clock
from bot.people import Hours, ShopPeople
from bot.settings import ROOT, Settings
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.embedded.parcels import is_known_number
from bot.shop.wire.api import routes as shop_api_routes
from bot.shop.wire.remote import RemoteShop
from bot.shop.words.port import Shop
from bot.shop_face import Face
from bot.trial_watch import TrialWatch
from bot.working import (
    BACKGROUND,
    TRIAL,
    WATCH,
    let_go_of_sockets,
    office_of,
    order_desk_of,
    working,
)

_LARGEST_BODY = 9 * 1024 * 1024


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
    engine: Answers,
    clock: Callable[[], datetime] = utc_now,
    watch: ModelWatch | None = None,
    face: Face | None = None,
) -> web.Application:
    """The whole server, on an upgraded database; aiohttp's signals start and stop its work.

    `watch` keeps the engine abreast of what trainers save. `face`: whose words the engine says.
    """
    shop = open_shop(settings, database, clock)
    actions.frame.shop.provide(shop)
    actions.frame.clock.provide(clock, settings.shop.zone)
    use_clock(clock, settings.shop.zone)
    face = face or Face(settings.shop)
    news = News()
    origins, background = Origins(), Background()
    kinds = kinds_of(settings.shop.follow_ups)
    demand_known(settings.shop.doors, read_kinds())
    planner = FollowUpPlanner(kinds)
    accounts = Accounts(database, clock)
    turns = Turns(
        database=database,
        engine=engine,
        news=news,
        planner=planner,
        deeds=ShopDeeds(shop),
        people=ShopPeople(face, accounts.is_anybody_in),
        reading=settings.shop.reading,
        speaker_of=speakers(face, clock, origins),
        clock=clock,
    )
    app = web.Application(
        middlewares=[cors, json_errors, plain_bodies, bounded_waits], client_max_size=_LARGEST_BODY
    )
    app[keys.SETTINGS], app[keys.FACE] = settings, face
    app[keys.CLOCK] = clock
    app[keys.DATABASE] = database
    app[keys.SHOP] = shop
    app[keys.NEWS] = news
    app[keys.CATALOGUE_CHANGED] = asyncio.Event()
    app[LOOKING] = Looking(database, news, clock)
    app[keys.TURNS] = turns
    app[keys.CARRYING] = Carrying(database=database, turns=turns)
    app[keys.JOINING] = Joining(database=database, news=news, clock=clock)
    app[keys.ORIGINS] = origins
    app[NAMES] = Names(shop, database)
    app[BACKGROUND] = background
    if watch is not None:
        app[WATCH] = watch
        app[TRIAL] = TrialWatch(database, settings.models, watch, clock=clock)
    app[KINDS] = kinds
    app[SENDER] = FollowUpSender(
        database=database,
        occasions=occasions_of(shop, settings, database),
        turns=turns,
        kinds=kinds,
        plan=settings.shop.follow_ups,
        zone=settings.shop.zone,
        clock=clock,
        push=pushes(settings.shop.doors, news.is_read),
    )
    app[READINESS] = Readiness(database, settings.var, lambda: background.ailing)
    app[keys.CONVERSATIONS] = Conversations(
        database,
        news,
        clock,
        opt_outs=planner,
        own_numbers=is_known_number if isinstance(shop, EmbeddedShop) else None,
        silence=settings.shop.session_silence,
        are_in_hours=face.are_open,
    )
    app[keys.TOKEN_ENDS] = TokenEnds(database, clock)
    app[keys.TOKENS] = Tokens(settings.secret_key, app[keys.TOKEN_ENDS].is_over, clock=clock)
    app[keys.PICTURES] = Pictures(
        database, settings.var / "uploads", clock, most_bytes=settings.most_upload_bytes
    )
    app[keys.MESSAGE_RATE] = RateLimit(burst=40, per_second=4)
    app[keys.UPLOAD_RATE] = RateLimit(burst=8, per_second=0.5)
    # Of one address range: an hour of it stays below a third of the place that pictures have.
    app[keys.UPLOAD_RATE_OF_RANGE] = RateLimit(burst=60, per_second=0.25)
    app[keys.TYPING_RATE] = RateLimit(burst=30, per_second=2)
    app[keys.POLL_RATE] = RateLimit(burst=20, per_second=2)
    # A log line that would come with every call.
    app[keys.DEFAULT_SENDER_TOLD] = RateLimit(burst=1, per_second=1 / 600)
    # Of one address range: a school, an office, a mobile carrier's gateway.
    app[keys.SESSION_RATE] = RateLimit(burst=120, per_second=1)
    prepare_questions(app)
    prepare_inbox(app, ROOT)
    app[PUBLISHERS] = set()
    app[SIGN_IN_LIMITS] = SignInLimits()
    app[ACCOUNTS] = accounts
    app[PRESENCE] = Presence(
        database=database,
        accounts=accounts,
        conversations=app[keys.CONVERSATIONS],
        clock=clock,
        away_after=settings.shop.away_after,
    )
    app[SCHEDULED] = Scheduled(
        database=database,
        conversations=app[keys.CONVERSATIONS],
        accounts=accounts,
        news=news,
        clock=clock,
    )
    app[TELLING] = Telling(
        news=news,
        accounts=accounts,
        looking=app[LOOKING],
        rows=partial(rows_of, app),
        waiting=partial(waiting_of, app),
    )
    app[SOCKETS] = {}
    app[OFFICE] = office_of(app)
    app[ORDER_DESK] = order_desk_of(app)
    app.add_routes(BUYERS_ROUTES)
    app.add_routes(DESK_ROUTES)
    if isinstance(shop, EmbeddedShop) and settings.shop_api_token:
        app.add_routes(shop_api_routes(shop, token=settings.shop_api_token))
    if settings.shop_webhook_secrets:
        app.add_routes([SHOP_NEWS])
    app.on_response_prepare.append(safe_headers)
    app.cleanup_ctx.append(working)
    app.on_shutdown.append(let_go_of_sockets)
    return app


def occasions_of(shop: Shop, settings: Settings, database: Database) -> Occasions:
    async def known_as(buyer_id: str) -> Sequence[str]:
        return await database.read(same_person, buyer_id)

    return Occasions(shop, settings.shop.zone, known_as)


def speakers(
    hours: Hours, clock: Callable[[], datetime], origins: Origins | None = None
) -> Callable[[Conversation], Speaker]:
    def speaker_of(conversation: Conversation) -> Speaker:
        now = clock()
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
