"""What two models that answer side by side came to; wishes of one chat are no chance of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.conversations import wishes
from bot.conversations.attempts import AnsweredBy, Side
from bot.conversations.tables import conversations, turns
from bot.conversations.wishes import Wish
from bot.dialogue.outcome import Outcome
from bot.followups.report import wilson
from bot.publishing import releases
from bot.publishing.by_side import OfSide, as_text, by_side, verdict
from bot.publishing.releases import Release, Status
from tests.publishing.project import NOW, Project


@pytest.fixture
def trial(project: Project) -> Release:
    number = project.database.run_sync(
        releases.add, at=NOW, by="小林", status=Status.TRYING, model="new.tar.gz", share=0.5
    )
    found = project.database.read_sync(releases.by_number, number)
    assert found is not None
    return found


class Chats:
    """Chats as a test says what came of them."""

    def __init__(self, project: Project, trial: Release) -> None:
        self.project, self.trial, self._count = project, trial, 0

    def add(
        self, side: Side | None, *outcomes: Outcome, times: int = 1, corrected: int = 0
    ) -> None:
        self.project.database.run_sync(self._add, side, outcomes, times, corrected)

    def _add(
        self, connection: Any, side: Side | None, outcomes: Any, times: int, back: int
    ) -> None:
        at = NOW + timedelta(hours=1)
        for _ in range(times):
            self._count += 1
            name = f"c{self._count}"
            connection.execute(
                conversations.insert().values(
                    conversation_id=name, buyer_id="b", signed_in=False, channel="page",
                    status="with_bot", opened_at=NOW,
                )
            )  # fmt: skip
            of_trial = {"trial": self.trial.release_id, "side": side.value} if side else {}
            connection.execute(
                turns.insert().values(
                    turn_id=name, conversation_id=name, first_seq=1, last_seq=1, asked_at=at,
                    started_at=at, attempts=1, **of_trial,
                )
            )  # fmt: skip
            heard = [
                Wish(
                    conversation_id=name, seq=seq, last_seq=seq, ordinal=0, text="有货吗",
                    intent="stock_check", asked_at=at, outcome=outcome, model="m", turn_id=name,
                    answered_by=AnsweredBy.BOT, corrected_seq=9 if seq <= back else None,
                )
                for seq, outcome in enumerate(outcomes, 1)
            ]  # fmt: skip
            wishes.keep(connection, heard)

    def found(self) -> list[OfSide]:
        return self.project.database.read_sync(by_side, self.trial)


@pytest.fixture
def chats(project: Project, trial: Release) -> Chats:
    return Chats(project, trial)


def test_each_sides_wishes_are_counted_and_no_others(chats: Chats) -> None:
    chats.add(
        Side.PRESENT, Outcome.ANSWERED, Outcome.ANSWERED, Outcome.HANDED_OVER, Outcome.COURTESY,
        corrected=1,
    )  # fmt: skip
    chats.add(Side.NEW, Outcome.ANSWERED, Outcome.ASKED_BACK)
    chats.add(None, Outcome.ANSWERED, times=5)  # before it was tried
    old, new = chats.found()
    assert (old.side, old.chats, old.wishes) == (Side.PRESENT, 1, 3)
    assert [old.rates[name].count for name in ("settled", "handed_over", "corrected")] == [1, 1, 1]
    assert (new.chats, new.wishes, new.rates["settled"].count) == (1, 2, 1)


def test_a_side_that_has_answered_nothing_yet_is_told_so(chats: Chats) -> None:
    old, new = chats.found()
    assert (old.wishes, new.wishes) == (0, 0)
    assert new.rates["settled"].interval == (0.0, 1.0)
    assert "再等等" in verdict([old, new])


def width(interval: tuple[float, float]) -> float:
    return interval[1] - interval[0]


def test_ten_wishes_of_one_chat_tell_less_than_ten_chats(chats: Chats) -> None:
    """All wishes of a chat go alike on one side, each for itself on the other."""
    chats.add(Side.PRESENT, *[Outcome.ANSWERED] * 10, times=20)
    chats.add(Side.PRESENT, *[Outcome.ASKED_BACK] * 10, times=20)
    chats.add(Side.NEW, Outcome.ANSWERED, times=200)
    chats.add(Side.NEW, Outcome.ASKED_BACK, times=200)
    alike, each = (one.rates["settled"] for one in chats.found())
    assert (alike.share, alike.of) == (each.share, each.of) == (0.5, 400)
    as_if_apart = wilson(0.5, 400)
    assert width(each.interval) == pytest.approx(width(as_if_apart), rel=0.02)
    assert width(alike.interval) > 2.5 * width(as_if_apart)


def test_where_all_went_well_the_interval_is_no_point(chats: Chats) -> None:
    chats.add(Side.NEW, Outcome.ANSWERED, times=50)
    low, high = chats.found()[1].rates["settled"].interval
    assert 0.85 < low < 0.95 and high == 1.0


def test_the_better_one_is_named_only_past_chance(chats: Chats, trial: Release) -> None:
    chats.add(Side.PRESENT, Outcome.ANSWERED, times=60)
    chats.add(Side.PRESENT, Outcome.HANDED_OVER, times=40)
    chats.add(Side.NEW, Outcome.ANSWERED, times=20)
    chats.add(Side.NEW, Outcome.HANDED_OVER, times=5)
    assert "再等等" in verdict(chats.found())  # 25 chats
    chats.add(Side.NEW, Outcome.HANDED_OVER, times=8)
    assert "分不出高低" in verdict(chats.found())
    chats.add(Side.NEW, Outcome.ANSWERED, times=200)
    told = as_text(trial, chats.found())
    assert "新的：233 段对话、233 件，办妥 94%" in told
    assert told.endswith("办妥新的好（差 34%），转人工新的好（差 34%）。")


def test_what_the_buyers_take_back_speaks_for_the_other(chats: Chats) -> None:
    chats.add(Side.PRESENT, Outcome.ANSWERED, times=100)
    chats.add(Side.NEW, Outcome.ANSWERED, times=60)
    chats.add(Side.NEW, Outcome.ANSWERED, times=40, corrected=1)
    assert "被纠正原来的好（差 40%）" in verdict(chats.found())
