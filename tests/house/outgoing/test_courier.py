"""What leaves the house arrives, is tried again, or lies where a person finds it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.database import Database
from bot.outgoing import outbox
from bot.outgoing.courier import PAUSES, Courier
from bot.outgoing.delivery import Delivery, DeliveryStatus, NotNow, Refused, Unsure
from bot.outgoing.tables import outgoing
from tests.support.house import Clock

TRIES = len(PAUSES) + 1


class FakeDoor:
    """Answers as it is told; the last answer stays."""

    def __init__(self, *answers: str | Exception, may_repeat: bool = True) -> None:
        self.answers, self.may_repeat = list(answers), may_repeat
        self.got: list[str] = []

    async def deliver(self, delivery: Delivery) -> str:
        self.got.append(delivery.key)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def put(database: Database, clock: Clock, key: str = "k1", **more: Any) -> bool:
    return await database.run(
        outbox.put, door="fake", target="", key=key, body={"text": "hi"}, now=clock(), **more
    )


async def rows(database: Database, *names: str) -> list[tuple[Any, ...]]:
    query = sa.select(*[outgoing.c[name] for name in names or ("status", "attempts")])
    return await database.read(
        lambda c: [tuple(row) for row in c.execute(query.order_by(outgoing.c.delivery_id))]
    )


@pytest.fixture
def carried(database: Database, clock: Clock) -> Iterator[Any]:
    yield lambda door, **more: Courier(database=database, doors={"fake": door}, clock=clock, **more)


async def until_it_ends(courier: Courier, clock: Clock) -> None:
    for _ in range(TRIES + 3):
        await courier.deliver_due()
        clock.forward(timedelta(hours=13))


async def test_put_twice_it_is_delivered_once(
    database: Database, clock: Clock, carried: Any
) -> None:
    assert await put(database, clock) and not await put(database, clock)
    door = FakeDoor("r-1")
    assert await carried(door).deliver_due() == 1
    assert await carried(door).deliver_due() == 0
    assert door.got == ["k1"]
    assert await rows(database, "status", "receipt", "attempts") == [("delivered", "r-1", 1)]


async def test_it_is_tried_again_after_growing_pauses_until_it_arrives(
    database: Database, clock: Clock, carried: Any
) -> None:
    await put(database, clock)
    door = FakeDoor(NotNow("answered 500"), NotNow("answered 500"), "ok")
    courier = carried(door)
    await courier.deliver_due()
    await courier.deliver_due()  # not due yet
    assert len(door.got) == 1
    clock.forward(PAUSES[0] * 1.3)
    await courier.deliver_due()
    clock.forward(PAUSES[0] * 1.3)
    await courier.deliver_due()  # the second pause is longer than the first
    assert len(door.got) == 2
    clock.forward(PAUSES[1] * 1.3)
    await courier.deliver_due()
    assert await rows(database) == [("delivered", 3)]


async def test_the_other_side_may_ask_for_a_longer_pause(
    database: Database, clock: Clock, carried: Any
) -> None:
    await put(database, clock)
    door = FakeDoor(NotNow("answered 429", timedelta(minutes=20)), "ok")
    await carried(door).deliver_due()
    clock.forward(timedelta(minutes=19))
    await carried(door).deliver_due()
    assert len(door.got) == 1
    clock.forward(timedelta(minutes=2))
    await carried(door).deliver_due()
    assert len(door.got) == 2


async def test_tried_to_the_end_it_is_listed_as_dead_and_a_person_can_have_it_tried_again(
    database: Database, clock: Clock, carried: Any
) -> None:
    await put(database, clock)
    door = FakeDoor(NotNow("cannot connect"))
    await until_it_ends(carried(door), clock)
    assert len(door.got) == TRIES
    (dead,) = await database.read(outbox.listed, DeliveryStatus.DEAD)
    assert dead["last_error"] == f"tried {TRIES} times: cannot connect"
    assert await database.run(outbox.try_again, dead["delivery_id"], clock())
    door.answers = ["ok"]
    await carried(door).deliver_due()
    assert await rows(database) == [("delivered", 1)]
    assert not await database.run(outbox.try_again, dead["delivery_id"], clock())


async def test_what_is_refused_is_not_tried_again(
    database: Database, clock: Clock, carried: Any
) -> None:
    await put(database, clock)
    door = FakeDoor(Refused("answered 404"))
    await until_it_ends(carried(door), clock)
    assert len(door.got) == 1
    assert await rows(database) == [("dead", 1)]


@pytest.mark.parametrize(("may_repeat", "tries"), [(True, TRIES), (False, 1)])
async def test_where_nobody_knows_whether_it_came_only_who_knows_it_again_gets_it_again(
    database: Database, clock: Clock, carried: Any, may_repeat: bool, tries: int
) -> None:
    await put(database, clock)
    door = FakeDoor(Unsure("no answer"), may_repeat=may_repeat)
    await until_it_ends(carried(door), clock)
    assert len(door.got) == tries


@pytest.mark.parametrize("may_repeat", [True, False])
async def test_who_dies_half_way_sends_nothing_twice_to_whom_it_must_not(
    database: Database, clock: Clock, carried: Any, may_repeat: bool
) -> None:
    await put(database, clock)
    await database.run(outbox.claim, clock(), "one that dies", ["fake"])
    door = FakeDoor("ok", may_repeat=may_repeat)
    await carried(door).deliver_due()
    assert door.got == []  # the other one may still be at it
    await until_it_ends(carried(door), clock)
    assert len(door.got) == may_repeat
    assert (await rows(database, "status")) == [("delivered" if may_repeat else "dead",)]


async def test_two_houses_share_the_rows(database: Database, clock: Clock, carried: Any) -> None:
    for number in range(30):
        await put(database, clock, f"k{number}")
    door = FakeDoor("ok")
    await asyncio.gather(*(carried(door).deliver_due() for _ in range(4)))
    assert sorted(door.got) == sorted(set(door.got))
    assert len(door.got) == 30


async def test_without_the_claim_two_houses_send_twice(
    database: Database, clock: Clock, carried: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shows that the test above sees it."""
    await put(database, clock)
    row = (await database.run(outbox.claim, clock(), "w", ["fake"]))[0]
    monkeypatch.setattr(outbox, "claim", lambda *_: [row])
    door = FakeDoor("ok")
    await asyncio.gather(*(carried(door).deliver_due() for _ in range(2)))
    assert door.got == ["k1", "k1"]


async def test_too_late_or_no_longer_wanted_it_does_not_leave(
    database: Database, clock: Clock, carried: Any
) -> None:
    await put(database, clock, "late", expires_at=clock() + timedelta(hours=1))
    await put(database, clock, "unwanted")

    async def unwanted(delivery: Delivery) -> str:
        return "opted out" if delivery.key == "unwanted" else ""

    clock.forward(timedelta(hours=2))
    door = FakeDoor("ok")
    await carried(door, unwanted=unwanted).deliver_due()
    assert door.got == []
    assert await rows(database, "status", "last_error") == [
        ("dead", "too late"),
        ("withdrawn", "opted out"),
    ]


async def test_a_broken_door_does_not_hold_up_the_others(
    database: Database, clock: Clock, carried: Any
) -> None:
    await put(database, clock, "a")
    await put(database, clock, "b")
    door = FakeDoor(ValueError("a bug"), "ok")
    assert await carried(door).deliver_due() == 1
    assert sorted(await rows(database, "status")) == [("delivered",), ("waiting",)]
