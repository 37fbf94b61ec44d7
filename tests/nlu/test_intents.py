"""The classifier learns, keeps what it learned, and says how sure it is."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.nlu import model_files
from bot.nlu.confidence import Measured
from bot.nlu.fingerprint import sources_behind, trained_on
from bot.nlu.intents import Guess, IntentModel, train
from bot.nlu.ngrams import character_terms, plain
from bot.nlu.words import Words
from tests.support.waiting import PATIENCE_S

STOCK = [
    "有货吗",
    "还有现货吗",
    "38码有没有",
    "断货了吗",
    "什么时候补货",
    "这款还有不",
    "黑色还有吗",
    "库存还有多少",
    "有现货没",
    "缺货了么",
]
POSTAGE = [
    "包邮吗",
    "邮费多少",
    "运费谁出",
    "免运费吗",
    "邮费怎么算",
    "几件包邮",
    "运费多少钱",
    "能不能包邮",
    "满多少免邮",
    "邮费贵吗",
]
PAYING = [
    "能用花呗吗",
    "可以分期不",
    "怎么付款",
    "支持货到付款吗",
    "付不了款",
    "可以微付吗",
    "能刷卡吗",
    "怎么支付",
    "付款失败",
    "分期免息吗",
]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    texts = [*STOCK, *POSTAGE, *PAYING]
    intents = ["stock_check"] * 10 + ["ask_postage"] * 10 + ["faq/ask_payment"] * 10
    return train(texts, intents, Words(), epochs=0)


def assert_same(guesses: list[Guess], others: list[Guess]) -> None:
    """The same order and confidences, but for the last bits of a float32."""
    assert [guess.intent for guess in guesses] == [guess.intent for guess in others]
    assert [guess.confidence for guess in guesses] == pytest.approx(
        [guess.confidence for guess in others], rel=1e-4
    )


def test_an_unseen_message_is_understood(model: IntentModel) -> None:
    assert model.rank("红色有货没")[0].intent == "stock_check"
    assert model.rank("到广东邮费多少")[0].intent == "ask_postage"


def test_confidences_add_up_to_one(model: IntentModel) -> None:
    assert sum(guess.confidence for guess in model.rank("有货吗")) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("text", ["", " ", "?!", "..."])
def test_a_text_without_words_means_nothing(model: IntentModel, text: str) -> None:
    assert model.rank(text) == []


def test_a_stored_model_answers_as_before(model: IntentModel, tmp_path: Path) -> None:
    model_files.save(model, tmp_path)
    loaded = model_files.load(tmp_path, Words())
    assert_same(loaded.rank("分期可以吗"), model.rank("分期可以吗"))
    assert loaded.thresholds == model.thresholds
    assert loaded.favours.tolist() == model.favours.tolist()


def test_a_damaged_model_is_refused(model: IntentModel, tmp_path: Path) -> None:
    model_files.save(model, tmp_path)
    (tmp_path / "intents.npz").write_bytes(b"damaged")
    with pytest.raises((OSError, ValueError)):
        model_files.load(tmp_path, Words())


def test_training_twice_gives_the_same_model(model: IntentModel) -> None:
    texts = [*STOCK, *POSTAGE, *PAYING]
    intents = ["stock_check"] * 10 + ["ask_postage"] * 10 + ["faq/ask_payment"] * 10
    again = train(texts, intents, Words(), epochs=0)
    assert_same(again.rank("运费"), model.rank("运费"))


def test_what_was_measured_on_real_messages_makes_it_humbler() -> None:
    texts, intents = [*STOCK, *POSTAGE], ["a"] * 10 + ["b"] * 10
    bold = train(texts, intents, Words(), epochs=0)
    measured = Measured(0.5, 0.7, 100, 0.2, 0.1)
    humble = train(texts, intents, Words(), epochs=0, measured=measured)
    assert humble.thresholds.act == measured.act
    assert humble.thresholds.ask == min(bold.thresholds.ask, measured.act)
    assert humble.rank("有货吗")[0].confidence < bold.rank("有货吗")[0].confidence


def test_a_favoured_intent_is_heard_where_it_is_nearly_likeliest() -> None:
    texts, intents = [*STOCK, *POSTAGE], ["a"] * 10 + ["b"] * 10
    before = train(texts, intents, Words(), epochs=0).rank("多少钱")
    second = before[1].intent
    gap = math.log(before[0].confidence / before[1].confidence)
    favoured = train(texts, intents, Words(), epochs=0, favoured={second: gap + 0.5})
    assert favoured.rank("多少钱")[0].intent == second


def test_who_favours_an_intent_that_is_not_there_is_told() -> None:
    with pytest.raises(ValueError, match="without examples: c"):
        train([*STOCK, *POSTAGE], ["a"] * 10 + ["b"] * 10, Words(), epochs=0, favoured={"c": 1.0})


def test_one_intent_is_too_few() -> None:
    with pytest.raises(ValueError, match="two intents"):
        train(["有货吗"], ["stock_check"], Words())


def test_characters_are_read_across_word_borders() -> None:
    assert "码有" in character_terms("38码有吗")


@pytest.mark.parametrize("kind", ["word_terms", "character_terms"])
def test_terms_come_in_the_same_order_in_every_process(kind: str) -> None:
    """Sets of strings do not: their order changes with the hash seed."""
    code = f"from bot.nlu.ngrams import *; print(*Vocabulary.of([{kind}('有货吗要多久')]).columns)"
    first, second = (
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE_S,
        ).stdout
        for seed in "12"
    )
    assert first == second


def test_which_number_is_named_does_not_matter() -> None:
    assert plain("38码,有吗?") == plain("42码 有吗") == "0码 有吗"
    assert plain("订单123456789012") == "订单#"


def test_a_changed_word_list_makes_a_new_fingerprint(tmp_path: Path) -> None:
    words = tmp_path / "goods.txt"
    words.write_text("岩羚徒步鞋", encoding="utf-8")
    before = trained_on([words], "bot.nlu.components.tokenizer")
    shutil.copy(words, tmp_path / "copy")
    words.write_text("岩羚徒步鞋\n溪谷水袋", encoding="utf-8")
    assert trained_on([words], "bot.nlu.components.tokenizer") != before


def test_a_fingerprint_covers_what_the_component_calls_and_no_more() -> None:
    behind = {source.stem for source in sources_behind("bot.nlu.components.classifier")}
    assert {"classifier", "intents", "ngrams", "words", "normalise", "thresholds"} <= behind
    assert {"fine_tuning", "numpy_tuning"} <= behind  # imported inside a function
    assert not {"entities", "wishes", "measure"} & behind


def test_a_component_without_a_source_has_no_fingerprint() -> None:
    with pytest.raises(ModuleNotFoundError):
        sources_behind("bot.nlu.components.no_such")
