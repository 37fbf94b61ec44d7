"""Runs sentence tests on the trained model: which line is heard otherwise than it says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.situations import SITUATIONS
from bot.engine.engine import Engine
from bot.engine.turns import Said, Speaker
from bot.trainer.examples import labels_in
from bot.trainer.project import Project
from bot.trainer.sentence_tests import FOLDER, SentenceTest, tests_of


@dataclass(frozen=True)
class Outcome:
    test: SentenceTest
    wrong: str  # what came instead, "" = as written

    def __str__(self) -> str:
        """`file:line: what, and what to do`, of one that is not as it is marked."""
        place = f"{self.test.file}:{self.test.line}: 「{self.test.text}」"
        if self.wrong:
            return f"{place}{self.wrong}"
        return f"{place}已经答对了，删掉 known_failure"

    @property
    def is_expected(self) -> bool:
        return bool(self.wrong) == bool(self.test.known_failure)


def read_tests(root: Path) -> list[SentenceTest]:
    """All of tests/sentences; what is wrong with the files is the check's to tell."""
    project = Project(root, None)
    readings = project.readings()
    domain = project.domain(readings["domain.yml"])
    labels = {
        label
        for file, one in readings.items()
        if file.startswith("data/nlu/")
        for label in labels_in(one)
    }
    return [
        test
        for file, reading in readings.items()
        if file.startswith(f"{FOLDER}/")
        for test in tests_of(
            reading,
            intents=domain.intents,
            labels=labels,
            entities=domain.entities,
            situations=SITUATIONS,
            replies=(),
        )
    ]


async def run(test: SentenceTest, engine: Engine) -> Outcome:
    """A line alone is only read; one in a talk is answered there."""
    if test.is_alone:
        parse = await engine.parse(test.text)
        ranking = parse.get("intent_ranking") or [{"name": "", "confidence": 0.0}]
        heard, chance = ranking[0]["name"], float(ranking[0]["confidence"])
        values = {(one["entity"], str(one["value"])) for one in parse["entities"]}
        return Outcome(test, _wrong(test, heard, chance, values, ()))
    memory = engine.memory_after(test.situation) if test.situation else ""
    speaker = Speaker(
        buyer_id="visitor:trainer",
        signed_in=False,
        asker="visitor:trainer",
        channel="ask",
        product_in_view=test.looking_at or None,
    )
    if test.after:
        said = [Said(request_id="before", text=test.after)]
        memory = (await engine.answer("sentence", memory, said, speaker)).memory
    result = await engine.answer(
        "sentence", memory, [Said(request_id="line", text=test.text)], speaker
    )
    wish = result.understood[0]
    values = {(str(one["entity"]), str(one["value"])) for one in wish.entities}
    names = tuple(reply.response for reply in result.replies)
    return Outcome(test, _wrong(test, wish.intent, wish.confidence, values, names))


def _wrong(
    test: SentenceTest,
    heard: str,
    chance: float,
    values: set[tuple[str, str]],
    replies: tuple[str, ...],
) -> str:
    if heard != test.intent:
        return f"听成 {heard}（{chance:.0%}），应该是 {test.intent}"
    missing = [one for one in test.entities.items() if one not in values]
    if missing:
        return "没听到 " + "、".join(f"{name}={value}" for name, value in missing)
    if test.reply and test.reply not in replies:
        return f"回答是 {'、'.join(replies) or '空的'}，应该有 {test.reply}"
    return ""
