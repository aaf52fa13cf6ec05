"""An expression word sets eyes, brows and mouth the same way on every character."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Expression:
    eyes: float = 1.0  # 0 is a happy closed arc
    iris: float = 1.0
    gaze: tuple[float, float] = (0.0, 0.0)
    brow_up: float = 0.0
    brow_tilt: float = 0.0  # positive is determined, negative is worried
    mouth: str = "neutral"
    blush: float = 0.55
    wink: bool = False


EXPRESSIONS: dict[str, Expression] = {
    "neutral": Expression(),
    "smile": Expression(mouth="smile", blush=0.75, brow_up=1.0),
    "laugh": Expression(eyes=0.0, mouth="laugh", blush=0.95, brow_up=2.5),
    "grin": Expression(mouth="laugh", blush=0.85, brow_up=2.0),
    "surprised": Expression(eyes=1.13, iris=0.82, brow_up=5.0, brow_tilt=-4, mouth="oh", blush=0.6),
    "determined": Expression(eyes=0.86, brow_up=-1.6, brow_tilt=15, mouth="firm", blush=0.5),
    "sad": Expression(eyes=0.84, gaze=(0, 0.5), brow_up=1.6, brow_tilt=-15, mouth="sad", blush=0.6),
    "think": Expression(eyes=0.94, gaze=(0.7, -0.75), brow_up=1.5, brow_tilt=-5, mouth="aside", blush=0.55),
    "sleepy": Expression(eyes=0.5, gaze=(0, 0.4), brow_up=1.0, brow_tilt=-4, mouth="neutral", blush=0.75),
    "wink": Expression(mouth="smile", blush=0.85, brow_up=1.5, wink=True),
}
