"""Dialogues of our own on the whole house; hand-overs and refusals with a scripted engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.replay.__main__ import SAMPLE, main
from bench.replay.judging import Ending, judge
from bench.replay.playing import CannotPlay, Player
from bench.replay.reading import Dialogue, Line, read_dialogues
from bench.replay.transcript import Question, Transcript
from bot.conversations.ports import Answers
from bot.conversations.reflexes import LONGEST_KEPT
from bot.engine.engine import Engine
from bot.engine.turns import HandOver
from bot.handing_over import HandOverReason
from bot.settings import Settings
from tests.house.scripted import ScriptedEngine, result

SHOWS_FORM = (
    '[{"event": "active_loop", "name": "change_form"},'
    ' {"event": "slot", "name": "requested_slot", "value": "change_to"}]'
)


def player(
    engine: Answers, settings: Settings, seeded: Path, folder: Path, *, seed: int = 1
) -> Player:
    folder.mkdir(exist_ok=True)
    return Player(engine, settings, seeded=seeded, folder=folder, seed=seed)


def visitor(*lines: str) -> Dialogue:
    said = tuple(Line(who="buyer", text=line) for line in lines)
    return Dialogue(code="A1", source="own", orders=None, lines=said)


async def all_played(player: Player) -> list[Transcript]:
    return [await player.play(dialogue) for dialogue in read_dialogues(SAMPLE)]


async def test_our_own_dialogues_are_played_to_their_ends(
    engine: Engine, settings: Settings, seeded: Path, tmp_path: Path
) -> None:
    late, returning, choosing = await all_played(player(engine, settings, seeded, tmp_path))
    assert [len(one.turns) for one in (late, returning, choosing)] == [4, 4, 3]
    numbers = late.caller.facts
    assert late.turns[1].said == f"订单号 {numbers.orders[0]}，快递单 {numbers.parcels[0]}"
    assert late.turns[0].heard[0].first_choice in ("logistics_delay", "track_parcel")
    assert any("中通" in bubble.text or bubble.card for bubble in late.turns[0].bubbles)
    asked = returning.turns[2]
    assert asked.handed_over
    assert "utter_handing_over" in asked.responses
    after = returning.turns[3]
    assert after.bubbles and not after.handed_over  # the bot speaks again
    endings = [one.ending for played in (late, returning, choosing) for one in judge(played)]
    assert Ending.SILENT not in endings


async def test_the_same_seed_says_the_same_and_another_one_does_not(
    engine: Engine, settings: Settings, seeded: Path, tmp_path: Path
) -> None:
    first, again, other = [
        await all_played(player(engine, settings, seeded, tmp_path / name, seed=seed))
        for name, seed in (("first", 1), ("again", 1), ("other", 2))
    ]
    assert first == again
    assert first != other


async def test_a_turn_that_fetches_a_person_is_marked_and_the_bot_goes_on(
    settings: Settings, seeded: Path, tmp_path: Path
) -> None:
    scripted = ScriptedEngine()
    handing = result(
        "请同事来", memory="[]", hand_over=HandOver(reason=HandOverReason.ASKED, note="")
    )
    scripted.then(handing)
    scripted.then(result("我在", memory=SHOWS_FORM))
    scripted.then(result("还在", memory=SHOWS_FORM))
    transcript = await player(scripted, settings, seeded, tmp_path).play(visitor("一", "二", "三"))
    assert [turn.handed_over for turn in transcript.turns] == ["asked", "", ""]
    assert [[one.text for one in turn.bubbles] for turn in transcript.turns] == [
        ["请同事来\n<utter_waiting_next>"],  # the place in the queue, told at once
        ["我在"],
        ["还在"],
    ]
    waits = Question(form="change_form", slot="change_to")
    assert [turn.open_before for turn in transcript.turns] == [None, None, waits]
    assert scripted.texts == ["一", "二", "三"]


@pytest.mark.parametrize(
    ("dialogue", "told"),
    [
        (replace(visitor("在吗"), orders=({"status": "eaten"},)), "A1: .*status: “eaten”"),
        (visitor("单号{t}"), "A1: .*{t} stands for nothing"),
        (visitor("长" * (LONGEST_KEPT + 1)), "A1: too_long"),
    ],
    ids=["orders", "placeholder", "length"],
)
async def test_what_cannot_be_played_is_an_error_with_its_code(
    settings: Settings, seeded: Path, tmp_path: Path, dialogue: Dialogue, told: str
) -> None:
    with pytest.raises(CannotPlay, match=told):
        await player(ScriptedEngine(), settings, seeded, tmp_path).play(dialogue)


def test_without_dialogues_the_command_says_what_to_play(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none.jsonl")]) == 0
    assert "make replay DIALOGUES=bench/replay/sample.jsonl" in capsys.readouterr().out


def test_an_unreadable_file_is_refused_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text("{", encoding="utf-8")
    assert main([str(path)]) == 2
    assert "some.jsonl:1: no JSON" in capsys.readouterr().err


def test_a_code_that_the_file_does_not_have_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([str(SAMPLE), "--only", "S01", "S99"]) == 2
    assert "sample.jsonl has no S99" in capsys.readouterr().err


def test_without_a_model_the_command_says_how_to_get_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(SAMPLE), "--models", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "`make train` makes one" in capsys.readouterr().err


def test_figures_that_are_not_there_cannot_be_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--compare", str(tmp_path), str(tmp_path)]) == 2
    assert "no figures of a replay" in capsys.readouterr().err
