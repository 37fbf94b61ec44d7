"""What stands beside a talk: the card in sentences, drafts, notes, tags, phrases, suggestions, search."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels import keys
from bot.conversations.messages import Author
from bot.desk.roles import Role
from bot.handing_over import HandOverReason
from bot.working import BACKGROUND
from tests.house.desk.conftest import Desk, SitDown, waiting
from tests.house.scripted import sure
from tests.house.server import Server
from tests.support.house import Clock


async def test_the_card_is_sentences_without_names_of_slots(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server, HandOverReason.ANGER)
    clock.forward(timedelta(minutes=4))
    card = (await lee.reads(talk))["card"]
    assert card[0] == "还没登录的访客。"
    assert "买家在生气，先安抚。" in card
    assert "等了4分钟。" in card
    assert "_" not in "".join(card) and "{" not in "".join(card)


async def test_the_card_of_a_known_buyer_names_the_last_order(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李")
    opened = await server.session(token=await server.buyer_token())
    await server.receive(opened["conversation_id"], "在吗")
    shown = await lee.reads(opened["conversation_id"])
    assert "老顾客，买过" in shown["card"][0]
    assert any(one.startswith("最近一单 ") for one in shown["card"])
    assert shown["orders"][0]["lines"] and shown["buyer"]["orders_count"] > 0


async def test_a_draft_belongs_to_its_agent_and_its_buyer(
    server: Server, sit_down: SitDown
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    one, other = await waiting(server), await waiting(server)
    await lee.at(one, "draft", text="您的地址是文三路88号，对吗")
    assert (await lee.reads(one))["draft"] == "您的地址是文三路88号，对吗"
    assert (await lee.reads(other))["draft"] == (await wang.reads(one))["draft"] == ""
    await lee.at(one, "messages", id="a1", text="您好")
    assert (await lee.reads(one))["draft"] == ""


async def test_a_draft_outlives_the_sign_in(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "draft", text="说到一半")
    await lee.post("logout")
    await lee.sign_in()
    assert (await lee.reads(talk))["draft"] == "说到一半"


async def test_notes_and_tags_are_for_colleagues(server: Server, sit_down: SitDown) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    talk = await waiting(server)
    await lee.at(talk, "notes", text="老客，脾气急")
    await lee.at(talk, "tags", tags=["要专票", "要专票", " "])
    shown = await wang.reads(talk)
    assert [(one["agent"], one["text"]) for one in shown["notes"]] == [("小李", "老客，脾气急")]
    assert shown["conversation"]["tags"] == ["要专票"]
    history = await server.app[keys.CONVERSATIONS].history(talk)
    assert "脾气" not in str([one.for_buyer() for one in history])


async def test_put_aside_until_its_time_or_the_buyers_next_line(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "take")
    await lee.at(talk, "snooze", minutes=30)
    assert (await lee.reads(talk))["conversation"]["snoozed_until"]
    await server.receive(talk, "在吗")
    assert (await lee.reads(talk))["conversation"]["snoozed_until"] is None
    await lee.at(talk, "messages", id="a1", text="在的")  # and it does not go out of sight again
    assert (await lee.reads(talk))["conversation"]["snoozed_until"] is None
    await lee.at(talk, "snooze", minutes=30)
    clock.forward(timedelta(minutes=31))
    assert (await lee.reads(talk))["conversation"]["snoozed_until"] is None


async def test_what_one_has_put_aside_is_new_for_who_has_it_next(
    server: Server, sit_down: SitDown
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    talk = await waiting(server)
    await lee.at(talk, "take")
    await lee.at(talk, "snooze", minutes=30)
    assert (await lee.at(talk, "transfer"))[0] == 200
    assert (await wang.at(talk, "take"))[0] == 200
    assert (await wang.reads(talk))["conversation"]["snoozed_until"] is None


async def test_the_reply_clock_starts_with_the_first_unanswered_line(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "take")
    await lee.at(talk, "messages", id="a1", text="您好")
    assert (await lee.reads(talk))["conversation"]["unanswered_since"] is None
    began = clock()
    await server.receive(talk, "在吗")
    clock.forward(timedelta(seconds=50))
    await server.receive(talk, "人呢")
    assert (await lee.reads(talk))["conversation"]["unanswered_since"] == began.isoformat()


async def suggested(server: Server, lee: Desk, talk: str, text: str = "有的，39码有货") -> int:
    await lee.at(talk, "take")
    server.engine.then(sure(text))
    await server.receive(talk, "有39码吗")
    await server.app[keys.TURNS].answer(talk)
    history = await server.app[keys.CONVERSATIONS].history(talk)
    assert (history[-1].author, history[-1].text) == (Author.SUGGESTION, text)
    return history[-1].seq


async def test_the_bots_word_stands_beside_the_line_and_is_counted(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    seq = await suggested(server, lee, talk)
    await lee.at(talk, "messages", id="a1", text="有的，39码有货", suggestion=seq)
    seq = await suggested(server, lee, talk)
    await lee.at(talk, "messages", id="a2", text="有的亲，39码还有", suggestion=seq)
    await suggested(server, lee, talk)
    _, tally = await lee.get("suggestions")
    assert tally == {"accepted": 1, "edited": 1, "ignored": 1}


async def test_what_is_only_thought_does_nothing_at_the_shop(
    server: Server, sit_down: SitDown
) -> None:
    import actions.frame.shop
    from bot.shop.wire.looking import only_looking
    from bot.shop.words.errors import ShopUnavailable

    with only_looking():
        shop = actions.frame.shop.shop()
        assert await shop.product("boot-qiyun")
        with pytest.raises(ShopUnavailable):
            await shop.bargain("boot-qiyun", buyer_id="x", asked_fen=1, quantity=1)  # type: ignore[call-arg]
        await shop.remember("x", {"size": "39"})


@pytest.mark.parametrize("text", ["保证最便宜", "加我微信聊", "淘宝上一样的"])
async def test_words_that_break_the_rules_are_warned_of_and_sent_when_meant(
    server: Server, sit_down: SitDown, text: str
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    status, answer = await lee.at(talk, "messages", id="a1", text=text)
    assert (status, answer["error"]["code"]) == (422, "words")
    assert (await lee.at(talk, "messages", id="a1", text=text, is_sure=True))[0] == 200


async def test_phrases_are_the_shops_or_ones_own(sit_down: SitDown) -> None:
    lee, leader = await sit_down("小李"), await sit_down("主管", Role.SUPERVISOR)
    assert (await lee.post("phrases", text="自己的", code="/自"))[0] == 200
    assert (await lee.post("phrases", text="大家的", is_shops=True))[0] == 403
    status, made = await leader.post(
        "phrases", text="亲，{买家}您好", group="开头", code="您好", is_shops=True
    )
    assert status == 200
    await lee.post(f"phrases/{made['phrase_id']}/used")
    _, found = await lee.get("phrases")
    assert [(one["text"], one["code"], one["uses"]) for one in found] == [
        ("亲，{买家}您好", "您好", 1),
        ("自己的", "自", 0),
    ]
    _, theirs = await leader.get("phrases")
    assert [one["text"] for one in theirs] == ["亲，{买家}您好"]


async def test_phrases_are_told_with_their_pinyin(sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    await lee.post("phrases", text="这款Pro偏小，满99包邮", code="尺码", group="售前")
    _, found = await lee.get("phrases")
    assert found[0]["sounds"] == "chi ma shou qian zhe kuan pro pian xiao ， man 99 bao you"


@pytest.mark.parametrize("wanted", ["转人工", "脾气急", "100%_"])
async def test_talks_are_found_by_their_words_and_notes(
    server: Server, sit_down: SitDown, wanted: str
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await waiting(server) if wanted == "脾气急" else None
    await lee.at(talk, "notes", text="脾气急")
    if wanted == "100%_":
        await server.receive(talk, "含棉100%_吗")
    status, found = await lee.get(f"search?q={wanted.replace('%', '%25')}")
    assert status == 200
    assert [one["conversation_id"] for one in found] == [talk]


async def test_a_buyer_is_found_by_name_and_order(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    opened = await server.session(token=await server.buyer_token())
    talk = opened["conversation_id"]
    await server.receive(talk, "在吗")
    shown = await lee.reads(talk)
    for wanted in (shown["buyer"]["nickname"], shown["orders"][0]["number"]):
        _, found = await lee.get(f"search?q={wanted}")
        assert talk in [one["conversation_id"] for one in found]


async def test_opening_the_desk_takes_few_questions(server: Server, sit_down: SitDown) -> None:
    from sqlalchemy import event

    lee = await sit_down("小李")
    await server.app[BACKGROUND].close()  # the house's own work is not counted
    for _ in range(12):
        await waiting(server)
    asked: list[str] = []

    def hear(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = server.database._read_engine
    event.listen(engine, "before_cursor_execute", hear)
    _, listed = await lee.get("conversations")
    event.remove(engine, "before_cursor_execute", hear)
    assert len(listed) == 12
    questions = [one for one in asked if one.startswith("SELECT")]
    assert 5 <= len(questions) <= 9, questions
