"""A whole house for tests: real engine, actions, shop and database, with a clock that obeys."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

import actions.frame.clock
import actions.frame.shop
from bot.app import occasions_of, open_shop, speakers
from bot.conversations.news import News
from bot.conversations.service import Conversations
from bot.conversations.session_sweeper import SessionSweeper
from bot.conversations.turns import Answers, Turns
from bot.database import Database
from bot.deeds import ShopDeeds
from bot.followups import claims
from bot.followups.feed import FeedReader
from bot.followups.keeping import PromiseKeeper
from bot.followups.kinds import kinds_of
from bot.followups.planner import FollowUpPlanner
from bot.followups.sender import FollowUpSender
from bot.followups.shipping_ledger import ShippingLedger
from bot.nlu.today import use_clock
from bot.people import ShopPeople
from bot.settings import Settings
from bot.shop.embedded.backoffice import BackOffice
from bot.shop.embedded.parcels import is_known_number
from bot.shop.words.port import Shop
from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]

# Tests play on one day, whenever they are run; `bench.repeated days` plays them on others.
TODAY = date.fromisoformat(os.environ.get("TEST_TODAY", "2026-11-29"))


class Clock:
    """Aware UTC; stands still but for `forward`. The demo shop's dates are relative to today."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    @classmethod
    def today(cls, at: str, settings: Settings) -> Clock:
        """The tests' day at a time of the shop's; a weekday is not promised."""
        moment = datetime.combine(TODAY, time.fromisoformat(at), settings.shop.zone)
        return cls(moment.astimezone(timezone.utc))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


class House:
    """What `bot.app` wires, without the web; opening it again is a restart."""

    def __init__(
        self, settings: Settings, database: Database, engine: Answers, clock: Clock
    ) -> None:
        self.settings, self.database, self.clock = settings, database, clock
        self.shop: Shop = open_shop(settings, database, clock)
        actions.frame.shop.provide(self.shop)
        actions.frame.clock.provide(clock, settings.shop.zone)
        use_clock(clock, settings.shop.zone)
        self.news = News()
        plan = settings.shop.follow_ups
        self.kinds = kinds_of(plan)
        planner = FollowUpPlanner(self.kinds)
        self.conversations = Conversations(
            database,
            self.news,
            clock,
            opt_outs=planner,
            own_numbers=is_known_number,
            silence=settings.shop.session_silence,
            are_in_hours=settings.shop.hours.are_open,
        )
        self.sessions = SessionSweeper(
            database, ShopDeeds(self.shop), clock, settings.shop.session_silence
        )
        self.engine = engine
        self.turns = Turns(
            database=database,
            engine=engine,
            news=self.news,
            planner=planner,
            deeds=ShopDeeds(self.shop),
            people=ShopPeople(settings.shop.hours),
            reading=settings.shop.reading,
            speaker_of=speakers(settings.shop.hours, clock),
            clock=clock,
            time_limit_s=PATIENCE_S,
        )
        self.follow_ups = FollowUpSender(
            database=database,
            occasions=occasions_of(self.shop, settings, database),
            turns=self.turns,
            kinds=self.kinds,
            plan=plan,
            zone=settings.shop.zone,
            clock=clock,
        )

        office = BackOffice(database, clock=clock, time_zone=str(settings.shop.zone))
        self.feed = FeedReader(
            database=database,
            shop=self.shop,
            kinds=self.kinds,
            clock=clock,
            office=office,
            ledger=ShippingLedger(self.shop, self.kinds, plan, settings.shop.zone),
        )
        self.promises = PromiseKeeper(database=database, shop=self.shop, clock=clock)

    async def later(self, by: timedelta) -> int:
        """Lets time pass as it would: what the shop tells is read, what comes due is judged, each at
        its moment. How many follow-ups were said."""
        until, said = self.clock() + by, 0
        while True:
            await self.feed.read()
            await self.promises.sweep()
            said += await self.follow_ups.send_due()
            now = self.clock()
            if now >= until:
                return said
            due = await self.database.read(claims.next_due)
            soonest = max(due or until, now + timedelta(seconds=1))
            self.clock.now = min(soonest, now + max(by / 48, timedelta(minutes=10)), until)

    def restarted(self) -> House:
        return House(self.settings, self.database, self.engine, self.clock)


def settings_in(folder: Path, settings: Settings) -> Settings:
    """The settings of a house of its own."""
    return replace(settings, var=folder, database_url=f"sqlite:///{folder / 'house.db'}")


def copied_database(template: Path, folder: Path) -> Database:
    """A fresh copy of the seeded database."""
    path = folder / "house.db"
    shutil.copyfile(template, path)
    return Database(f"sqlite:///{path}")
