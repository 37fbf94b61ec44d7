"""Trainers and owners teach, publish and ask why at the desk; what is written is the trainers' YAML."""

from __future__ import annotations

import asyncio
import fcntl
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels import keys
from bot.conversations import wishes
from bot.conversations.attempts import AnsweredBy
from bot.conversations.messages import Author
from bot.conversations.tables import conversations, messages
from bot.conversations.wishes import Wish
from bot.desk.inbox_views import PROJECT
from bot.desk.roles import Role
from bot.dialogue.outcome import Outcome
from bot.publishing import releases
from bot.publishing.releases import Status
from bot.publishing.trials import place_of
from bot.settings import ROOT
from bot.training.made_here import digest_of
from bot.training.trainer import LOCK
from tests.house.desk.conftest import SitDown
from tests.house.server import Server
from tests.support.waiting import until
from tests.trainer.small_project import write_project

SAID = (
    (Author.BUYER, "能代写贺卡吗，打13812345678"),
    (Author.BOT, "我没太听懂"),
    (Author.AGENT, "可以的，想写什么发给我"),
    (Author.BUYER, "几号能寄出呀"),
    (Author.BOT, "在的"),
)


@pytest.fixture
def project(server: Server, tmp_path: Path) -> Path:
    root = write_project(tmp_path / "project")
    server.app[PROJECT] = root
    return root


async def talked(server: Server) -> None:
    """A chat with one line that a person answered, and one that the bot misheard."""
    now = server.app[keys.CLOCK]() - timedelta(hours=1)

    def write(connection: Any) -> None:
        row = {"conversation_id": "c", "buyer_id": "v", "signed_in": False, "channel": "web"}
        row |= {"status": "with_bot", "opened_at": now}
        connection.execute(conversations.insert(), row)
        for seq, (author, text) in enumerate(SAID, 1):
            connection.execute(
                messages.insert().values(
                    conversation_id="c", seq=seq, message_id=f"m{seq}", author=author.value,
                    at=now, text=text, turn_id="t2" if seq > 3 else "",
                    response="utter_postage_fee" if seq == 5 else "",
                    agent="小李" if author is Author.AGENT else "",
                )
            )  # fmt: skip
        left = Wish(
            conversation_id="c", seq=1, last_seq=1, ordinal=0, text=SAID[0][1], asked_at=now,
            outcome=Outcome.LEFT_TO_PERSON, answered_by=AnsweredBy.AGENT, agent="小李", answer_seq=3,
        )  # fmt: skip
        heard = Wish(
            conversation_id="c", seq=4, last_seq=4, ordinal=0, turn_id="t2", text=SAID[3][1],
            asked_at=now, outcome=Outcome.ASKED_BACK, intent="ask_postage", sureness=0.5,
            runners_up=(("ask_ship_time", 0.3),), decided_by="data/dialogue/expected.yml:told_parcel",
            answered_by=AnsweredBy.BOT, answer_seq=5, model="m1",
        )  # fmt: skip
        wishes.keep(connection, [left, heard])

    await server.app[keys.DATABASE].run(write)


async def test_the_inbox_is_read_taught_and_left(
    server: Server, project: Path, sit_down: SitDown
) -> None:
    await talked(server)
    desk = await sit_down("训练师小林", Role.TRAINER)
    status, told = await desk.get("inbox")
    assert status == 200 and told["count"] == 2
    assert "13812345678" not in str(told)
    card = next(one for one in told["rows"] if "贺卡" in one["line"])
    late = next(one for one in told["rows"] if "寄出" in one["line"])
    assert card["answer"] == "可以的，想写什么发给我" and len(late["nearest"]) == 3

    status, told = await desk.post("inbox/accept", lines=[late["line"]], intent="ask_ship_time")
    assert status == 200 and told["places"][0].startswith("data/nlu/wishes.yml:")
    assert "- 几号能寄出呀" in (project / "data/nlu/wishes.yml").read_text("utf-8")

    status, told = await desk.post(
        "inbox/question", lines=["能代写贺卡吗"], title="问代写贺卡", answer=card["answer"]
    )
    assert (status, told["places"]) == (200, ["data/nlu/questions/ask_dai_xie_he_ka.yml"])

    status, _ = await desk.post("inbox/skip", lines=card["lines"])
    assert status == 200


async def test_what_cannot_be_taught_is_told_and_changes_nothing(
    server: Server, project: Path, sit_down: SitDown
) -> None:
    desk = await sit_down("训练师小林", Role.TRAINER)
    before = (project / "data/nlu/wishes.yml").read_bytes()
    status, told = await desk.post("inbox/accept", lines=["打13812345678"], intent="ask_postage")
    assert (status, told["error"]["code"]) == (409, "cannot_teach")
    assert "电话" in told["error"]["message"]
    for lines in ([], ["x" * 600], "几号", [1], ["好"] * 30):
        assert (await desk.post("inbox/accept", lines=lines, intent="ask_postage"))[0] == 422
    assert (project / "data/nlu/wishes.yml").read_bytes() == before


async def test_agents_and_supervisors_do_not_teach_or_publish(
    server: Server, project: Path, sit_down: SitDown
) -> None:
    for name, role in (("小李", Role.AGENT), ("主管", Role.SUPERVISOR)):
        desk = await sit_down(name, role)
        assert (await desk.get("inbox"))[0] == 403
        assert (await desk.post("inbox/skip", lines=["x"]))[0] == 403
        assert (await desk.get("releases"))[0] == 403
        assert (await desk.post("releases"))[0] == 403
        assert (await desk.post("releases/rollback"))[0] == 403


async def test_two_who_teach_at_once_lose_no_line(
    server: Server, project: Path, sit_down: SitDown
) -> None:
    one, two = [await sit_down(name, Role.TRAINER) for name in ("小林", "小王")]
    lines = ["几号能寄出呀", "哪天寄呢", "啥时候寄走", "哪日能发走"]
    asked = [
        desk.post("inbox/accept", lines=[line], intent="ask_ship_time")
        for line, desk in zip(lines, (one, two, one, two), strict=True)
    ]
    assert [status for status, _ in await asyncio.gather(*asked)] == [200] * 4
    text = (project / "data/nlu/wishes.yml").read_text("utf-8")
    assert all(f"- {line}\n" in text for line in lines)


async def test_a_line_says_why_it_was_heard_so(server: Server, sit_down: SitDown) -> None:
    await talked(server)
    server.app[PROJECT] = ROOT
    desk = await sit_down("小李")
    status, told = await desk.get("conversations/c/why?seq=4")
    assert status == 200
    (one,) = told["wishes"]
    assert (one["intent"], one["sureness"], one["margin"]) == ("ask_postage", 0.5, 0.2)
    assert one["runners_up"][0]["intent"] == "ask_ship_time"
    assert one["decided_by"] == "expected.yml:told_parcel"
    file, _, line = one["decided_at"].partition(":")
    assert "told_parcel" in (ROOT / file).read_text("utf-8").splitlines()[int(line) - 1]
    assert one["outcome_text"] == "反问了"
    reply = one["replies"][0]
    file, _, line = reply["place"].partition(":")
    written = (ROOT / file).read_text("utf-8").splitlines()[int(line) - 1]
    assert reply["response"] == "utter_postage_fee" and written.strip() == "utter_postage_fee:"
    # The answer's own line asks about the same wish; what a person answered has no row decided.
    assert (await desk.get("conversations/c/why?seq=5"))[1] == told
    _, left = await desk.get("conversations/c/why?seq=1")
    assert left["wishes"][0]["intent"] == "" and "13812345678" not in str(left)
    assert (await desk.get("conversations/c/why?seq=99"))[1] == {"wishes": []}
    assert (await desk.get("conversations/c/why?seq=x"))[0] == 422


async def test_the_examples_that_are_nearest(
    server: Server, project: Path, sit_down: SitDown
) -> None:
    desk = await sit_down("小林", Role.TRAINER)
    status, told = await desk.get("inbox/nearest?text=几号能寄出呀&intent=ask_ship_time")
    assert status == 200 and told["nearest"][0]["intent"] == "ask_ship_time"
    assert (await desk.get("inbox/nearest?text="))[0] == 422


@pytest.fixture
def models(server: Server, tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    settings = server.app[keys.SETTINGS]
    server.app[keys.SETTINGS] = replace(settings, models=folder)
    return folder


async def test_a_publish_waits_for_the_one_that_goes_on(
    models: Path, server: Server, sit_down: SitDown
) -> None:
    desk = await sit_down("小林", Role.TRAINER)
    assert (await desk.get("releases"))[1]["is_going_on"] is False
    held = os.open(models / LOCK, os.O_CREAT | os.O_RDWR)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        assert (await desk.get("releases"))[1]["is_going_on"] is True
        status, told = await desk.post("releases")
        assert (status, told["error"]["code"]) == (409, "publishing")
    finally:
        os.close(held)


async def test_a_publish_that_cannot_begin_is_a_row_that_says_why(
    models: Path, server: Server, sit_down: SitDown
) -> None:
    old = models / "20260101-old.tar.gz"
    old.touch()
    os.truncate(old, 1 << 43)  # of holes: eight times as much fits on no disk
    desk = await sit_down("小林", Role.TRAINER)
    assert (await desk.post("releases"))[0] in (202, 409)

    async def is_there() -> bool:
        return bool((await desk.get("releases"))[1]["releases"])

    await until(is_there)
    found = (await desk.get("releases"))[1]["releases"]
    assert (found[0]["by"], found[0]["status"]) == ("小林", Status.STOPPED.value)
    assert "磁盘" in found[0]["why"]


async def test_differences_are_read_while_they_are_kept(
    models: Path, server: Server, sit_down: SitDown
) -> None:
    desk = await sit_down("小林", Role.TRAINER)
    now = server.app[keys.CLOCK]()
    number = await server.app[keys.DATABASE].run(
        releases.add, at=now, by="小林", status=Status.PUBLISHED
    )
    assert (await desk.get(f"releases/{number}/differences"))[0] == 404
    folder = server.app[keys.SETTINGS].var / "releases"
    folder.mkdir(parents=True)
    (folder / f"{number}.jsonl").write_text('{"message": "有货吗"}\n', "utf-8")
    _, told = await desk.get(f"releases/{number}/differences")
    assert told == {"differences": [{"message": "有货吗"}]}
    assert (await desk.get("releases/..%2f..%2fx/differences"))[0] == 404


async def test_there_is_nothing_to_go_back_to(
    models: Path, server: Server, sit_down: SitDown
) -> None:
    desk = await sit_down("小林", Role.TRAINER)
    status, told = await desk.post("releases/rollback")
    assert (status, told["error"]["code"]) == (409, "cannot_go_back")
    assert "只有一个" in told["error"]["message"]


async def on_trial(server: Server, models: Path) -> Path:
    """A release that answers half of the chats beside the model in use."""
    old, new = models / "20260101-old.tar.gz", place_of(models, "20270101-new.tar.gz")
    old.write_bytes(b"old")
    new.parent.mkdir()
    new.write_bytes(b"new")
    await server.app[keys.DATABASE].run(
        releases.add, at=server.app[keys.CLOCK](), by="小林", status=Status.TRYING,
        model=new.name, model_hash=digest_of(new), share=0.5,
    )  # fmt: skip
    return new


async def test_what_two_models_came_to_is_read_and_decided(
    models: Path, server: Server, sit_down: SitDown
) -> None:
    desk = await sit_down("小林", Role.TRAINER)
    assert (await desk.get("releases"))[1]["trial"] is None
    new = await on_trial(server, models)
    trial = (await desk.get("releases"))[1]["trial"]
    assert (trial["status"], trial["share"], trial["model"]) == ("trying", 0.5, new.name)
    assert [one["side"] for one in trial["sides"]] == ["present", "new"] and trial["verdict"]
    status, told = await desk.post("releases", share=0.2)  # one at a time
    assert (status, told["error"]["code"]) == (409, "cannot_try")
    assert (await desk.post("releases/trial", how="both"))[0] == 422
    assert (await desk.post("releases/trial", how="adopt"))[0] == 200
    assert (models / new.name).read_bytes() == b"new" and not new.exists()
    trial = (await desk.get("releases"))[1]["trial"]
    assert (trial["status"], trial["why"]) == ("published", "小林：用新的")
    status, told = await desk.post("releases/trial", how="drop")
    assert (status, told["error"]["code"]) == (409, "cannot_decide")


@pytest.mark.parametrize("share", [0, 1, 2, "0.2", True, -0.1])
async def test_a_share_is_a_part_of_the_chats(
    share: object, models: Path, server: Server, sit_down: SitDown
) -> None:
    desk = await sit_down("小林", Role.TRAINER)
    assert (await desk.post("releases", share=share))[0] == 422


async def test_agents_do_not_decide_on_models(
    models: Path, server: Server, sit_down: SitDown
) -> None:
    await on_trial(server, models)
    desk = await sit_down("小李", Role.AGENT)
    assert (await desk.post("releases/trial", how="adopt"))[0] == 403
