"""A training tells how long it takes, on a terminal and in a log."""

from __future__ import annotations

import io

import pytest

from bot.training.progress import Progress, in_words


class Watch:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_without_a_terminal_a_line_comes_now_and_then(watch: Watch) -> None:
    out = io.StringIO()
    progress = Progress("训练模型", 300, out, clock=watch)
    for second in range(1, 61):
        watch.now = second
        progress.tick()
    lines = out.getvalue().splitlines()
    assert lines == [
        "训练模型，约 5 分钟",
        "  7%，还要约 5 分钟",
        "  13%，还要约 4 分钟",
        "  20%，还要约 4 分钟",
    ]


def test_beside_other_work_a_line_a_minute_is_enough(watch: Watch) -> None:
    out = Terminal()
    progress = Progress("训练模型", 300, out, gently=True, clock=watch)
    for second in range(1, 121):
        watch.now = second
        progress.tick()
    progress.end()
    assert len(out.getvalue().splitlines()) == 3


def test_on_a_terminal_one_line_moves(watch: Watch) -> None:
    out = Terminal()
    progress = Progress("训练模型", 100, out, clock=watch)
    watch.now = 50
    progress.tick()
    assert out.getvalue().endswith("\r  ████████████░░░░░░░░░░░░ 50%，还要约 50 秒\033[K")
    progress.end()
    assert out.getvalue().endswith("\r\033[K")


def test_the_longest_steps_own_pace_counts_once_it_has_begun(watch: Watch) -> None:
    progress = Progress("训练模型", 100, io.StringIO(), clock=watch)
    watch.now = 60
    assert progress.heard("Sentence encoder:   0%|          | 0/400 [00:00<?, ?it/s]")
    watch.now = 160
    progress.heard("Sentence encoder:  25%|██        | 100/400 [01:40<05:00]")
    assert progress.left_s == pytest.approx(300 + 5)
    assert progress.share == pytest.approx(160 / 465)


def test_what_is_no_bar_is_not_swallowed(watch: Watch) -> None:
    progress = Progress("训练模型", 100, io.StringIO(), clock=watch)
    assert progress.heard("Processed trackers:  27%|██▋       | 39/145")
    assert not progress.heard("UserWarning: 38% of the lines are alike")


def test_longer_than_usual_is_no_end(watch: Watch) -> None:
    progress = Progress("训练模型", 100, io.StringIO(), clock=watch)
    watch.now = 500
    assert progress.left_s > 0 and progress.share < 1


@pytest.mark.parametrize(
    ("seconds", "words"), [(2, "5 秒"), (41, "40 秒"), (60, "1 分钟"), (200, "3 分钟")]
)
def test_time_is_told_roughly(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
