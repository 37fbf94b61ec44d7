"""The sentence encoder with gradients, written out by hand: what `sentence_network` answers, backwards.

Plain numpy. TensorFlow took twice as long for the very same sums, most of it beside the
multiplications, and brought half a gigabyte (docs/understanding.md). Pieces of all messages stand
one below the other, so that no sum is spent on padding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bot.nlu.arrays import Array
from bot.nlu.sentence_network import CHANNELS, EPSILON, ORDERS, SHARPNESS


def logits(layers: Mapping[str, Array], embedded: Array, lengths: Array) -> Array:
    """float32 (messages, labels); `lengths` says how many rows of `embedded` each message has."""
    return _forward(layers, embedded, lengths, None, 0.0)[0]


def passed(
    layers: Mapping[str, Array],
    embedded: Array,
    lengths: Array,
    wanted: Array,
    share: float,
    dice: np.random.Generator,
    dropout: float,
    room: Mapping[str, Array],
) -> tuple[float, Array]:
    """Summed loss, and slopes of the embedded pieces; those of the layers are written into `room`.

    `wanted`: float32 (messages, labels), the chances to learn; each message's slope counts `share`.
    """
    answer, seen = _forward(layers, embedded, lengths, dice, dropout)
    powers = answer - answer.max(axis=1, keepdims=True)
    chances = np.exp(powers)
    total = chances.sum(axis=1, keepdims=True)
    loss = float((wanted * (np.log(total) - powers)).sum())
    return loss, _backward(layers, seen, (chances / total - wanted) * np.float32(share), room)


def _forward(
    layers: Mapping[str, Array],
    embedded: Array,
    lengths: Array,
    dice: np.random.Generator | None,
    dropout: float,
) -> tuple[Array, dict[str, Any]]:
    """Logits, and what the way back needs."""
    count = lengths.astype(np.float32)[:, None]
    members = np.repeat(np.eye(len(lengths), dtype=np.float32), lengths, axis=1)
    sizes = (len(embedded), len(lengths), len(lengths))
    kept = [_kept((size, embedded.shape[1]), dice, dropout) for size in sizes]
    embedded = embedded * kept[0]
    normed, spread = _normed(embedded @ layers["proj_W"] + layers["proj_b"])
    projected = normed * layers["proj_ln_g"] + layers["proj_ln_b"]
    parts, steps = [embedded], []
    for at, (width, left) in enumerate(ORDERS):
        around = _neighbours(lengths, width, left)
        hidden = projected[:, at * CHANNELS : (at + 1) * CHANNELS]
        for step in ("1", "2"):
            windows = _windows(hidden, around)
            grown = windows @ layers[f"w{step}_{width}"] + layers[f"w{step}_b_{width}"]
            np.maximum(grown, 0, out=grown)
            hidden = grown + hidden
            steps.append((windows, grown))
        parts.append(hidden)
    features, feature_spread = _normed(np.hstack(parts))
    sums = members @ features
    total = sums * layers["ln_g"] + count * layers["ln_b"]
    mean = (total @ layers["cnn_W"] + count * layers["cnn_b"]) / np.sqrt(count) * kept[1]
    inner = np.maximum(mean @ layers["d0"], 0)
    first = np.maximum(mean @ layers["p1"] + inner @ layers["d1"], 0)
    outer = np.maximum(first @ layers["d2"], 0)
    last = np.tanh(first @ layers["p3"] + outer @ layers["d3"])
    scale = 1 / np.sqrt((last**2).sum(axis=1, keepdims=True) + np.float32(EPSILON))
    vector = last * scale * kept[2] * np.float32(SHARPNESS)
    seen = {
        "count": count,
        "lengths": lengths,
        "kept": kept,
        "embedded": embedded,
        "normed": normed,
        "spread": spread,
        "steps": steps,
        "features": features,
        "feature_spread": feature_spread,
        "sums": sums,
        "total": total,
        "mean": mean,
        "inner": inner,
        "first": first,
        "outer": outer,
        "last": last,
        "scale": scale,
        "vector": vector,
    }
    return vector @ layers["head_W"] + layers["head_b"], seen


def _backward(
    layers: Mapping[str, Array], seen: Mapping[str, Any], slope: Array, room: Mapping[str, Array]
) -> Array:
    count, lengths, kept = seen["count"], seen["lengths"], seen["kept"]
    _linear(room, "head_W", "head_b", seen["vector"], slope)
    vector = slope @ layers["head_W"].T * kept[2] * np.float32(SHARPNESS)
    unit = seen["last"] * seen["scale"]
    last = seen["scale"] * (vector - unit * (vector * unit).sum(axis=1, keepdims=True))
    last *= 1 - seen["last"] ** 2
    mean = _dense_back(layers, seen, last, room) * kept[1] / np.sqrt(count)
    np.matmul(seen["total"].T, mean, out=room["cnn_W"])
    np.sum(count * mean, axis=0, out=room["cnn_b"])
    total = mean @ layers["cnn_W"].T
    np.sum(seen["sums"] * total, axis=0, out=room["ln_g"])
    np.sum(count * total, axis=0, out=room["ln_b"])
    features = np.repeat(total * layers["ln_g"], lengths, axis=0)
    features = _normed_back(features, seen["features"], seen["feature_spread"])
    wide = seen["embedded"].shape[1]
    projected = np.empty_like(seen["normed"])
    for order, (width, left) in enumerate(ORDERS):
        own = slice(order * CHANNELS, (order + 1) * CHANNELS)
        # Each row goes back to where it was looked at from: the same windows, mirrored.
        around = _neighbours(lengths, width, width - 1 - left)
        hidden = features[:, wide:][:, own]
        for step in ("2", "1"):
            windows, grown = seen["steps"][2 * order + int(step) - 1]
            back = hidden * (grown > 0)
            _linear(room, f"w{step}_{width}", f"w{step}_b_{width}", windows, back)
            weights = layers[f"w{step}_{width}"].reshape(width, CHANNELS, CHANNELS)[::-1]
            windows = _windows(back, around).reshape(-1, width, CHANNELS)
            hidden = hidden + sum(windows[:, at] @ weights[at].T for at in range(width))
        projected[:, own] = hidden
    np.einsum("ij,ij->j", projected, seen["normed"], out=room["proj_ln_g"])
    np.sum(projected, axis=0, out=room["proj_ln_b"])
    projected = _normed_back(projected * layers["proj_ln_g"], seen["normed"], seen["spread"])
    _linear(room, "proj_W", "proj_b", seen["embedded"], projected)
    embedded: Array = (features[:, :wide] + projected @ layers["proj_W"].T) * kept[0]
    return embedded


def _dense_back(
    layers: Mapping[str, Array], seen: Mapping[str, Any], last: Array, room: Mapping[str, Array]
) -> Array:
    """From the slopes of the last layer's sums to those of the mean."""
    first, mean = seen["first"], seen["mean"]
    outer = last @ layers["d3"].T * (seen["outer"] > 0)
    middle = (last @ layers["p3"].T + outer @ layers["d2"].T) * (first > 0)
    inner = middle @ layers["d1"].T * (seen["inner"] > 0)
    for name, rows, slope in (
        *(("p3", first, last), ("d3", seen["outer"], last), ("d2", first, outer)),
        *(("p1", mean, middle), ("d1", seen["inner"], middle), ("d0", mean, inner)),
    ):
        np.matmul(rows.T, slope, out=room[name])
    back: Array = middle @ layers["p1"].T + inner @ layers["d0"].T
    return back


def _linear(
    room: Mapping[str, Array], weights: str, offsets: str, rows: Array, slope: Array
) -> None:
    np.matmul(rows.T, slope, out=room[weights])
    np.sum(slope, axis=0, out=room[offsets])


def _kept(shape: tuple[int, int], dice: np.random.Generator | None, dropout: float) -> Any:
    """Zeros for what is left out, and what makes good for it for the rest."""
    if dice is None or not dropout:
        return np.float32(1)
    stays = dice.random(shape, dtype=np.float32) >= dropout
    return stays * np.float32(1 / (1 - dropout))


def _normed(rows: Array) -> tuple[Array, Array]:
    """Rows of mean 0 and spread 1, and one over their spread before."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    squares = np.einsum("ij,ij->i", centred, centred)[:, None] / np.float32(rows.shape[1])
    spread = 1 / np.sqrt(squares + np.float32(EPSILON))
    centred *= spread
    return centred, spread


def _normed_back(slope: Array, normed: Array, spread: Array) -> Array:
    along = np.einsum("ij,ij->i", slope, normed)[:, None] / np.float32(slope.shape[1])
    back: Array = (slope - slope.mean(axis=1, keepdims=True) - normed * along) * spread
    return back


def _neighbours(lengths: Array, width: int, left: int) -> Array:
    """int (rows, width): the rows around each, of the same message; the number of rows for none."""
    ends = np.cumsum(lengths)
    rows = int(ends[-1])
    around: Array = np.arange(rows)[:, None] + np.arange(width) - left
    within = (around >= np.repeat(ends - lengths, lengths)[:, None]) & (
        around < np.repeat(ends, lengths)[:, None]
    )
    return np.where(within, around, rows)


def _windows(rows: Array, around: Array) -> Array:
    """float32 (rows, width × channels); nothing stands beyond a message's ends."""
    padded = np.empty((len(rows) + 1, rows.shape[1]), dtype=np.float32)
    padded[:-1], padded[-1] = rows, 0
    return padded.take(around, axis=0, mode="clip").reshape(len(rows), -1)
