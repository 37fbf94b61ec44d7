"""One key a decision; what a person answered becomes a question with that answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.conversations import wishes
from bot.conversations.attempts import AnsweredBy
from bot.conversations.messages import Author
from bot.conversations.tables import conversations, messages
from bot.conversations.wishes import Wish
from bot.database import Database, upgrade
from bot.dialogue.outcome import Outcome
from bot.engine.live_files import LiveFiles
from bot.nlu.learned import Learned
from bot.publishing.steps import TOLD_ONLY
from bot.trainer.check import Check
from bot.trainer.finding import ERROR
from bot.trainer.inbox import Row
from bot.trainer.inbox_deeds import Inbox
from bot.trainer.inbox_review import review
from bot.trainer.new_questions import name_of
from bot.trainer.teaching import CannotTeach
from tests.trainer.small_project import LINES, write_project

NOON = datetime(2026, 6, 1, 4, tzinfo=timezone.utc)
CARD = "data/nlu/questions/ask_dai_xie_he_ka.yml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project")


@pytest.fixture
def inbox(root: Path, tmp_path: Path) -> Inbox:
    return Inbox(root, tmp_path / "var")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = Database(f"sqlite:///{tmp_path / 'house.db'}")
    upgrade(found)
    yield found
    found.close()


def talk(database: Database, *said: tuple[Author, str], asked: int = 1, **more: Any) -> None:
    """A chat, in which line `asked` is what the bot should learn."""

    def write(connection: Any) -> None:
        connection.execute(
            conversations.insert().values(
                conversation_id="c", buyer_id="b", signed_in=False, channel="web",
                status="with_bot", opened_at=NOON,
            )
        )  # fmt: skip
        for seq, (author, text) in enumerate(said, 1):
            connection.execute(
                messages.insert().values(
                    conversation_id="c", seq=seq, message_id=f"m{seq}", author=author.value,
                    at=NOON, text=text, agent="小李" if author is Author.AGENT else "",
                )
            )  # fmt: skip
        values = {"outcome": Outcome.NOT_UNDERSTOOD, **more}
        asked_line = Wish(
            conversation_id="c", seq=asked, last_seq=asked, ordinal=0, text=said[asked - 1][1],
            asked_at=NOON - timedelta(hours=1), **values,
        )  # fmt: skip
        wishes.keep(connection, [asked_line])

    database.run_sync(write)


def rows(inbox: Inbox, database: Database) -> list[Row]:
    return inbox.rows(database, lambda: NOON, days=7, limit=20)[0]


def test_a_row_has_the_chat_around_it_and_what_a_person_answered(
    inbox: Inbox, database: Database
) -> None:
    talk(
        database,
        (Author.BUYER, "在吗"),
        (Author.BUYER, "能代写贺卡吗，我电话13812345678"),
        (Author.BOT, "我没太听懂"),
        (Author.AGENT, "可以的，想写什么发给我"),
        asked=2,
        outcome=Outcome.LEFT_TO_PERSON,
        answered_by=AnsweredBy.AGENT,
        answer_seq=4,
        agent="小李",
    )
    (row,) = rows(inbox, database)
    assert (row.answer, row.agent) == ("可以的，想写什么发给我", "小李")
    assert row.around[0] == ("买家", "在吗") and row.around[-1][0] == "客服"
    assert "13812345678" not in str(row)


def test_what_the_bot_answered_is_no_answer_of_a_person(inbox: Inbox, database: Database) -> None:
    talk(
        database,
        (Author.BUYER, "能代写贺卡吗"),
        (Author.BOT, "我没太听懂"),
        answered_by=AnsweredBy.BOT,
        answer_seq=2,
    )
    assert rows(inbox, database)[0].answer == ""


def errors(root: Path) -> list[str]:
    found = Check(root).run()
    return [str(one) for one in found if one.level == ERROR and one.kind not in TOLD_ONLY]


def test_an_answer_becomes_a_question_that_the_check_accepts_and_that_works_at_once(
    inbox: Inbox, root: Path
) -> None:
    before = errors(root)
    live = LiveFiles(root, learned=Learned.of([]), labels=list(LINES), replies={})
    live.read()
    file = inbox.ask_anew(
        "问代写贺卡", ["能代写贺卡吗", "给我写张卡片: 可以不"], '可以的，"想写什么"发给我'
    )
    assert file == CARD
    content = yaml.safe_load((root / file).read_text("utf-8"))
    label = content["nlu"][0]["intent"]
    assert label == "faq/ask_dai_xie_he_ka"
    assert content["responses"][f"utter_{label}"] == [{"text": '可以的，"想写什么"发给我'}]
    assert errors(root) == before
    saved = live.read()
    assert saved is not None and ("能代写贺卡吗", label) in saved.lines
    assert f"utter_{label}" in saved.replies


@pytest.mark.parametrize(
    ("title", "lines", "answer", "words"),
    [
        ("", ["能代写贺卡吗"], "可以的", "起个名字"),
        ("问代写贺卡" * 4, ["能代写贺卡吗"], "可以的", "12 个字以内"),
        ("问代写贺卡", [], "可以的", "没有句子"),
        ("问代写贺卡", ["能代写贺卡吗"], "", "没有回答"),
        ("问代写贺卡", ["能代写贺卡吗"], "打13812345678找我", "回答里有电话"),
        ("问代写贺卡", ["我电话138****5678"], "可以的", "句子里有电话"),
        ("问代写贺卡", ["能代写贺卡吗"], "保证写好", "绝对化"),
        ("问代写贺卡", ["能代写贺卡吗"], "可以的" * 40, "太长了"),
        ("问代写贺卡", ["能代写贺卡吗"], "{x}可以", "花括号"),
        ("问代写贺卡", [LINES["ask_ship_time"][0]], "可以的", "已经写在"),
    ],
)
def test_what_cannot_be_a_question_changes_nothing(
    inbox: Inbox, root: Path, title: str, lines: list[str], answer: str, words: str
) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(CannotTeach, match=words):
        inbox.ask_anew(title, lines, answer)
    assert sorted(root.rglob("*")) == before


def test_a_question_that_is_there_already_is_not_overwritten(inbox: Inbox, root: Path) -> None:
    inbox.ask_anew("问代写贺卡", ["能代写贺卡吗"], "可以的")
    before = (root / CARD).read_bytes()
    with pytest.raises(CannotTeach, match="已经有了"):
        inbox.ask_anew("问代写贺卡", ["送人 写张卡"], "不行")
    assert (root / CARD).read_bytes() == before


def test_names_are_made_of_titles() -> None:
    assert name_of("问代写贺卡") == "ask_dai_xie_he_ka"
    assert name_of("VIP卡") == "ask_vip_ka"


ROW = Row(
    line="几号能寄出呀", count=3, lines=("几号能寄出呀", "哪天能寄呢"), why=(("没听懂", 3),),
    heard="", nearest=(("ask_ship_time", 0.6), ("ask_postage", 0.2), ("ask_invoice", 0.1)),
    chats=("c:1",), last_at=NOON, gain=2.0, around=(("买家", "几号能寄出呀"),),
)  # fmt: skip


def reviewed(inbox: Inbox, keys: list[str], lines: list[str], *rows: Row) -> tuple[int, str]:
    told: list[str] = []
    pressed, typed = iter(keys), iter(lines)
    done = review(
        inbox, rows or (ROW,), by="", key=lambda _: next(pressed, "q"),
        line=lambda _: next(typed), tell=told.append,
    )  # fmt: skip
    return done, "\n".join(told)


def written(root: Path) -> str:
    return (root / "data/nlu/wishes.yml").read_text("utf-8")


def test_one_key_writes_all_lines_of_the_row_under_the_intent(inbox: Inbox, root: Path) -> None:
    done, told = reviewed(inbox, ["1"], [])
    assert done == 1 and "马上就认得" in told
    assert "- 几号能寄出呀" in written(root) and "- 哪天能寄呢" in written(root)


def test_another_intent_is_typed_and_a_slip_is_asked_again(inbox: Inbox, root: Path) -> None:
    done, told = reviewed(inbox, ["a", "a"], ["ask_postag", "ask_postage"])
    assert done == 1 and "ask_postage" in told
    assert "几号能寄出呀" in written(root)


def test_a_new_question_takes_the_persons_answer(inbox: Inbox, root: Path) -> None:
    row = replace(ROW, line="能写贺卡吗", lines=("能写贺卡吗",), answer="可以的，写什么发我")
    done, _ = reviewed(inbox, ["n"], ["问代写贺卡", ""], row)
    assert done == 1
    assert "可以的，写什么发我" in (root / CARD).read_text("utf-8")


def test_nothing_is_not_listed_again_and_later_is(
    inbox: Inbox, root: Path, database: Database
) -> None:
    talk(database, (Author.BUYER, "哈哈哈哈哈"))
    (row,) = rows(inbox, database)
    assert reviewed(inbox, [""], [], row)[0] == 0
    assert len(rows(inbox, database)) == 1
    before = written(root)
    assert reviewed(inbox, ["x"], [], row)[0] == 1
    assert rows(inbox, database) == [] and written(root) == before


def test_a_wrong_key_is_told_and_q_ends_it(inbox: Inbox) -> None:
    done, told = reviewed(inbox, ["7", "q"], [], ROW, ROW)
    assert done == 0 and "按 1/2/3" in told
