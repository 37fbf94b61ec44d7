"""The graph components say what Rasa's actions and policies read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema, SchemaNode
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.components.classifier import ShopIntentClassifier
from bot.nlu.components.extractor import ShopEntityExtractor
from bot.nlu.components.gate import UnderstandingGate
from bot.nlu.components.tokenizer import ShopTokenizer

EXAMPLES = {
    "stock_check": [
        "有货吗",
        "还有现货吗",
        "38码有没有",
        "断货了吗",
        "什么时候补货",
        "这款还有不",
        "黑色还有吗",
        "有现货没",
    ],
    "ask_postage": [
        "包邮吗",
        "邮费多少",
        "运费谁出",
        "免运费吗",
        "邮费怎么算",
        "几件包邮",
        "运费多少钱",
        "满多少免邮",
    ],
    "faq/ask_payment": [
        "能用花呗吗",
        "可以分期不",
        "怎么付款",
        "支持货到付款吗",
        "付不了款",
        "怎么支付",
        "付款失败",
        "分期免息吗",
    ],
    "faq/ask_bot": [
        "你是机器人吗",
        "是真人吗",
        "你是谁",
        "是人工还是机器",
        "你叫什么",
        "自动回复吗",
        "机器人吧",
        "你是电脑吗",
    ],
}
RESOURCE = Resource("understanding")
CONTEXT = ExecutionContext(GraphSchema({}), "test")


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    return LocalModelStorage(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def classifier(storage: LocalModelStorage) -> ShopIntentClassifier:
    """Trained, stored and loaded again."""
    config = {**ShopIntentClassifier.get_default_config(), "epochs": 0, "measured": "none"}
    examples = [Message.build(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    fresh = ShopIntentClassifier.create(config, storage, RESOURCE, CONTEXT)
    fresh.train(TrainingData(examples))
    return ShopIntentClassifier.load(config, storage, RESOURCE, CONTEXT)


def read(classifier: ShopIntentClassifier, text: str) -> Message:
    return classifier.process([Message({TEXT: text})])[0]


def test_a_retrieval_intent_comes_with_the_answer_it_chose(
    classifier: ShopIntentClassifier,
) -> None:
    message = read(classifier, "你是不是機器人")
    assert message.get("intent")["name"] == "faq"
    assert message.get("intent")["full_name"] == "faq/ask_bot"
    selected = message.get("response_selector")
    assert selected["all_retrieval_intents"] == ["faq"]
    assert selected["faq"]["response"]["utter_action"] == "utter_faq/ask_bot"
    assert selected["faq"]["response"]["intent_response_key"] == "faq/ask_bot"


def test_a_plain_intent_chooses_no_answer(classifier: ShopIntentClassifier) -> None:
    message = read(classifier, "包邮不")
    assert message.get("intent")["name"] == "ask_postage"
    assert message.get("response_selector") is None


def test_the_ranking_names_full_labels(classifier: ShopIntentClassifier) -> None:
    names = [one["name"] for one in read(classifier, "怎么付").get("intent_ranking")]
    assert set(names) == set(EXAMPLES)


def test_lines_that_were_left_out_in_a_hurry_are_not_new(tmp_path: Path) -> None:
    """Of a folder, where only a part of it is given: the whole model follows."""
    (tmp_path / "lines").mkdir()
    (tmp_path / "lines" / "all.yml").write_text(
        "nlu:\n- intent: stock_check\n  examples: |\n    - 哪天补货呀\n", encoding="utf-8"
    )
    config = {**ShopIntentClassifier.get_default_config(), "epochs": 0, "measured": "none"}
    config["known"] = str(tmp_path / "lines")
    hurried = ShopIntentClassifier.create(config, LocalModelStorage(tmp_path), RESOURCE, CONTEXT)
    examples = [Message.build(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    hurried.train(TrainingData(examples))
    assert hurried.learned is not None
    assert hurried.learned.knows("哪天补货呀", "stock_check")
    assert hurried.learned.knows("有货吗", "stock_check")
    assert not hurried.learned.knows("哪天补货呢", "stock_check")


def test_an_empty_message_has_no_intent(classifier: ShopIntentClassifier) -> None:
    assert read(classifier, "😀").get("intent") == {"name": None, "confidence": 0.0}


def gated(confidence: float, **thresholds: float) -> Any:
    message = Message(
        {
            TEXT: "那个",
            "intent": {"name": "stock_check", "confidence": confidence},
            "intent_ranking": [{"name": "stock_check", "confidence": confidence}],
            "intent_thresholds": {"act": 0.7, "ask": 0.3},
        }
    )
    gate = UnderstandingGate({**UnderstandingGate.get_default_config(), **thresholds})
    return gate.process([message])[0]


@pytest.mark.parametrize(
    ("confidence", "intent"),
    [(0.9, "stock_check"), (0.7, "stock_check"), (0.5, "nlu_half_sure"), (0.1, "nlu_fallback")],
)
def test_the_gate_lets_pass_only_what_is_sure(confidence: float, intent: str) -> None:
    assert gated(confidence).get("intent")["name"] == intent


def test_the_gate_keeps_the_ranking_for_the_question_back() -> None:
    assert gated(0.5).get("intent_ranking")[0]["name"] == "stock_check"


def test_configured_thresholds_override_the_measured_ones() -> None:
    assert gated(0.5, act=0.4).get("intent")["name"] == "stock_check"


def test_a_wish_and_its_part_questions_are_sure_together() -> None:
    ranking = [
        {"name": "faq/ask_invoice.when", "confidence": 0.5},
        {"name": "ask_invoice", "confidence": 0.4},
        {"name": "ask_postage", "confidence": 0.1},
    ]
    message = Message({TEXT: "发票多久开好", "intent": dict(ranking[0])})
    message.set("intent_ranking", ranking)
    gate = UnderstandingGate({"act": 0.7, "ask": 0.3})
    assert gate.process([message])[0].get("intent")["name"] == "faq/ask_invoice.when"


def test_what_means_nothing_is_not_understood() -> None:
    message = Message({TEXT: "", "intent": {"name": None, "confidence": 0.0}})
    gate = UnderstandingGate(UnderstandingGate.get_default_config())
    assert gate.process([message])[0].get("intent")["name"] == "nlu_fallback"


def test_tokens_are_words_of_the_normalised_text(storage: LocalModelStorage) -> None:
    config = ShopTokenizer.get_default_config()
    tokenizer = ShopTokenizer.create(config, storage, Resource("words"), CONTEXT)
    message = tokenizer.process([Message({TEXT: "有貨嗎  ３８碼"})])[0]
    tokens = [token.text for token in message.get(TOKENS_NAMES[TEXT])]
    assert "".join(tokens) == "有货吗38码"


@pytest.mark.parametrize("needs_words", [True, False])
def test_training_lines_are_cut_only_for_whoever_needs_words(
    storage: LocalModelStorage, needs_words: bool
) -> None:
    uses = CountVectorsFeaturizer if needs_words else ShopIntentClassifier
    node = SchemaNode({}, uses, "create", "train", {})
    context = ExecutionContext(GraphSchema({"node": node}))
    config = ShopTokenizer.get_default_config()
    tokenizer = ShopTokenizer.create(config, storage, Resource("words"), context)
    data = tokenizer.process_training_data(TrainingData([Message({TEXT: "有貨嗎"})]))
    assert bool(data.training_examples[0].get(TOKENS_NAMES[TEXT])) is needs_words


def test_a_new_word_list_makes_rasa_train_again(tmp_path: Path) -> None:
    config = {"lexicon": str(tmp_path)}
    before = ShopTokenizer.fingerprint_addon(config)
    (tmp_path / "goods.txt").write_text("岩羚徒步鞋", encoding="utf-8")
    assert ShopTokenizer.fingerprint_addon(config) != before


def test_entities_are_told_with_value_span_and_extractor() -> None:
    extractor = ShopEntityExtractor(ShopEntityExtractor.get_default_config())
    found = extractor.process([Message({TEXT: "要２双 38碼"})])[0].get("entities")
    entities = [one for one in found if one["entity"] != "cue"]
    name = "ShopEntityExtractor"
    assert entities == [
        {
            **{"entity": "quantity", "value": 2, "unit": "双"},
            **{"start": 1, "end": 3, "extractor": name},
        },
        {"entity": "size", "value": "38", "start": 4, "end": 7, "extractor": name},
    ]


def test_a_bare_number_says_what_else_it_may_mean() -> None:
    extractor = ShopEntityExtractor(ShopEntityExtractor.get_default_config())
    (entity,) = extractor.process([Message({TEXT: "150"})])[0].get("entities")
    assert (entity["entity"], entity["value"]) == ("height_cm", 150.0)
    assert entity["alternative"] == {"entity": "weight_kg", "value": 75.0}
