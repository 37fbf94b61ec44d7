"""What agents see of phones and addresses: a part at once, the whole by a press that is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.channels import keys
from bot.conversations.messages import Author, Message
from bot.desk.listed import gist
from bot.desk.masking import masked_message, masked_text
from bot.desk.who import ACCOUNTS
from bot.engine.turns import HandOver, Reply, TurnResult, Understood
from bot.handing_over import HandOverReason
from tests.house.conftest import Chat
from tests.house.server import OURS, Server
from tests.support.house import Clock

PHONE, ADDRESS = "13800138000", "浙江省杭州市西湖区文三路88号3幢502"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"我电话{PHONE}", "我电话138****8000"),
        ("138 0013 8000 是我", "138****8000 是我"),
        ("１３８００１３８０００", "138****8000"),
        ("座机0571-88886666", "座机057****6666"),
        (f"改成寄给张三，{PHONE}，{ADDRESS}，对吗？", "改成寄给张三，138****8000，杭州***，对吗？"),
        (f"收货地址「{ADDRESS}」没错的话", "收货地址「杭州***」没错的话"),
        ("新地址 广东省深圳市南山区科技园科苑路15号A座1203", "新地址 深圳***"),
        (f"张三\n{PHONE}\n{ADDRESS}", "张三\n138****8000\n杭州***"),
    ],
)
def test_phones_and_addresses_are_masked(text: str, shown: str) -> None:
    assert masked_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "订单6802000000000403到哪了",
        "SF1380013800012",
        "身高175 体重70，穿L号吗",
        "杭州发货要几天",
        "寄到浙江杭州包邮吗",
        "39码有货吗，小区门口能放吗",
        "雪地靴(￥399)还没付款，20:00前付好当天发",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert masked_text(text) == text


def test_what_is_known_to_be_the_address_is_masked_in_any_sentence() -> None:
    line = "我搬去幸福里了所以要寄到老王家吗"
    assert masked_text(line, ["老王家"]) == "我搬去幸福里了所以要寄到***吗"


def test_the_receiver_of_an_order_card_is_masked(clock: Clock) -> None:
    card = {"type": "order", "receiver_text": f"周国庆 138****1004 {ADDRESS}", "note": f"打{PHONE}"}
    message = Message(
        conversation_id="c", seq=1, message_id="m", author=Author.BOT, at=clock.now, card=card
    )
    shown = masked_message(message)
    assert shown["is_masked"]
    assert shown["card"]["receiver_text"] == "周国庆 138****1004 杭州***"
    assert shown["card"]["note"] == "打138****8000"


@pytest.mark.parametrize("ahead", range(80, 310, 3))
def test_a_long_line_is_cut_between_no_digits_of_a_phone(clock: Clock, ahead: int) -> None:
    text = "嗯" * ahead + PHONE + ADDRESS
    line = Message(
        conversation_id="c", seq=1, message_id="m", author=Author.BUYER, at=clock.now, text=text
    )
    assert PHONE[3:7] not in gist(line) and "文三路" not in gist(line)


async def waiting_with_an_address(server: Server) -> str:
    """A conversation in which everything an agent could see holds phone and address."""
    opened = str((await server.session())["conversation_id"])
    await server.receive(opened, f"张三，{PHONE}，{ADDRESS}，转人工")
    told = f"好的，寄给张三，{PHONE}，{ADDRESS}"
    understood = Understood(
        text=told,
        intent="inform",
        confidence=0.9,
        entities=({"entity": "phone", "value": PHONE}, {"entity": "address", "value": ADDRESS}),
        ranking=(("inform", 0.9),),
    )
    server.engine.then(
        TurnResult(
            replies=(Reply(text=told),),
            understood=(understood,),
            memory="",
            hand_over=HandOver(reason=HandOverReason.ASKED, note=f"回电{PHONE}"),
            facts={"收货人": "张三", "电话": PHONE, "地址": ADDRESS},
        )
    )
    await server.app[keys.TURNS].answer(opened)
    return opened


async def get(server: Server, path: str) -> Any:
    answer = await server.client.get(f"/api/desk/{path}")
    return await answer.json()


async def reveal(server: Server, conversation: str, **body: Any) -> Any:
    path = f"/api/desk/conversations/{conversation}/reveal"
    return await server.client.post(path, json=body, headers=OURS)


async def test_nothing_that_comes_to_the_desk_unasked_holds_the_whole(server: Server) -> None:
    await server.signed_in_desk()
    origin = str(server.client.make_url("/")).rstrip("/")
    ws = await server.client.ws_connect("/api/desk/socket", headers={"Origin": origin})
    conversation = await waiting_with_an_address(server)
    await get(server, f"conversations/{conversation}")  # open on the page from now on
    said = await server.client.post(
        f"/api/desk/conversations/{conversation}/messages",
        json={"id": "a", "text": f"您的电话是{PHONE}对吗"},
        headers=OURS,
    )
    seen = [
        await get(server, "conversations"),
        await get(server, f"conversations/{conversation}"),
        await said.json(),
    ]
    while not {"message", "conversations"} <= {one["type"] for one in seen[3:]}:
        seen.append(await ws.receive_json(timeout=60))
    told = json.dumps(seen, ensure_ascii=False)
    assert "138****8000" in told and "杭州***" in told and "张三" in told
    assert PHONE not in told and "文三路" not in told


async def test_the_buyer_reads_their_own_words_whole(server: Server) -> None:
    socket = await server.connect()
    await socket.send(f"我电话{PHONE}")
    assert (await socket.said_by("buyer"))["text"] == f"我电话{PHONE}"


async def test_a_press_shows_the_line_and_is_written_down(server: Server, clock: Clock) -> None:
    agent = await server.signed_in_desk()
    conversation = await waiting_with_an_address(server)
    line = await (await reveal(server, conversation, seq=1)).json()
    assert line["message"]["text"] == f"张三，{PHONE}，{ADDRESS}，转人工"
    summary = await (await reveal(server, conversation)).json()
    assert summary["summary"]["facts"]["地址"] == ADDRESS
    await server.app[ACCOUNTS].set_password(agent, "a long password", is_owner=True)
    await server.signed_in_desk()
    buyer = (await server.app[keys.CONVERSATIONS].find(conversation)).buyer_id
    kept = {
        "agent": agent,
        "at": clock.now.isoformat(),
        "conversation_id": conversation,
        "buyer_id": buyer,
    }
    assert await get(server, "reveals") == [
        {**kept, "what": "summary", "seq": None},
        {**kept, "what": "message", "seq": 1},
    ]


async def test_only_owners_read_who_looked_what_up(server: Server) -> None:
    await server.signed_in_desk()
    answer = await server.client.get("/api/desk/reveals")
    assert (answer.status, (await answer.json())["error"]["code"]) == (403, "owners_only")


async def test_the_first_account_is_an_owners(server: Server) -> None:
    assert await server.app[ACCOUNTS].is_owner("admin")


@pytest.mark.parametrize(
    ("body", "status"), [({"seq": 99}, 404), ({"seq": "1"}, 422), ({"seq": True}, 422)]
)
async def test_a_line_that_is_not_there_is_not_shown(
    server: Server, body: dict[str, Any], status: int
) -> None:
    await server.signed_in_desk()
    conversation = await waiting_with_an_address(server)
    assert (await reveal(server, conversation, **body)).status == status


async def test_without_a_summary_there_is_none_to_show(server: Server) -> None:
    await server.signed_in_desk()
    opened = (await server.session())["conversation_id"]
    assert (await reveal(server, opened)).status == 404


async def test_nobody_but_an_agent_on_our_page_presses(server: Server) -> None:
    conversation = await waiting_with_an_address(server)
    assert (await reveal(server, conversation, seq=1)).status == 401
    await server.signed_in_desk()
    path = f"/api/desk/conversations/{conversation}/reveal"
    assert (await server.client.post(path, json={"seq": 1})).status == 403


async def test_what_cannot_be_written_down_is_not_shown(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.signed_in_desk()
    conversation = await waiting_with_an_address(server)

    def full(*_: Any, **__: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("bot.desk.reveals.note", full)
    answer = await reveal(server, conversation, seq=1)
    assert answer.status == 500 and PHONE not in await answer.text()


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("麻烦您看一下这个链接 http://a-shop.example.top/x?id=1", "fraud"),
        ("您的店铺涉嫌违规", "fraud"),
        ("扫码进群领红包", "fraud"),
        ("这个和你家一样吗 https://item.other.com/1.htm", "link"),
        ("清单.zip", "link"),
        ("有39码吗", None),
        ("帮我看一下这件", None),
    ],
)
async def test_a_line_that_may_be_a_fraud_is_marked_for_agents_alone(
    chat: Chat, text: str, danger: str | None
) -> None:
    seq = await chat.write(text)
    [line] = [one for one in await chat.house.conversations.history(chat.id) if one.seq == seq]
    assert masked_message(line).get("danger") == danger
    assert "danger" not in line.for_buyer()


async def test_words_of_ours_are_marked_by_nobody(chat: Chat) -> None:
    await chat.house.conversations.say_as_agent(
        chat.id, "小李", "a1", "快递在 https://www.sf-express.com/1"
    )
    history = await chat.house.conversations.history(chat.id)
    assert all("danger" not in masked_message(one) for one in history)
