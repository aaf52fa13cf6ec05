"""How strongly a look is laid over a picture, in an illustrator's words."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite

RANGES: dict[str, tuple[float, float]] = {
    "strength": (0.0, 1.0),
    "line": (0.0, 2.0),
    "chroma": (0.0, 2.0),
    "warmth": (-1.0, 1.0),
    "contrast": (0.5, 1.5),
    "lightness": (-0.3, 0.3),
    "texture": (0.0, 2.0),
    "detail": (0.5, 1.5),
    "bloom": (0.0, 2.0),
    "pigment": (0.0, 1.0),
}


@dataclass(frozen=True)
class LookSettings:
    """One look and its dials. Every dial at its default is the look as designed.

    strength  0 = source picture, 1 = full look, mixed in OKLab
    line      line weight, 0 = none, 2 = double
    chroma    multiplies colourfulness
    warmth    -1 cool .. 1 warm; lights move with it, shadows a little against it
    contrast  around the middle tone of the set
    lightness -0.3 low key .. 0.3 high key
    texture   paper grain, brush relief; 0 = none
    detail    0.5 = simplified, 1.5 = finer
    bloom     glow multiplier
    pigment   ink wash only: 0 = pure ink (shuimo), 1 = full mineral colour
    """

    look: str
    strength: float = 1.0
    line: float = 1.0
    chroma: float = 1.0
    warmth: float = 0.0
    contrast: float = 1.0
    lightness: float = 0.0
    texture: float = 1.0
    detail: float = 1.0
    bloom: float = 1.0
    pigment: float = 0.6

    def __post_init__(self) -> None:
        from .looks import LOOKS  # the names live with the looks; looks read settings

        if self.look not in LOOKS:
            raise ValueError(f"unknown look {self.look!r}; choose one of {', '.join(LOOKS)}")
        for dial in fields(self):
            if dial.name != "look":
                _check(dial.name, getattr(self, dial.name))


def _check(name: str, value: float) -> None:
    low, high = RANGES[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise ValueError(f"{name} must be a number, got {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name} must lie in {low:g}..{high:g}, got {value:g}")
