"""`python -m bot followups`: what came of following up, and of promises, for the shop's owner."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone

from sqlalchemy.engine import Connection

from bot.database import Database, DatabaseUnavailable, upgrade
from bot.followups.report import KindFigures, comparison, figures, promise_figures
from bot.settings import Settings
from bot.shop.embedded.amends import AmendsOfMonth, of_month
from bot.shop.embedded.house import read_house

LED_TO = {
    "answered": "回了话", "paid": "付了款", "review": "写了评价", "return": "要退换",
    "refused": "说不要", "opt_out": "退订",
}  # fmt: skip


def report_follow_ups(settings: Settings, days: int) -> int:
    database = Database(settings.database_url)
    since = datetime.now(timezone.utc) - timedelta(days=days)
    try:
        upgrade(database)
        found = database.read_sync(figures, since)
        made = database.read_sync(promise_figures, since)
        amends = None if settings.shop_api_url else database.read_sync(_amends, settings)
    except (DatabaseUnavailable, OSError) as error:
        print(f"数据库打不开：{error}", file=sys.stderr)
        return 1
    finally:
        database.close()
    for one in found:
        print(_line(one))
    for matter, count in sorted(made.items()):
        told = "，".join(f"{status} {number}" for status, number in sorted(count.items()))
        print(f"承诺 {matter}\t{told}")
    if amends is not None:
        print(_amends_line(amends))
    if not found and not made:
        print(f"最近 {days} 天没有跟进，也没有承诺。")
    return 0


def _amends(connection: Connection, settings: Settings) -> AmendsOfMonth | None:
    now = datetime.now(timezone.utc)
    return of_month(connection, read_house(connection), now, settings.shop.zone)


def _amends_line(one: AmendsOfMonth) -> str:
    most = "不限" if one.at_most is None else f"最多 {one.at_most} 张"
    each = "每人一次" if one.per_buyer is None else f"每人每月最多 {one.per_buyer} 张"
    told = f"送出 {one.given} 张（{most}，{each}），共减 {one.off_fen / 100:g} 元"
    return f"晚到补偿券 {one.month}\t{one.coupon}：{told}"


def _line(one: KindFigures) -> str:
    parts = [f"{one.kind}\t计划 {one.planned}，发出 {one.sent}，等着 {one.waiting}"]
    parts += [f"{text} {one.led_to[name]}" for name, text in LED_TO.items() if name in one.led_to]
    for title, count in (("没发", one.dropped), ("推迟过", one.held_back)):
        if count:
            parts.append(f"{title}（{'，'.join(f'{k} {v}' for k, v in sorted(count.items()))}）")
    if (two := comparison(one.wordings)) is not None:
        shares = [f"{100 * share.share:.0f}%（{share.of} 次）" for share in (two.first, two.second)]
        needed = two.still_needed
        verdict = {0: "有差别", None: "看不出差别"}.get(needed, f"还要各发 {needed} 次才看得出")
        parts.append(f"两种说法 {' 比 '.join(shares)}：{verdict}")
    return "；".join(parts)
