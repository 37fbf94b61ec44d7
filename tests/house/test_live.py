"""What a trainer saves works at once; a file that is broken is told in the log and ignored."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from structlog.testing import capture_logs

from bot.engine.live import Live
from bot.engine.wording import FreshWording
from bot.nlu.components.classifier import ShopIntentClassifier
from bot.nlu.components.extractor import ShopEntityExtractor
from bot.trainer.scaffolds import QUESTION

LINES = """version: "3.1"
nlu:
- intent: stock_check
  examples: |
    - 有货吗
    - 还有现货吗
    - [38码](size)有没有
    - 断货了吗
    - 这款还有不
- intent: ask_postage
  examples: |
    - 包邮吗
    - 邮费多少
    - 运费谁出
    - 免运费吗
    - 几件包邮
"""
REPLIES = """version: "3.1"
responses:
  utter_postage:
    - text: 包邮的哦。
"""
CARD = """version: "3.1"
nlu:
- intent: faq/ask_gift_card
  metadata: {title: 问代写贺卡}
  examples: |
    - 能帮忙写张贺卡吗
    - 可以放张卡片不
responses:
  utter_faq/ask_gift_card:
    - text: 可以的，想写什么发给我~
"""
CARD_FILE = "data/nlu/questions/gift_card.yml"
LINES_FILE, REPLIES_FILE = "data/nlu/goods.yml", "data/replies/postage.yml"


class Project:
    """Two intents, a reply, and the model of them beside it."""

    def __init__(self, root: Path, *, forgets: bool = False) -> None:
        self.root = root
        self._saved = 0
        self.save(LINES_FILE, LINES)
        self.save(REPLIES_FILE, REPLIES)
        self.classifier = self._trained()
        if forgets:
            self.classifier.learned = None
        replies = yaml.safe_load(REPLIES)["responses"]
        self.wording = FreshWording(replies)
        extractor = ShopEntityExtractor(ShopEntityExtractor.get_default_config())
        self.live = Live(self.classifier, extractor, self.wording)
        self.live.follow(root)

    def _trained(self) -> ShopIntentClassifier:
        (self.root / "model").mkdir()
        storage, resource = LocalModelStorage(self.root / "model"), Resource("understanding")
        context = ExecutionContext(GraphSchema({}), "test")
        config = {**ShopIntentClassifier.get_default_config(), "epochs": 0, "measured": "none"}
        data = RasaYAMLReader().read(self.root / LINES_FILE)
        ShopIntentClassifier.create(config, storage, resource, context).train(data)
        return ShopIntentClassifier.load(config, storage, resource, context)

    def save(self, file: str, content: str | bytes) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self._saved += 1  # two saves within a tick of the file system's clock, in a test only
        os.utime(path, (self._saved, self._saved))

    def read(self, text: str) -> Any:
        return self.classifier.process([Message({TEXT: text})])[0].data

    def intent(self, text: str) -> str:
        return str(self.read(text)["intent"]["full_name"])

    async def say(self, reply: str) -> str | None:
        tracker = DialogueStateTracker.from_events("x", [])
        drafted = await self.wording.generate(reply, tracker, "web")
        return drafted["text"] if drafted else None


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_with_nothing_new_on_disk_every_answer_is_the_same(project: Project) -> None:
    texts = ["有货吗", "有货不", "包邮不", "谢谢", "能帮忙写张贺卡吗"]
    before = [project.read(text) for text in texts]
    assert project.live.refresh()
    assert project.classifier.live is None  # lines with marks, too, are known as learned
    assert [project.read(text) for text in texts] == before
    assert not project.live.refresh()  # and nothing is read again


def test_a_new_line_is_read_as_it_is_filed(project: Project) -> None:
    project.live.refresh()
    project.save(LINES_FILE, LINES.replace("    - 包邮吗\n", "    - 包邮吗\n    - 邮资\n"))
    assert project.live.refresh()
    assert project.intent("邮资?") == "ask_postage"


async def test_a_new_question_is_answered_from_its_file(project: Project) -> None:
    project.live.refresh()
    assert await project.say("utter_faq/ask_gift_card") is None
    project.save(CARD_FILE, CARD)
    project.live.refresh()
    read = project.read("能写张贺卡吗")
    assert read["intent"]["name"] == "faq"
    chosen = read["response_selector"]["faq"]["response"]["utter_action"]
    assert await project.say(chosen) == "可以的，想写什么发给我~"
    (project.root / CARD_FILE).unlink()
    project.live.refresh()
    assert project.classifier.live is None


async def test_a_scaffold_is_said_to_nobody_until_it_is_filled_in(project: Project) -> None:
    project.live.refresh()
    words = {"name": "ask_gift_card", "title": "问贺卡", "first": "能写张贺卡吗", "file": CARD_FILE}
    scaffold = QUESTION.format(**words)
    project.save(CARD_FILE, scaffold)
    (why,) = told(project)
    assert "还是样子" in why
    assert await project.say("utter_faq/ask_gift_card") is None
    project.save(CARD_FILE, scaffold.replace("写在这里", "好"))
    assert told(project) == []
    assert await project.say("utter_faq/ask_gift_card") is not None


async def test_a_changed_reply_is_said_and_put_back(project: Project) -> None:
    project.save(REPLIES_FILE, REPLIES.replace("包邮的哦。", "不收运费~"))
    project.live.refresh()
    assert await project.say("utter_postage") == "不收运费~"
    project.save(REPLIES_FILE, REPLIES)
    project.live.refresh()
    assert await project.say("utter_postage") == "包邮的哦。"


def told(project: Project) -> list[str]:
    with capture_logs() as logs:
        project.live.refresh()
    return [f"{one['file']}: {one['why']}" for one in logs if one["event"] == "live.file_ignored"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (CARD.encode("gb18030"), "GBK"),
        (CARD.replace("intent: faq", "intent： faq"), "中文冒号"),
        (CARD.replace("  examples", "\texamples"), "Tab"),
        (CARD.replace("    - text: 可以的，想写什么发给我~", ""), "没有回答"),
        (CARD.replace("- text: 可以的", "- say: 可以的"), "没有 text"),
        (CARD.replace("可以的，想写什么发给我~", "38"), "不是文字"),
        (CARD + "      buttons: [{title: 好}]\n", "按钮"),
        ("- 1\n- 2\n", "bot check"),
        ("version: [", ""),
        ("nlu:\n- 3\n", "bot check"),
    ],
)
def test_a_broken_file_is_told_and_ignored(
    project: Project, content: str | bytes, why: str
) -> None:
    project.live.refresh()
    project.save(CARD_FILE, content)
    (line,) = told(project)
    assert line.startswith(CARD_FILE) and why in line
    assert project.classifier.live is None
    assert told(project) == []  # once
    project.save(CARD_FILE, CARD)
    assert told(project) == []
    assert project.intent("能写张贺卡吗") == "faq/ask_gift_card"


def test_a_file_that_breaks_keeps_what_stood_in_it(project: Project) -> None:
    project.save(CARD_FILE, CARD)
    project.live.refresh()
    project.save(CARD_FILE, CARD.replace("examples: |", "examples： |"))
    assert told(project)
    assert project.intent("能写张贺卡吗") == "faq/ask_gift_card"


def test_a_new_intent_without_an_answer_waits_for_the_training(project: Project) -> None:
    project.save(CARD_FILE, CARD.replace("faq/ask_gift_card", "ask_pairing"))
    with capture_logs() as logs:
        project.live.refresh()
    assert [one["intent"] for one in logs if one["event"] == "live.waits_for_training"] == [
        "ask_pairing"
    ]
    assert project.classifier.live is None


def test_beside_a_model_of_earlier_days_what_is_there_at_the_start_is_learned(
    tmp_path: Path,
) -> None:
    project = Project(tmp_path, forgets=True)
    project.live.refresh()
    assert project.classifier.live is None
    project.save(CARD_FILE, CARD)
    project.live.refresh()
    assert project.intent("能写张贺卡吗") == "faq/ask_gift_card"
