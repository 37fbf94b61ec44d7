"""How far a training is and how long it will take, on a terminal and in a log."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TextIO

# tqdm's bars: `Sentence encoder:  23%|██▎  | 100/430 [00:10<00:33, …`
_BAR = re.compile(r"([\w ]+):\s+(\d+)%\|")
LONGEST_STEP = "Sentence encoder"
_WIDTH = 24
_LINE_EVERY_S = 20.0
_BEHIND = 0.05  # of the usual time is what comes after the longest step
_MOST = 0.99  # shown before it is done


class Progress:
    """Told of time and of what the training prints; tells a line now and then."""

    def __init__(
        self,
        what: str,
        usual_s: float,
        out: TextIO,
        *,
        gently: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`gently`: it goes on beside other work, and a line a minute is enough."""
        self._what, self._usual_s, self._out, self._clock = what, max(usual_s, 1.0), out, clock
        self._began = self._told = clock()
        self._moves = out.isatty() and not gently
        self._line_every_s = _LINE_EVERY_S * (3 if gently else 1)
        self._step: tuple[float, float] | None = None  # when the longest step began, its share
        out.write(f"{what}，约 {in_words(usual_s)}\n")
        out.flush()

    def heard(self, printed: str) -> bool:
        """Whether it was a bar of the training's, which is shown as ours."""
        found = _BAR.search(printed)
        if found is None:
            return False
        if found[1].strip() == LONGEST_STEP:
            began = self._step[0] if self._step else self._clock()
            self._step = (began, int(found[2]) / 100)
        return True

    def tick(self) -> None:
        """On a terminal the bar moves; elsewhere a line comes every twenty seconds."""
        now = self._clock()
        if self._moves:
            done = round(self.share * _WIDTH)
            bar = "█" * done + "░" * (_WIDTH - done)
            self._out.write(f"\r  {bar} {self.share:.0%}，还要约 {in_words(self.left_s)}\033[K")
        elif now - self._told >= self._line_every_s:
            self._out.write(f"  {self.share:.0%}，还要约 {in_words(self.left_s)}\n")
            self._told = now
        self._out.flush()

    def end(self) -> None:
        if self._moves:
            self._out.write("\r\033[K")
        self._out.flush()

    @property
    def elapsed_s(self) -> float:
        return self._clock() - self._began

    @property
    def left_s(self) -> float:
        """By the longest step's own pace, where it has begun; else by what is usual."""
        if self._step is not None and self._step[1] > 0.02:
            began, share = self._step
            return (self._clock() - began) * (1 - share) / share + _BEHIND * self._usual_s
        return max(self._usual_s - self.elapsed_s, 0.05 * self._usual_s)

    @property
    def share(self) -> float:
        return min(self.elapsed_s / (self.elapsed_s + self.left_s), _MOST)


def in_words(seconds: float) -> str:
    """40 秒, 3 分钟."""
    if seconds < 55:
        return f"{max(5, round(seconds / 5) * 5)} 秒"
    return f"{round(seconds / 60) or 1} 分钟"
