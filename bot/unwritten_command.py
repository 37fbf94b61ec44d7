"""`python -m bot unwritten`: what buyers asked that the shop's data do not tell, for its owner."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone

from bot.conversations.unwritten import unwritten
from bot.database import Database, DatabaseUnavailable, upgrade
from bot.desk.masking import masked_text
from bot.settings import Settings


def list_unwritten(settings: Settings, days: int) -> int:
    """A line each: how often, of which product, in which words."""
    database = Database(settings.database_url)
    try:
        upgrade(database)
        since = datetime.now(timezone.utc) - timedelta(days=days)
        found = database.read_sync(unwritten, since)
    except (DatabaseUnavailable, OSError) as error:
        print(f"数据库打不开：{error}", file=sys.stderr)
        return 1
    finally:
        database.close()
    for one in found:
        words = " / ".join(masked_text(text) for text in one.texts)
        print(f"{one.times} 次\t{one.product_id or '没说哪款'}\t{words}")
    if not found:
        print(f"最近 {days} 天没有答不上来的商品问题。")
    return 0
