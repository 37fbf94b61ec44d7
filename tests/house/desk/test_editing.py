"""Trainers and owners change their files at the desk, and try a line on the bot that answers now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.desk.inbox_views import PROJECT
from bot.desk.roles import Role
from bot.engine.turns import Button, Reply, Said, TurnResult, Understood
from bot.shop.words.errors import ShopUnavailable
from tests.house.desk.conftest import SitDown
from tests.house.server import Server
from tests.trainer.small_project import REPLIES, write, write_project

FREE = ["responses", "utter_postage_free"]


@pytest.fixture
def project(server: Server, tmp_path: Path) -> Path:
    root = write_project(tmp_path / "project")
    server.app[PROJECT] = root
    return root


async def test_a_reply_is_changed_refused_and_not_written_over(
    server: Server, project: Path, sit_down: SitDown
) -> None:
    desk = await sit_down("小林", Role.TRAINER)
    status, told = await desk.get("files?kind=replies")
    assert status == 200
    free = next(one for one in told["entries"] if one["name"] == "utter_postage_free")
    assert (free["file"], free["parts"][0]["path"]) == (REPLIES, FREE)
    asked = {"kind": "replies", "file": REPLIES, "mark": told["files"][REPLIES]["mark"]}

    status, told = await desk.post(
        "files", **asked, changes=[{"path": FREE, "items": ["运费免了", "保证包邮"]}]
    )
    assert (status, told["error"]["code"]) == (409, "cannot_teach")
    assert "「保证」是绝对化用语" in told["error"]["message"]

    wanted = [{"path": FREE, "items": ["运费免了", "这单包邮"]}]
    status, told = await desk.post("files", **asked, changes=wanted)
    assert status == 200 and told["mark"] != asked["mark"]
    assert "    - text: 这单包邮\n" in (project / REPLIES).read_text("utf-8")

    status, told = await desk.post("files", **asked, changes=wanted)  # read before that change
    assert (status, told["error"]["code"]) == (409, "edited_meanwhile")


async def test_only_who_teaches_reads_and_changes_files(
    server: Server, project: Path, sit_down: SitDown
) -> None:
    agent, leader = await sit_down("小李", Role.AGENT), await sit_down("主管", Role.SUPERVISOR)
    for desk in (agent, leader):
        assert (await desk.get("files?kind=replies"))[0] == 403
        assert (await desk.post("files", kind="replies"))[0] == 403
    assert (await agent.post("try", lines=["在吗"]))[0] == 403
    assert (await leader.post("try", lines=["在吗"]))[
        0
    ] == 200  # who leads tries goods and settings


async def test_what_is_no_change_is_refused_at_once(
    server: Server, project: Path, sit_down: SitDown
) -> None:
    desk = await sit_down("小林", Role.TRAINER)
    asked = {"kind": "replies", "file": REPLIES, "mark": "0" * 64}
    right = {"path": FREE, "items": ["好"]}
    assert (await desk.get("files?kind=secrets"))[0] == 422
    broken: tuple[dict[str, Any], ...] = (
        {"changes": []},
        {"changes": [right] * 9},
        {"changes": [{**right, "path": []}]},
        {"changes": [{**right, "path": [True]}]},
        {"changes": [{**right, "items": "好"}]},
        {"changes": [right], "kind": "secrets"},
        {"changes": [right], "mark": None},
        {"changes": [right], "mark": "x"},
        {"changes": [right], "file": "../x.yml"},
    )
    for more in broken:
        assert (await desk.post("files", **{**asked, **more}))[0] == 422
    beside = {**asked, "file": "data/replies/../../x.yml"}
    assert (await desk.post("files", **beside, changes=[right]))[0] == 409


async def test_a_line_is_tried_in_its_situation_and_the_shop_is_only_looked_at(
    server: Server, project: Path, sit_down: SitDown
) -> None:
    from actions.frame.shop import shop

    async def answers(said: object) -> TurnResult:
        with pytest.raises(ShopUnavailable):
            await shop().place_order([], buyer_id="x", receiver=None, note="", request_id="r")  # type: ignore[arg-type]
        understood = Understood(
            text="那几点",
            intent="ask_postage",
            confidence=0.9,
            entities=(),
            ranking=(("ask_postage", 0.9), ("affirm", 0.05)),
            decided_by="alone",
            outcome="answered",
        )
        reply = Reply(
            text="免运费",
            response="utter_postage_free",
            buttons=(Button(title="好", payload=None),),
        )
        return TurnResult(replies=(reply,), understood=(understood,), memory="m")

    server.engine.script.append(answers)
    desk = await sit_down("小林", Role.TRAINER)
    status, told = await desk.post("try", lines=["那几点"], situation="told_parcel")
    assert status == 200, told
    assert server.engine.memories[-1] == "<told_parcel>"
    assert server.engine.heard[-1][0] == Said(
        request_id=server.engine.heard[-1][0].request_id, text="那几点"
    )
    (wish,), (reply,) = told["wishes"], told["replies"]
    assert (wish["intent"], wish["second"] != "", wish["outcome_text"]) == (
        "ask_postage", True, "回答了",
    )  # fmt: skip
    assert (reply["text"], reply["buttons"]) == ("免运费", ["好"])
    line = (project / REPLIES).read_text("utf-8").splitlines().index("  utter_postage_free:") + 1
    assert reply["place"] == f"{REPLIES}:{line}"


async def test_lines_before_it_are_said_first_and_a_failure_is_told(
    server: Server, project: Path, sit_down: SitDown
) -> None:
    async def fails(said: object) -> TurnResult:
        raise RuntimeError("broken")

    desk = await sit_down("小林", Role.TRAINER)
    status, _ = await desk.post("try", lines=["有货吗", "几点发"])
    assert status == 200
    assert server.engine.texts[-2:] == ["有货吗", "几点发"]
    assert server.engine.memories[-1] == "."  # what the first line left
    server.engine.script.append(fails)
    status, told = await desk.post("try", lines=["在吗"])
    assert (status, told["error"]["code"]) == (503, "busy")
    for lines in ([], ["x"] * 7, [" "], [1], "在吗"):
        assert (await desk.post("try", lines=lines))[0] == 422
    assert (await desk.post("try", lines=["在吗"], situation="nowhere"))[0] == 422


async def test_a_file_that_is_broken_is_not_on_the_page(
    server: Server, project: Path, sit_down: SitDown
) -> None:
    write(project, "data/replies/broken.yml", "responses: [\n")
    desk = await sit_down("小林", Role.OWNER)
    _, told = await desk.get("files?kind=replies")
    assert list(told["files"]) == [REPLIES]
