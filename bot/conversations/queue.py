"""What a buyer who waits for a person is told: the place in the queue, the usual wait, who is in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from bot.conversations import store, waits
from bot.conversations.conversation import Conversation, Status
from bot.conversations.ports import Answers, People
from bot.database import Database
from bot.engine.turns import Button, Reply

_AFTER_OPENING = timedelta(minutes=30)  # what was left at night is answered by then
_OFTEN_ENOUGH = timedelta(minutes=3)  # the same news is not told again sooner
NOTED, BACK = "utter_waiting_noted", "utter_waiting_over"
_MEANWHILE = "utter_waiting_meanwhile"  # behind words that have told when people are back
_NO_PERSON = "utter_waiting_no_person"  # words of the button
_AWAY, _NOBODY_IN = "utter_waiting_away", "utter_waiting_nobody_in"
_NEXT, _AHEAD = "utter_waiting_next", "utter_waiting_ahead"
_NEXT_USUAL, _AHEAD_USUAL = "utter_waiting_next_usual", "utter_waiting_ahead_usual"
TELLING = (NOTED, _MEANWHILE, _AWAY, _NOBODY_IN, _NEXT, _AHEAD, _NEXT_USUAL, _AHEAD_USUAL)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in the queue, and what may be promised."""

    ahead: int  # how many stand before
    usual: timedelta | None  # how long it takes as a rule; None: nobody knows
    in_hours: bool
    is_anybody_in: bool
    back_text: str
    promised_for: datetime | None


class Queue:
    def __init__(self, database: Database, people: People, clock: Callable[[], datetime]) -> None:
        self._database, self._people, self._clock = database, people, clock

    async def place(self, conversation: Conversation, urgency: int) -> Place:
        """`urgency`: with which it waits, or would from now on."""
        now = self._clock()
        since = conversation.waiting_since if conversation.status is Status.WAITING else None

        def read(connection: Connection) -> tuple[int, timedelta | None]:
            return waits.ahead_of(connection, urgency, since), waits.usual(connection, now)

        ahead, usual = await self._database.read(read)
        in_hours = self._people.are_in_hours(now)
        return Place(
            ahead=ahead,
            usual=usual,
            in_hours=in_hours,
            is_anybody_in=in_hours and await self._people.is_anybody_in(),
            back_text=self._people.back_text(now),
            promised_for=self._promise(now, usual, in_hours=in_hours),
        )

    def _promise(
        self, now: datetime, usual: timedelta | None, *, in_hours: bool
    ) -> datetime | None:
        if in_hours:
            return None if usual is None else now + usual
        back = self._people.back_at(now)
        return None if back is None else back + _AFTER_OPENING

    async def handed_over(
        self, engine: Answers, conversation: Conversation, urgency: int, said: tuple[Reply, ...]
    ) -> tuple[tuple[Reply, ...], Place]:
        """The turn's words with the truth about the waiting at their end, in the same bubble."""
        place = await self.place(conversation, urgency)
        if place.in_hours:
            told = await self._standing(engine, place)
        else:
            told = await self._told(engine, _MEANWHILE)
        last = said[-1] if said else None
        if last is None or last.buttons or last.card is not None or not last.text:
            return (*said, told), place
        text = f"{last.text}\n{told.text}"
        return (*said[:-1], replace(last, text=text, buttons=told.buttons)), place

    async def standing(self, engine: Answers, conversation: Conversation) -> Reply:
        """For who waits and asks how long still."""
        return await self._standing(engine, await self.place(conversation, conversation.urgency))

    async def noted(self, engine: Answers, conversation: Conversation) -> tuple[Reply, ...]:
        """For a line that is left to the person; nothing where that was told a moment ago."""
        recently = self._clock() - _OFTEN_ENOUGH
        if await self._database.read(
            store.has_said, conversation.conversation_id, *TELLING, since=recently
        ):
            return ()
        noted = await engine.words(NOTED)
        since = conversation.waiting_since
        if since is not None and since > recently:  # the hand-over has just told the place
            return (noted,)
        told = await self.standing(engine, conversation)
        return (replace(noted, text=f"{noted.text}\n{told.text}", buttons=told.buttons),)

    async def _standing(self, engine: Answers, place: Place) -> Reply:
        if not place.in_hours:
            return await self._told(engine, _AWAY, back=place.back_text)
        if not place.is_anybody_in:
            return await self._told(engine, _NOBODY_IN)
        if place.usual is None:
            if place.ahead:
                return await self._told(engine, _AHEAD, ahead=place.ahead)
            return await self._told(engine, _NEXT)
        usual = wait_text(place.usual)
        if place.ahead:
            return await self._told(engine, _AHEAD_USUAL, ahead=place.ahead, wait=usual)
        return await self._told(engine, _NEXT_USUAL, wait=usual)

    async def _told(self, engine: Answers, response: str, **values: Any) -> Reply:
        """With the button by which the buyer goes back to the bot."""
        told = await engine.words(response, **values)
        title = (await engine.words(_NO_PERSON)).text
        return replace(told, buttons=(Button(title=title, payload=None),))


def wait_text(wait: timedelta) -> str:
    """1分钟内, 5分钟左右, 1小时左右, 3小时左右."""
    minutes = -(-int(wait.total_seconds()) // 60)
    if minutes <= 1:
        return "1分钟内"
    if minutes < 60:
        return f"{minutes}分钟左右"
    return f"{round(minutes / 60)}小时左右"
