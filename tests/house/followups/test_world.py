"""Nothing wrong is said, whatever happens: a small world at random, and a machine that shrinks what fails.

Each guard is switched off once, to show that the watchers see what it keeps back.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bench.followups.dealings import Mute
from bench.followups.world import World
from bot.database import Database
from bot.followups import claims, endings, looking, rules, store
from bot.followups.rules import FollowUp
from bot.followups.tables import follow_ups
from bot.settings import Settings
from bot.shop.words.errors import ShopError
from tests.shop.conftest import BACKENDS, _execute, _sibling, drop
from tests.support.house import Clock, House, copied_database

pytestmark = pytest.mark.timeout(900)  # worlds of many days, and Hypothesis in them

SMALL: dict[str, Any] = {"days": 4, "deeds_a_day": 3}


def house_of(settings: Settings, database: Database, *, cap: int = 6) -> House:
    plan = replace(settings.shop.follow_ups, at_most_in_30_days=cap)
    strict = replace(settings, shop=replace(settings.shop, follow_ups=plan))
    return House(strict, database, Mute(), Clock.today("09:00", settings))


async def played(
    house: House, *, buyers: int = 8, seed: int = 3, more: str = "", **how: Any
) -> World:
    """`more`: a deed that is done often."""
    world = World(house, buyers=buyers, seed=seed)
    if more:
        world.deeds.weights[more] = 25
    await world.begin()
    await world.play(**how)
    await world.watchers.look_for_doubles()
    return world


async def test_a_hundred_buyers_for_ten_days_hear_nothing_wrong(
    house_settings: Settings, database: Database
) -> None:
    world = await played(house_of(house_settings, database), buyers=100, days=10, deeds_a_day=0.4)
    assert world.wrong.first == {}
    assert len(world.said) >= 6 and world.said["unpaid_order"] >= 10, world.said


def no_opt_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(store, "has_opted_out", lambda *_: False)


def no_colleagues(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(looking, "_HELD", ())


def no_reasons(patch: pytest.MonkeyPatch) -> None:
    for name in ("paid", "signed", "over", "bought_otherwise"):
        patch.setitem(endings.ENDINGS, name, lambda _: False)


def no_caps(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rules, "_is_too_many", lambda *_: False)


def no_hours(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rules, "next_moment", lambda now, *_: (now, rules.Reason.HOURS))


@pytest.mark.parametrize(
    ("switch_off", "seen", "more"),
    [
        (no_opt_out, "after an opt-out", "opt_out"),
        (no_colleagues, "while a person is in a chat", "person"),
        (no_reasons, "after its reason went", "pay"),
        (no_caps, "beyond the cap", ""),
        (no_hours, "at a bad hour", ""),
    ],
)
async def test_without_this_guard_the_watchers_see_it(
    house_settings: Settings,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    switch_off: Callable[[pytest.MonkeyPatch], None],
    seen: str,
    more: str,
) -> None:
    switch_off(monkeypatch)
    house = house_of(house_settings, database, cap=2 if seen == "beyond the cap" else 6)
    world = await played(house, buyers=24, more=more, **SMALL)
    for _ in range(10):  # until it comes up: chance must not decide
        if seen in world.wrong.found:
            break
        await world.play(days=1, deeds_a_day=3)
    assert seen in world.wrong.found, world.said


async def test_the_same_small_world_with_all_guards_is_in_order(
    house_settings: Settings, database: Database
) -> None:
    world = await played(house_of(house_settings, database, cap=2), **SMALL)
    assert world.wrong.first == {}
    assert sum(world.said.values()) >= 5


class Dealings(RuleBasedStateMachine):
    """Any deeds of three buyers in any order, any faults between; shrunk where something is wrong."""

    open_database: Callable[[Path], Database]
    house_settings: Settings
    begins_with_orders = False

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp(prefix="dealings-"))

    def do(self, deed: Any) -> None:
        try:
            self.loop.run_until_complete(deed)
        except ShopError:  # refused by the shop, as buyers meet it
            return

    @initialize(seed=st.integers(0, 2**16))
    def opens(self, seed: int) -> None:
        self.database = type(self).open_database(self.folder)
        house = house_of(self.house_settings, self.database, cap=3)
        self.world = World(house, buyers=3, seed=seed)
        self.do(self.world.begin())
        for dealer in self.world.dealers if self.begins_with_orders else ():
            self.do(self.world.deeds.order(dealer))

    @rule(
        who=st.integers(0, 2),
        deed=st.sampled_from(
            ["order", "order", "pay", "cancel", "weigh", "refuse", "opt_out", "write", "person",
             "wait_for_stock", "review", "send_back"]
        ),
    )  # fmt: skip
    def a_buyer_does(self, who: int, deed: str) -> None:
        self.do(self.world.deeds.do(deed, self.world.dealers[who]))

    @rule()
    def couriers_come(self) -> None:
        self.do(self.world.couriers())

    @rule(rounds=st.integers(1, 12))
    def hours_pass(self, rounds: int) -> None:
        for _ in range(rounds):
            self.do(self.world.round())

    @rule(days=st.integers(1, 3))
    def the_house_is_away(self, days: int) -> None:
        self.world.house.clock.forward(timedelta(days=days))

    @rule()
    def two_work_at_once(self) -> None:
        self.do(self.world.two_workers())
        self.do(self.world.watchers.look())

    @rule()
    def one_dies_with_its_claims(self) -> None:
        self.do(self.world.dies_holding())

    @rule()
    def one_dies_half_way(self) -> None:
        self.do(self.world.dies_half_way())
        self.do(self.world.watchers.look())

    @rule()
    def colleagues_answer(self) -> None:
        self.do(self.world.colleagues())

    @rule(hours=st.integers(1, 5))
    def the_clock_is_turned_back(self, hours: int) -> None:
        """And set right again after a round."""
        clock = self.world.house.clock
        clock.forward(-timedelta(hours=hours))
        self.do(self.world.house.follow_ups.send_due())
        self.do(self.world.watchers.look())
        clock.forward(timedelta(hours=hours))

    @invariant()
    def nothing_wrong_was_said(self) -> None:
        if hasattr(self, "world"):
            self.do(self.world.watchers.look_for_doubles())
            assert self.world.wrong.first == {}

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.database.close()
        self.loop.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def run(
    machine: type[RuleBasedStateMachine], examples: int, phases: Sequence[Phase] = tuple(Phase)
) -> None:
    run_state_machine_as_test(
        machine,
        settings=hypothesis_settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture(params=BACKENDS)
def machine(
    request: pytest.FixtureRequest, house_settings: Settings, seeded: Path
) -> Iterator[type[RuleBasedStateMachine]]:
    """Every example has a fresh copy of the demo shop."""
    made: list[str] = []
    if request.param == "postgres":
        admin = request.getfixturevalue("postgres_admin")
        template = request.getfixturevalue("demo_template")

    def opened(folder: Path) -> Database:
        if request.param == "sqlite":
            return copied_database(seeded, folder)
        made.append(f"dealings_{uuid.uuid4().hex[:12]}")
        _execute(admin, f'CREATE DATABASE "{made[-1]}" TEMPLATE "{template}"')
        return Database(_sibling(admin, made[-1]))

    yield type("On", (Dealings,), {
        "open_database": staticmethod(opened), "house_settings": house_settings,
    })  # fmt: skip
    for name in made:
        drop(admin, name)


def test_any_dealings_in_any_order_hear_nothing_wrong(
    machine: type[RuleBasedStateMachine], request: pytest.FixtureRequest
) -> None:
    run(machine, 12 if "sqlite" in request.node.name else 4)


def test_without_a_guard_the_machine_finds_it(
    machine: type[RuleBasedStateMachine], monkeypatch: pytest.MonkeyPatch
) -> None:
    no_hours(monkeypatch)
    monkeypatch.setattr(machine, "begins_with_orders", True)
    with pytest.raises(AssertionError, match="at a bad hour"):
        run(machine, 20, phases=(Phase.generate,))


async def test_the_watcher_sees_what_is_said_twice(
    house_settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the row's status and the message's own id, which hold it."""

    def stays_planned(connection: Any, follow_up: FollowUp, *_: Any, **__: Any) -> bool:
        again = follow_up.planned_at + timedelta(seconds=1)
        this = follow_ups.c.follow_up_id == follow_up.follow_up_id
        connection.execute(follow_ups.update().where(this).values(planned_at=again))
        return True

    monkeypatch.setattr(claims, "mark_said", stays_planned)
    monkeypatch.setattr(claims, "mark_joined", lambda *_: None)
    world = await played(house_of(house_settings, database), **{**SMALL, "days": 1})
    assert "said twice" in world.wrong.found, world.said
