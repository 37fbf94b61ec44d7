"""Pictures of the report: which intents are confused, and whether confidence is honest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.nlu_scores import Answer, Row, is_right
from bot.nlu.thresholds import Judged, reliability


def confusion_picture(rows: Sequence[Row], answers: Sequence[Answer], path: Path) -> None:
    """A square of meant against understood intents; accepted others count as the meant one."""
    plt = _pyplot()
    meant = [row.intent for row in rows]
    said = [
        row.intent if is_right(row, answer) else (answer.intents or ("unclear",))[0]
        for row, answer in zip(rows, answers, strict=True)
    ]
    names = sorted({*meant, *said})
    square = np.zeros((len(names), len(names)))
    for left, right in zip(meant, said, strict=True):
        square[names.index(left), names.index(right)] += 1
    shares = square / np.maximum(square.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(14, 13))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xlabel("understood")
    axes.set_ylabel("meant")
    for at, other in zip(*np.nonzero(square), strict=True):
        colour = "white" if shares[at, other] > 0.5 else "black"
        axes.text(
            other, at, int(square[at, other]), ha="center", va="center", fontsize=6, color=colour
        )
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def reliability_picture(rows: Sequence[Row], answers: Sequence[Answer], path: Path) -> None:
    plt = _pyplot()
    curve = reliability(
        [
            Judged(answer.confidence, 0 if is_right(row, answer) else None)
            for row, answer in zip(rows, answers, strict=True)
        ]
    )
    figure, axes = plt.subplots(figsize=(6, 5))
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey", label="honest")
    axes.plot(
        [b.mean_confidence for b in curve], [b.share_right for b in curve], marker="o", label="ours"
    )
    for b in curve:
        axes.annotate(str(b.count), (b.mean_confidence, b.share_right), fontsize=8)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share right")
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _pyplot() -> Any:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    return plt
