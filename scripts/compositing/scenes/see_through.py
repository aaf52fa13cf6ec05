"""Glass and water: what stands behind a thing is seen through it, and its shadow is weak."""

from __future__ import annotations

import numpy as np
from PIL import Image

from .brush import Drawn
from .paste import fitted

# Share of the light through a clear part that reaches the ground behind it; the rest is reflected or bent aside.
REACHES = 0.75


def shown(drawn: Drawn, lit: np.ndarray, behind: np.ndarray) -> np.ndarray:
    """`lit` `(h, w, 3)` with `behind`, stretched to it, where the thing is clear.

    Less so at its rims, where the surface turns away and mirrors what is beside it.
    """
    if drawn.clear is None or not behind.size:
        return lit
    height, width = drawn.alpha.shape
    channels = [Image.fromarray(np.ascontiguousarray(behind[..., k])) for k in range(3)]
    wide = np.dstack([np.asarray(c.resize((width, height), Image.Resampling.BILINEAR), np.float32) for c in channels])
    through = (drawn.clear * drawn.relief**2)[..., None]
    return (lit + (wide * np.sqrt(drawn.rgb) - lit * (1 - 0.15 * drawn.gloss)) * through).astype(np.float32)


def solid(drawn: Drawn, width: int, height: int) -> np.ndarray | None:
    """`(height, width)`: how much light each point keeps out; None: as much as it covers."""
    if drawn.clear is None:
        return None
    clear, alpha = fitted(np.repeat(drawn.clear[..., None], 3, axis=2), drawn.alpha, width, height)
    return alpha * (1 - REACHES * clear[..., 0])


def somewhere(rng: np.random.Generator) -> np.ndarray:
    """`(h, w, 3)`: a wall over a ground, for things that were photographed elsewhere."""
    wall, ground = (rng.uniform(0.15, 0.9) * np.exp(rng.normal(0, 0.12, 3)) for _ in range(2))
    rows = np.linspace(0, 1, 32)[:, None, None]
    falls = np.linspace(1, rng.uniform(0.7, 1.2), 32)[None, :, None]
    return (np.where(rows < rng.uniform(-0.2, 1.2), wall, ground) * falls).astype(np.float32)
