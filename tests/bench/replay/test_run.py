"""A whole replay leaves transcripts, an index and figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bench.replay.__main__ import SAMPLE
from bench.replay.reading import read_dialogues
from bench.replay.report import read
from bench.replay.run import run
from bot.engine.engine import Engine


async def test_what_was_played_is_written_and_what_was_not_is_told(
    engine: Engine, tmp_path: Path
) -> None:
    playable = read_dialogues(SAMPLE)[2]
    broken = replace(playable, code="S99", orders=({"status": "eaten"},))
    out, folder = tmp_path / "out", tmp_path / "folder"
    out.mkdir()
    folder.mkdir()
    done = await run([broken, playable], engine, out=out, folder=folder, seed=1, name="some.jsonl")
    assert done.played == 1
    (problem,) = done.problems
    assert problem.startswith("S99: ")
    assert sorted(path.name for path in out.iterdir()) == ["S03.txt", "figures.json", "index.txt"]
    assert problem in (out / "index.txt").read_text(encoding="utf-8")
    about, figures = read(out)
    assert (about["dialogues"], about["not_played"]) == ("some.jsonl", [problem])
    assert figures["all"]["turns"] == figures["sample"]["turns"] == 3
