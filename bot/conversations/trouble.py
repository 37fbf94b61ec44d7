"""What is said of a turn that failed: an apology, a person, and what it has done before it did."""

from __future__ import annotations

import structlog

from bot.conversations.ports import Answers, Deeds
from bot.conversations.reading import Reading
from bot.engine.turns import HandOver, Reply, TurnResult
from bot.handing_over import HandOverReason

log = structlog.get_logger(__name__)

# Said only where the engine cannot even give the words of utter_trouble.
_LAST_WORDS = "抱歉，我这边卡住了🙏 已经请同事来看，您稍等。"


async def given_up(engine: Answers, deeds: Deeds, found: Reading) -> TurnResult:
    """What was lost twice is not tried again; the person is told what it has done."""
    log.error("turn.given_up", conversation=found.conversation.conversation_id)
    orders = await deeds.since(found.conversation.buyer_id, found.attempt.started_at)
    done = "、".join(f"已下单{deed.number}（合计{deed.total}）" for deed in orders)
    note = f"这一轮两次没答完，{done or '没有下单'}"
    return TurnResult(
        replies=(await engine.words("utter_trouble"),),
        understood=(),
        memory=found.memory,
        hand_over=HandOver(reason=HandOverReason.TROUBLE, note=note),
    )


async def trouble(engine: Answers, found: Reading, error: Exception) -> TurnResult:
    """An apology and a person."""
    try:
        reply = await engine.words("utter_trouble")
    except Exception as another:  # beyond speaking; the buyer is told all the same
        log.error("turn.speechless", error=type(another).__name__)
        reply = Reply(text=_LAST_WORDS)
    return TurnResult(
        replies=(reply,),
        understood=(),
        memory=found.memory,
        hand_over=HandOver(
            reason=HandOverReason.TROUBLE, note=f"机器人出错({type(error).__name__})"
        ),
    )
