"""Wishes as rows: what was heard, by which row it was decided, how sure, and what came of it.

Desk, figures and the trainers' inbox read these and nothing else. Every function works inside its
caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.attempts import AnsweredBy
from bot.conversations.messages import Author, Message
from bot.conversations.tables import messages, wishes
from bot.dialogue.outcome import Outcome

# What a person still owes an answer to.
_WITH_PEOPLE = (Outcome.HANDED_OVER.value, Outcome.LEFT_TO_PERSON.value)
# What a trainer should look at.
UNCLEAR = (
    Outcome.ASKED_BACK,
    Outcome.NOT_UNDERSTOOD,
    Outcome.REPEATED,
    Outcome.OFFERED_PERSON,
    Outcome.HANDED_OVER,
    Outcome.LEFT_TO_PERSON,
)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One thing wanted, as it was heard in a turn; or what a person read, without an intent."""

    conversation_id: str
    seq: int  # of the first line it was heard in
    last_seq: int
    ordinal: int  # among the wishes of its turn
    turn_id: str = ""  # "" = no turn of the bot has read it
    text: str
    asked_at: datetime
    answered_at: datetime | None = None
    answered_by: AnsweredBy = AnsweredBy.NOBODY
    agent: str = ""
    answer_seq: int | None = None  # of the first message of the answer
    after_follow_up: bool = False
    intent: str = ""
    decided_by: str = ""
    sureness: float | None = None  # 0..1
    runners_up: tuple[tuple[str, float], ...] = ()
    is_continuation: bool = False
    asked_back: bool = False
    outcome: Outcome
    model: str = ""
    corrected_seq: int | None = None  # the buyer's line that took it back
    meant: str = ""  # the intent of that line
    unwritten: str | None = None  # no data of the shop tell it: of which product, "" = of none
    unhelpful_at: datetime | None = None  # the buyer pressed so under the answer


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How often an intent had an outcome under a model."""

    intent: str
    outcome: Outcome
    model: str
    count: int
    corrected: int  # of them


# -- writing


def keep(connection: Connection, heard: Sequence[Wish]) -> None:
    """In one statement; nothing where nothing was heard."""
    if heard:
        connection.execute(_INSERT, [_row(one) for one in heard])


def keep_beside_person(connection: Connection, heard: Sequence[Wish]) -> None:
    """Of a turn that a person has overtaken. Their answer to its lines, if there is one already,
    has a row without an intent: it becomes the answer to what was heard."""
    if not heard:
        return
    theirs = sa.and_(
        wishes.c.conversation_id == heard[0].conversation_id,
        wishes.c.turn_id == "",
        wishes.c.seq <= heard[-1].last_seq,
        wishes.c.last_seq >= heard[0].seq,
    )
    answer = connection.execute(sa.select(wishes).where(theirs).limit(1)).first()
    rows = [_row(one) for one in heard]
    if answer is not None:
        connection.execute(sa.delete(wishes).where(theirs))
        taken = ("answered_at", "answered_by", "agent", "answer_seq")
        rows = [{**row, **{name: answer[name] for name in taken}} for row in rows]
        rows[-1]["last_seq"] = max(rows[-1]["last_seq"], answer.last_seq)
    connection.execute(_INSERT, rows)


def answered_by_agent(connection: Connection, answer: Message, *, since: int) -> None:
    """An agent has spoken: what was left to people since message `since` is answered, and the
    lines that no turn has read are a wish of their own."""
    connection.execute(
        _ANSWERED,
        {
            "of_conversation": answer.conversation_id,
            "since": since,
            "answered_at": answer.at,
            "answered_by": AnsweredBy.AGENT.value,
            "agent": answer.agent,
            "answer_seq": answer.seq,
        },
    )
    keep(connection, _unread(connection, answer.conversation_id, since, answer))


def unanswered_again(connection: Connection, conversation_id: str, answer_seq: int) -> None:
    """The agent's line that answered is taken back."""
    connection.execute(
        sa.update(wishes)
        .where(
            wishes.c.conversation_id == conversation_id,
            wishes.c.answer_seq == answer_seq,
            wishes.c.answered_by == AnsweredBy.AGENT.value,
        )
        .values(answered_at=None, answered_by=AnsweredBy.NOBODY.value, agent="", answer_seq=None)
    )


def left_unanswered(connection: Connection, conversation_id: str, *, since: int) -> None:
    """A person ends it without a word: the lines that nobody answered stay known."""
    keep(connection, _unread(connection, conversation_id, since, None))


def correct(connection: Connection, by: Wish) -> None:
    """The buyer takes back how the wish before this one was understood."""
    mine = wishes.c
    before = (
        sa.select(mine.seq, mine.ordinal)
        .where(
            mine.conversation_id == by.conversation_id,
            sa.or_(mine.seq < by.seq, sa.and_(mine.seq == by.seq, mine.ordinal < by.ordinal)),
            mine.outcome != Outcome.COURTESY.value,
        )
        .order_by(mine.seq.desc(), mine.ordinal.desc())
        .limit(1)
    )
    last = connection.execute(before).first()
    if last is None:
        return
    connection.execute(
        sa.update(wishes)
        .where(
            mine.conversation_id == by.conversation_id,
            mine.seq == last.seq,
            mine.ordinal == last.ordinal,
            mine.answered_by == AnsweredBy.BOT.value,
        )
        .values(corrected_seq=by.seq, meant=by.intent)
    )


# -- reading


def of_conversation(connection: Connection, conversation_id: str) -> list[Wish]:
    """Oldest first."""
    query = sa.select(wishes).where(wishes.c.conversation_id == conversation_id)
    return _many(connection, query.order_by(wishes.c.seq, wishes.c.ordinal))


def unclear(
    connection: Connection, since: datetime, until: datetime, *, limit: int = 1000
) -> list[Wish]:
    """What a trainer should look at of [since, until): not understood, asked back, told twice,
    given to people, taken back by the buyer, or pressed as no help. Newest first."""
    mine = wishes.c
    query = sa.select(wishes).where(
        mine.asked_at >= since,
        mine.asked_at < until,
        sa.or_(
            mine.outcome.in_([outcome.value for outcome in UNCLEAR]),
            mine.corrected_seq.is_not(None),
            mine.unhelpful_at.is_not(None),
        ),
    )
    ordered = query.order_by(mine.asked_at.desc(), mine.conversation_id, mine.seq, mine.ordinal)
    return _many(connection, ordered.limit(limit))


def outcomes(connection: Connection, since: datetime, until: datetime) -> list[Tally]:
    """What came of the wishes of [since, until), by intent and model, the most frequent first."""
    mine = wishes.c
    count = sa.func.count()
    query = (
        sa.select(
            mine.intent,
            mine.outcome,
            mine.model,
            count.label("times"),
            sa.func.count(mine.corrected_seq).label("corrected"),
        )
        .where(mine.asked_at >= since, mine.asked_at < until)
        .group_by(mine.intent, mine.outcome, mine.model)
        .order_by(count.desc(), mine.intent, mine.outcome, mine.model)
    )
    return [
        Tally(
            intent=row.intent,
            outcome=Outcome(row.outcome),
            model=row.model,
            count=row.times,
            corrected=row.corrected,
        )
        for row in connection.execute(query)
    ]


_INSERT = wishes.insert()
_ANSWERED = (
    wishes.update()
    .where(
        wishes.c.conversation_id == sa.bindparam("of_conversation"),
        wishes.c.seq >= sa.bindparam("since"),
        wishes.c.answered_at.is_(None),
        wishes.c.outcome.in_(_WITH_PEOPLE),
    )
    .values(
        {name: sa.bindparam(name) for name in ("answered_at", "answered_by", "agent", "answer_seq")}
    )
)


def _unread(
    connection: Connection, conversation_id: str, since: int, answer: Message | None
) -> list[Wish]:
    """The buyer's lines since message `since` that no wish was heard in, as one; none, or one."""
    known = (
        sa.select(sa.func.coalesce(sa.func.max(wishes.c.last_seq), 0))
        .where(wishes.c.conversation_id == conversation_id, wishes.c.seq >= since)
        .scalar_subquery()
    )
    query = sa.select(messages.c.seq, messages.c.at, messages.c.text).where(
        messages.c.conversation_id == conversation_id,
        messages.c.seq >= since,
        messages.c.seq > known,
        messages.c.author == Author.BUYER.value,
        messages.c.turn_id == "",
        messages.c.is_pending == sa.false(),
    )
    lines = connection.execute(query.order_by(messages.c.seq)).all()
    if not lines:
        return []
    return [
        Wish(
            conversation_id=conversation_id,
            seq=lines[0].seq,
            last_seq=lines[-1].seq,
            ordinal=0,
            text="\n".join(line.text for line in lines),
            asked_at=lines[0].at,
            answered_at=answer.at if answer else None,
            answered_by=AnsweredBy.AGENT if answer else AnsweredBy.NOBODY,
            agent=answer.agent if answer else "",
            answer_seq=answer.seq if answer else None,
            outcome=Outcome.LEFT_TO_PERSON,
        )
    ]


def _row(wish: Wish) -> dict[str, Any]:
    return {
        **vars(wish),
        "answered_by": wish.answered_by.value,
        "runners_up": [list(one) for one in wish.runners_up],
        "outcome": wish.outcome.value,
    }


def _many(connection: Connection, query: Any) -> list[Wish]:
    return [_wish(row) for row in connection.execute(query)]


def _wish(row: Any) -> Wish:
    values = dict(row._mapping)
    values["answered_by"] = AnsweredBy(values["answered_by"])
    values["runners_up"] = tuple((name, chance) for name, chance in values["runners_up"])
    values["outcome"] = Outcome(values["outcome"])
    return Wish(**values)
