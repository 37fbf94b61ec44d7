"""What buyers asked and no data tell is read by owners, the most asked first; nobody else sees it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.channels import keys
from bot.conversations import wishes
from bot.conversations.tables import conversations
from bot.conversations.wishes import Wish
from bot.dialogue.outcome import Outcome
from bot.unwritten_command import list_unwritten
from tests.house.desk.test_owner import sign_in
from tests.house.server import Server


async def _asked(server: Server, *asked: tuple[str, str | None], days_ago: int = 0) -> None:
    """(line, product): as if a turn had answered each."""
    now = server.app[keys.CLOCK]() - timedelta(days=days_ago)

    def write(connection: Any) -> None:
        name = f"c-{days_ago}"
        row = {"conversation_id": name, "buyer_id": "v", "signed_in": False, "channel": "web"}
        row |= {"status": "with_bot", "opened_at": now}
        connection.execute(conversations.insert(), row)
        wishes.keep(
            connection,
            [
                Wish(
                    conversation_id=name, seq=place, last_seq=place, ordinal=0, text=text,
                    asked_at=now, outcome=Outcome.ANSWERED, unwritten=product,
                )
                for place, (text, product) in enumerate(asked, 1)
            ],
        )  # fmt: skip

    await server.app[keys.DATABASE].run(write)


async def _told(server: Server) -> list[dict[str, Any]]:
    answer = await server.client.get("/api/desk/shop/unwritten")
    assert answer.status == 200, await answer.text()
    questions: list[dict[str, Any]] = (await answer.json())["questions"]
    return questions


async def test_the_most_asked_comes_first_with_the_name_of_its_goods(server: Server) -> None:
    await sign_in(server, is_owner=True)
    await _asked(
        server,
        ("会发热吗", "boot-qiyun"),
        ("有线下店吗", None),  # answered from data: nothing to write
        ("能机洗不", ""),
        ("会发热吗？", "boot-qiyun"),
    )
    told = await _told(server)
    assert [(one["texts"], one["times"]) for one in told] == [
        (["会发热吗？", "会发热吗"], 2),
        (["能机洗不"], 1),
    ]
    assert [bool(one["name"]) for one in told] == [True, False]


async def test_a_phone_in_the_line_stays_hidden(server: Server) -> None:
    await sign_in(server, is_owner=True)
    await _asked(server, ("能开到13812345678吗", ""))
    assert "13812345678" not in str(await _told(server))


async def test_what_is_older_than_a_month_is_left_out(server: Server) -> None:
    await sign_in(server, is_owner=True)
    await _asked(server, ("会发热吗", ""), days_ago=31)
    assert await _told(server) == []


async def test_an_agent_who_is_no_owner_sees_none(server: Server) -> None:
    await sign_in(server, is_owner=False)
    assert (await server.client.get("/api/desk/shop/unwritten")).status == 403


async def test_the_command_lists_the_same_a_line_each(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    await _asked(server, ("会发热吗", "boot-qiyun"), ("能机洗不", ""))
    assert await asyncio.to_thread(list_unwritten, server.app[keys.SETTINGS], 30) == 0
    assert sorted(capsys.readouterr().out.splitlines()) == [
        "1 次\tboot-qiyun\t会发热吗",
        "1 次\t没说哪款\t能机洗不",
    ]
