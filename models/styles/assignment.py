"""Image features and second sub-styles, one to one: each feature its own style, so that together they suit best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..errors import TroupeError
from ..samples.sample import SubStyle
from ..vocabulary import vocabulary
from .words import Corpus

UNKNOWN = "unknown"  # the feature of samples that have no value
# Likenesses that differ by less are equal. Between equals, earlier styles go before later ones (EARLIER), and of the
# styles used, earlier ones go to earlier features: the sum of i * j is largest, and only then, when both rise together.
EQUAL_DIGITS = 4
EARLIER, IN_ORDER = 1e-7, 1e-11


class Assigned(NamedTuple):
    """`likeness`: cosine of words in [0, 1], before centring."""

    feature: str
    style: SubStyle
    likeness: float


def assign(axis: str, features: Sequence[str], styles: Sequence[SubStyle]) -> tuple[Assigned, ...]:
    """The injection of `features` (values of slot `axis`) into `styles` with the largest sum of centred likeness.

    Centred by style: its likeness with a feature less its mean over the features. Otherwise a style whose words suit
    everything a little would be everybody's second best. The result depends neither on the order of `features` nor
    on how the solver breaks ties. Raises `TroupeError` with the number of styles that are missing.
    """
    if len(features) > len(styles):
        raise TroupeError(
            f"{len(features)} image features need a second sub-style each, and {len(styles)} are free: "
            f"{len(features) - len(styles)} missing",
            item=", ".join(features),
            remedy="Allow more second sub-styles, add your own, or choose an axis with fewer values. "
            "Rows of a table and of a previous map keep their styles, used or not.",
        )
    if not features:
        return ()
    ordered = in_order(axis, features)
    likeness = likenesses(axis, ordered, styles)
    rows, columns = solved(likeness)
    pairs = {
        ordered[i]: Assigned(ordered[i], styles[j], float(likeness[i, j])) for i, j in zip(rows, columns, strict=True)
    }
    return tuple(pairs[feature] for feature in ordered)


def in_order(axis: str, features: Sequence[str]) -> list[str]:
    """As the vocabulary has them, then by the alphabet, "unknown" last."""
    known = [word.value for word in vocabulary().values(axis)]
    place = {value: i for i, value in enumerate(known)}
    return sorted(features, key=lambda f: (f == UNKNOWN, place.get(f, len(known)), f))


def likenesses(axis: str, features: Sequence[str], styles: Sequence[SubStyle]) -> np.ndarray:
    """`(features, styles)`, cosines of words in [0, 1]."""
    corpus = Corpus.of([style_words(style) for style in styles])
    return np.array([corpus.likeness(feature_words(axis, feature)) for feature in features])


def solved(likeness: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the best assignment of a `(n, m)` matrix, n <= m (Kuhn 1955; scipy's shortest augmenting
    paths, Crouse 2016)."""
    from scipy.optimize import linear_sum_assignment

    centred = likeness - likeness.mean(0)
    i, j = np.indices(likeness.shape)
    return linear_sum_assignment(centred.round(EQUAL_DIGITS) - EARLIER * j + IN_ORDER * i * j, maximize=True)


def feature_words(axis: str, feature: str) -> tuple[str, ...]:
    word = vocabulary().word(axis, feature)
    if feature == UNKNOWN and word is None:
        return ()
    return (word.value, word.phrase, *word.words) if word else (feature,)


def style_words(style: SubStyle) -> tuple[str, ...]:
    """Keywords count double: somebody chose them for this."""
    return (*style.keywords, *style.keywords, style.name, style.name_zh, *style.prompt.split(","))
