"""A camera over a plane: how many pixels a metre has follows from how far a foot lies below the horizon.

The picture plane stays upright and pitch moves the horizon instead (a shift lens), so verticals stay vertical:

    y = horizon + focal * eye / Z        pixels a metre at Z = focal / Z = (y - horizon) / eye

Metres: X to the right of the vanishing point, Y down from the eye, Z away from the camera. Pixels: x before y.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

FAR = 2000.0  # metres; what no surface stops


class Rays(NamedTuple):
    """`(H, W)` each: slopes of the rays through the pixels' centres, per metre of depth."""

    across: np.ndarray
    down: np.ndarray


class Camera:
    """`eye`: height over the plane in metres; `horizon`, `vanish`, `focal`: pixels, may lie outside of the frame."""

    def __init__(self, width: int, height: int, horizon: float, vanish: float, eye: float, focal: float) -> None:
        self.width, self.height = width, height
        self.horizon, self.vanish, self.eye, self.focal = horizon, vanish, eye, focal

    @cached_property
    def rays(self) -> Rays:
        across = (np.arange(self.width, dtype=np.float32) + 0.5 - self.vanish) / self.focal
        down = (np.arange(self.height, dtype=np.float32) + 0.5 - self.horizon) / self.focal
        return Rays(*(np.ascontiguousarray(a) for a in np.broadcast_arrays(across[None, :], down[:, None])))

    @cached_property
    def ground(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`(H, W)`: X and Z where the ray meets the plane (`FAR` above the horizon), and metres a pixel there."""
        down = self.rays.down
        z = np.where(down > self.eye / FAR, self.eye / np.maximum(down, self.eye / FAR), FAR).astype(np.float32)
        return self.rays.across * z, z, self.footprint(z)

    def footprint(self, z: np.ndarray) -> np.ndarray:
        """Metres that a pixel covers at depth z on the plane: the mean of across and along, for softening texture."""
        return z / self.focal * np.sqrt(np.maximum(1.0, z / self.eye))

    def metre_at(self, y: float) -> float:
        """Pixels that a metre has, upright, for a foot at row `y`."""
        return (y - self.horizon) / self.eye

    def foot(self, x: float, z: float) -> tuple[float, float]:
        """The pixel where a thing at X, Z touches the plane."""
        return self.vanish + self.focal * x / z, self.horizon + self.focal * self.eye / z

    def depth_at(self, y: float) -> float:
        return self.focal * self.eye / max(y - self.horizon, 1e-3)

    def flatness(self, y: float) -> float:
        """How much of a length on the plane, going away from the camera, is seen: the tangent of looking down."""
        return max((y - self.horizon) / self.focal, 0.06)
