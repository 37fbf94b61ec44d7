"""Plays dialogues to the whole house: engine, actions, shop and database, one house a dialogue."""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from unittest.mock import patch

import numpy as np

from bench.replay.reading import BUYER, Dialogue, NothingToFill, filled
from bench.replay.setting_up import Caller, CannotSetUp, set_up
from bench.replay.transcript import Bubble, Choice, Heard, Question, Transcript, Turn
from bot.conversations import store
from bot.conversations.conversation import Status
from bot.conversations.messages import Author, Incoming, Message
from bot.conversations.ports import Answers
from bot.conversations.service import Unsendable
from bot.database import Database, upgrade
from bot.nlu.catalogue import use_catalogue
from bot.settings import Settings
from bot.shop.__main__ import DEMO
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.importing.importer import import_files
from tests.support.house import Clock, House, copied_database, settings_in

NOON = "12:00"
AGENT = "小李"


class CannotPlay(Exception):
    """A dialogue that could not be played to its end; the message says why."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code, self.why = code, why


async def seed_shop(folder: Path, settings: Settings) -> Path:
    """A database file with the demo shop in it as of today's noon, to be copied."""
    path = folder / "seeded.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    import_files(database, [DEMO], now=Clock.today(NOON, settings)())
    shop = EmbeddedShop(database)
    use_catalogue(await shop.catalogue_version(), await shop.catalogue_terms())
    database.close()
    return path


class Player:
    """Plays one dialogue after another, each in a shop of its own."""

    def __init__(
        self, engine: Answers, settings: Settings, *, seeded: Path, folder: Path, seed: int
    ) -> None:
        """`seed`: with the same one, the same code on the same day says the same."""
        self._engine, self._settings = engine, settings
        self._seeded, self._folder, self._seed = seeded, folder, seed

    async def play(self, dialogue: Dialogue) -> Transcript:
        """Raises CannotPlay."""
        folder = self._folder / dialogue.code
        folder.mkdir()
        clock = Clock.today(NOON, self._settings)
        database = copied_database(self._seeded, folder)
        try:
            caller = set_up(database, dialogue, now=clock(), folder=folder)
            house = House(settings_in(folder, self._settings), database, self._engine, clock)
            turns = await self._turns(house, dialogue, caller)
        except (CannotSetUp, NothingToFill, Unsendable) as problem:
            raise CannotPlay(dialogue.code, str(problem)) from problem
        finally:
            database.close()
        return Transcript(dialogue=dialogue, caller=caller, turns=tuple(turns))

    async def _turns(self, house: House, dialogue: Dialogue, caller: Caller) -> list[Turn]:
        opened = await house.conversations.open(
            buyer_id=caller.buyer_id, signed_in=caller.signed_in, channel="web"
        )
        lines = [line for line in dialogue.lines if line.who == BUYER]
        turns = []
        for number, line in enumerate(lines, 1):
            said = filled(line.text, caller.facts)
            with _dice_of(f"{self._seed}:{dialogue.code}:{number}"):
                turn = await _turn(house, opened.conversation_id, number, said, line.wish)
            turns.append(turn)
        return turns


async def _turn(
    house: House, conversation_id: str, number: int, said: str, wish: tuple[str, ...]
) -> Turn:
    """One line of the buyer and its answer; where a person is fetched, the desk gives back."""
    conversations = house.conversations
    before = await house.database.read(store.memory_of, conversation_id)
    incoming = Incoming(message_id=f"replay-{number}", text=said)
    receipt = await conversations.receive(conversation_id, incoming)
    await house.turns.answer(conversation_id)
    messages = await conversations.after(conversation_id, receipt.seq - 1)
    memory = await house.database.read(store.memory_of, conversation_id)
    handed_over = ""
    conversation = await conversations.find(conversation_id)
    if conversation.status is Status.WAITING:
        handed_over = conversation.hand_over_reason
        await conversations.take(conversation_id, AGENT)
        await conversations.give_back(conversation_id)
    return Turn(
        line=number,
        said=said,
        wish=wish,
        heard=tuple(_heard(messages)),
        bubbles=tuple(_bubble(one) for one in messages if one.author is Author.BOT),
        handed_over=handed_over,
        open_before=open_question(before),
        open_after=open_question(memory),
    )


def open_question(memory: str) -> Question | None:
    """The form that is active in a conversation's memory, and the slot it asks for."""
    form = slot = None
    for event in json.loads(memory) if memory else []:
        if event["event"] == "active_loop":
            form = event["name"]
        elif event["event"] == "slot" and event["name"] == "requested_slot":
            slot = event["value"]
    return Question(form=form, slot=slot) if form and slot else None


@contextmanager
def _dice_of(name: str) -> Iterator[None]:
    """Chance as this name has it: of Rasa's choice among variants, and of new numbers' digits.

    Each turn has dice of its own, so that a change in one does not change the words of the next.
    """
    seed = zlib.crc32(name.encode())
    np.random.seed(seed)
    with patch.object(secrets, "randbelow", Random(seed).randrange):
        yield


def _heard(messages: Sequence[Message]) -> Iterator[Heard]:
    for message in messages:
        for one in message.understood:
            yield Heard(
                text=one["text"],
                intent=one["intent"],
                confidence=one["confidence"],
                ranking=tuple((name, chance) for name, chance in one["ranking"]),
            )


def _bubble(message: Message) -> Bubble:
    return Bubble(
        text=message.text or ("[图片]" if message.picture else ""),
        response=message.response,
        buttons=tuple(
            Choice(title=one.title, intent=str((one.payload or {}).get("intent", "")))
            for one in message.buttons
        ),
        card=message.card,
    )
