"""The frame of every action that answers a buyer: read, one deed at the shop, reply."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.frame.chat import Chat, Event
from actions.frame.shop import shop
from actions.hearing.parts import leave_out_parts
from actions.hearing.touched import hear_out
from bot.handing_over import HandOverReason
from bot.shop.words.errors import (
    CannotDeliver,
    OutOfStock,
    ProofNeeded,
    ShopUnavailable,
    TooManyTries,
    UnknownProduct,
    UnknownSku,
    WrongMoment,
)

_FIRST: list[Callable[[Chat], Awaitable[bool]]] = []


def comes_first(look: Callable[[Chat], Awaitable[bool]]) -> Callable[[Chat], Awaitable[bool]]:
    """Registers what looks at a line before any action answers it; True: it has answered."""
    _FIRST.append(look)
    return look


class Answer(Action, ABC):  # type: ignore[misc]  # rasa_sdk ships no types
    """Subclasses give `name()` and `answer(chat)`.

    An open question that the answer did not renew is closed, so that a later 好的 is not taken
    for a yes to something long past. A question of a form stays: the form asks it again.
    """

    @abstractmethod
    async def answer(self, chat: Chat) -> None: ...

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
    ) -> list[Event]:
        chat = Chat(dispatcher, tracker, shop())
        hear_out(chat)
        if chat.turn.has("goods", "product", "kind"):
            await answer_kindly(leave_out_parts, chat)
        if await answer_kindly(self._answer_or_what_comes_first, chat):
            settle(chat)
            was_served(chat)
        else:
            self.stay(chat)
        return chat.events()

    async def _answer_or_what_comes_first(self, chat: Chat) -> None:
        if not chat.turn.has_answer:
            for look in _FIRST:
                if await look(chat):
                    return
        await self.answer(chat)

    def stay(self, chat: Chat) -> None:  # most have nothing to keep open
        """The shop could not be read: leaves open what the buyer will answer once more."""


async def answer_kindly(answer: Any, chat: Chat) -> bool:
    """Runs `answer(chat)`; what the shop refuses becomes a kind word or a person.

    False where the shop could not be read: then nothing was said or kept but the apology.
    """
    try:
        await answer(chat)
    except TooManyTries:
        chat.reply("utter_too_many_tries")
    except ProofNeeded:
        chat.reply("utter_proof_by_person")
        chat.keep("handoff_reason", HandOverReason.NO_DATA.value)
        chat.ask("hand_over", "utter_offer_person")
    except ShopUnavailable:
        chat.take_back()
        _apologise(chat)
        return False
    except WrongMoment as error:
        chat.reply("utter_wrong_moment")
        chat.hand_over(HandOverReason.WRONG_MOMENT, f"订单状态 {error.status}, 机器人不能办理")
    except OutOfStock as error:
        chat.reply("utter_not_enough_left", left=error.left)
    except UnknownSku:
        chat.reply("utter_no_such_sku")
    except UnknownProduct:
        chat.reply("utter_product_gone")
    except CannotDeliver as error:
        chat.reply("utter_postage_nowhere", region=error.region)
    return True


def _apologise(chat: Chat) -> None:
    """Once the same is simply tried again; two turns in a row are for a person."""
    failed_in = chat.slot("shop_failed")
    if failed_in is None:
        chat.keep("shop_failed", chat.turn.turn_id)
        chat.reply("utter_shop_hiccup")
    elif failed_in != chat.turn.turn_id:  # else another step of this turn has said so
        chat.keep("shop_failed", None)
        chat.reply("utter_shop_unavailable")
        chat.hand_over(HandOverReason.TROUBLE, "店铺数据连着两次读不到")


def was_served(chat: Chat) -> None:
    """The shop could be read; what failed earlier in this very turn still counts."""
    if chat.slot("shop_failed") != chat.turn.turn_id:
        chat.keep("shop_failed", None)


def settle(chat: Chat) -> None:
    """Closes what this turn has answered."""
    if not chat.has_asked:
        chat.keep("open_question", None)
    chat.keep("followup_kind", None)


class CloseQuestion(Answer):
    """After a plain reply from YAML: what was asked before it is no longer open."""

    def name(self) -> str:
        return "action_close_question"

    async def answer(self, chat: Chat) -> None:
        return None
