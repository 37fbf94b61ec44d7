"""Rasa clients as they are in the wild: numbers for names, no names, repeats, streams, odd bodies."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.house.server import Server

URL = "/webhooks/rest/webhook"


async def said(server: Server, query: str = "", **body: Any) -> list[dict[str, Any]]:
    answer = await server.client.post(URL + query, json=body)
    assert answer.status == 200, await answer.text()
    lines: list[dict[str, Any]] = await answer.json()
    return lines


async def test_a_number_is_a_sender_as_with_rasa(server: Server) -> None:
    [line] = await said(server, sender=12345, message="在吗")
    assert line == {"recipient_id": "12345", "text": "听到:在吗"}
    [line] = await said(server, sender="12345", message="有39码吗")
    assert line["text"] == "听到:有39码吗"
    assert len(server.engine.speakers) == 2
    assert len({speaker.buyer_id for speaker in server.engine.speakers}) == 1


@pytest.mark.parametrize("sender", [True, 1.5, [], {}])
async def test_what_names_nobody_is_refused(server: Server, sender: Any) -> None:
    answer = await server.client.post(URL, json={"sender": sender, "message": "在吗"})
    assert (answer.status, (await answer.json())["error"]["code"]) == (422, "bad_field")


async def test_callers_without_a_name_share_one_memory_and_the_log_warns_of_it(
    server: Server,
) -> None:
    with capture_logs() as logs:
        await said(server, user="a", message="我叫张三")
        await said(server, user="b", message="我叫什么")
        await said(server, sender=None, message="在吗")
    warnings = [line for line in logs if line["event"] == "rest.no_sender"]
    assert [line["fields"] for line in warnings] == [["message", "user"]]  # once, not each time
    assert len({speaker.buyer_id for speaker in server.engine.speakers}) == 1


async def test_callers_with_a_name_are_not_warned_of(server: Server) -> None:
    with capture_logs() as logs:
        await said(server, sender="s1", message="在吗")
    assert not [line for line in logs if line["event"] == "rest.no_sender"]


async def test_a_stream_is_answered_at_once_and_whole(server: Server) -> None:
    lines = await asyncio.wait_for(said(server, "?stream=true", sender="s", message="在吗"), 60)
    assert [line["text"] for line in lines] == ["听到:在吗"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"message": None}, 422),
        ({"message": ""}, 422),
        ({"message": "好" * 5001}, 413),
        ({"message": "在吗", "metadata": None}, 200),
    ],
)
async def test_odd_fields_get_the_one_error_or_an_answer(
    server: Server, body: dict[str, Any], status: int
) -> None:
    answer = await server.client.post(URL, json={"sender": "s", **body})
    assert answer.status == status
    if status != 200:
        assert set((await answer.json())["error"]) == {"code", "message"}


@pytest.mark.parametrize("lead", [b"", b"\xef\xbb\xbf"])
async def test_plain_text_and_a_byte_order_mark_are_read(server: Server, lead: bytes) -> None:
    content = lead + '{"sender": "s", "message": "在吗"}'.encode()
    answer = await server.client.post(URL, data=content, headers={"Content-Type": "text/plain"})
    assert [line["text"] for line in await answer.json()] == ["听到:在吗"]


async def test_two_calls_of_one_sender_at_once_are_both_answered(server: Server) -> None:
    calls = [said(server, sender="s", message=text) for text in ("在吗", "有39码吗")]
    answers = await asyncio.gather(*calls)
    heard = "".join(line["text"] for lines in answers for line in lines)
    assert "在吗" in heard and "有39码吗" in heard
