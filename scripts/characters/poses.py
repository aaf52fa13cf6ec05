"""Each action word has one or more poses, shared by every character."""

from __future__ import annotations

from .skeleton import Pose, Reach


def _legs(left: tuple[float, float, float, float], right: tuple[float, float, float, float]) -> tuple[Reach, Reach]:
    return Reach(left[:2], left[2:]), Reach(right[:2], right[2:])


_apart = _legs((0, 7, 0, 3), (0, 7, 0, 3))
_together = _legs((1, 3, 0, 1), (-1, 5, 0, 4))
_step = _legs((27, 2, 6, 1), (-19, 2, -36, 1))
_step_back = _legs((-17, 2, -40, 1), (25, 2, 8, 1))
_sprint = _legs((66, 3, -18, 1), (-26, 3, -88, 1))
_leap = _legs((58, 8, -42, 4), (-8, 12, -66, 6))
_tuck = _legs((38, 16, -48, 10), (38, 16, -48, 10))
_seated = _legs((84, 7, 2, 3), (80, 9, -8, 4))
_squat = _legs((104, 12, -30, 6), (64, 10, -78, 5))
_down = Reach((3, 14), (12, 8))
_hip = Reach((-16, 46), (16, -34), "fist")

POSES: dict[str, Pose] = {
    "stand": Pose(_down, Reach((5, 13), (16, 6)), *_together, sway=1.5, head_tilt=-2),
    "stand-proud": Pose(_hip, _hip, *_apart, head_tilt=3, lean=-2),
    "stand-shy": Pose(Reach((14, 12), (46, -34), "relaxed"), Reach((14, 12), (40, -34), "relaxed"), *_together, head_tilt=6, head_drop=2),
    "walk": Pose(Reach((-24, 9), (-6, 5)), Reach((24, 9), (46, 3)), *_step, lean=4, wind=0.5),
    "walk-on": Pose(Reach((22, 9), (44, 3)), Reach((-24, 9), (-6, 5)), *_step_back, lean=4, wind=0.5, head_tilt=2),
    "run": Pose(Reach((-52, 12), (34, 4), "fist"), Reach((38, 10), (122, -4), "fist"), *_sprint, lean=17, lift=5, wind=1.0),
    "run-on": Pose(Reach((40, 10), (118, -4), "fist"), Reach((-50, 12), (30, 4), "fist"), *_legs((-24, 3, -84, 1), (62, 3, -14, 1)), lean=15, lift=3, wind=1.0),
    "jump": Pose(Reach((20, 118), (20, 150), "open"), Reach((20, 112), (20, 146), "open"), *_leap, lift=42, head_tilt=-4, wind=0.6),
    "jump-star": Pose(Reach((10, 100), (10, 132), "open"), Reach((10, 100), (10, 132), "open"), *_tuck, lift=46, head_tilt=5, wind=0.7),
    "sit": Pose(Reach((22, 14), (56, -12)), Reach((22, 14), (56, -12)), *_seated, seat="box", lean=2, head_tilt=-3),
    "sit-ease": Pose(Reach((-20, 24), (-10, 12)), Reach((30, 14), (62, -16)), *_legs((84, 8, 12, 3), (82, 10, -14, 5)), seat="box", lean=-4, head_tilt=5),
    "wave": Pose(_down, Reach((12, 50), (12, 146), "open"), *_together, sway=2, head_tilt=-5),
    "wave-high": Pose(Reach((8, 84), (6, 150), "open"), Reach((4, 15), (20, 4)), *_apart, sway=-2, head_tilt=5),
    "point": Pose(_down, Reach((20, 74), (20, 86), "point"), *_apart, sway=-2, head_tilt=4, head_turn=-12),
    "point-ahead": Pose(Reach((-8, 16), (8, 8)), Reach((42, 62), (38, 68), "point"), *_apart, lean=3),
    "point-up": Pose(_hip, Reach((12, 60), (6, 122), "point"), *_together, head_tilt=4, sway=-2),
    "think": Pose(Reach((22, 8), (84, -52), "fist"), Reach((24, 18), (158, -22), "fist"), *_together, head_tilt=7, head_turn=8),
    "hold": Pose(Reach((16, 16), (78, -12), "fist"), Reach((16, 16), (78, -12), "fist"), *_together, holding="parcel", lean=-2),
    "hold-low": Pose(Reach((30, 24), (84, -8), "fist"), Reach((30, 24), (84, -8), "fist"), *_apart, holding="loaf", lean=-3),
    "hold-out": Pose(Reach((48, 12), (84, -20), "fist"), Reach((48, 12), (84, -20), "fist"), *_apart, holding="parcel", lean=3, head_tilt=-4),
    "crouch": Pose(Reach((44, 14), (66, -14)), Reach((38, 18), (58, -4)), *_squat, lean=22, toes=(0, -38)),
    "crouch-look": Pose(Reach((50, 12), (92, -16), "relaxed"), Reach((30, 18), (52, -4)), *_legs((92, 18, -44, 10), (92, 18, -44, 10)), lean=20, toes=(0, 0), head_drop=2),
    "cheer": Pose(Reach((16, 112), (10, 148), "fist"), Reach((16, 112), (10, 148), "fist"), *_apart, head_tilt=-3, lean=-2),
    "shrug": Pose(Reach((18, 20), (60, 62), "open"), Reach((18, 20), (60, 62), "open"), *_apart, head_tilt=8),
}
