"""The process that keeps the trainers' files read: one stays, and what happens to it is no trainer's matter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.desk import clerk as module
from bot.desk.clerk import Busy, Clerk
from tests.support.waiting import until
from tests.trainer.small_project import REPLIES, write_project

FREE = ["responses", "utter_postage_free"]


class Desk:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.clerk = Clerk(lambda: (root, root / "var", "sqlite://"))

    async def mark(self) -> str:
        _, told = await self.clerk.told({"deed": "shelf", "kind": "replies"})
        return str(told["files"][REPLIES]["mark"])

    async def save(self, mark: str, *texts: str) -> tuple[int, dict[str, object]]:
        change = {"path": FREE, "items": list(texts)}
        return await self.clerk.told(
            {"deed": "save", "kind": "replies", "file": REPLIES, "mark": mark, "changes": [change]}
        )

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self.clerk._process is not None
        return self.clerk._process

    @property
    def text(self) -> str:
        return (self.root / REPLIES).read_text("utf-8")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    found = Desk(write_project(tmp_path / "project"))
    yield found
    await found.clerk.close()


async def test_one_process_reads_and_saves_again_and_again(desk: Desk) -> None:
    mark = await desk.mark()
    first = desk.process.pid
    code, told = await desk.save(mark, "运费免了", "这单包邮")
    assert (code, told["advice"]) == (0, [])
    code, told = await desk.save(str(told["mark"]), "运费免了", "这单包邮", "邮费我们出")
    assert code == 0 and "邮费我们出" in desk.text
    assert desk.process.pid == first


async def test_what_is_refused_or_outdated_is_told_by_the_one_that_stays_too(desk: Desk) -> None:
    mark = await desk.mark()
    code, told = await desk.save(mark, "运费免了", "保证不收运费")
    assert code == 2 and "绝对化用语" in str(told["why"])
    (desk.root / REPLIES).write_text(
        desk.text.replace("的运费{fee}~", "的邮费{fee}~"), "utf-8"
    )  # by hand
    code, told = await desk.save(mark, "运费免了", "这单包邮")
    assert (code, told["code"]) == (2, "edited_meanwhile")
    code, told = await desk.save(await desk.mark(), "运费免了", "这单包邮")
    assert code == 0 and "的邮费{fee}~" in desk.text  # what was saved by hand was read


async def test_one_that_died_is_followed_by_another(desk: Desk) -> None:
    mark = await desk.mark()
    desk.process.kill()
    await desk.process.wait()
    code, _ = await desk.save(mark, "运费免了", "这单包邮")
    assert code == 0


async def test_one_that_does_not_answer_is_ended_and_the_next_asks_another(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.mark()
    stuck = desk.process
    monkeypatch.setattr(module, "_WITHIN_S", 0.0)
    with pytest.raises(Busy):
        await desk.mark()
    monkeypatch.undo()
    assert stuck.returncode is not None
    assert await desk.mark()


async def test_one_with_nothing_to_do_ends(desk: Desk) -> None:
    await desk.mark()
    idle = desk.process
    desk.clerk._idle_s = 0.0
    await desk.mark()
    assert await desk.mark()  # also while it leaves
    await until(lambda: idle.returncode is not None)
    assert await desk.mark()


async def test_who_goes_away_leaves_no_answer_to_the_next(desk: Desk) -> None:
    asked = asyncio.create_task(desk.clerk.told({"deed": "shelf", "kind": "words"}))
    await until(lambda: desk.clerk.is_in)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    assert await desk.mark()
