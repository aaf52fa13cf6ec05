"""How well a predicted box agrees with the boxes where the thing really stood.

Definitions as in the peers' evaluation code (GracoNet, CA-GAN, GraPLUS on OPA), but for the distance, which they
give in pixels: as a share of the diagonal it compares across sizes. IoU against one truth mostly measures the
prior, because a thing has many good places: hence the best of k, and hits of any known box.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...geometry import Box, Size
from ..grid import Frame

Edges = Box | Frame

# A box counts as found from this overlap on (PASCAL VOC, Everingham et al. 2010), as of the same size from this
# ratio of areas on (GracoNet, Zhou et al. 2022).
FOUND, SAME_SCALE = 0.5, 0.8
# TopNet (Zhu et al. 2023) gives the best of five.
BEST_OF = 5


def iou(a: Edges, b: Edges) -> float:
    """Intersection over union, 0 to 1; 0 where both are empty."""
    wide = min(a.right, b.right) - max(a.left, b.left)
    high = min(a.bottom, b.bottom) - max(a.top, b.top)
    shared = max(wide, 0.0) * max(high, 0.0)
    union = _area(a) + _area(b) - shared
    return shared / union if union > 0 else 0.0


def centre_distance(a: Edges, b: Edges, size: Size) -> float:
    """Between the middles of the boxes, as a share of the diagonal of a picture of `size`."""
    (ax, ay), (bx, by) = _centre(a), _centre(b)
    return math.hypot(ax - bx, ay - by) / math.hypot(*size)


def scale_ratio(a: Edges, b: Edges) -> float:
    """The smaller area over the larger, 0 to 1; 0 where one is empty."""
    small, large = sorted((_area(a), _area(b)))
    return small / large if large > 0 else 0.0


def is_same_scale(a: Edges, b: Edges) -> bool:
    """The peers' "scale > 0.8"; its mean is their percentage."""
    return scale_ratio(a, b) > SAME_SCALE


def best_iou(candidates: Sequence[Edges], truth: Edges, k: int = BEST_OF) -> float:
    """The best overlap of the first `k` candidates; 0 where there are none."""
    return max((iou(candidate, truth) for candidate in candidates[:k]), default=0.0)


def is_hit(candidate: Edges, truths: Sequence[Edges]) -> bool:
    """Whether the box stands where such a thing was ever seen: for static cameras, which saw it in many places."""
    return any(iou(candidate, truth) > FOUND for truth in truths)


def coverage(samples: Sequence[Edges], truths: Sequence[Edges]) -> float:
    """The share of `truths` that some sample finds: 1 where the model knows all places, not the one it likes best."""
    return sum(is_hit(truth, samples) for truth in truths) / len(truths) if truths else 0.0


def _area(box: Edges) -> float:
    return max(box.right - box.left, 0.0) * max(box.bottom - box.top, 0.0)


def _centre(box: Edges) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2
