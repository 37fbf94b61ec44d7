"""The fit reads all lines at once; what it finds holds for `decide`, which reads one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.nlu_scores import Row
from bench.situation import read_context
from bench.situation_fit import PRIOR, fit, lines_of
from bot.dialogue.expected import Level, Table
from bot.dialogue.expected import Row as Expected
from bot.dialogue.reading import Heard, decide
from bot.dialogue.weights import Weights

LABELS = ("goodbye", "deny", "stock_check", "track_parcel", "faq/track_parcel.lost", "affirm")
TABLE = Table(
    situations={
        "anything_else": Expected(name="a", levels={"goodbye": Level.VERY_LIKELY}),
        "told_parcel": Expected(
            name="b", levels={"track_parcel": Level.LIKELY, "goodbye": Level.UNLIKELY}
        ),
    },
    matters={"track_parcel": Expected(name="c", levels={"deny": Level.LIKELY})},
    values={"dear": Expected(name="d", levels={"affirm": Level.LIKELY})},
)
ALONE = (("stock_check", 0.6), ("deny", 0.3), ("affirm", 0.1))
BEHIND = (("track_parcel", 0.7), ("faq/track_parcel.lost", 0.2), ("deny", 0.1))
HEARD = [
    Heard(alone=ALONE, length=4),
    Heard(alone=ALONE, told=("anything_else",), length=2),
    Heard(alone=ALONE, told=("anything_else", "told_parcel"), shop=BEHIND, length=9),
    Heard(alone=ALONE, behind=BEHIND, matter="track_parcel", length=3),
    Heard(alone=ALONE, behind=BEHIND, shop=BEHIND, matter="deny", told=("other",), length=1),
    Heard(alone=ALONE, told=("told_parcel",), values=frozenset({"dear"}), length=30),
    Heard(alone=ALONE, shop=BEHIND, values=frozenset({"dear"}), length=5),
    Heard(alone=(("deny", 1.0),), told=("told_parcel",), behind=BEHIND, length=2),
]
WEIGHTS = [
    PRIOR,
    replace(PRIOR, sure=0.0, spoken=1.0, shop=0.0),
    replace(PRIOR, sure=1.0, spoken=0.3, shop=0.8, behind=0.6, short=5.0),
]


@pytest.mark.parametrize("weights", WEIGHTS)
def test_the_arrays_say_what_one_line_says(weights: Weights) -> None:
    found = lines_of(HEARD, TABLE, LABELS).chances(weights)
    for line, one in zip(found, HEARD, strict=True):
        said = dict(decide(one, TABLE, weights).ranking)
        if one.told or one.behind or one.values:
            assert line == pytest.approx([said.get(label, 0.0) for label in LABELS], abs=1e-9)
        assert LABELS[int(np.argmax(line))] == max(said, key=lambda intent: said[intent])


def test_weights_go_where_the_lines_are_right() -> None:
    """Where the wish before it always tells, its voice grows; where it never does, it fades."""
    heard = [Heard(alone=ALONE, behind=BEHIND, matter="track_parcel", length=3)] * 5
    trusting = fit(heard, [Row("那呢", "track_parcel", ("track_parcel",))] * 5, TABLE, LABELS)
    doubting = fit(heard, [Row("那呢", "stock_check", ("stock_check",))] * 5, TABLE, LABELS)
    assert trusting.behind > PRIOR.behind > doubting.behind


def test_what_counts_nothing_is_not_fitted_on() -> None:
    heard = [Heard(alone=ALONE, behind=BEHIND, matter="track_parcel", length=3)] * 2
    rows = [Row("那呢", name, (name,)) for name in ("track_parcel", "stock_check")]
    both = fit(heard, rows, TABLE, LABELS, counts=[1.0, 0.0])
    assert both == fit(heard[:1], rows[:1], TABLE, LABELS)


def test_the_shop_s_last_lines_are_those_since_the_buyer_s(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    before = '[{"who":"shop","text":"在"},{"who":"buyer","text":"嗯"},{"who":"shop","text":"好"},{"who":"shop","text":"的"}]'
    file.write_text(
        f'{{"text":"哦","intent":"affirm","accept":["affirm"],"situation":["other"],"alone":"yes","before":{before}}}\n',
        encoding="utf-8",
    )
    [row] = read_context(file)
    assert (row.earlier, row.said) == (("嗯",), ("好", "的"))
