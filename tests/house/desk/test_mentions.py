"""A note with @ and a name calls a colleague, who finds it later, wherever and whenever they come."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desk import mentions
from bot.desk.accounts import Agent
from bot.desk.kept import add_note, notes_of
from bot.desk.mentions import MOST_TOLD, called, mentions_of, see_mentions, unseen_of
from bot.desk.roles import Role
from tests.house.conftest import Chat
from tests.house.desk.conftest import Desk, SitDown, waiting
from tests.house.desk.test_telling import Page
from tests.house.server import Server


def person(name: str, shown_name: str = "") -> Agent:
    return Agent(
        name=name,
        role=Role.AGENT,
        shown_name=shown_name or name,
        department="",
        is_in=True,
        seen_at=None,
    )


PEOPLE = [
    person("lin", "小林"),
    person("lin2", "小林子"),
    person("wang", "Wang"),
    person("zhao", "小赵"),
    person("zhao-b", "小赵"),
    person("admin"),
]


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("@小林 看一下", ["lin"]),
        ("@小林看一下", ["lin"]),  # no space behind a Chinese name
        ("@小林子 看一下", ["lin2"]),  # the longest that fits
        ("＠小林子，你来", ["lin2"]),
        ("@lin 看一下", ["lin"]),  # the account's name goes as well
        ("@lin看一下", ["lin"]),
        ("@lin2 看一下", ["lin2"]),
        ("@WANG 在吗", ["wang"]),
        ("@wangfei 在吗", []),  # another word
        ("@小赵 看一下", ["zhao", "zhao-b"]),  # two are called so
        ("@zhao-b 看一下", ["zhao-b"]),
        ("请@wang和@小林看，@小林急", ["wang", "lin"]),
        ("@admin 我自己记着", []),
        ("小林说可以退", []),
        ("@", []),
        ("@没有这个人", []),
    ],
)
def test_whom_a_note_calls(text: str, whom: list[str]) -> None:
    assert called(text, PEOPLE, but="admin") == whom


async def test_what_calls_somebody_is_kept_until_it_was_seen(chat: Chat) -> None:
    """On both databases."""
    await chat.write("在吗")
    database, now = chat.house.database, chat.house.clock()

    async def note(text: str, *calls: str) -> int:
        return await database.run(add_note, "小王", chat.id, text, now, calls=calls)

    first, _, third = (
        await note("@小李 看", "小李"),
        await note("记一下"),
        await note("@小李 @小张 再看", "小李", "小张"),
    )
    unseen = await database.read(unseen_of, "小李")
    assert [one["note"] for one in unseen] == [
        one for one in reversed(await database.read(notes_of, chat.id)) if "@" in one["text"]
    ]
    assert {one["conversation_id"] for one in unseen} == {chat.id}
    assert await database.run(see_mentions, "小李", chat.id, first, now)
    assert not await database.run(see_mentions, "小李", chat.id, first, now)
    assert [one["note"]["note_id"] for one in await database.read(unseen_of, "小李")] == [third]
    assert len(await database.read(unseen_of, "小张")) == 1
    kept = await database.read(mentions_of, "小李")
    assert [one["is_seen"] for one in kept] == [False, True]
    older = await database.read(mentions_of, "小李", before=third)
    assert [one["note"]["note_id"] for one in older] == [first]


async def unseen(desk: Desk) -> list[tuple[str, str, str]]:
    """(talk, who calls, what)"""
    _, own = await desk.get("own")
    return [
        (one["conversation_id"], one["note"]["agent_name"], one["note"]["text"])
        for one in own["mentions"]
    ]


async def test_who_had_no_page_open_finds_it_and_where_it_was(
    server: Server, sit_down: SitDown
) -> None:
    lee, boss = await sit_down("lee", display_name="小李"), await sit_down("boss", Role.SUPERVISOR)
    talk = await waiting(server)
    await boss.at(talk, "notes", text="@小李 这单可以退")
    assert await unseen(lee) == [(talk, "boss", "@小李 这单可以退")]
    status, (listed,) = await lee.get("mentions")
    assert (status, listed["is_seen"], listed["conversation_id"]) == (200, False, talk)
    assert listed["buyer_name"].startswith("访客")
    assert await unseen(boss) == []


async def test_seen_in_one_browser_is_seen_in_the_other_and_stays_listed(
    server: Server, sit_down: SitDown
) -> None:
    lee, boss = await sit_down("小李"), await sit_down("boss")
    talk, other = await waiting(server), await waiting(server)
    for where in (talk, other):
        await boss.at(where, "notes", text="@小李 看一下")
    (note,) = (await lee.reads(talk))["notes"]
    there = await Page.opened(lee)
    hers = await Page.opened(boss)
    assert await lee.at(talk, "mentions/seen", note_id=note["note_id"]) == (200, {})
    while (frame := await there.next())["type"] != "mentions_seen":
        pass
    assert frame == {"type": "mentions_seen", "conversation_id": talk, "note_id": note["note_id"]}
    assert [one[0] for one in await unseen(lee)] == [other]
    assert [one["is_seen"] for one in (await lee.get("mentions"))[1]] == [False, True]
    await lee.at(talk, "notes", text="好")  # comes after whatever she could have heard
    while (frame := await hers.next())["type"] != "note":
        assert frame["type"] != "mentions_seen"


async def test_what_comes_meanwhile_is_not_seen_unread(server: Server, sit_down: SitDown) -> None:
    lee, boss = await sit_down("小李"), await sit_down("boss")
    talk = await waiting(server)
    _, notes = await boss.at(talk, "notes", text="@小李 看一下")
    await boss.at(talk, "notes", text="@小李 先别发")  # not on lee's page yet
    await lee.at(talk, "mentions/seen", note_id=notes[-1]["note_id"])
    assert [one[2] for one in await unseen(lee)] == ["@小李 先别发"]
    assert (await lee.at(talk, "mentions/seen", note_id="x"))[0] == 422
    assert (await lee.at("nobody", "mentions/seen", note_id=1))[0] == 404
    assert (await lee.get("mentions?before=x"))[0] == 422


async def test_the_note_of_a_talk_that_is_passed_on_calls_as_well(
    server: Server, sit_down: SitDown
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("wang", display_name="小王")
    boss = await Page.opened(await sit_down("boss", Role.SUPERVISOR))
    talk = await waiting(server)
    await lee.at(talk, "take")
    await wang.at(talk, "draft", text="")  # a sign of life
    status, told = await lee.at(talk, "transfer", to="wang", note="@boss 我转给小王了")
    assert status == 200, told
    while (frame := await boss.next())["type"] != "note":
        pass
    assert (frame["mentions"], frame["note"]["agent_name"]) == (["boss"], "小李")
    assert await unseen(boss.desk) == [(talk, "小李", "@boss 我转给小王了")]


async def test_a_removed_account_leaves_nothing_to_who_gets_its_name(
    server: Server, sit_down: SitDown
) -> None:
    owner = await sit_down("boss", Role.OWNER)
    await sit_down("小李")
    talk = await waiting(server)
    await owner.at(talk, "notes", text="@小李 看一下")
    assert (await owner.post("people/小李/remove"))[0] == 200
    again = await sit_down("小李")
    assert await unseen(again) == []


async def test_what_is_erased_with_its_buyer_calls_no_more(
    server: Server, sit_down: SitDown
) -> None:
    lee, owner = await sit_down("小李"), await sit_down("boss", Role.OWNER)
    talk = await waiting(server)
    await owner.at(talk, "notes", text="@小李 看一下")
    status, told = await owner.at(talk, "buyer/erase", confirm="删除")
    assert status == 200, told
    assert await unseen(lee) == []
    assert (await lee.get("mentions"))[1] == []


async def test_a_page_holds_fifty(
    server: Server, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_TOLD == 50
    monkeypatch.setattr(mentions, "_MENTIONS", mentions._MENTIONS.limit(2))
    lee, boss = await sit_down("小李"), await sit_down("boss")
    talk = await waiting(server)
    for number in range(3):
        await boss.at(talk, "notes", text=f"@小李 {number}")
    first: list[Any] = (await lee.get("mentions"))[1]
    then = (await lee.get(f"mentions?before={first[-1]['note']['note_id']}"))[1]
    assert [one["note"]["text"] for one in (*first, *then)] == ["@小李 2", "@小李 1", "@小李 0"]
