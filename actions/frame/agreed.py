"""A yes counts for the very thing that was shown: what it was, when, and for what sum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.frame.chat import Chat
from actions.frame.clock import now

# Longer ago than a working day, the buyer no longer has the summary in mind: a bare 对 gets it
# once more. Within it a lunch break or a meeting must not cost another question.
SHOWN_FOR = timedelta(hours=12)
# In place of what was shown: the form was left for something else, and its draft waits.
PARKED = "parked"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a buyer was asked to say yes to.

    `deed_id` is the request id under which the deed is done: whatever fails, and however often the
    buyer says yes, what was shown once is done once.
    """

    what: str
    deed_id: str
    at: datetime
    total_fen: int = 0  # what is to be paid, or what goes back
    gift: str = ""
    turn_id: str = ""

    @property
    def is_fresh(self) -> bool:
        return now() - self.at < SHOWN_FOR


def keep_shown(chat: Chat, slot: str, what: str, *, total_fen: int = 0, gift: str = "") -> None:
    """To be called with the question: from now on a yes means this."""
    shown = {"what": what, "total_fen": total_fen, "gift": gift}
    turn = chat.turn
    ids = {"deed_id": turn.request_id, "turn_id": turn.turn_id}
    chat.keep(slot, {**shown, **ids, "at": now().isoformat()})


def ask_again(chat: Chat, form: str, slot: str) -> None:
    """The form that has just ended is open again at its last question: the deed was not done."""
    chat.keep(slot, None)
    chat.reopen(form, asking=slot)


def shown_in(chat: Chat, slot: str) -> Shown | None:
    kept = chat.slot(slot)
    if not isinstance(kept, dict):
        return None
    return Shown(
        what=kept["what"],
        deed_id=kept["deed_id"],
        at=datetime.fromisoformat(kept["at"]),
        total_fen=kept["total_fen"],
        gift=kept["gift"],
        turn_id=kept["turn_id"],
    )


def agree(chat: Chat, shown_slot: str, agreed_slot: str, what: str) -> bool:
    """Keeps the buyer's yes; False where `what` is not what was shown, or was shown long ago."""
    shown = shown_in(chat, shown_slot)
    if shown is not None and shown.turn_id == chat.turn.turn_id:
        return False  # said before the buyer could see it: it is asked at the end of this turn
    if shown is None or shown.what != what or not shown.is_fresh:
        chat.keep(shown_slot, None)  # the question shows it anew
        return False
    chat.keep(agreed_slot, shown.deed_id)
    return True


def agree_by_press(
    chat: Chat, shown_slot: str, agreed_slot: str, *, choice: str, what: str, total_fen: int
) -> None:
    """A button that names deed and sum, pressed under the `choice` that was shown: a yes to `what`.

    Pressed long after, or under another choice than was shown, it is none: `what` is shown anew.
    """
    shown = shown_in(chat, shown_slot)
    if shown is None or shown.what != choice or not shown.is_fresh:
        chat.keep(shown_slot, None)
        return
    chat.keep(shown_slot, {**chat.slot(shown_slot), "what": what, "total_fen": total_fen})
    chat.keep(agreed_slot, shown.deed_id)


def agreed_to(chat: Chat, shown_slot: str, agreed_slot: str, what: str) -> Shown | None:
    """What the buyer has said yes to, if it is `what`; None: no deed may follow."""
    shown, agreed = shown_in(chat, shown_slot), chat.slot(agreed_slot)
    if shown is None or agreed is None or (shown.deed_id, shown.what) != (agreed, what):
        return None
    return shown
