"""两样一起多少, 都要: the goods that such a line means, without naming one of them."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.profile import profile_of

_TWO, _THREE = 2, 3


def side_by_side(chat: Chat) -> list[str]:
    """Ids of the goods shown last; 两样一起 also means the two of which one was picked since, and
    where the talk has gone on to others, these and the ones talked of right before them."""
    turn = chat.turn
    shown: list[str] = chat.slot("product_shown") or []
    row: list[str] = chat.slot("product_row") or []
    other, in_talk = chat.slot("product_before"), chat.slot("product_in_talk")
    if hears(turn, "the_three"):
        rows = (one for one in (shown, row) if len(one) == _THREE and in_talk in one)
        return next(rows, _talked_of(chat, _THREE))
    if in_talk and shown and in_talk not in shown:
        return _talked_of(chat, _TWO)
    is_of_two = hears(turn, "the_two") and len(row) == _TWO
    if len(shown) > 1 or not is_of_two or in_talk not in row:
        return shown
    return shown if other and other not in row else row


def two_talked_of(chat: Chat) -> list[str]:
    """两个都要, of goods talked of one after another; [] where others were shown."""
    shown, in_talk = chat.slot("product_shown") or [], chat.slot("product_in_talk")
    is_said = hears(chat.turn, "the_two", "the_three") and not (len(shown) > 1 and in_talk in shown)
    if not is_said or chat.turn.has("colour", "size", "product", "kind", "category"):
        return []
    found = _talked_of(chat, _THREE if hears(chat.turn, "the_three") else _TWO)
    return found if len(found) > 1 else []


def _talked_of(chat: Chat, number: int) -> list[str]:
    """So many of the goods talked of last, the earliest first, without refused ones."""
    profile = profile_of(chat)
    kept = [one for one in profile.talked_of if one not in profile.refused]
    return kept[-number:]
