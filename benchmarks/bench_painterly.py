"""How long a painterly look takes beside OpenCV's filters, on one thread: with the analysis of the picture shared,
with it, and in the colours of a new character."""

from __future__ import annotations

import time
from collections.abc import Callable

from runner.rows import row, the_pack

SIDES = (512, 1024)
ROUNDS = 3
GOAL = 2.0  # times as long as cv2.stylization, at most
GOAL_ALONE = 1.5  # the same with the analysis of the picture
GOAL_DYED = 2.4  # and with the colours of a new character
NEAREST = {"pencil": "pencilSketch", "coloured_pencil": "pencilSketch", "oil": "oilPainting"}
PALETTE = ("#7a2e2b", "#d9793a", "#f2c879", "#3b3440", "#f4dfc8")


def rows() -> list[dict]:
    """Needs OpenCV, which only the development environment has."""
    import cv2
    import torch

    the_pack()
    from troupe.models.restyling import painterly

    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    return [row for side in SIDES for row in _side(side, painterly, cv2, torch)]


def _side(side: int, painterly, cv2, torch) -> list[dict]:
    picture = _picture(side, torch)
    eight_bits = (picture * 255).to(torch.uint8).numpy()
    peer = _seconds(lambda: cv2.stylization(eight_bits))
    others = {
        name: f"{name}: {_seconds(lambda work=work: work(eight_bits)):.3f} s" for name, work in _filters(cv2).items()
    }
    statistics = painterly.pool_statistics([(picture, None)])
    with torch.inference_mode():
        analysis = painterly.analyse(picture)
        found = []
        for name in painterly.LOOKS:
            settings = painterly.LookSettings(name)

            def paint(settings=settings):
                return painterly.stylize(picture, settings, statistics=statistics, seed=1, analysis=analysis)

            paint()  # what this look needs of the analysis is computed once and kept
            ours = _seconds(paint)
            beside = others.get(NEAREST.get(name, "edgePreservingFilter"), "oilPainting: not installed")
            found.append(_row(f"{name}, {side} px", ours, peer, side, beside))
        whole = painterly.LookSettings("anime_cel")
        alone = _seconds(lambda: painterly.stylize(picture, whole, statistics=statistics, seed=1))
        dyed = _seconds(_dyeing(picture, whole, painterly, torch))
    note = "analysis not shared: what a set with one look a picture pays"
    return [
        *found,
        _row(f"anime_cel with its analysis, {side} px", alone, peer, side, note, GOAL_ALONE),
        _row(f"anime_cel with palette and its analysis, {side} px", dyed, peer, side, note, GOAL_DYED),
    ]


def _filters(cv2) -> dict[str, Callable]:
    """What OpenCV has that comes nearest to a look of ours; oilPainting is only in its contrib package."""
    found = {"edgePreservingFilter": cv2.edgePreservingFilter, "pencilSketch": cv2.pencilSketch}
    if hasattr(cv2, "xphoto"):
        found["oilPainting"] = lambda picture: cv2.xphoto.oilPainting(picture, 7, 1)
    return found


def _dyeing(picture, settings, painterly, torch) -> Callable[[], object]:
    """The whole way of a picture with a mask in new colours: analysed, dyed, analysed again, painted."""
    height, width = picture.shape[:2]
    y, x = torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
    mask = (torch.hypot(x, y) < 0.8).float()
    statistics = painterly.pool_statistics([(picture, mask)])
    plan = painterly.plan_recolouring(statistics, painterly.CharacterPalette("new", PALETTE))
    assert plan.materials, "nothing to dye: the figure would say nothing"
    return lambda: painterly.stylize_regions(
        picture, mask, settings, settings, statistics=statistics, seed=1, recolour=plan
    )


def _row(name: str, ours: float, peer: float, side: int, note: str, goal: float = GOAL) -> dict:
    speed = f"{side * side / ours / 1e6:.1f} megapixels/s"
    note = f"peer: cv2.stylization; {speed}; {note}"
    return row(name, ours, "s", peer=peer, goal=f"<= {goal:g}x", met=ours <= goal * peer, note=note)


def _seconds(work: Callable[[], object]) -> float:
    """The best of a few rounds, by the processor: one thread works, whatever else the machine does."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def _picture(side: int, torch):
    """Soft light, hard edges and grain: between a drawing and a photograph. (side, side, 3) in [0, 1]."""
    generator = torch.Generator().manual_seed(0)
    ys, xs = torch.meshgrid(torch.linspace(0, 1, side), torch.linspace(0, 1, side), indexing="ij")
    rgb = torch.stack((xs, ys, 1 - xs), -1) * 0.6 + 0.2
    for x, y, r, *colour in torch.rand(60, 6, generator=generator).tolist():
        inside = (xs - x) ** 2 + (ys - y) ** 2 < (0.02 + r * 0.12) ** 2
        rgb[inside] = rgb[inside] * 0.3 + torch.tensor(colour) * 0.7
    return (rgb + 0.02 * torch.randn(rgb.shape, generator=generator)).clamp(0, 1)
