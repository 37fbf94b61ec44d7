"""A picture sent outside any form: the bot sees no pictures and says so, but loses none."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.frame.chat import Chat
from actions.orders.orders import ask_anyway


class TakePicture(Answer):
    def name(self) -> str:
        return "action_take_picture"

    async def answer(self, chat: Chat) -> None:
        sent = [str(picture) for picture in chat.turn.values("picture")]
        chat.keep("picture_loose", [*(chat.slot("picture_loose") or ()), *sent])
        ask_anyway(chat, "what_picture", "utter_what_picture")
