"""What we said last is read once, and its end counts."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.our_words import LAST_WORDS, OurWords, last_replies, last_words
from bot.nlu.normalise import normalise

HEARD = [{"name": "track_parcel", "confidence": 0.8}, {"name": "affirm", "confidence": 0.2}]


class Reader:
    def __init__(self, ranking: list[dict[str, Any]]) -> None:
        self.texts: list[str] = []
        self._ranking = ranking

    async def read(self, text: str) -> dict[str, Any]:
        self.texts.append(text)
        return {"entities": [], "intent_ranking": self._ranking}


def talk(*events: Any) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("talk", list(events))


async def test_the_same_words_are_read_once() -> None:
    reader = Reader(HEARD)
    ours = OurWords(reader.read)
    assert await ours.speak_of("在路上了") == (("track_parcel", 0.8), ("affirm", 0.2))
    assert await ours.speak_of("在路上了") == await ours.speak_of("在路上了")
    assert reader.texts == ["在路上了"]


async def test_nothing_said_and_nothing_heard_speak_of_nothing() -> None:
    reader = Reader([])
    ours = OurWords(reader.read)
    assert await ours.speak_of("") is None
    assert await ours.speak_of("……") is None
    assert reader.texts == ["……"]


def test_only_what_was_said_since_the_buyer_spoke_counts() -> None:
    tracker = talk(
        BotUttered("您好", metadata={"utter_action": "utter_greet"}),
        UserUttered("到哪了"),
        BotUttered("在路上了。", metadata={"utter_action": "utter_parcel_on_its_way"}),
        BotUttered("还有别的吗?"),
    )
    assert last_words(tracker) == normalise("在路上了。 还有别的吗?")
    assert last_replies(tracker) == ("utter_parcel_on_its_way",)


def test_of_a_long_reply_the_end_counts() -> None:
    tracker = talk(UserUttered("到哪了"), BotUttered("包裹" * 60 + "要寄到哪里呢"))
    assert last_words(tracker).endswith("要寄到哪里呢")
    assert len(last_words(tracker)) == LAST_WORDS
