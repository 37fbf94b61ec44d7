"""What a trainer writes in data/dialogue is checked by line, and covers what the bot can say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.dialogue.expected import EXPECTED, Level, read_table
from bot.dialogue.said import SAID, read_said
from bot.dialogue.situations import COURTESIES, NO_MATTER, SITUATIONS, opens_matter
from bot.dialogue.table_file import TableError
from bot.dialogue.weights import MEASURED, Weights, read_weights, write_weights
from bot.nlu.training_lines import TRAINING_DATA, training_files, training_lines

ROOT = Path(__file__).resolve().parents[2]
INTENTS = ("goodbye", "deny", "stock_check", "faq/ask_color")
GOOD = """\
situations:
  anything_else:
    很可能: [goodbye, deny]
    不太可能: stock_check
matters:
  stock_check:
    可能: [faq/ask_color]
values:
  dear:
    不太可能: [deny]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "table.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_read_with_names_that_people_find(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    table = read_table(INTENTS, path)
    row = table.situations["anything_else"]
    assert row.name == f"{path.as_posix()}:anything_else"
    assert row.levels == {
        "goodbye": Level.VERY_LIKELY,
        "deny": Level.VERY_LIKELY,
        "stock_check": Level.UNLIKELY,
    }
    assert row.level_of("faq/stock_check.colour") is Level.UNLIKELY
    assert [one.levels for one in table.rows(("other",), "stock_check")] == [
        {"faq/ask_color": Level.LIKELY}
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (
            "anything_else:",
            "anything_els:",
            2,
            "没有叫「anything_els」的情境,是不是「anything_else」",
        ),
        ("[goodbye, deny]", "[goodby, deny]", 3, "没有叫「goodby」的意图,是不是「goodbye」"),
        ("不太可能:", "不大可能:", 4, "没有叫「不大可能」的程度,是不是「不太可能」"),
        ("不太可能: stock_check", "不太可能: [deny]", 4, "「deny」在「anything_else」里写了两次"),
        ("不太可能: stock_check", "很可能: stock_check", 4, "「很可能」写了两次"),
        ("不太可能: stock_check", "不太可能: [[deny]]", 4, "这里写一个名字,或一列名字"),
        ("  stock_check:\n    可能:", "  stock_chek:\n    可能:", 6, "是不是「stock_check」"),
        ("matters:", "matter:", 5, "没有叫「matter」的最外层的一项,是不是「matters」"),
        ("  anything_else:\n", "  anything_else: [\n", 4, "不是有效的 YAML"),
    ],
)
def test_a_mistake_is_told_by_its_line(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(TableError) as caught:
        read_table(INTENTS, path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert says in str(caught.value)


def test_a_word_like_no_other_gets_the_whole_list(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("faq/ask_color", "颜色"))
    with pytest.raises(TableError, match="可以写: deny、faq/ask_color、goodbye、stock_check"):
        read_table(INTENTS, path)


def test_a_missing_section_or_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="少了这一段: matters"):
        read_table(INTENTS, written(tmp_path, GOOD.partition("matters:")[0]))
    with pytest.raises(TableError, match="没有找到这个文件"):
        read_table(INTENTS, tmp_path / "nothing.yml")
    (tmp_path / "latin.yml").write_bytes("很".encode("gbk"))
    with pytest.raises(TableError, match="UTF-8"):
        read_table(INTENTS, tmp_path / "latin.yml")


SAID_TEXT = """\
topics:
  parcels: told_parcel
replies:
  utter_parcel_signed: [confirm, told_parcel]
  utter_receiver_taken: other
questions:
  order_it: offer
slots:
  order_size: which_variant
"""


def test_what_a_form_or_question_asks_stands_before_what_was_told(tmp_path: Path) -> None:
    said = read_said(written(tmp_path, SAID_TEXT))
    late = ("utter_parcel_late", "parcels")
    taken = ("utter_receiver_taken", "ordering")
    assert said.left_behind([late]) == ("told_parcel",)
    assert said.left_behind([("utter_parcel_signed", "parcels")]) == ("confirm", "told_parcel")
    assert said.left_behind([late], question="order_it") == ("offer", "told_parcel")
    assert said.left_behind([late], question="order_it", slot="order_size") == (
        "which_variant",
        "told_parcel",
    )
    assert said.left_behind([taken]) == ("other",)
    assert said.left_behind([taken, late]) == ("told_parcel",)
    assert said.left_behind([("utter_new", "new_topic")]) == ()


def test_an_unknown_situation_is_told_by_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, SAID_TEXT.replace("order_it: offer", "order_it: ofer"))
    with pytest.raises(TableError, match=":7: 没有叫「ofer」的情境,是不是「offer」"):
        read_said(path)


def test_weights_come_back_as_they_were_and_damage_is_told(tmp_path: Path) -> None:
    path = tmp_path / "situation.json"
    weights = read_weights(ROOT / MEASURED)
    write_weights(weights, path)
    assert read_weights(path) == weights
    path.write_text('{"behind": 1}', encoding="utf-8")
    with pytest.raises(ValueError, match="python -m bench"):
        read_weights(path)


# -- our own files


@pytest.fixture(scope="module")
def labels() -> frozenset[str]:
    lines = training_lines(training_files(ROOT / TRAINING_DATA))
    return frozenset(line.intent for line in lines)


def test_our_table_names_intents_that_are_learned(labels: frozenset[str]) -> None:
    table = read_table(labels, ROOT / EXPECTED)
    # Nothing can be said of what follows a mere nod.
    assert set(SITUATIONS) - set(table.situations) == {"other"}
    assert all(opens_matter(intent) for intent in table.matters)
    assert labels >= NO_MATTER >= COURTESIES


def test_measured_levels_are_in_their_order() -> None:
    weights: Weights = read_weights(ROOT / MEASURED)
    assert weights.very_likely >= weights.likely >= 0 >= weights.unlikely
    assert 0 < weights.ask <= weights.act < 1


def _domain() -> Any:
    return yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))


def _replies() -> dict[str, str]:
    """Name → topic of every reply; plain answers beside their examples may go without."""
    found: dict[str, str] = {}
    for file in sorted((ROOT / "data" / "replies").glob("*.yml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        found |= dict.fromkeys(content["responses"], file.stem)
    return found


def _plain_answers() -> set[str]:
    """Names of the answers that stand beside their examples."""
    names: set[str] = set()
    for file in training_files(ROOT / TRAINING_DATA):
        names |= set(yaml.safe_load(file.read_text(encoding="utf-8")).get("responses") or ())
    return names


def test_every_reply_leaves_a_situation_and_every_named_reply_exists() -> None:
    said, replies = read_said(ROOT / SAID), _replies()
    assert [name for name, topic in replies.items() if not said.of_reply(name, topic)] == []
    assert sorted(set(said.replies) - {*replies, *_plain_answers()}) == []
    assert sorted(set(said.topics) - set(replies.values())) == []


@pytest.mark.parametrize(
    ("named", "known"),
    [
        pytest.param(
            lambda said: said.questions,
            lambda domain: domain["slots"]["open_question"]["values"],
            id="open questions",
        ),
        pytest.param(
            lambda said: said.slots,
            lambda domain: [
                slot for form in domain["forms"].values() for slot in form["required_slots"]
            ],
            id="slots of forms",
        ),
    ],
)
def test_every_question_leaves_a_situation(
    named: Callable[[Any], Any], known: Callable[[Any], Any]
) -> None:
    assert sorted(named(read_said(ROOT / SAID))) == sorted(set(known(_domain())))


def test_the_glossary_has_every_situation() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    missing = [n for n, title in SITUATIONS.items() if f"| `{n}` | {title} |" not in glossary]
    assert missing == []
