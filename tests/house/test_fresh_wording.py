"""A reply takes words that the talk has not heard; where all are heard, not those just said."""

from __future__ import annotations

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.wording import FreshWording
from tests.support.house import ROOT

DOMAIN = Domain.load(str(ROOT / "domain.yml"))
WORDS = FreshWording({"utter_praise": [{"text": "谢谢认可"}, {"text": "真开心"}]})


async def said(*before: str) -> str:
    """What is answered to a line, after lines that were answered so."""
    events: list[Event] = [ActionExecuted("action_listen")]
    for text in before:
        events += [UserUttered("真好"), BotUttered(text), ActionExecuted("action_listen")]
    events.append(UserUttered("真好"))
    tracker = DialogueStateTracker.from_events("c", events, DOMAIN.slots)
    answer = await WORDS.generate("utter_praise", tracker, "web")
    assert answer is not None
    return str(answer["text"])


async def test_words_of_before_are_not_said_again_while_others_wait() -> None:
    assert {await said("谢谢认可") for _ in range(20)} == {"真开心"}


async def test_where_all_are_heard_the_last_ones_are_not_said_at_once_again() -> None:
    assert {await said("谢谢认可", "真开心") for _ in range(20)} == {"谢谢认可"}


async def test_two_turns_later_both_may_come() -> None:
    one = {await said("谢谢认可", "真开心", "别的话") for _ in range(60)}
    assert one == {"谢谢认可", "真开心"}
