"""One replay from the first dialogue to the files: plays, judges, writes, counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.replay import report
from bench.replay.figures import count
from bench.replay.judging import Judged, judge
from bench.replay.playing import CannotPlay, Player, seed_shop
from bench.replay.reading import Dialogue
from bench.replay.writing import write_index, write_transcript
from bench.servers import ROOT
from bot.engine.engine import Engine
from bot.settings import read_settings


@dataclass(frozen=True, kw_only=True)
class Done:
    table: str
    played: int
    problems: tuple[str, ...]  # dialogues that could not be played, with the reason


async def run(
    dialogues: Sequence[Dialogue], engine: Engine, *, out: Path, folder: Path, seed: int, name: str
) -> Done:
    """`out`: an empty folder for what is written; `folder`: one for databases; `name`: the file's."""
    settings = read_settings(ROOT, {"DIANXIAOER_VAR": str(folder / "var"), "PORT": "0"})
    seeded = await seed_shop(folder, settings)
    player = Player(engine, settings, seeded=seeded, folder=folder, seed=seed)
    judged: dict[str, list[Judged]] = {}
    problems: list[str] = []
    for dialogue in dialogues:
        try:
            transcript = await player.play(dialogue)
        except CannotPlay as problem:
            problems.append(str(problem))
            continue
        judged[dialogue.code] = judge(transcript)
        write_transcript(out, transcript, judged[dialogue.code])
    figures = count([one for turns in judged.values() for one in turns])
    about = {
        "dialogues": name,
        "played": len(judged),
        "not_played": problems,
        "model": engine.model_path.name,
        "day": datetime.now(settings.shop.zone).date().isoformat(),
        "seed": seed,
    }
    report.write(out, about, figures)
    table = report.table(figures)
    write_index(out, judged, table, problems)
    return Done(table=table, played=len(judged), problems=tuple(problems))
