"""What two models' answers came to in the same days is told side by side, and told apart only past chance."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import timedelta
from pathlib import Path

from bot.conversations import wishes
from bot.conversations.attempts import AnsweredBy
from bot.conversations.tables import conversations
from bot.conversations.wishes import Wish
from bot.dialogue.outcome import Outcome
from bot.publishing.by_model import ByModel, as_text, by_model, names_of
from tests.publishing.project import NOW, Project

DAY = timedelta(days=1)


def said(project: Project, model: str, *outcomes: Outcome, corrected: int = 0) -> None:
    """A talk of these wishes, answered by the model; the first few are taken back by the buyer."""

    def write(connection: object) -> None:
        connection.execute(  # type: ignore[attr-defined]
            conversations.insert().values(
                conversation_id=model, buyer_id="b", signed_in=False, channel="page",
                status="with_bot", opened_at=NOW,
            )
        )  # fmt: skip
        heard = [
            Wish(
                conversation_id=model, seq=seq, last_seq=seq, ordinal=0, text="有货吗",
                intent="stock_check", asked_at=NOW - DAY, outcome=outcome, model=model,
                answered_by=AnsweredBy.BOT, turn_id="t",
                corrected_seq=seq + 1000 if seq <= corrected else None,
            )
            for seq, outcome in enumerate(outcomes, 1)
        ]  # fmt: skip
        wishes.keep(connection, heard)  # type: ignore[arg-type]

    project.database.run_sync(write)


def found(project: Project) -> list[ByModel]:
    return project.database.read_sync(by_model, NOW - 7 * DAY, NOW)


def test_each_models_wishes_are_counted_by_what_came_of_them(project: Project) -> None:
    said(
        project,
        "old",
        *[Outcome.ANSWERED] * 6,
        Outcome.ASKED_BACK,
        Outcome.HANDED_OVER,
        Outcome.OFFERED_PERSON,
        Outcome.COURTESY,  # asks for nothing
        corrected=2,
    )
    said(project, "new", Outcome.ANSWERED)
    old, new = found(project)
    assert (old.model, old.wishes, old.settled, old.handed_over, old.corrected) == (
        "old", 9, 4, 2, 2,
    )  # fmt: skip
    assert (new.model, new.wishes, new.settled) == ("new", 1, 1)
    assert (
        old.as_json()["intervals"]["settled"][0] < 4 / 9 < old.as_json()["intervals"]["settled"][1]
    )


def test_days_before_are_left_out(project: Project) -> None:
    said(project, "old", Outcome.ANSWERED)
    assert project.database.read_sync(by_model, NOW - DAY / 2, NOW) == []
    assert as_text([], {}, 7) == "最近 7 天没有模型答过的话。"


def test_the_better_one_is_named_only_where_it_is_no_chance(project: Project) -> None:
    said(project, "old", *[Outcome.ANSWERED] * 60, *[Outcome.ASKED_BACK] * 40)
    said(project, "new", *[Outcome.ANSWERED] * 58, *[Outcome.ASKED_BACK] * 32)
    assert "还分不出高低" in as_text(found(project), {}, 7)
    said(project, "best", *[Outcome.ANSWERED] * 190, *[Outcome.ASKED_BACK] * 10)
    told = as_text(found(project), {"best": "20270101-new.tar.gz"}, 7)
    assert "20270101-new.tar.gz：200 件，办妥 95%（91%–97%）" in told
    assert told.endswith("20270101-new.tar.gz 办妥得更多。")


def test_a_models_file_is_known_by_what_it_calls_itself(tmp_path: Path) -> None:
    content = json.dumps({"model_id": "17065e"}).encode()
    with tarfile.open(tmp_path / "whole.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("metadata.json")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    whole = (tmp_path / "whole.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "else.tar.gz").write_bytes(b"no archive")
    assert names_of(tmp_path) == {"17065e": "whole.tar.gz"}
