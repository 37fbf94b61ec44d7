"""The wishes of a turn, made of what the engine understood and the lines it was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversations.attempts import AnsweredBy
from bot.conversations.messages import Message
from bot.conversations.reading import Reading
from bot.conversations.wishes import Wish
from bot.dialogue.outcome import Outcome
from bot.engine.turns import Said, TurnResult, Understood

_LEFT = Outcome.LEFT_TO_PERSON
_MOST_RUNNERS_UP = 3
_ASKS, _ENDING = "？", 4  # characters: a sign of friendliness may stand behind
# data/patterns/entities/cues.yml, after_sale.yml
_CUE, _TAKES_BACK = "cue", frozenset(["not", "meant", "off_the_point"])


def wishes_of(
    read: Reading,
    result: TurnResult,
    answer: Sequence[Message],
    *,
    is_ours: bool,
    now: datetime,
) -> list[Wish]:
    """`answer`: what the turn said; `is_ours`: the buyer was told it.

    What the turn gave to a person unheard (it failed, or an earlier wish called for one) is a
    wish without an intent.
    """
    lines = _Lines(read)
    heard = [
        _heard(lines, one, ordinal, result, is_ours)
        for ordinal, one in enumerate(result.understood)
    ]
    if result.hand_over is not None:
        known = {one.request_id or lines.first for one in result.understood}
        unheard = [one for one in read.said if one.request_id not in known]
        heard += [
            _unheard(lines, one, ordinal, is_ours)
            for ordinal, one in enumerate(unheard, start=len(heard))
        ]
    return [_answered(one, answer, now) if is_ours else one for one in heard]


def takes_back(understood: Understood) -> bool:
    """Whether it says that we understood something wrong (不是这个, 我问的是快递)."""
    return any(one["entity"] == _CUE and one["value"] in _TAKES_BACK for one in understood.entities)


def tries_to_help(result: TurnResult) -> bool:
    """Whether something that was wanted got an answer, and our last words ask for none."""
    if result.hand_over is not None or result.is_in_form:
        return False
    if any(_ASKS in reply.text[-_ENDING:] for reply in result.replies[-1:]):
        return False
    return any(_outcome(one).tries_to_help for one in result.understood)


class _Lines:
    """Which of the buyer's lines each thing said was joined of."""

    def __init__(self, read: Reading) -> None:
        self.read = read
        self.first = read.said[0].request_id if read.said else ""
        self._at = {message.seq: message.at for message in read.pending}
        self._starts = sorted({_seq(one.request_id) for one in read.said})

    def of(self, request_id: str) -> tuple[int, int, datetime]:
        """(first, last, when the first was written)"""
        seq = _seq(request_id or self.first)
        later = [start for start in self._starts if start > seq]
        return seq, later[0] - 1 if later else self.read.pending[-1].seq, self._at[seq]


def _heard(lines: _Lines, one: Understood, ordinal: int, result: TurnResult, is_ours: bool) -> Wish:
    outcome = _outcome(one)
    others = [(name, round(chance, 4)) for name, chance in one.ranking if name != one.intent]
    return replace(
        _asked(lines, one.request_id, ordinal, one.text, outcome if is_ours else _LEFT),
        intent=one.intent,
        decided_by=one.decided_by,
        sureness=round(one.confidence, 4),
        runners_up=tuple(others[:_MOST_RUNNERS_UP]),
        is_continuation=one.is_continuation,
        asked_back=outcome is Outcome.ASKED_BACK,
        model=result.model,
        unwritten=one.unwritten,
    )


def _outcome(one: Understood) -> Outcome:
    return Outcome(one.outcome) if one.outcome else Outcome.ANSWERED


def _unheard(lines: _Lines, said: Said, ordinal: int, is_ours: bool) -> Wish:
    outcome = Outcome.HANDED_OVER if is_ours else _LEFT
    return _asked(lines, said.request_id, ordinal, said.text, outcome)


def _asked(lines: _Lines, request_id: str, ordinal: int, text: str, outcome: Outcome) -> Wish:
    seq, last_seq, asked_at = lines.of(request_id)
    return Wish(
        conversation_id=lines.read.conversation.conversation_id,
        seq=seq,
        last_seq=last_seq,
        ordinal=ordinal,
        turn_id=lines.read.attempt.turn_id,
        text=text,
        asked_at=asked_at,
        after_follow_up=lines.read.after_follow_up,
        outcome=outcome,
    )


def _answered(wish: Wish, answer: Sequence[Message], now: datetime) -> Wish:
    """A wish that was handed over is answered by the person."""
    if wish.outcome is Outcome.HANDED_OVER or not answer:
        return wish
    return replace(wish, answered_at=now, answered_by=AnsweredBy.BOT, answer_seq=answer[0].seq)


def _seq(request_id: str) -> int:
    """`conversation:seq`, as reading.py makes it."""
    return int(request_id.rpartition(":")[2])
