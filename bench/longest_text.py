"""How long the entity rules take for the worst texts that are read at all.

    python -m bench.longest_text

Each line: a piece that fills the longest text, and the milliseconds of the best of five runs.
20 ms is what one buyer may hold up the others; tests/test_linear_patterns.py keeps the patterns
linear, tests/nlu/test_longest_text.py the rules around them.
"""

from __future__ import annotations

from datetime import date
from time import process_time

from bot.conversations.reflexes import LONGEST_READ
from bot.nlu.entities import EntityRules

PIECES = ("1", "一二", "十一", "一千", "好1", " 1", "2个", "我要2件 ", "a1", "a@a", "1-", "1.", "1米",
          "脚1", "16", "省1号", "月1号", "地址", "公司", "收货人王", "黑茶", "开果器 ", "手机膜 ", "好")  # fmt: skip


def main() -> None:
    rules, today = EntityRules(), date(2026, 1, 1)
    rules.find("在吗", today)  # builds what the first message needs
    for piece in PIECES:
        text = (piece * LONGEST_READ)[:LONGEST_READ]
        best = min(_milliseconds(rules, text, today) for _ in range(5))
        print(f"{piece!r:12} {best:6.1f} ms")


def _milliseconds(rules: EntityRules, text: str, today: date) -> float:
    start = process_time()
    rules.find(text, today)
    return (process_time() - start) * 1000


if __name__ == "__main__":
    main()
