"""A shop of its own posts what happened: signed, fresh, each thing once; else nothing is written down."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.channels import keys
from bot.followups.tables import heard
from bot.outgoing import signature
from bot.outgoing.signature import signed
from bot.shop.words.happening import TELLS, HappeningKind
from tests.house.server import Server
from tests.support.house import Clock
from tests.support.operating import block
from tests.support.waiting import PATIENCE_S

SECRET, OTHER = "a-secret-of-the-shops-own-house", "another-secret-that-nobody-knows"
SHIPPED = {
    "kind": "shipped", "key": "o1", "at": "2026-11-29T03:00:00Z", "buyer_id": "b1",
    "order_number": "o1",
}  # fmt: skip


@pytest.fixture
async def server(open_server: Callable[..., Any]) -> Server:
    opened: Server = await open_server(shop_webhook_secrets=(SECRET,))
    return opened


def body_of(**changed: Any) -> bytes:
    return json.dumps({"type": "happening", "data": {**SHIPPED, **changed}}).encode()


async def post(
    server: Server,
    body: bytes,
    *,
    secret: str = SECRET,
    late: timedelta = timedelta(),
    headers: Mapping[str, str] | None = None,
) -> tuple[int, Any]:
    made = signed(secret, "msg_1", server.app[keys.CLOCK]() - late, body)
    answer = await server.client.post(
        "/api/shop-news", data=body, headers={**made, **(headers or {})}
    )
    return answer.status, await answer.json()


async def written(server: Server) -> list[tuple[str, str]]:
    query = heard.select().order_by(heard.c.heard_id)
    rows = await server.database.read(lambda c: c.execute(query).all())
    return [(row.kind, row.key) for row in rows]


async def test_what_is_told_is_written_down_before_it_is_answered(server: Server) -> None:
    assert await post(server, body_of()) == (200, {"is_new": True})
    assert await written(server) == [("shipped", "o1")]


async def test_told_again_it_is_known(server: Server) -> None:
    await post(server, body_of())
    assert await post(server, body_of()) == (200, {"is_new": False})
    assert await post(server, body_of(at="2026-11-29T04:00:00Z")) == (200, {"is_new": False})
    assert await post(server, body_of(kind="signed")) == (200, {"is_new": True})
    assert await written(server) == [("shipped", "o1"), ("signed", "o1")]


async def refused(server: Server, code: str, body: bytes = b"", **how: Any) -> None:
    status, told = await post(server, body or body_of(), **how)
    assert (status, told["error"]["code"]) == (401, code)
    assert await written(server) == []


async def test_who_does_not_know_the_secret_tells_nothing(server: Server) -> None:
    await refused(server, "bad_signature", secret=OTHER)
    for header in ("webhook-signature", "webhook-id", "webhook-timestamp"):
        await refused(server, "bad_signature", headers={header: ""})
    for forged in ("v1,", "v1,AAAA", "v1a,签名", "x" * 400):
        await refused(server, "bad_signature", headers={"webhook-signature": forged})


async def test_a_body_an_id_or_a_time_that_was_changed_is_not_what_was_signed(
    server: Server,
) -> None:
    now = server.app[keys.CLOCK]()
    made = signed(SECRET, "msg_1", now, body_of(key="o2"))
    await refused(server, "bad_signature", headers={"webhook-signature": made["webhook-signature"]})
    await refused(server, "bad_signature", headers={"webhook-id": "msg_2"})
    stamp = str(int(now.timestamp()) + 1)
    await refused(server, "bad_signature", headers={"webhook-timestamp": stamp})


@pytest.mark.parametrize("late", [timedelta(minutes=6), timedelta(minutes=-6), timedelta(days=9)])
async def test_a_recording_that_is_played_again_later_is_refused(
    server: Server, late: timedelta
) -> None:
    await refused(server, "not_fresh", late=late)


async def test_it_is_its_time_by_which_a_recording_is_known(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the one above."""
    monkeypatch.setattr(signature, "FRESH_FOR", timedelta(days=30))
    assert (await post(server, body_of(), late=timedelta(days=9)))[0] == 200


async def test_four_minutes_on_the_way_are_allowed(server: Server) -> None:
    assert (await post(server, body_of(), late=timedelta(minutes=4)))[0] == 200


async def test_a_secret_is_changed_for_another_without_a_gap(
    open_server: Callable[..., Any],
) -> None:
    server = await open_server(shop_webhook_secrets=(OTHER, SECRET))
    assert (await post(server, body_of()))[0] == 200
    assert (await post(server, body_of(key="o2"), secret=OTHER))[0] == 200
    made = [
        signed(one, "msg_1", server.app[keys.CLOCK](), body_of(key="o3"))["webhook-signature"]
        for one in ("nobody-knows-this-one-any-more", SECRET)
    ]
    both = {"webhook-signature": " ".join(made)}
    assert (await post(server, body_of(key="o3"), headers=both))[0] == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "eaten"},
        {"key": ""},
        {"key": "k" * 261},
        {"key": "a\x00b"},
        {"at": "2026-11-29T03:00:00"},
        {"buyer_id": ""},
        {"buyer_id": 7},
        {"buyer_id": "b" * 81},
        {"order_number": ""},
        {"colour": "红"},
        {"about": {"stars": "5"}},
        {"about": [["x", "y" * 501]]},
        {"about": [["x", "y"]] * 21},
        {"kind": "price_fallen", "product_id": "p", "about": [["before_fen", "9"]]},
        {
            "kind": "price_fallen",
            "product_id": "p",
            "about": [["before_fen", "9.5"], ["now_fen", "8"]],
        },
        {"kind": "bad_review", "about": [["stars", "0"]]},
    ],
    ids=str,
)
async def test_what_nobody_could_act_on_is_refused(server: Server, changed: Any) -> None:
    status, told = await post(server, body_of(**changed))
    assert (status, told["error"]["code"]) == (400, "bad_request")
    assert await written(server) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"type": "order"}', b'{"type": "happening"}'])
async def test_another_body_is_refused(server: Server, body: bytes) -> None:
    assert (await post(server, body))[0] == 400


async def test_too_much_is_refused_before_it_is_read(server: Server) -> None:
    assert (await post(server, b"x" * 70_000))[0] == 413


async def test_without_a_secret_there_is_no_such_door(open_server: Callable[..., Any]) -> None:
    server = await open_server()
    assert (await post(server, body_of()))[0] == 404


async def test_the_shell_that_the_page_prints_is_heard(
    open_server: Callable[..., Any], clock: Clock
) -> None:
    if not (shutil.which("openssl") and shutil.which("curl")):
        pytest.skip("openssl or curl is not installed")
    clock.now = datetime.now(timezone.utc)  # the shell's clock is the machine's
    server = await open_server(shop_webhook_secrets=(SECRET,))
    address = str(server.client.make_url("")).rstrip("/")
    shell = await asyncio.create_subprocess_exec(
        "bash", "-ec", block("bash", "# tell the house"),
        env={**os.environ, "HOUSE": address, "SHOP_WEBHOOK_SECRET": SECRET},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    told, _ = await asyncio.wait_for(shell.communicate(), PATIENCE_S)
    assert json.loads(told) == {"is_new": True}, told
    assert await written(server) == [("shipped", "A1")]


def test_every_kind_says_what_it_needs() -> None:
    assert set(TELLS) == set(HappeningKind)
