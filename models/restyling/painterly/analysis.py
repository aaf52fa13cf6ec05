"""Everything the looks want to know about one picture, worked out once and only when asked for.

    lab --- fine --- paint                      anisotropic Kuwahara
     |        |----- tensor ---- flow           where strokes run
     |        |
     |      small -- flat(detail)               few edges, flat between them
     |        |----- detail, saliency           where a hand would slow down; where anything happens at all
     |
     |-- calm -- ridges                         lines, two widths

What is smooth is worked out on reduced copies of the WHOLE picture and enlarged; so a tile of a large picture sees
exactly what the whole would.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from .canvas import Window, enlarge, resized, unit_of, whole
from .colour import oklab
from .flow import Flow, along_flow, flow_of, structure_tensor
from .kuwahara import anisotropic_kuwahara
from .l0 import l0_smooth
from .morphology import dilated, eroded
from .smooth import gaussian, guided
from .tone import smoothstep

FINE = 640  # greatest long side of the copy that strokes are read from, pixels
SMALL = 320  # long side, pixels, below which halving the picture once more would lose what it shows


@dataclass(frozen=True, eq=False)
class Sketch:
    """Reduced copies of the whole picture and their maps, lazily made. fine, lab: OKLab (1, 3, h, w), lab the smaller;
    maps are of the size of lab, but for paint."""

    fine: Tensor
    lab: Tensor
    _flats: dict[float, Tensor] = field(default_factory=dict)

    @property
    def unit(self) -> float:
        return unit_of(self.lab)

    @property
    def scale(self) -> float:
        """How much smaller lab is than fine, at most 1."""
        return self.unit / unit_of(self.fine)

    @cached_property
    def tensor(self) -> Tensor:
        """Differences are taken from the fine copy, or thin lines would lose their direction."""
        return structure_tensor(self.fine, self.lab.shape[-2:], 2.2 * self.unit, 24 * self.unit)

    @cached_property
    def paint(self) -> Tensor:
        """Of the size of fine. Its petals choose hard, so borders are smoothed once along themselves."""
        painted = anisotropic_kuwahara(self.fine, flow_of(self.tensor), 4.5 * self.unit)
        flow = flow_of(resized(self.tensor, self.fine.shape[-2:]))
        return along_flow(painted, flow, 1.6 * unit_of(self.fine))

    def flat(self, detail: float) -> Tensor:
        """L0 smoothing; chroma counts 1.5 times, so that isoluminant borders survive."""
        if detail not in self._flats:
            weight = self.lab.new_tensor([1.0, 1.5, 1.5]).view(1, 3, 1, 1)
            self._flats[detail] = l0_smooth(self.lab * weight, 0.0016 / detail**2) / weight
        return self._flats[detail]

    @cached_property
    def detail(self) -> Tensor:
        """0 .. 1, high in faces, fingers, lace: local contrast gathered over a few pixels."""
        light = self.lab[:, :1]
        fine = (light - gaussian(light, 3 * self.unit)).abs()
        return smoothstep(gaussian(fine, 5 * self.unit), 0.004, 0.035)

    @cached_property
    def saliency(self) -> Tensor:
        """0 .. 1: is there any edge near? On an absolute scale: a share of the maximum would differ over a set."""
        energy = flow_of(self.tensor).energy
        return gaussian(smoothstep(gaussian(energy, 8 * self.unit), 0.002, 0.03), 14 * self.unit)


@dataclass(frozen=True, eq=False)
class Analysis:
    """One picture, or one window of it. lab (1, 3, H, W) OKLab; maps (1, C, H, W)."""

    lab: Tensor
    window: Window
    sketch: Sketch

    @property
    def unit(self) -> float:
        return self.window.unit

    @cached_property
    def flow(self) -> Flow:
        return flow_of(enlarge(self.sketch.tensor, self.window))

    def flat(self, detail: float) -> Tensor:
        return self._revealed(self.sketch.flat(detail), self.sketch.lab)

    @property
    def forms(self) -> Tensor:
        """Flat in the large: one colour for a cheek, a sleeve, a sky. What shading is measured from."""
        return self.flat(0.35)

    @cached_property
    def paint(self) -> Tensor:
        return self._revealed(self.sketch.paint, self.sketch.fine)

    @cached_property
    def detail(self) -> Tensor:
        return enlarge(self.sketch.detail, self.window)

    @cached_property
    def saliency(self) -> Tensor:
        return enlarge(self.sketch.saliency, self.window)

    @cached_property
    def calm(self) -> Tensor:
        """Lightness without grain: what lines are looked for in. Vivid colour counts as a little darker."""
        light = self.lab[:, :1] - 0.25 * torch.hypot(self.lab[:, 1:2], self.lab[:, 2:])
        return guided(light, light, 2.0 * self.unit, 0.0015)

    @cached_property
    def ridges(self) -> Tensor:
        """(1, 2, H, W): flow-aligned difference of Gaussians, fine and broad; negative on the dark side of an edge.

        FDoG (Kang, Lee, Chui 2009) in the separable form of Winnemoeller, Kyprianidis, Olsen 2012, section 2.6,
        with the isotropic difference in place of the one across the flow: averaged along it the two look alike.
        """
        return along_flow(torch.cat([self._dog(0.8), self._dog(1.9)], 1), self.flow, 4.0 * self.unit)

    def _dog(self, sigma: float) -> Tensor:
        """sigma in design pixels. k = 1.6 makes it a Laplacian of Gaussian (Marr, Hildreth 1980)."""
        sigma = max(sigma * self.unit, 0.5)
        return gaussian(self.calm, sigma) - gaussian(self.calm, 1.6 * sigma)

    def _revealed(self, smooth: Tensor, source: Tensor) -> Tensor:
        """Enlarge a smoothed copy and give its edges their full sharpness back; what it smoothed away stays away."""
        if self.window.is_whole and smooth.shape == self.lab.shape:
            return smooth
        gradient = dilated(_contrast(smooth), 1)
        edges = smoothstep(gaussian(gradient, 0.7), 0.02, 0.08)
        both = enlarge(torch.cat([smooth, source, edges], 1), self.window)
        return both[:, :3] + both[:, 6:] * (self.lab - both[:, 3:6])


def _contrast(lab: Tensor) -> Tensor:
    """(1, 1, h, w): largest step to a neighbour, over channels."""
    return (dilated(lab, 1) - eroded(lab, 1)).amax(1, True)


def analyse(rgb: Tensor) -> Analysis:
    """(H, W, 3) float in [0, 1], RGB, any device -> its Analysis. Nothing is computed until a look asks."""
    check_picture(rgb)
    lab = oklab(to_planes(rgb))
    return Analysis(lab, whole(*rgb.shape[:2]), sketch_of(lab))


def sketch_of(lab: Tensor) -> Sketch:
    """The fine copy has at most FINE pixels on its long side; the small one half of the picture's, within bounds."""
    long_side = max(lab.shape[-2:])
    fine = reduced(lab, FINE)
    return Sketch(fine, reduced(fine, min(max(long_side // 2, SMALL), FINE)))


def reduced(lab: Tensor, long_side: int) -> Tensor:
    scale = long_side / max(lab.shape[-2:])
    if scale >= 1:
        return lab
    return resized(lab, tuple(max(1, round(n * scale)) for n in lab.shape[-2:]), "area")


def check_picture(rgb: Tensor) -> None:
    if rgb.ndim != 3 or rgb.shape[2] != 3 or min(rgb.shape) < 1:
        raise ValueError(f"a picture is (H, W, 3), got {tuple(rgb.shape)}")
    if not torch.is_floating_point(rgb):
        raise ValueError(f"a picture holds floats in [0, 1], got {rgb.dtype}")


def to_planes(rgb: Tensor) -> Tensor:
    return rgb.to(torch.float32).clamp(0, 1).nan_to_num(0.0).permute(2, 0, 1)[None].contiguous()  # HWC -> BCHW


def to_pixels(planes: Tensor) -> Tensor:
    return planes[0].permute(1, 2, 0).contiguous()  # BCHW -> HWC
