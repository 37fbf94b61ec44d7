"""What the tables of docs/benchmarks.md are made with."""

import pytest

from bench.figures import markdown, percentile


def test_the_middle_of_an_even_count_lies_between_its_neighbours() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.5


def test_p95_of_hundred_and_one_steps_is_the_95th() -> None:
    assert percentile([float(step) for step in range(101)], 95) == 95


def test_the_highest_value_is_the_hundredth_percentile() -> None:
    assert percentile([7.0, 9.0], 100) == 9


def test_no_values_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_a_table_aligns_figures_to_the_right() -> None:
    assert markdown(["what", "ms"], [["classify", 1.25]]).splitlines() == [
        "| what | ms |",
        "| --- | ---: |",
        "| classify | 1.2 |",
    ]


def test_figures_keep_three_digits() -> None:
    row = markdown(["what", "a", "b", "c"], [["x", 0.12345, 12.345, 1234.5]]).splitlines()[-1]
    assert row == "| x | 0.123 | 12.3 | 1234 |"
