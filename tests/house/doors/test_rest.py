"""The REST door speaks as Rasa's own REST channel does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.channels import keys
from bot.conversations import store
from bot.conversations.conversation import Status
from bot.database import DatabaseUnavailable
from bot.engine.turns import Button, HandOver, Payload, Reply, TurnResult
from bot.handing_over import HandOverReason
from tests.house.scripted import result
from tests.house.server import Server

URL = "/webhooks/rest/webhook"
PAY = Payload(intent="choose_option", entities={"choice": "pay"})


async def post(server: Server, **body: Any) -> Any:
    answer = await server.client.post(URL, json={"sender": "s1", **body})
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def refused(server: Server, **body: Any) -> tuple[int, str]:
    answer = await server.client.post(URL, json=body)
    return answer.status, (await answer.json())["error"]["code"]


async def test_an_answer_is_a_list_of_texts_for_the_sender(server: Server) -> None:
    assert await post(server, message="在吗") == [{"recipient_id": "s1", "text": "听到:在吗"}]


async def test_buttons_carry_titles_and_payloads(server: Server) -> None:
    buttons = (Button(title="去付款", payload=PAY), Button(title="再看看", payload=None))
    server.engine.then(
        TurnResult(replies=(Reply(text="付吗", buttons=buttons),), understood=(), memory="")
    )
    [line] = await post(server, message="下单")
    assert line["buttons"] == [
        {"title": "去付款", "payload": '/choose_option{"choice": "pay"}'},
        {"title": "再看看", "payload": "再看看"},
    ]


async def test_pictures_and_cards_are_image_and_custom(server: Server) -> None:
    replies = (Reply(image="/pictures/a.svg"), Reply(card={"type": "product", "name": "鞋"}))
    server.engine.then(TurnResult(replies=replies, understood=(), memory=""))
    assert await post(server, message="看看") == [
        {"recipient_id": "s1", "image": "/pictures/a.svg"},
        {"recipient_id": "s1", "custom": {"card": {"type": "product", "name": "鞋"}}},
    ]


async def test_a_turn_without_words_is_an_empty_list(server: Server) -> None:
    server.engine.then(result("马上叫人", hand_over=HandOver(reason=HandOverReason.ASKED, note="")))
    await post(server, message="转人工")
    conversations = server.app[keys.CONVERSATIONS]
    [waiting], _ = await conversations.in_status([Status.WAITING])
    await conversations.take(waiting.conversation_id, "小李")
    assert await post(server, message="有人吗") == []  # a person has it; until then the bot tells


async def test_what_an_agent_said_comes_with_the_next_call(server: Server) -> None:
    server.engine.then(result("马上叫人", hand_over=HandOver(reason=HandOverReason.ASKED, note="")))
    await post(server, message="转人工")
    conversations = server.app[keys.CONVERSATIONS]
    [waiting], _ = await conversations.in_status([Status.WAITING])
    await conversations.say_as_agent(waiting.conversation_id, "小李", "a1", "我来了")
    metadata = {"message_id": "m1"}
    calls = [await post(server, message="有人吗", metadata=metadata) for _ in range(2)]
    assert calls[0] == calls[1] == [{"recipient_id": "s1", "text": "我来了"}]
    assert await post(server, message="好的") == []


async def test_a_repeated_call_with_its_message_id_is_answered_alike(server: Server) -> None:
    calls = [await post(server, message="在吗", metadata={"message_id": "m1"}) for _ in range(2)]
    assert calls[0] == calls[1] != []
    assert server.engine.texts == ["在吗"]


async def test_repeated_calls_at_once_are_one_turn(server: Server) -> None:
    calls = await asyncio.gather(
        *(post(server, message="在吗", metadata={"message_id": "m1"}) for _ in range(5))
    )
    assert all(call == calls[0] != [] for call in calls)
    assert server.engine.texts == ["在吗"]


async def test_without_the_look_for_its_id_repeated_calls_would_fail(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the key of the table keeps them out, but they get no answer."""
    monkeypatch.setattr(store, "by_message_id", lambda *_: None)
    body = {"sender": "s1", "message": "在吗", "metadata": {"message_id": "m1"}}
    calls = await asyncio.gather(*(server.client.post(URL, json=body) for _ in range(5)))
    assert sorted(call.status for call in calls) == [200, 500, 500, 500, 500]


async def test_calls_without_message_id_are_messages_of_their_own(server: Server) -> None:
    for _ in range(2):
        await post(server, message="在吗")
    assert server.engine.texts == ["在吗", "在吗"]


async def test_a_payload_counts_where_it_was_offered(server: Server) -> None:
    question = Reply(text="付吗", buttons=(Button(title="去付款", payload=PAY),))
    server.engine.then(TurnResult(replies=(question,), understood=(), memory=""))
    [line] = await post(server, message="下单")
    await post(server, message=line["buttons"][0]["payload"])
    [said] = server.engine.heard[-1]
    assert said.payload == PAY


async def test_a_payload_that_was_not_offered_is_only_text(server: Server) -> None:
    await post(server, message='/choose_option{"choice": "pay"} 好了')
    [[said]] = server.engine.heard
    assert said.payload is None


async def test_a_payload_offered_to_one_sender_is_only_text_from_another(server: Server) -> None:
    question = Reply(text="付吗", buttons=(Button(title="去付款", payload=PAY),))
    server.engine.then(TurnResult(replies=(question,), understood=(), memory=""))
    [line] = await post(server, message="下单")
    await post(server, sender="s2", message=f"{line['buttons'][0]['payload']} 好了")
    _, [said] = server.engine.heard
    assert said.payload is None


async def test_a_sender_is_a_visitor_whatever_the_name(server: Server) -> None:
    buyers = await (await server.client.get("/api/chat/demo/buyers")).json()
    await post(server, sender=buyers[0]["buyer_id"], message="我的订单")
    [speaker] = server.engine.speakers
    assert not speaker.signed_in
    assert speaker.buyer_id.startswith("visitor:rest-")


async def test_a_signed_token_makes_the_sender_a_buyer(server: Server) -> None:
    token = await server.buyer_token()
    await post(server, message="我的订单", metadata={"token": token})
    assert server.engine.speakers[0].signed_in


async def test_a_forged_token_is_refused(server: Server) -> None:
    metadata = {"token": "e30.e30.e30"}
    assert await refused(server, message="在吗", metadata=metadata) == (401, "bad_token")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "bad_field"),
        ({"message": 5}, "bad_field"),
        ({"message": ""}, "empty"),
        ({"message": "在吗", "sender": ""}, "bad_field"),
        ({"message": "在吗", "sender": "x" * 300}, "bad_field"),
        ({"message": "在吗", "metadata": []}, None),
        ({"message": "在吗", "metadata": ["x"]}, "bad_field"),
        ({"message": "在吗", "metadata": {"message_id": ""}}, "bad_field"),
        ({"message": "在吗", "metadata": {"message_id": "bot-1"}}, "bad_field"),
    ],
)
async def test_wrong_fields_are_named_in_the_one_error_shape(
    server: Server, body: dict[str, Any], code: str | None
) -> None:
    if code is None:
        await post(server, **body)
    else:
        assert await refused(server, **body) == (422, code)


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b"\xff\xfe", b"null", b"[" * 50_000, b'{"message": ' + b"9" * 5000 + b"}"],
)
async def test_what_is_no_json_object_is_refused(server: Server, content: bytes) -> None:
    answer = await server.client.post(URL, data=content)
    assert answer.status in (400, 422)
    assert set((await answer.json())["error"]) == {"code", "message"}


async def test_five_thousand_characters_are_answered(server: Server) -> None:
    [line] = await post(server, message="好" * 5000)
    assert line["text"] == "<utter_too_long>"


async def test_a_body_beyond_all_measure_is_refused(server: Server) -> None:
    assert await refused(server, message="好" * 100_000) == (413, "too_large")


async def test_strange_characters_in_ids_are_taken(server: Server) -> None:
    body = b'{"sender": "a\\ud83d", "message": "hi", "metadata": {"message_id": "m\\ud83d\\u0000"}}'
    answer = await server.client.post(URL, data=body)
    assert answer.status == 200


async def test_too_many_calls_are_slowed_down(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.app[keys.MESSAGE_RATE], "_per_second", 0.0)  # a fast machine
    codes = [
        (await server.client.post(URL, json={"sender": "s", "message": f"{number}"})).status
        for number in range(45)
    ]
    assert codes == [200] * 40 + [429] * 5
    assert len(server.engine.heard) == 40


async def test_off_loopback_without_a_token_of_its_own_the_door_is_shut(
    open_server: Callable[..., Any],
) -> None:
    server = await open_server(host="0.0.0.0")
    assert await refused(server, message="在吗") == (403, "rest_off")


async def test_behind_a_proxy_loopback_is_no_excuse(server: Server) -> None:
    headers = {"X-Forwarded-For": "203.0.113.5"}
    answer = await server.client.post(URL, json={"message": "在吗"}, headers=headers)
    assert answer.status == 403


@pytest.mark.parametrize(
    ("given", "status"), [("", 401), ("wrong", 401), ("right", 200), ("right ", 200)]
)
async def test_the_token_is_demanded(
    open_server: Callable[..., Any], given: str, status: int
) -> None:
    server = await open_server(host="0.0.0.0", rest_token="right")
    headers = {"Authorization": f"Bearer {given}"}
    answer = await server.client.post(URL, json={"message": "在吗"}, headers=headers)
    assert answer.status == status


async def test_the_token_may_stand_in_the_address_as_with_rasa(
    open_server: Callable[..., Any],
) -> None:
    server = await open_server(rest_token="right")
    answer = await server.client.post(f"{URL}?token=right", json={"message": "在吗"})
    assert answer.status == 200


async def test_an_unavailable_database_is_a_503_and_the_line_can_be_sent_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: Any, **__: Any) -> Any:
        raise DatabaseUnavailable("gone")

    body = {"message": "在吗", "metadata": {"message_id": "m1"}}
    with monkeypatch.context() as patch:
        patch.setattr(server.database, "run", down)
        assert await refused(server, sender="s1", **body) == (503, "unavailable")
    assert await post(server, **body) == [{"recipient_id": "s1", "text": "听到:在吗"}]


async def test_rasas_clients_find_the_door_there(server: Server) -> None:
    answer = await server.client.get("/webhooks/rest/")
    assert await answer.json() == {"status": "ok"}
