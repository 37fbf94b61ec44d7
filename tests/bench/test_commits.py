"""Two checkouts beside each other: what is 5 % worse is said to be."""

from __future__ import annotations

import pytest

from bench.commits import FIGURES, report, worsening


def rounds(factor: float, only: str = "") -> list[dict[str, float]]:
    """Three rounds of figures about 100, those named `only` (or all) times a factor."""
    return [
        {name: (100 + spread) * (factor if only in name else 1) for name in FIGURES}
        for spread in (-1, 0, 1)
    ]


def verdicts(table: str) -> dict[str, str]:
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    return {row[0]: row[-1].strip(" |") for row in rows}


def test_alike_is_within_five_percent() -> None:
    assert set(verdicts(report(rounds(1), rounds(1))).values()) == {"ok", "not judged"}


@pytest.mark.parametrize(
    ("figure", "factor", "verdict"),
    [
        ("reply p50", 1.06, "WORSE"),
        ("reply p50", 1.04, "ok"),
        ("reply p50", 0.5, "ok"),
        ("messages a second", 0.94, "WORSE"),
        ("messages a second", 1.5, "ok"),
        ("resident memory", 1.06, "WORSE"),
    ],
)
def test_each_figure_is_judged_by_what_is_worse_for_it(
    figure: str, factor: float, verdict: str
) -> None:
    told = verdicts(report(rounds(factor, figure), rounds(1)))
    assert next(said for name, said in told.items() if name.startswith(figure)) == verdict


def test_one_busy_round_decides_nothing() -> None:
    busy = rounds(1)
    busy[0] = dict.fromkeys(FIGURES, 300.0)
    assert "WORSE" not in report(busy, rounds(1)).replace("messages", "")


def test_worse_is_above_zero_either_way() -> None:
    assert worsening(110, 100, more_is_better=False) == pytest.approx(0.1)
    assert worsening(100, 110, more_is_better=True) == pytest.approx(0.1)
    assert worsening(100, 110, more_is_better=False) < 0
