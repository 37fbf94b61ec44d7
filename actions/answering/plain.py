"""A plain question (faq/…) has its answer in YAML; where the buyer's own order says more, that is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from actions.answering.answer import Answer
from actions.frame.chat import Chat

Looks = Callable[[Chat], Awaitable[bool]]

_LOOKS: dict[str, Looks] = {}


def looks_first(*labels: str) -> Callable[[Looks], Looks]:
    """Registers what looks at the buyer's orders before these plain questions are answered.

    It returns True where it has answered, False where the plain answer is the right one.
    """

    def register(looks: Looks) -> Looks:
        _LOOKS.update(dict.fromkeys(labels, looks))
        return looks

    return register


class AnswerPlainly(Answer):
    def name(self) -> str:
        return "action_answer_plainly"

    async def answer(self, chat: Chat) -> None:
        await answer_plainly(chat, chat.turn.label)


def is_part(label: str) -> bool:
    """Whether it is a plain question about one part of a wish; answering it does no deed."""
    return label.startswith("faq/") and "." in label


def wish_of(label: str) -> str:
    """ask_invoice of faq/ask_invoice.when: what a part-question is a part of."""
    return label.split("/")[-1].split(".")[0]


async def answer_plainly(chat: Chat, label: str) -> None:
    """`label`: full, faq/ask_invoice.when."""
    looks = _LOOKS.get(label)
    if looks is None or not await looks(chat):
        chat.reply(f"utter_{label}")
