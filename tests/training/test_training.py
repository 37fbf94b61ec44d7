"""A training puts its model in place whole; one that fails or is refused changes nothing."""

from __future__ import annotations

import io
import json
import os
import sys
import tarfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.training.inputs import MARK, basis, changed
from bot.training.kinds import Kind
from bot.training.made_here import note_made
from bot.training.refusals import Refused
from bot.training.trainer import Failed, train
from tests.support.waiting import PATIENCE_S

DOMAIN = "intents: [faq, greet]\nactions: [action_greet]\nslots: {}\nforms: {}\n"
LINES = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - 你好
- intent: faq/ask_bot
  examples: |
    - 你是机器人吗
"""
OLD = "20260101-old.tar.gz"


def script(body: str) -> object:
    """In place of Rasa's command line: a Python script that knows its arguments as `given`."""
    source = f"import sys, pathlib, time\ngiven = sys.argv[1:]\n{body}"

    def command(arguments: Sequence[str]) -> Sequence[str]:
        return [sys.executable, "-c", source, *arguments]

    return command


GOOD = script(
    "out = pathlib.Path(given[given.index('--out') + 1])\n"
    "(out / '20270101-new.tar.gz').write_bytes(b'new')\n"
)
BAD = script("print('InvalidRule: two rules say other things'); sys.exit(1)")


class Project:
    def __init__(self, root: Path) -> None:
        self.root, self.models = root, root / "models"
        self.write("data/nlu/talking.yml", LINES)
        self.write("domain.yml", DOMAIN)
        self.write("config.yml", "pipeline: []\n")
        self.models.mkdir()
        with tarfile.open(self.models / OLD, "w:gz") as archive:
            self._put(archive, "intents.json", {"labels": ["faq/ask_bot", "greet"]})
            domain = {"intents": ["faq", {"greet": {"use_entities": []}}]}
            self._put(
                archive,
                "metadata.json",
                {"domain": {**domain, "actions": ["action_greet"], "slots": {}, "forms": {}}},
            )
        (self.models / MARK).touch()
        self.out = io.StringIO()

    def _put(self, archive: tarfile.TarFile, name: str, content: object) -> None:
        raw = json.dumps(content).encode()
        info = tarfile.TarInfo(f"components/{name}")
        info.size = len(raw)
        archive.addfile(info, io.BytesIO(raw))

    def write(self, file: str, content: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def trained_on_these_rules(self) -> None:
        note_made(self.models, self.models / OLD, Kind.FULL, basis(self.root))

    def train(self, kind: Kind, command: object) -> Path:
        return train(kind, root=self.root, models=self.models, out=self.out, command=command)  # type: ignore[arg-type]

    def state(self) -> list[tuple[str, float]]:
        """The models and their mark, as whoever opens the house finds them."""
        files = [*self.models.glob("*.tar.gz"), self.models / MARK]
        return sorted((one.name, one.stat().st_mtime) for one in files)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_good_training_leaves_its_model_and_the_mark(project: Project) -> None:
    os.utime(project.models / MARK, (1, 1))
    assert changed(project.root, project.models)
    made = project.train(Kind.FULL, GOOD)
    assert made.read_bytes() == b"new"
    assert changed(project.root, project.models) == []
    assert "训练好了" in project.out.getvalue()
    assert not list(project.models.glob(".training-*"))


def test_a_failed_training_leaves_model_and_mark(project: Project) -> None:
    before = project.state()
    with pytest.raises(Failed, match="原来的模型没有动"):
        project.train(Kind.FULL, BAD)
    assert project.state() == before
    assert "InvalidRule" in project.out.getvalue()  # why, as Rasa says it


def test_a_training_without_a_model_has_failed(project: Project) -> None:
    before = project.state()
    with pytest.raises(Failed):
        project.train(Kind.FULL, script("print('nothing to do')"))
    assert project.state() == before


NEVER = script("raise SystemExit('it must not begin')")


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("data/nlu/new.yml", LINES.replace("greet", "ask_pairing"), "ask_pairing 是新加的意图"),
        ("data/nlu/talking.yml", LINES.split("- intent: faq")[0], "faq/ask_bot 没有说法了"),
        ("domain.yml", DOMAIN.replace("action_greet]", "action_greet, action_x]"), "action_x"),
    ],
)
def test_going_on_with_what_is_new_is_refused_at_once(
    project: Project, file: str, content: str, why: str
) -> None:
    project.write(file, content)
    before = project.state()
    with pytest.raises(Refused, match=why):
        project.train(Kind.FURTHER, NEVER)
    assert project.state() == before
    assert project.out.getvalue() == ""


def test_going_on_with_new_lines_is_not_refused(project: Project) -> None:
    project.trained_on_these_rules()
    project.write("data/nlu/talking.yml", LINES.replace("- 你好", "- 你好\n    - 在吗"))
    assert project.train(Kind.FURTHER, GOOD).exists()


def test_going_on_with_a_new_plain_question_is_not_refused(project: Project) -> None:
    project.trained_on_these_rules()
    project.write("data/nlu/card.yml", LINES.replace("ask_bot", "ask_card"))
    assert project.train(Kind.FURTHER, GOOD).exists()


@pytest.mark.parametrize("file", ["data/stories/talking.yml", "data/lexicon/words.txt"])
def test_going_on_from_other_rules_is_refused(project: Project, file: str) -> None:
    project.trained_on_these_rules()
    project.write(file, "# another\n")
    with pytest.raises(Refused, match="规则"):
        project.train(Kind.FURTHER, NEVER)


def test_going_on_from_a_model_that_was_gone_back_to_asks_for_its_own_rules(
    project: Project,
) -> None:
    project.trained_on_these_rules()
    project.write("data/stories/talking.yml", "# newer rules\n")
    newer = project.train(Kind.FULL, GOOD)
    os.utime(newer, (1, 1))
    with pytest.raises(Refused, match="规则"):
        project.train(Kind.FURTHER, NEVER)


def test_without_a_whole_model_there_is_nothing_to_go_on_from(project: Project) -> None:
    (project.models / OLD).rename(project.models / f"first-{OLD}")
    with pytest.raises(Refused, match="小模型"):
        project.train(Kind.FURTHER, NEVER)
    (project.models / f"first-{OLD}").write_bytes(b"cut off")
    (project.models / f"first-{OLD}").rename(project.models / OLD)
    with pytest.raises(Refused, match="读不了"):
        project.train(Kind.FURTHER, NEVER)
    (project.models / OLD).unlink()
    with pytest.raises(Refused, match="还没有模型"):
        project.train(Kind.FURTHER, NEVER)


def test_two_at_once_are_one_and_a_sentence(project: Project) -> None:
    slow = script(
        "pathlib.Path('begun').touch()\n"
        "while not pathlib.Path('may_end').exists(): time.sleep(0.02)\n"
        "out = pathlib.Path(given[given.index('--out') + 1])\n"
        "(out / '20270101-new.tar.gz').write_bytes(b'new')\n"
    )
    first = threading.Thread(target=project.train, args=(Kind.FULL, slow), daemon=True)
    first.start()
    give_up = time.monotonic() + PATIENCE_S
    while not (project.root / "begun").exists():
        assert time.monotonic() < give_up, "the first has not begun"
        time.sleep(0.02)
    with pytest.raises(Refused, match="正在进行"):
        project.train(Kind.FULL, GOOD)
    (project.root / "may_end").touch()
    first.join(PATIENCE_S)
    assert (project.models / "20270101-new.tar.gz").exists()


def test_a_quick_model_is_named_so_and_marks_nothing(project: Project) -> None:
    (project.models / OLD).unlink()
    (project.models / MARK).unlink()
    project.write(
        "config.yml",
        "pipeline:\n- name: bot.nlu.components.classifier.ShopIntentClassifier\n  favoured: {}\n",
    )
    checking = script(
        "import yaml\n"
        "config = yaml.safe_load(open(given[given.index('--config') + 1]))\n"
        "assert config['pipeline'][0]['epochs'] == 0, config\n"
        "lines = yaml.safe_load(open(given[given.index('--data') + 1]))\n"
        "assert {one['intent'] for one in lines['nlu']} == {'greet', 'faq/ask_bot'}, lines\n"
        "out = pathlib.Path(given[given.index('--out') + 1])\n"
        "(out / '20270101-new.tar.gz').write_bytes(b'new')\n"
    )
    assert project.train(Kind.QUICK, checking).name == "first-20270101-new.tar.gz"
    assert not (project.models / MARK).exists()
    project.train(Kind.FULL, GOOD)  # and once there is a whole one, it goes
    assert [one.name for one in project.models.glob("*.tar.gz")] == ["20270101-new.tar.gz"]


def test_a_file_saved_while_it_trains_is_not_taken_for_learned(project: Project) -> None:
    saving = script(
        "pathlib.Path('data/nlu/talking.yml').touch()\n"
        "out = pathlib.Path(given[given.index('--out') + 1])\n"
        "(out / '20270101-new.tar.gz').write_bytes(b'new')\n"
    )
    project.train(Kind.FULL, saving)
    assert [one.name for one in changed(project.root, project.models) or ()] == ["talking.yml"]


def test_three_models_stay(project: Project) -> None:
    for day in range(1, 6):
        path = project.models / f"2026020{day}-older.tar.gz"
        path.touch()
        os.utime(path, (day, day))
    project.train(Kind.FULL, GOOD)
    assert sorted(one.name for one in project.models.glob("*.tar.gz")) == [
        OLD,
        "20260205-older.tar.gz",
        "20270101-new.tar.gz",
    ]
