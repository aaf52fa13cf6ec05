"""How alike each picture is to the others, counted against what pictures of its kind are to theirs.

A back view is less like a portrait than another portrait is, and that is no fault of it. So for each picture i and any
other picture j, the similarity s_ij is held against e_ij, what is usual between their two kinds of picture (a kind is
an angle and a shot), learnt from the set itself without i:

    e_ij = median of s_pq  over p of i's kind, q of j's kind, neither of them i
    r_i  = median of s_ij - e_ij  over j

Medians throughout, so that a few outliers in the set do not decide what is usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

# A picture is compared with so many others at most, evenly taken: more change no median, and memory stays flat.
REFERENCES = 256
# From which a median tells what is usual between two kinds; one picture alone might be the outlier itself.
FEWEST_OWN, FEWEST_PAIRS = 2, 4
NORMAL = 1.4826  # a normal distribution's standard deviation over its median absolute deviation
Kind = tuple[str, str]  # angle and shot, "" where nobody knows


class Compared(NamedTuple):
    """Of N pictures. likeness: (N,) similarity to the others, as if all showed the most usual kinds. deviations: (N,)
    how far below the usual that is, in robust standard deviations; positive = less alike. usual: its median.
    similarity: (N, R) to the R `references`."""

    likeness: np.ndarray
    deviations: np.ndarray
    usual: float
    similarity: np.ndarray
    references: np.ndarray


def compare(vectors: np.ndarray, kinds: Sequence[Kind]) -> Compared:
    """vectors: (N, d), of length one, N >= 2."""
    references = np.unique(np.linspace(0, len(vectors) - 1, min(REFERENCES, len(vectors))).round().astype(int))
    similarity = vectors @ vectors[references].T
    usual = _Usual(similarity[references], [kinds[n] for n in references])
    place = {int(n): k for k, n in enumerate(references)}
    found = [usual.residual(similarity[n], kinds[n], place.get(n)) for n in range(len(vectors))]
    residual, noise = (np.array(part) for part in zip(*found, strict=True))
    middle, likeness = float(np.median(residual)), np.clip(usual.overall + residual, 0, 1)
    # A picture is a median over pairs and so scatters less than they do; what no pair of two true pictures would be
    # noticed for is no reason to notice a picture.
    spread = max(NORMAL * float(np.median(np.abs(residual - middle))), float(np.median(noise)), 1e-6)
    return Compared(likeness, (middle - residual) / spread, float(np.median(likeness)), similarity, references)


class _Usual:
    """What is usual between two kinds of picture among the references. between: (R, R)."""

    def __init__(self, between: np.ndarray, kinds: Sequence[Kind]) -> None:
        self.between, self._kept = between, {}
        # The finer first: angle and shot, the shot alone, whatever.
        self._labels = [np.array([label(k) for k in kinds]) for label in _LEVELS]
        self.overall = float(np.median(between[~np.eye(len(between), dtype=bool)]))

    def residual(self, similarity: np.ndarray, kind: Kind, own: int | None) -> tuple[float, float]:
        """Of one picture, which is reference number `own` or none of them: r, and the median of |s - e|.
        similarity: (R,)."""
        others = np.arange(len(similarity)) != own
        off = (similarity - self._expected(kind, own))[others]
        return float(np.median(off)), float(np.median(np.abs(off)))

    def _expected(self, kind: Kind, own: int | None) -> np.ndarray:
        key = kind if own is None else own
        if key not in self._kept:
            self._kept[key] = self._learn(kind, np.arange(len(self.between)) != own)
        return self._kept[key]

    def _learn(self, kind: Kind, others: np.ndarray) -> np.ndarray:
        expected = np.full(len(self.between), np.nan)
        for labels, label in zip(self._labels, _LEVELS, strict=True):
            rows = np.flatnonzero((labels == label(kind)) & others)
            for other in np.unique(labels[np.isnan(expected)]):
                columns = np.flatnonzero((labels == other) & others)
                pairs = self.between[np.ix_(rows, columns)][rows[:, None] != columns]
                known = len(rows) >= FEWEST_OWN and len(pairs) >= FEWEST_PAIRS
                if known or label is _LEVELS[-1]:
                    usual = float(np.median(pairs)) if len(pairs) else self.overall
                    expected[np.isnan(expected) & (labels == other)] = usual
        return expected


_LEVELS = (lambda kind: " ".join(kind), lambda kind: kind[1], lambda kind: "")
