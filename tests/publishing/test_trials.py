"""A release on a share of chats: beside the model in use, then taken for all chats or dropped."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from bot.publishing import commands, releases, trials
from bot.publishing.going_on import settle
from bot.publishing.registry import Registry, Unregistered
from bot.publishing.releases import Status
from bot.publishing.trials import NEEDED_BYTES, place_of
from bot.publishing.wanted import Wanted
from bot.training.refusals import Refused
from tests.publishing.project import LINES, NEW, NOW, OLD, Project


@pytest.fixture
def tried(project: Project) -> Project:
    """With a release that answers a fifth of the chats."""
    project.write(LINES, "version: '3.1'\n# more than a few bytes\n")
    project.publish(share=0.2)
    return project


def clock() -> datetime:
    return NOW


def test_it_stands_beside_and_nobody_takes_it_for_the_newest(tried: Project) -> None:
    assert tried.in_use == OLD
    assert place_of(tried.models, NEW).is_file()
    row = tried.release()
    assert (row.status, row.share, row.model) == (Status.TRYING, 0.2, NEW)
    assert "开始答 20% 的对话" in tried.said


def test_a_publish_without_a_share_answers_all(project: Project) -> None:
    project.publish()
    assert project.in_use == NEW and project.release().share is None


def test_another_publish_waits_until_it_is_decided(tried: Project) -> None:
    with pytest.raises(Refused, match="--adopt"):
        tried.publish()
    trials.drop(tried.database, tried.models, clock, why="不用了")
    tried.publish()
    assert tried.in_use == NEW


def test_what_is_adopted_is_the_newest(tried: Project) -> None:
    trials.adopt(tried.database, tried.models, clock, by="小林")
    assert tried.in_use == NEW and not place_of(tried.models, NEW).exists()
    row = tried.release()
    assert (row.status, row.tried_until, row.why) == (Status.PUBLISHED, NOW, "小林：用新的")
    Registry(tried.database, clock).demand(tried.models / NEW)


def test_what_is_dropped_is_gone_and_may_not_be_loaded(tried: Project) -> None:
    whole = place_of(tried.models, NEW).read_bytes()
    trials.drop(tried.database, tried.models, clock, why="不用了")
    assert tried.in_use == OLD and not place_of(tried.models, NEW).exists()
    assert tried.release().status is Status.DROPPED
    back = tried.models / NEW
    back.write_bytes(whole)
    with pytest.raises(Unregistered):
        Registry(tried.database, clock).demand(back)


def test_one_that_was_cut_off_is_not_adopted(tried: Project) -> None:
    place = place_of(tried.models, NEW)
    whole = place.read_bytes()
    place.write_bytes(whole[:5])
    with pytest.raises(Refused, match="不完整"):
        trials.adopt(tried.database, tried.models, clock, by="小林")
    assert tried.in_use == OLD and tried.release().status is Status.TRYING
    place.write_bytes(whole)
    trials.adopt(tried.database, tried.models, clock, by="小林")


def test_nothing_can_be_decided_where_nothing_is_tried(project: Project) -> None:
    with pytest.raises(Refused, match="没有两边答着的"):
        trials.adopt(project.database, project.models, clock, by="小林")
    with pytest.raises(Refused, match="没有两边答着的"):
        trials.drop(project.database, project.models, clock, why="不用了")


@pytest.mark.parametrize(
    ("left", "is_refused"), [(NEEDED_BYTES - 1, True), (NEEDED_BYTES, False), (None, False)]
)
def test_short_memory_is_told_before_anything_begins(
    project: Project, left: int | None, is_refused: bool
) -> None:
    publishing = project.publishing(left=lambda: left)
    told = pytest.raises(Refused, match="内存只剩") if is_refused else contextlib.nullcontext()
    with told:
        publishing.publish(Wanted(by="小林", share=0.2))
    assert bool(project.checks.compared) is not is_refused


def test_without_a_model_in_use_there_is_nothing_to_be_beside(project: Project) -> None:
    (project.models / OLD).unlink()
    with pytest.raises(Refused, match="没有可比的"):
        project.publish(share=0.2)


def running_again(project: Project) -> None:
    """As if the process had died before it could write how it ended."""
    project.database.run_sync(
        releases.change, project.release().release_id, status=Status.RUNNING, ended_at=None
    )


def test_one_cut_off_right_after_it_was_put_beside_is_tried(tried: Project) -> None:
    running_again(tried)
    settle(tried.database, tried.models, clock)
    assert tried.release().status is Status.TRYING


def test_one_cut_off_before_it_was_put_beside_has_changed_nothing(tried: Project) -> None:
    running_again(tried)
    place_of(tried.models, NEW).unlink()
    settle(tried.database, tried.models, clock)
    assert tried.release().status is Status.FAILED and tried.in_use == OLD


def test_one_cut_off_while_it_was_adopted_is_published(tried: Project) -> None:
    place_of(tried.models, NEW).replace(tried.models / NEW)
    settle(tried.database, tried.models, clock)
    assert tried.release().status is Status.PUBLISHED


@pytest.fixture
def at_home(tried: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The commands work on this project."""

    @contextlib.contextmanager
    def house() -> Iterator[Any]:
        yield SimpleNamespace(models=tried.models), tried.database, clock

    monkeypatch.setattr(commands, "_house", house)
    return tried


def asked(**options: object) -> argparse.Namespace:
    usual = {"accept": None, "by": "小林", "json": False, "compare": False, "days": 30}
    return argparse.Namespace(**{**usual, "adopt": False, "drop": False, **options})


def test_the_commands_take_and_drop_it(
    at_home: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.show_releases(asked(compare=True)) == commands.FINE
    assert "答 20% 的对话" in capsys.readouterr().out
    assert commands.show_releases(asked(adopt=True)) == commands.FINE
    assert at_home.in_use == NEW
    assert commands.show_releases(asked(drop=True)) == commands.CANNOT
    assert "没有两边答着的" in capsys.readouterr().err


def tried_last(project: Project) -> Status:
    found = project.database.read_sync(releases.last_tried)
    assert found is not None
    return found.status


def test_going_back_ends_it(at_home: Project) -> None:
    back = argparse.Namespace(by="小林")
    assert commands.rollback(back) == commands.CANNOT  # there is nothing to go back to
    assert tried_last(at_home) is Status.TRYING
    older = at_home.models / "20250101-older.tar.gz"
    older.write_bytes(b"older")
    os.utime(older, (1, 1))
    Registry(at_home.database, clock).accept(older, by="小林")
    assert commands.rollback(back) == commands.FINE
    assert at_home.in_use == older.name and tried_last(at_home) is Status.DROPPED


@pytest.mark.parametrize(("text", "part"), [("0.2", 0.2), ("20%", 0.2)])
def test_a_share_is_written_either_way(text: str, part: float) -> None:
    assert commands._part(text) == part


@pytest.mark.parametrize("text", ["0", "1", "20", "100%"])
def test_all_and_none_are_no_share(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        commands._part(text)
