"""Why the bot understood a line as it did and answered so: from the rows that each turn has left."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiohttp import web
from sqlalchemy.engine import Connection

from actions.frame.intent_titles import intent_titles
from bot.channels.errors import ApiError
from bot.channels.keys import DATABASE
from bot.channels.requests import whole_number
from bot.conversations import wishes
from bot.conversations.messages import Author
from bot.conversations.tables import messages
from bot.conversations.wishes import Wish
from bot.desk.inbox_views import PROJECT
from bot.desk.masking import masked_text
from bot.desk.who import reading_person
from bot.dialogue.outcome import Outcome

_REPLIES = ("data/replies", "data/nlu")
_DECIDED = {
    "alone": "这句话本身",
    "behind the last wish": "接着买家上一句的诉求来听",
    "button": "按钮",
}
OUTCOMES = {
    Outcome.ANSWERED: "回答了",
    Outcome.COURTESY: "客气话",
    Outcome.ASKED_BACK: "反问了",
    Outcome.NOT_UNDERSTOOD: "没听懂",
    Outcome.REPEATED: "重复了上次的话",
    Outcome.OFFERED_PERSON: "问要不要人工",
    Outcome.HANDED_OVER: "转了人工",
    Outcome.SILENT: "没有说话",
    Outcome.LEFT_TO_PERSON: "留给人工",
}


async def why(request: web.Request) -> web.Response:
    """GET ?seq=12: {"wishes": [...]} of a buyer's line, or of the line that answers it; [] where the
    bot has read nothing. Each says intent, sureness, margin, runners-up, what decided and where it is
    written, what came of it, and the replies with their places. Phones and addresses masked.
    """
    await reading_person(request)
    seq = whole_number(request.query.get("seq", ""))
    if seq is None:
        raise ApiError(422, "bad_field", "seq 要是一个数字")
    conversation_id, root = request.match_info["conversation_id"], request.app[PROJECT]

    def read(connection: Connection) -> list[dict[str, Any]]:
        return [
            _shown(one, _replies(connection, one, root), root)
            for one in _heard(connection, conversation_id, seq)
        ]

    return web.json_response({"wishes": await request.app[DATABASE].read(read)})


def _heard(connection: Connection, conversation_id: str, seq: int) -> list[Wish]:
    found = wishes.of_conversation(connection, conversation_id)
    mine = [one for one in found if one.seq <= seq <= one.last_seq]
    if mine:
        return mine
    line = sa.select(messages.c.turn_id).where(
        messages.c.conversation_id == conversation_id, messages.c.seq == seq
    )
    turn = connection.execute(line).scalar()
    return [one for one in found if turn and one.turn_id == turn]


def _replies(connection: Connection, wish: Wish, root: Path) -> list[dict[str, str]]:
    """Of the whole turn."""
    if not wish.turn_id:
        return []
    query = (
        sa.select(messages.c.response, messages.c.text)
        .where(
            messages.c.conversation_id == wish.conversation_id,
            messages.c.turn_id == wish.turn_id,
            messages.c.author == Author.BOT.value,
        )
        .order_by(messages.c.seq)
    )
    rows = list(connection.execute(query))
    places = reply_places(root, {row.response for row in rows if row.response})
    return [
        {
            "response": row.response,
            "place": places.get(row.response, ""),
            "text": masked_text(row.text),
        }
        for row in rows
    ]


def _shown(wish: Wish, replies: list[dict[str, str]], root: Path) -> dict[str, Any]:
    titles = intent_titles()
    others = [one for one in wish.runners_up if one[0] != wish.intent]
    sure = wish.sureness or 0.0
    return {
        "text": masked_text(wish.text),
        "intent": wish.intent,
        "title": titles.get(wish.intent, wish.intent),
        "sureness": wish.sureness,
        "margin": round(sure - others[0][1], 3) if others else None,
        "runners_up": [
            {"intent": name, "title": titles.get(name, name), "chance": chance}
            for name, chance in others
        ],
        "decided_by": decided_text(wish.decided_by),
        "decided_at": row_place(root, wish.decided_by),
        "is_continuation": wish.is_continuation,
        "outcome": wish.outcome.value,
        "outcome_text": OUTCOMES[wish.outcome],
        "corrected": wish.corrected_seq is not None,
        "meant": titles.get(wish.meant, wish.meant),
        "model": wish.model,
        "replies": replies,
    }


def decided_text(decided_by: str) -> str:
    """As a trainer would say it."""
    return _DECIDED.get(decided_by, re.sub(r"^.*/", "", decided_by))


def row_place(root: Path, decided_by: str) -> str:
    """Of `data/dialogue/expected.yml:told_parcel`: file:line; "" where no row decided."""
    file, _, key = decided_by.partition(":")
    path = root / file
    if not file.endswith(".yml") or not path.is_file():
        return ""
    wanted = re.compile(rf"\s*[\"']?{re.escape(key.split('.')[-1])}[\"']?\s*:")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if wanted.match(line):
            return f"{file}:{number}"
    return file


def reply_places(root: Path, names: Iterable[str]) -> dict[str, str]:
    """Where replies are written; the files are looked through as text."""
    wanted = {f"{name}:": name for name in names}
    found: dict[str, str] = {}
    for folder in _REPLIES:
        for path in sorted((root / folder).rglob("*.yml")):
            if len(found) == len(wanted):
                return found
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if (name := wanted.get(line.strip())) is not None:
                    found.setdefault(name, f"{path.relative_to(root).as_posix()}:{number}")
    return found
