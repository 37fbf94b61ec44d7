"""Which question stands open: by its name buttons are told that answer it from those that do not.

行 under an old offer, 对 under yesterday's summary: such a button says nothing by itself. It counts
while the question that it was shown with is the one that waits for an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.turns import FOLLOW_UP, Payload, Reply

_BARE = ("affirm", "deny")
# Where the slot keeps what exactly was shown (actions/frame/agreed.py): shown again it is the same.
SHOWN = {
    "order_confirmed": "order_shown",
    "address_confirmed": "address_shown",
    "cancel_it": "cancel_shown",
    "withdraw_it": "withdraw_shown",
    "change_confirmed": "change_shown",
    "return_confirmed": "return_shown",
    "invoice_confirmed": "invoice_shown",
    "note_it": "order_note_offered",
}
_ASKING = (
    "requested_slot",
    "open_question",
    "followup_kind",
    "form_asked",
    "form_given_up",
    "product_question",
    "product_question_said",
    "lookup_wish",
    "lookup_said",
    "change_to",
    "misunderstood",
)


def is_bare(payload: Payload | None) -> bool:
    """Whether it is a mere yes or no."""
    return payload is not None and payload.intent in _BARE and not payload.entities


def open_question(tracker: DialogueStateTracker, turn_id: str) -> str:
    """ "<what is asked>:<id>"; "" where nothing is. The id is the turn's, unless a summary has one."""
    asked = _asked(tracker)
    if not asked:
        return ""
    return f"{asked}:{_shown_id(tracker, asked) or turn_id}"


def still_stands(tracker: DialogueStateTracker, question: str) -> bool:
    """Whether the question that a button belongs to waits for its answer now."""
    asked, _, its_id = question.partition(":")
    if asked == FOLLOW_UP:
        return tracker.get_slot("followup_kind") is not None
    return asked == _asked(tracker) and _shown_id(tracker, asked) in (None, its_id)


def asking(replies: Sequence[Reply], question: str) -> tuple[Reply, ...]:
    """The replies of a turn; the last with bare buttons is the one that asks the question."""
    marked = list(replies)
    for at in reversed(range(len(marked) if question else 0)):
        if any(is_bare(one.payload) for one in marked[at].buttons):
            marked[at] = replace(marked[at], question=question)
            break
    return tuple(marked)


def is_about_asking(slot: str) -> bool:
    """Whether the slot holds what was asked, offered or shown, and not what the buyer told."""
    return slot in (*_ASKING, *SHOWN.values()) or slot.endswith(("_confirmed", "_offered"))


def _asked(tracker: DialogueStateTracker) -> str:
    slot = "requested_slot" if tracker.active_loop_name else "open_question"
    return str(tracker.get_slot(slot) or "")


def _shown_id(tracker: DialogueStateTracker, asked: str) -> str | None:
    shown = tracker.get_slot(SHOWN[asked]) if asked in SHOWN else None
    return str(shown["deed_id"]) if isinstance(shown, dict) else None
