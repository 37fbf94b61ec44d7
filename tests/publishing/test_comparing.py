"""Two real models read the same sentence tests and answer the same real lines, on a copy of the shop."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine.engine import Engine
from bot.publishing import snapshot
from bot.publishing.comparing import compare
from bot.publishing.replay import Line
from bot.settings import Settings
from bot.training.trainer import Failed

ROOT = Path(__file__).resolve().parents[2]
TESTS = """sentences:
- {intent: greet, say: 在吗亲}
- {intent: ask_postage, say: 在吗亲}
"""


async def test_a_model_is_compared_with_itself_and_nothing_differs(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    snapshot.copy(ROOT, tmp_path / "project")
    folder = tmp_path / "project" / "tests" / "sentences"
    for file in folder.iterdir():
        file.unlink()
    (folder / "talking.yml").write_text(TESTS, encoding="utf-8")
    lines = [Line(text=text, count=1, accepted="") for text in ("多久能发货", "栖云登山鞋有38的么")]
    found = await compare(
        settings,
        ROOT,
        old=engine.model_path,
        new=engine.model_path,
        tests=tmp_path / "project",
        lines=lines,
    )
    assert found.sentences_after["greet"].right == 1
    assert list(found.sentences_after["ask_postage"].wrong) == ["在吗亲"]
    assert found.sentences_before == found.sentences_after
    assert [one.intents for one in found.replies_after] == [("ask_ship_time",), ("stock_check",)]
    assert all(one.replies for one in found.replies_after)
    assert found.replies_before == found.replies_after


def test_a_model_that_cannot_be_loaded_fails_the_publish(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    from bot.publishing.steps import RealChecks

    cut = tmp_path / "new.tar.gz"
    cut.write_bytes(engine.model_path.read_bytes()[:1000])
    checks = RealChecks(ROOT, settings, lambda line: None)
    with pytest.raises(Failed, match="没有动"):
        checks.compare(old=None, new=cut, tests=ROOT, lines=[])
