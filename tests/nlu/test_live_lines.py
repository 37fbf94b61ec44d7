"""New lines vote beside a model that has not learned them, and change nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.intents import Guess, IntentModel, train
from bot.nlu.learned import Learned
from bot.nlu.live_lines import LiveLines
from bot.nlu.words import Words

STOCK = [
    "有货吗", "还有现货吗", "38码有没有", "断货了吗", "什么时候补货", "这款还有不", "黑色还有吗",
    "库存还有多少", "有现货没", "缺货了么",
]  # fmt: skip
POSTAGE = [
    "包邮吗", "邮费多少", "运费谁出", "免运费吗", "邮费怎么算", "几件包邮", "运费多少钱",
    "能不能包邮", "满多少免邮", "邮费贵吗",
]  # fmt: skip
THANKS = [
    "谢谢", "谢谢您", "多谢", "感谢", "谢了", "辛苦了", "麻烦您了", "谢谢啦", "非常感谢", "好的谢谢",
]  # fmt: skip
CARD = "faq/ask_gift_card"
CARDS = ["能帮忙写张贺卡吗", "送人的可以放张卡片不", "代写祝福语吗", "贺卡要另外加钱吗"]


def trained(**intents: list[str]) -> IntentModel:
    lines = [(text, intent) for intent, texts in intents.items() for text in texts]
    return train([text for text, _ in lines], [intent for _, intent in lines], Words(), epochs=0)


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return trained(stock_check=STOCK, ask_postage=POSTAGE, thank=THANKS)


def live(model: IntentModel, *lines: tuple[str, str]) -> LiveLines:
    found = LiveLines.of(lines, model)
    assert found is not None
    return found


def heard(model: IntentModel, text: str, lines: LiveLines | None = None) -> list[Guess]:
    ranking = model.rank(text)
    return lines.vote(text, ranking) if lines else ranking


def test_without_new_lines_there_is_nothing_that_votes(model: IntentModel) -> None:
    assert LiveLines.of([], model) is None
    assert LiveLines.of([("😀", "thank")], model) is None


def test_the_very_words_are_read_as_they_are_filed(model: IntentModel) -> None:
    lines = live(model, ("亲，几时能寄到", "ask_postage"))
    first = heard(model, "亲,几时能寄到?", lines)[0]
    assert first.intent == "ask_postage" and first.confidence > 0.9


def test_a_new_question_is_read_in_other_words_too(model: IntentModel) -> None:
    lines = live(model, *((text, CARD) for text in CARDS))
    assert CARD not in {guess.intent for guess in heard(model, "能写张贺卡吗")}
    ranking = heard(model, "能写张贺卡吗", lines)
    assert ranking[0].intent == CARD
    assert sum(guess.confidence for guess in ranking) == pytest.approx(1.0)


@pytest.mark.parametrize("text", [*STOCK, *POSTAGE, *THANKS, "红色有货没", "到广东邮费多少"])
def test_what_is_not_like_a_new_line_is_read_as_before(model: IntentModel, text: str) -> None:
    lines = live(model, *((text, CARD) for text in CARDS))
    assert heard(model, text, lines) == heard(model, text)


def test_half_an_intents_lines_are_read_again_without_a_training() -> None:
    """Words that the model has never seen under the intent, until they are written down."""
    known, left_out = THANKS[:5], ["有劳", "费心", "太客气啦", "您受累"]
    model = trained(stock_check=STOCK, ask_postage=POSTAGE, thank=known)
    lines = live(model, *((text, "thank") for text in left_out))

    def right(beside: LiveLines | None) -> int:
        return sum(heard(model, text, beside)[0].intent == "thank" for text in left_out)

    assert right(None) < len(left_out)  # the control: the model alone misses some
    assert right(lines) == len(left_out)
    others = [*STOCK, *POSTAGE]
    before = [heard(model, text)[0].intent for text in others]
    assert [heard(model, text, lines)[0].intent for text in others] == before


def test_a_line_that_is_read_rightly_moves_no_other(model: IntentModel) -> None:
    assert model.rank("有货吗")[0].intent == "stock_check"
    lines = live(model, ("有现货吗", "stock_check"))
    before, after = heard(model, "有没有货吗"), heard(model, "有没有货吗", lines)
    assert [one.intent for one in after] == [one.intent for one in before]
    assert after[0].confidence >= before[0].confidence


def test_a_line_under_two_intents_decides_nothing(model: IntentModel) -> None:
    lines = live(model, ("那个呢", "stock_check"), ("那个呢", "ask_postage"))
    first = heard(model, "那个呢", lines)[0]
    assert first.confidence < 0.9


def test_a_model_tells_what_it_has_learned(tmp_path: Path) -> None:
    learned = Learned.of([("有货吗", "stock_check")])
    learned.save(tmp_path)
    kept = Learned.load(tmp_path)
    assert kept is not None
    assert kept.knows("有货吗", "stock_check") and kept.knows(" 有货 吗", "stock_check")
    assert not kept.knows("有货吗", "ask_postage") and not kept.knows("有货么", "stock_check")


def test_a_model_of_earlier_days_has_not_kept_it(tmp_path: Path) -> None:
    assert Learned.load(tmp_path) is None
