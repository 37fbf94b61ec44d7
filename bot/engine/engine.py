"""The embedded Rasa agent: one turn of one conversation at a time, without storage of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.said import read_said
from bot.dialogue.situation import Situation
from bot.engine.collected import Collected
from bot.engine.facts import facts_of
from bot.engine.in_process import TROUBLE_RESPONSE, InProcessActions
from bot.engine.loading import LoadedModel, ModelUnusable, load_model, load_newest
from bot.engine.memory import pack, unpack
from bot.engine.payloads import disarmed
from bot.engine.questions import SHOWN, asking, is_about_asking, open_question, still_stands
from bot.engine.reminding import without_step
from bot.engine.situating import Situating
from bot.engine.standing import memory_after
from bot.engine.turns import HandOver, Reply, Said, Speaker, TurnResult, Understood
from bot.engine.understood import understood_of
from bot.engine.weighing import Weighing
from bot.engine.wishes import wishes_of
from bot.engine.wording import FreshWording
from bot.handing_over import HandOverReason
from bot.shop.wire.one_turn import one_turn

__all__ = ["Engine", "ModelUnusable"]

log = structlog.get_logger(__name__)

SHOP_WITHIN_S = 25.0  # of a turn, for all calls of the shop; a turn is given up after 30


class Engine:
    """Answers turns. Not to be called twice at once for the same conversation."""

    def __init__(self, loaded: LoadedModel) -> None:
        self._agent, self._trackers = loaded.agent, loaded.trackers
        self.model_path, self.live = loaded.path, loaded.live
        self._labels = loaded.labels
        self.read_tables()

    @classmethod
    def load(
        cls,
        models: Path,
        *,
        actions: InProcessActions,
        words: Mapping[str, str] | None = None,
        demand: Callable[[Path], None] = lambda path: None,
    ) -> Engine:
        """With the newest model that loads, from a file or a folder; blocks for seconds.

        `words` stand in the braces of replies: {"assistant": "小行", …}. `demand` raises where a
        file must not be loaded.

        Raises ModelUnusable with the reason for each file.
        """

        def load(path: Path) -> Engine:
            demand(path)
            return cls(load_model(path, actions, words or {}))

        return load_newest(models, load)

    def read_tables(self) -> None:
        """As they stand on disk now. Raises TableError, OSError: those from before go on counting."""
        self._situating, self._weighing = Situating(self.parse, self._labels), Weighing()

    @property
    def model_id(self) -> str:
        return str(self._agent.model_id)

    async def parse(self, text: str) -> dict[str, Any]:
        """Rasa's parse data of one wish."""
        parsed: dict[str, Any] = await self._agent.processor.parse_message(
            UserMessage(disarmed(text))
        )
        return parsed

    async def answer(
        self, conversation_id: str, memory: str, said: Sequence[Said], speaker: Speaker
    ) -> TurnResult:
        """One turn: everything said since the last one, each wish answered in order."""
        with one_turn(SHOP_WITHIN_S):
            return await self._one_turn(conversation_id, memory, said, speaker)

    async def _one_turn(
        self, conversation_id: str, memory: str, said: Sequence[Said], speaker: Speaker
    ) -> TurnResult:
        tracker = unpack(memory, conversation_id, self._agent.domain)
        self._trackers.hold(tracker)
        output = Collected(speaker.channel)
        understood: list[Understood] = []
        turn_id = said[0].request_id
        try:
            async for one, request_id, text, parse in self._all_wishes(said):
                now = await self._held(conversation_id)
                if one.question and not still_stands(now, one.question):
                    # An earlier line of this turn has changed what was asked.
                    await self._utter("utter_stale_button", now, output, {})
                    output.replies.insert(0, output.replies.pop())  # what is asked comes last
                    continue
                metadata = speaker.as_metadata(request_id, turn_id)
                understood.append(
                    await self._answer_wish(conversation_id, text, parse, metadata, speaker, output)
                )
                if output.hand_over:  # the rest is for the person
                    break
            tracker = await self._held(conversation_id)
        finally:
            self._trackers.release(conversation_id)
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            # Rasa gave up after too many actions; without this the next turn would be mute.
            log.error("turn.runaway", intents=[one.intent for one in understood])
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self._agent.domain)
        await self._break_silence(output, tracker, understood)
        question = open_question(tracker, turn_id)
        return TurnResult(
            replies=asking(output.replies, question),
            understood=tuple(understood),
            memory=pack(tracker, self._agent.domain),
            hand_over=output.hand_over,
            follow_ups=tuple(output.follow_ups),
            promises=tuple(output.promises),
            opts_out=output.opts_out,
            question=question,
            is_in_form=tracker.active_loop_name is not None or question.partition(":")[0] in SHOWN,
            facts=facts_of(tracker.current_slot_values()),
            model=self.model_id,
        )

    async def note(
        self,
        conversation_id: str,
        memory: str,
        *,
        said_by_us: Sequence[Reply] = (),
        slots: dict[str, Any] | None = None,
        person_left: bool = False,
    ) -> str:
        """The memory after something happened outside a turn: a follow-up sent, a person left.

        After a person nothing that was asked before is open: the buyer's 好的 may be theirs.
        """
        domain = self._agent.domain
        tracker = unpack(memory, conversation_id, domain)
        events: list[Event] = []
        if person_left:
            names = [slot.name for slot in tracker.slots.values() if is_about_asking(slot.name)]
            events += [ActiveLoop(None), *(SlotSet(name, None) for name in names)]
            events += without_step(tracker)
        events += [SlotSet(name, value) for name, value in (slots or {}).items()]
        events += [BotUttered(text=reply.text) for reply in said_by_us]
        events.append(ActionExecuted(ACTION_LISTEN_NAME))
        tracker.update_with_events(events, domain)
        return pack(tracker, domain)

    def kept_of(self, memory: str, form: str, slots: Sequence[str]) -> dict[str, Any]:
        """What these slots hold while the form is open; nothing where it is not."""
        tracker = unpack(memory, "seen", self._agent.domain)
        held = {name: tracker.get_slot(name) for name in slots}
        is_open = tracker.active_loop_name == form
        return {name: value for name, value in held.items() if is_open and value is not None}

    def situation(self, memory: str) -> Situation:
        """Where a memory leaves the buyer; for those who want to see why."""
        return self._situating.situation_of(unpack(memory, "seen", self._agent.domain))

    def memory_after(self, situation: str) -> str:
        """A memory in which the shop has just said something of it. Raises KeyError."""
        return memory_after(situation, read_said(), self._agent.domain)

    async def words(self, response: str, **values: Any) -> Reply:
        """A response of the YAML outside a turn, one of its variants, filled."""
        tracker = DialogueStateTracker.from_events("words", [], self._agent.domain.slots)
        output = Collected("")
        await self._utter(response, tracker, output, values)
        if not output.replies:
            raise KeyError(response)
        reply, nlg = output.replies[0], self._agent.nlg
        is_ours = isinstance(nlg, FreshWording)
        return replace(
            reply, wording=nlg.wording_of(response, reply.text, values) if is_ours else ""
        )

    async def _held(self, conversation_id: str) -> DialogueStateTracker:
        tracker = await self._trackers.retrieve(conversation_id)
        assert tracker is not None  # held since the turn began
        return tracker

    async def _answer_wish(
        self,
        conversation_id: str,
        text: str,
        parse: dict[str, Any],
        metadata: dict[str, Any],
        speaker: Speaker,
        output: Collected,
    ) -> Understood:
        """Decides what is meant, lets rules and actions answer, and weighs what came of it."""
        domain = self._agent.domain
        tracker = await self._held(conversation_id)
        heard = await self._situating.hear(tracker, text, parse)
        tracker.update_with_events(list(heard.before), domain)
        output.begin_wish()
        await self._hear(conversation_id, text, heard.parse, metadata, speaker, output)
        tracker = await self._held(conversation_id)
        weighed = self._weighing.weigh(
            tracker,
            has_handed_over=output.hand_over is not None,
            situation=heard.situation,
            waits=heard.waits,
        )
        tracker.update_with_events([*heard.after, *weighed.events], domain)
        if weighed.takes_back:
            output.take_back()
        output.leave_out(weighed.left_out)
        for response in weighed.instead:
            await self._utter(response, tracker, output, dict(weighed.values))
        if weighed.hand_over is not None:
            output.hand_over = output.hand_over or weighed.hand_over
            await self._utter(
                _handing_over(speaker), tracker, output, {"back": speaker.people_back_text}
            )
        said_in = metadata["request_id"].rpartition(".")[0]
        return understood_of(text, heard, weighed.outcome, said_in, output.unwritten)

    async def _all_wishes(
        self, said: Sequence[Said]
    ) -> AsyncIterator[tuple[Said, str, str, dict[str, Any]]]:
        """(what was said, request id, text, parse data) of every wish, in order."""
        for one in said:
            for number, (text, parse) in enumerate(await wishes_of(one, self.parse)):
                yield one, f"{one.request_id}.{number}", text, parse

    async def _hear(
        self,
        conversation_id: str,
        text: str,
        parse: dict[str, Any],
        metadata: dict[str, Any],
        speaker: Speaker,
        output: Collected,
    ) -> None:
        message = UserMessage(
            text,
            output,
            conversation_id,
            parse_data=parse,
            input_channel=speaker.channel,
            message_id=metadata["request_id"],
            metadata=metadata,
        )
        await self._agent.processor.handle_message(message)

    async def _break_silence(
        self,
        output: Collected,
        tracker: DialogueStateTracker,
        understood: Sequence[Understood],
    ) -> None:
        """A turn without a word is our fault: apologise and fetch a person."""
        if output.replies or output.hand_over:
            return
        intents = ", ".join(one.intent for one in understood)
        log.error("turn.silent", intents=intents)
        await self._utter(TROUBLE_RESPONSE, tracker, output, {})
        output.hand_over = HandOver(
            reason=HandOverReason.TROUBLE, note=f"机器人没有答上来({intents})"
        )

    async def _utter(
        self,
        response: str,
        tracker: DialogueStateTracker,
        output: Collected,
        values: dict[str, Any],
    ) -> None:
        draft = await self._agent.nlg.generate(response, tracker, output.name(), **values)
        if draft:
            await output.send_response(tracker.sender_id, {**draft, "utter_action": response})
            told = {"utter_action": response}  # as what an action says: it is known to be said
            tracker.update(BotUttered(text=draft.get("text"), metadata=told))


def _handing_over(speaker: Speaker) -> str:
    return "utter_handing_over" if speaker.people_are_in else "utter_handing_over_away"
