"""What every judgement asks, built once: building a statement costs more than running it."""

from __future__ import annotations

import sqlalchemy as sa

from bot.conversations.statements import FIELDS
from bot.conversations.tables import conversations
from bot.followups.tables import follow_ups, judgements, opt_outs, promises

_BUYER = sa.bindparam("buyer")

CHATS = sa.select(*FIELDS).where(conversations.c.buyer_id == _BUYER)
SENT_TIMES = sa.select(follow_ups.c.sent_at).where(
    follow_ups.c.buyer_id == _BUYER, follow_ups.c.sent_at.is_not(None)
)
OPTED_OUT = sa.select(opt_outs.c.at).where(opt_outs.c.buyer_id == _BUYER)
PROMISED_UNTIL = sa.select(sa.func.max(promises.c.due_at)).where(
    promises.c.buyer_id == _BUYER,
    promises.c.status == "open",
    promises.c.made_by != "",
    promises.c.due_at > sa.bindparam("now"),
)
LAST_JUDGEMENT = (
    sa.select(judgements)
    .where(judgements.c.follow_up_id == sa.bindparam("number"))
    .order_by(judgements.c.judgement_id.desc())
    .limit(1)
)
