"""A whole house for tests: real engine, actions, shop and database, with a clock that obeys."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from pathlib import Path

import actions.clock
import actions.shop
from bot.app import open_shop, speakers
from bot.conversations.news import News
from bot.conversations.service import Conversations
from bot.conversations.session_sweeper import SessionSweeper
from bot.conversations.turns import Answers, Turns
from bot.database import Database
from bot.deeds import ShopDeeds
from bot.followups.occasions import Occasions
from bot.followups.planner import FollowUpPlanner
from bot.followups.sender import FollowUpSender
from bot.nlu.today import use_clock
from bot.settings import Settings
from bot.shop.parcels import is_known_number
from bot.shop.port import Shop

ROOT = Path(__file__).resolve().parents[2]


class Clock:
    """Aware UTC; stands still but for `forward`. The demo shop's dates are relative to today."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    @classmethod
    def today(cls, at: str, settings: Settings) -> Clock:
        """Today at a time of the shop's day; a weekday is not promised."""
        local = datetime.now(settings.shop.zone)
        moment = datetime.combine(local.date(), time.fromisoformat(at), settings.shop.zone)
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
        actions.shop.provide(self.shop)
        actions.clock.provide(clock, settings.shop.zone)
        use_clock(clock, settings.shop.zone)
        self.news = News()
        plan = settings.shop.follow_ups
        planner = FollowUpPlanner(plan)
        self.conversations = Conversations(
            database,
            self.news,
            clock,
            opt_outs=planner,
            own_numbers=is_known_number,
            silence=settings.shop.session_silence,
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
            reading=settings.shop.reading,
            speaker_of=speakers(settings, clock),
            clock=clock,
        )
        self.follow_ups = FollowUpSender(
            database=database,
            occasions=Occasions(self.shop, settings.shop.zone),
            turns=self.turns,
            plan=plan,
            zone=settings.shop.zone,
            clock=clock,
        )

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
