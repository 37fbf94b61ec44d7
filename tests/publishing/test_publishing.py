"""A publish goes through its steps in order; what is worse stops it, and says which."""

from __future__ import annotations

import io
import json
import os
import tarfile
from datetime import timedelta

import pytest

from bot.conversations import wishes
from bot.conversations.attempts import AnsweredBy
from bot.conversations.tables import conversations
from bot.conversations.wishes import Wish
from bot.dialogue.outcome import Outcome
from bot.publishing.publishing import Stopped
from bot.publishing.registry import Registry
from bot.publishing.releases import Status
from bot.publishing.replay import Answer, Line
from bot.publishing.scores import Score
from bot.publishing.wanted import FURTHER_IN_A_ROW
from bot.training.inputs import basis
from bot.training.kinds import Kind
from bot.training.made_here import made_here, note_made
from bot.training.trainer import Failed
from tests.publishing.project import LINES, NEW, NOW, OLD, Project, script

NEVER = script("raise SystemExit('it must not begin')")


def test_a_release_is_a_row_with_who_when_data_and_figures(project: Project) -> None:
    project.publish()
    row = project.release()
    assert (row.by, row.at, row.status, row.model) == ("小林", NOW, Status.PUBLISHED, NEW)
    assert len(row.data_hash) == 64 and len(row.model_hash) == 64 and row.ended_at == NOW
    assert row.figures["sentences"] == {"right": 10, "of": 10, "before": 10}
    assert row.figures["conversations"]["of"] == 20
    assert set(row.figures["seconds"]) >= {"check", "train", "sentences", "conversations"}
    assert project.in_use == NEW
    Registry(project.database, lambda: NOW).demand(project.models / NEW)
    for step in range(1, 7):
        assert f"{step}/6" in project.said


def test_the_same_data_have_the_same_hash_and_other_data_another(project: Project) -> None:
    project.publish()
    first = project.release().data_hash
    project.publish()
    assert project.release().data_hash == first
    project.write("data/replies/talking.yml", "version: '3.1'\n")
    project.publish()
    assert project.release().data_hash != first


def test_what_the_check_finds_stops_it_before_anything_is_trained(project: Project) -> None:
    project.checks.wrong = lambda: ["data/nlu/talking.yml:3: 少了短横"]
    with pytest.raises(Stopped, match=r"talking\.yml:3"):
        project.publish(NEVER)
    assert project.release().status is Status.STOPPED
    assert project.in_use == OLD


def lost(sentences: int) -> dict[str, Score]:
    return {"greet": Score(10, {f"在吗{at}": "听成 bye（60%）" for at in range(sentences)})}


def test_an_intent_that_gets_worse_stops_it_and_is_named_with_its_sentences(
    project: Project,
) -> None:
    project.checks.after = {**lost(2), "bye": Score(10)}
    project.checks.before = {"greet": Score(10), "bye": Score(10)}
    with pytest.raises(Stopped, match=r"greet: 10 句里原来对 10 句，现在对 8 句\n.*在吗0"):
        project.publish()
    assert project.in_use == OLD
    assert project.release().figures["worse"] == ["greet"]


def test_one_of_ten_is_within_the_margin_and_a_narrower_margin_stops_it(project: Project) -> None:
    project.checks.after = lost(1)
    with pytest.raises(Stopped):
        project.publish(margin=0.05)
    project.publish()
    assert project.in_use == NEW


def test_what_somebody_answers_for_is_published(project: Project) -> None:
    project.checks.after = lost(5)
    project.publish(accepted=["greet"])
    assert project.in_use == NEW


def test_a_talk_that_went_well_before_stops_it_and_one_that_never_did_does_not(
    project: Project,
) -> None:
    project.checks.failing = {NEW: ("buying/one", "prices/two"), OLD: ("prices/two",)}
    with pytest.raises(Stopped, match="buying/one") as told:
        project.publish()
    assert "prices/two" not in str(told.value)
    assert project.in_use == OLD
    project.publish(accepted=["buying/one"])
    assert project.in_use == NEW


def test_the_first_publish_has_nothing_to_be_compared_with(project: Project) -> None:
    (project.models / OLD).unlink()
    project.publish()
    assert project.checks.compared[0] is None
    assert project.in_use == NEW


def said(project: Project, *lines: Wish) -> None:
    def write(connection: object) -> None:
        connection.execute(  # type: ignore[attr-defined]
            conversations.insert().values(
                conversation_id="c", buyer_id="b", signed_in=False, channel="page",
                status="bot", opened_at=NOW,
            )
        )  # fmt: skip
        wishes.keep(connection, lines)  # type: ignore[arg-type]

    project.database.run_sync(write)


def wish(seq: int, text: str, intent: str, **more: object) -> Wish:
    values = {"outcome": Outcome.ANSWERED, "answered_by": AnsweredBy.BOT, "turn_id": "t", **more}
    return Wish(
        conversation_id="c", seq=seq, last_seq=seq, ordinal=0, text=text, intent=intent,
        asked_at=NOW - timedelta(hours=seq), **values,  # type: ignore[arg-type]
    )  # fmt: skip


def test_real_lines_are_replayed_and_lost_ones_that_were_accepted_come_first(
    project: Project,
) -> None:
    said(
        project,
        wish(1, "多久发货", "ask_ship_time"),
        wish(2, "多久发货", "ask_ship_time"),
        wish(3, "打13812345678", "small_talk"),
        *(wish(at, "有货吗", "stock_check", corrected_seq=at + 100) for at in range(4, 9)),
        wish(9, "在吗", "greet"),
        wish(200, "上上周的话", "greet"),
        wish(10, "按的", "greet", decided_by="button"),
    )

    def answers(line: Line, model: str) -> Answer:
        now = {"多久发货": "track_parcel", "打13812345678": "bye", "有货吗": "size_advice"}
        then = {"多久发货": "ask_ship_time", "打13812345678": "hello", "有货吗": "stock_check"}
        intent = (now if model == "new" else then).get(line.text, "greet")
        return Answer((intent,), (f"utter_{intent}",))

    project.checks.answers = answers
    number = project.publish()
    told = project.said
    assert (
        told.index("✗ 「多久发货」（2 次）") < told.index("「有货吗」（5 次）") < told.index("「打")
    )
    assert "原来 ask_ship_time → utter_ask_ship_time" in told
    assert "现在 track_parcel → utter_track_parcel" in told
    assert "在吗" not in told and "上上周" not in told and "13812345678" not in told
    figures = project.release().figures["replay"]
    assert figures == {"lines": 4, "answered": 4, "different": 3, "regressions": 1}
    kept = (project.root / "var" / "releases" / f"{number}.jsonl").read_text("utf-8").splitlines()
    assert len(kept) == 3 and json.loads(kept[0])["is_regression"]


def test_a_training_that_fails_leaves_the_old_model_and_a_row(project: Project) -> None:
    with pytest.raises(Failed, match="没有动"):
        project.publish(script("sys.exit(1)"))
    assert project.release().status is Status.FAILED
    assert project.in_use == OLD


def sentences_only(project: Project) -> None:
    """The model in use was trained here, on the rules that stand there now."""
    with tarfile.open(project.models / OLD, "w:gz") as archive:
        for name, content in (
            ("intents.json", {"labels": ["greet"]}),
            ("metadata.json", {"domain": {"intents": ["greet"]}}),
        ):
            raw = json.dumps(content).encode()
            info = tarfile.TarInfo(f"components/{name}")
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    os.utime(project.models / OLD, (1000, 1000))
    project.write(
        LINES, "version: '3.1'\nnlu:\n- intent: greet\n  examples: |\n    - 你好\n    - 在吗\n"
    )
    note_made(project.models, project.models / OLD, Kind.FULL, basis(project.root))


def test_where_only_sentences_are_new_it_goes_on_and_runs_only_what_depends_on_them(
    project: Project,
) -> None:
    sentences_only(project)
    project.checks.talks = ("buying/one", "prices/two")
    project.publish(kind=None)
    assert made_here(project.models)[-1].kind == "FURTHER"
    assert project.checks.same_rules == [True]
    assert project.checks.played == [("buying/one", "prices/two")]
    figures = project.release().figures["conversations"]
    assert figures == {"of": 2, "as_before": 18, "failed": []}
    assert "另外 18 段" in project.said


def test_where_no_talk_depends_on_them_none_is_played(project: Project) -> None:
    sentences_only(project)
    project.publish(kind=None)
    assert project.checks.played == []
    assert "20 段对话听得都和原来一样" in project.said


@pytest.mark.parametrize(
    "file", ["data/stories/talking.yml", "config.yml", "data/lexicon/words.txt"]
)
def test_with_other_rules_everything_is_trained_and_run(project: Project, file: str) -> None:
    sentences_only(project)
    project.write(file, "# another\n")
    project.publish(kind=None)
    assert made_here(project.models)[-1].kind == "FULL"
    assert project.checks.same_rules == [False] and project.checks.played == [()]


def test_after_twenty_further_ones_everything_is_trained(project: Project) -> None:
    sentences_only(project)
    for _ in range(FURTHER_IN_A_ROW):
        note_made(project.models, project.models / OLD, Kind.FURTHER, basis(project.root))
    project.publish(kind=None)
    assert made_here(project.models)[-1].kind == "FULL"
