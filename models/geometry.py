"""Boxes and sizes in pixels: half-open, x before y."""

from __future__ import annotations

from typing import NamedTuple


class Size(NamedTuple):
    """Width before height, in pixels."""

    width: int
    height: int

    @property
    def area(self) -> int:
        return self.width * self.height

    @property
    def short(self) -> int:
        return min(self)

    @property
    def long(self) -> int:
        return max(self)

    def scaled(self, factor: float) -> Size:
        return Size(max(1, round(self.width * factor)), max(1, round(self.height * factor)))


class Box(NamedTuple):
    """The pixels with `left <= x < right` and `top <= y < bottom`."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, size: Size) -> Box:
        return cls(0, 0, *size)

    @property
    def size(self) -> Size:
        return Size(self.right - self.left, self.bottom - self.top)

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, margin: float) -> Box:
        """Every side moved out by `margin` pixels (rounded)."""
        m = round(margin)
        return Box(self.left - m, self.top - m, self.right + m, self.bottom + m)

    def clipped(self, size: Size) -> Box:
        """The part inside a picture of `size`."""
        left, right = (min(max(x, 0), size.width) for x in (self.left, self.right))
        top, bottom = (min(max(y, 0), size.height) for y in (self.top, self.bottom))
        return Box(left, top, right, bottom)

    def moved_inside(self, size: Size) -> Box:
        """The same box pushed into the picture; a side longer than the picture is cut to it."""
        width, height = min(self.size.width, size.width), min(self.size.height, size.height)
        left = min(max(self.left, 0), size.width - width)
        top = min(max(self.top, 0), size.height - height)
        return Box(left, top, left + width, top + height)
