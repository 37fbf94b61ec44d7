"""`python -m bench.inbox_gain [FILE]`: what the inbox's order is worth, beside decisions at random.

Half of the clear labelled real lines is the pool, the other half the measure, five splits. From the pool
`DECISIONS` rows are decided with their labels, in the order that the inbox proposes and, `DRAWS` times, at
random, a line a decision. Both teach the same light judge (`Likeness`), of all training lines and of a
fifth: what is compared is which lines are asked about, not how well a whole training learns them. Nothing
is written.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from bench.figures import markdown, median
from bench.nlu_report import REAL, ROOT
from bench.nlu_scores import Row, read_rows
from bot.conversations.wishes import Wish
from bot.dialogue.outcome import Outcome
from bot.nlu.training_lines import training_files, training_lines
from bot.trainer.inbox import rows_of
from bot.trainer.likeness import Likeness
from bot.trainer.plain_lines import PlainLines

SPLITS, DECISIONS, DRAWS, SEED = 5, 100, 4, 7
_SURE = 0.7  # below it a line comes into the inbox
_NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
Lines = Sequence[tuple[str, str]]  # (plain text, intent)


def main() -> int:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL
    if not file.is_file():
        print(f"{file} is not beside us")
        return 2
    plain = PlainLines(ROOT / "var" / "check")
    clear = [row for row in read_rows(file) if row.intent not in ("unclear", "out_of_scope")]
    taught = training_lines(training_files(ROOT / "data" / "nlu"))
    texts = plain.of([line.text for line in taught])
    lines = [
        (text, line.intent.removeprefix("faq/").split(".")[0])
        for text, line in zip(texts, taught, strict=True)
    ]
    table = []
    for name, share in (("all lines", 1.0), ("a fifth of the lines", 0.2)):
        dice = random.Random(SEED)
        known = dice.sample(lines, int(len(lines) * share))
        gains = [_gains(known, clear, plain, dice) for _ in range(SPLITS)]
        for what, at in (("inbox", 0), ("random", 1)):
            values = [one[at] for one in gains]
            table.append((f"{name}, {what}", median(values), min(values), max(values)))
    print(markdown(("points gained by 100 decisions", "median", "least", "most"), table))
    return 0


def _gains(
    known: Lines, clear: Sequence[Row], plain: PlainLines, dice: random.Random
) -> tuple[float, float]:
    """(by the inbox, at random), in points of the measure's lines."""
    rows = list(clear)
    dice.shuffle(rows)
    pool, measure = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    before = _right(known, measure, plain)
    proposed = _right([*known, *_by_inbox(known, pool, plain)], measure, plain)
    drawn = []
    for _ in range(DRAWS):
        some = dice.sample(pool, min(DECISIONS, len(pool)))
        lines = [(plain.of([row.text])[0], row.intent) for row in some]
        drawn.append(_right([*known, *lines], measure, plain))
    return proposed - before, sum(drawn) / len(drawn) - before


def _by_inbox(known: Lines, pool: Sequence[Row], plain: PlainLines) -> Lines:
    """What the first decisions write: the lines of each row under the label of the row's own line."""
    likeness = Likeness([text for text, _ in known], [intent for _, intent in known])
    chances = likeness.chances_of(plain.of([row.text for row in pool])).max(axis=1)
    wishes = [
        Wish(
            conversation_id=str(at),
            seq=1,
            last_seq=1,
            ordinal=0,
            text=row.text,
            asked_at=_NOW,
            outcome=Outcome.ASKED_BACK,
            sureness=float(chance),
        )
        for at, (row, chance) in enumerate(zip(pool, chances, strict=True))
        if chance < _SURE
    ]
    written: list[tuple[str, str]] = []
    for row in rows_of(wishes, likeness, plain)[:DECISIONS]:
        label = pool[int(row.chats[0].partition(":")[0])].intent
        written += [(text, label) for text in plain.of(row.lines)]
    return written


def _right(known: Lines, measure: Sequence[Row], plain: PlainLines) -> float:
    likeness = Likeness([text for text, _ in known], [intent for _, intent in known])
    read = likeness.chances_of(plain.of([row.text for row in measure])).argmax(axis=1)
    right = [likeness.labels[int(at)] in row.accept for at, row in zip(read, measure, strict=True)]
    return 100 * sum(right) / len(right)


if __name__ == "__main__":
    sys.exit(main())
