"""Everything the looks want to know about one picture, worked out once and only when asked for.

    lab ---- small ---- tensor ---- flow        where strokes run
      |        |-- flat(detail)                 few edges, flat between them
      |        |-- paint                        anisotropic Kuwahara
      |        |-- detail, saliency             where a hand would slow down; where anything happens at all
      |-- calm -- ridges                        lines, two widths

What is smooth is worked out on a reduced copy of the WHOLE picture and enlarged; so a tile of a large picture sees
exactly what the whole would.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import torch
import torch.nn.functional as F
from torch import Tensor

from .canvas import Window, enlarge, whole
from .colour import oklab
from .flow import Flow, along_flow, flow_of, structure_tensor
from .kuwahara import anisotropic_kuwahara
from .l0 import l0_smooth
from .smooth import gaussian, guided
from .tone import smoothstep

WORKING_SIZE = (320, 640)  # least and greatest long side of the reduced copy, pixels; between them it is half


@dataclass(frozen=True, eq=False)
class Sketch:
    """The reduced copy of the whole picture and its maps, each (1, C, h, w), lazily made. lab: OKLab."""

    lab: Tensor
    _flats: dict[float, Tensor] = field(default_factory=dict)

    @property
    def unit(self) -> float:
        return max(self.lab.shape[-2:]) / 768

    @cached_property
    def tensor(self) -> Tensor:
        return structure_tensor(self.lab, 2.2 * self.unit, 24 * self.unit)

    @cached_property
    def paint(self) -> Tensor:
        """Its petals choose hard, so borders are smoothed once along themselves."""
        flow = flow_of(self.tensor)
        return along_flow(anisotropic_kuwahara(self.lab, flow, 4.5 * self.unit), flow, 1.6 * self.unit)

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
        return self._revealed(self.sketch.flat(detail))

    @property
    def forms(self) -> Tensor:
        """Flat in the large: one colour for a cheek, a sleeve, a sky. What shading is measured from."""
        return self.flat(0.35)

    @cached_property
    def paint(self) -> Tensor:
        return self._revealed(self.sketch.paint)

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

    def _revealed(self, small: Tensor) -> Tensor:
        """Enlarge a smoothed sketch and give its edges their full sharpness back; what it smoothed away stays away."""
        if self.sketch.lab.shape[-2:] == self.lab.shape[-2:] and self.window.is_whole:
            return small
        gradient = F.max_pool2d(_contrast(small), 3, 1, 1)
        edges = smoothstep(gaussian(gradient, 0.7), 0.02, 0.08)
        both = enlarge(torch.cat([small, self.sketch.lab, edges], 1), self.window)
        return both[:, :3] + both[:, 6:] * (self.lab - both[:, 3:6])


def _contrast(lab: Tensor) -> Tensor:
    """(1, 1, h, w): largest step to a neighbour, over channels."""
    spread = F.max_pool2d(lab, 3, 1, 1) + F.max_pool2d(-lab, 3, 1, 1)
    return spread.amax(1, True)


def analyse(rgb: Tensor) -> Analysis:
    """(H, W, 3) float in [0, 1], RGB, any device -> its Analysis. Nothing is computed until a look asks."""
    check_picture(rgb)
    lab = oklab(to_planes(rgb))
    return Analysis(lab, whole(*rgb.shape[:2]), sketch_of(lab))


def sketch_of(lab: Tensor) -> Sketch:
    h, w = lab.shape[-2:]
    scale = min(max(max(h, w) / 2, WORKING_SIZE[0]), WORKING_SIZE[1]) / max(h, w)
    if scale >= 1:
        return Sketch(lab)
    size = max(1, round(h * scale)), max(1, round(w * scale))
    return Sketch(F.interpolate(lab, size=size, mode="area"))


def check_picture(rgb: Tensor) -> None:
    if rgb.ndim != 3 or rgb.shape[2] != 3 or min(rgb.shape) < 1:
        raise ValueError(f"a picture is (H, W, 3), got {tuple(rgb.shape)}")
    if not torch.is_floating_point(rgb):
        raise ValueError(f"a picture holds floats in [0, 1], got {rgb.dtype}")


def to_planes(rgb: Tensor) -> Tensor:
    return rgb.to(torch.float32).clamp(0, 1).nan_to_num(0.0).permute(2, 0, 1)[None].contiguous()  # HWC -> BCHW


def to_pixels(planes: Tensor) -> Tensor:
    return planes[0].permute(1, 2, 0).contiguous()  # BCHW -> HWC
