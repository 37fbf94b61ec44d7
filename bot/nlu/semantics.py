"""The second voice of the classifier: nearness of meaning, where n-grams share nothing.

Kernel ridge regression on sentence vectors, with a sample of the messages as landmarks
(Nyström): trained in seconds by one linear solve, which also gives each message's margin as a
model without that message would have it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from bot.nlu.arrays import Array

LANDMARKS = 2000
REACH = 2.0  # how fast likeness fades with the cosine of whitened vectors; docs/understanding.md
SMOOTHNESS = 0.3
SEED = 20


@dataclass(frozen=True)
class SemanticVoice:
    """Margins by meaning; all arrays float32."""

    encoder: str
    mean: Array  # (dimensions,)
    scale: Array  # (dimensions,)
    landmarks: Array  # (landmarks, dimensions), whitened, of length 1
    weights: Array  # (landmarks, labels)
    offsets: Array  # (labels,)

    def margins(self, vectors: Array) -> Array:
        """(messages, labels) for raw sentence vectors (messages, dimensions)."""
        likeness = _likeness(_whitened(vectors, self.mean, self.scale), self.landmarks)
        return np.asarray(likeness @ self.weights + self.offsets)


def fit_semantic(
    encoder: str, vectors: Array, targets: Array, count: int
) -> tuple[SemanticVoice, Array]:
    """The voice, and the margins (messages, labels) of each message when left out."""
    mean = vectors.mean(axis=0)
    scale = vectors.std(axis=0) + 1e-6
    white = _whitened(vectors, mean, scale)
    chosen = np.random.default_rng(SEED).permutation(len(white))[:LANDMARKS]
    landmarks = white[chosen]
    values, axes = np.linalg.eigh(_likeness(landmarks, landmarks).astype(np.float64))
    to_features = (axes / np.sqrt(np.maximum(values, 1e-3))).astype(np.float32)
    features = _likeness(white, landmarks) @ to_features
    wanted = np.full((len(white), count), -1.0, dtype=np.float32)
    wanted[np.arange(len(white)), targets] = 1.0
    offsets = wanted.mean(axis=0)
    normal = features.T @ features + SMOOTHNESS * np.eye(features.shape[1], dtype=np.float32)
    factor = cho_factor(normal)
    weights = cho_solve(factor, features.T @ (wanted - offsets))
    fitted = features @ weights + offsets
    pull = np.einsum("ij,ij->i", features, cho_solve(factor, features.T).T)[:, None]
    left_out = wanted - (wanted - fitted) / np.maximum(1.0 - pull, 1e-3)
    voice = SemanticVoice(encoder, mean, scale, landmarks, to_features @ weights, offsets)
    return voice, left_out


def _whitened(vectors: Array, mean: Array, scale: Array) -> Array:
    white = (vectors - mean) / scale
    return np.asarray(white / (np.linalg.norm(white, axis=1, keepdims=True) + 1e-9))


def _likeness(left: Array, right: Array) -> Array:
    return np.exp(REACH * (left @ right.T - 1.0)).astype(np.float32)
