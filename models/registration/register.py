"""Given a picture and its redrawn twin, the zoom, turn and shift between them, and how much of it still agrees.

Block-wise phase correlation (Kuglin & Hines 1975, sub-pixel after Foroosh et al. 2002) of structure energy,
then a robust similarity fit (iteratively reweighted least squares, Geman & McClure 1987).
"""

from __future__ import annotations

import cmath
import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from ..pixels import resized
from .structure import structure_energy

LONG_SIDE = 768  # working resolution; drift of edit models is a few pixels at 1024
BLOCK = 128  # large enough for one feature of a face at LONG_SIDE, small enough for 100 votes
REACH = 24  # pixels searched each way: a zoom of 6 % at the border of a 768 px picture
AGREE = 1.5  # pixels within which a block counts as moved with the rest
RIDGE = 0.7  # a block along one straight edge cannot tell where on it it is: near-maximal is enough
TEXTURE = 0.1  # share of a well-textured block's energy below which a block has nothing to say
NOISE = 1e-4  # energy that rounding to 8 bits leaves in a plain picture
MINIMUM_BLOCKS = 6  # fewer cannot outvote the two that any similarity fits
# A block that moved overlaps its old window less and reads short; looking again where it went corrects that.
PASSES, SMALL = 2, 0.5


class Registration(NamedTuple):
    """The redrawn picture is the source turned by `rotation` degrees (clockwise on screen), scaled by
    `zoom` about the centre, moved by `shift` pixels (x, y) of the source. `inliers` in [0, 1]: share of
    blocks that moved together, the structure score; NaN where both are too plain to compare.
    `residual`: median disagreement of those blocks, in pixels of the working size."""

    zoom: float = 1.0
    rotation: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    inliers: float = math.nan
    residual: float = 0.0

    @property
    def comparable(self) -> bool:
        return not math.isnan(self.inliers)


class Blocks(NamedTuple):
    """N blocks: where they are (N, 2) x, y about the centre, how they moved (N, 2), how sure that is (N,),
    and the correlation around no motion (N, 2 REACH + 1, 2 REACH + 1), its largest value 1."""

    centres: Tensor
    moves: Tensor
    certainty: Tensor
    surface: Tensor


def register(source: Tensor, redrawn: Tensor) -> Registration:
    """Both `(H, W, 3)` in [0, 1]; the redrawn one is first brought to the source's size."""
    height, width = source.shape[:2]
    scale = min(1.0, LONG_SIDE / max(height, width))
    size = max(8, round(width * scale)), max(8, round(height * scale))
    a, b = (structure_energy(resized(t.float(), *size)) for t in (source, redrawn))
    motion = Similarity()
    for _ in range(PASSES):
        blocks = correlate_blocks(a, follow(b, motion))
        if len(blocks.centres) < MINIMUM_BLOCKS:
            return Registration()
        fit = fit_similarity(blocks.centres, blocks.moves, blocks.certainty)
        motion = motion.then(fit)
        if float(blocks.moves.norm(dim=1).median()) < SMALL:
            break
    agrees, error = agreement(blocks, fit)
    return Registration(
        zoom=abs(motion.factor),
        rotation=math.degrees(cmath.phase(motion.factor)),
        shift=(motion.offset.real / scale, motion.offset.imag / scale),
        # Some similarity fits any two blocks exactly; they prove nothing.
        inliers=max(0.0, (int(agrees.sum()) - 2) / (len(agrees) - 2)),
        residual=float(error[agrees].median()) if agrees.any() else math.inf,
    )


class Similarity(NamedTuple):
    """p -> factor * p + offset on points x + iy about the centre, in pixels of the working size."""

    factor: complex = 1
    offset: complex = 0

    def then(self, fit: Tensor) -> Similarity:
        """This motion with a remainder, found after following it, put in front."""
        zoom, turn, dx, dy = fit.tolist()
        rest = Similarity(complex(1 + zoom, turn), complex(dx, dy))
        return Similarity(self.factor * rest.factor, self.factor * rest.offset + self.offset)


def follow(energy: Tensor, motion: Similarity) -> Tensor:
    """`(H, W)` looked up where each point went."""
    if motion == Similarity():
        return energy
    return sample_along(energy.unsqueeze(-1), motion.factor, motion.offset, "bilinear")[..., 0]


def sample_along(pixels: Tensor, factor: complex, offset: complex, mode: str) -> Tensor:
    """`(H, W, C)`: each pixel p (about the centre) takes the value at `factor * p + offset`; borders repeat."""
    height, width = pixels.shape[:2]
    # grid_sample counts a whole side as 2, so a turn mixes axes of different units.
    where = pixels.new_tensor(
        [
            [factor.real, -factor.imag * height / width, 2 * offset.real / width],
            [factor.imag * width / height, factor.real, 2 * offset.imag / height],
        ]
    )
    planes = pixels.permute(2, 0, 1).unsqueeze(0)  # HWC -> BCHW
    grid = F.affine_grid(where.unsqueeze(0), list(planes.shape), align_corners=False)
    moved = F.grid_sample(planes, grid, mode=mode, padding_mode="border", align_corners=False)
    return moved[0].permute(1, 2, 0)  # BCHW -> HWC


def correlate_blocks(a: Tensor, b: Tensor) -> Blocks:
    """How each half-overlapping block of energy `a` `(H, W)` moved to `b`. Blocks plain in both are left out."""
    side = max(8, min(BLOCK, min(a.shape) // 3 // 2 * 2))
    reach = min(REACH, side // 4)
    window = torch.hann_window(side, periodic=False, dtype=a.dtype, device=a.device)
    window = window[:, None] * window
    pieces_a, pieces_b = (_pieces(t, side) for t in (a, b))
    centres = _centres(a, side)
    energy = torch.minimum((pieces_a * window).square().mean((1, 2)), (pieces_b * window).square().mean((1, 2)))
    told = energy > max(TEXTURE * float(energy.quantile(0.9)), NOISE)
    if not told.any():
        nothing = a.new_zeros(0, 2)
        return Blocks(nothing, nothing, a.new_zeros(0), a.new_zeros(0, 2 * reach + 1, 2 * reach + 1))
    fa, fb = (torch.fft.rfft2(p[told] * window) for p in (pieces_a, pieces_b))
    cross = fb * fa.conj()
    # Half whitening: between plain correlation (blurred peaks) and phase correlation (noise counts fully).
    surface = torch.fft.irfft2(cross / (cross.abs().sqrt() + 1e-4), s=(side, side))
    surface = torch.roll(surface, (side // 2, side // 2), (1, 2))
    near = slice(side // 2 - reach, side // 2 + reach + 1)
    surface = surface[:, near, near]
    spread = surface.flatten(1).std(1) + 1e-9
    top = surface.flatten(1).amax(1)
    return Blocks(
        centres[told],
        _peaks(surface) - reach,
        (top / spread).square(),
        surface / top.clamp(min=1e-9).view(-1, 1, 1),
    )


def _pieces(energy: Tensor, side: int) -> Tensor:
    step = side // 2
    return energy.unfold(0, side, step).unfold(1, side, step).reshape(-1, side, side)


def _centres(energy: Tensor, side: int) -> Tensor:
    height, width = energy.shape
    step, kind = side // 2, {"dtype": energy.dtype, "device": energy.device}
    ys = torch.arange(0, height - side + 1, step, **kind) + (side - height) / 2
    xs = torch.arange(0, width - side + 1, step, **kind) + (side - width) / 2
    return torch.stack(torch.meshgrid(xs, ys, indexing="xy"), -1).reshape(-1, 2)


def _peaks(surface: Tensor) -> Tensor:
    """Sub-pixel place (x, y) of each surface's maximum: a parabola through the peak and its neighbours."""
    count, rows, columns = surface.shape
    flat = surface.flatten(1).argmax(1)
    y, x = flat // columns, flat % columns
    inner_y, inner_x = y.clamp(1, rows - 2), x.clamp(1, columns - 2)
    n = torch.arange(count, device=surface.device)
    middle = surface[n, inner_y, inner_x]

    def offset(before: Tensor, after: Tensor) -> Tensor:
        curvature = before - 2 * middle + after
        return ((before - after) / (2 * curvature - 1e-9)).clamp(-0.5, 0.5)

    dx = offset(surface[n, inner_y, inner_x - 1], surface[n, inner_y, inner_x + 1])
    dy = offset(surface[n, inner_y - 1, inner_x], surface[n, inner_y + 1, inner_x])
    return torch.stack((inner_x + dx, inner_y + dy), 1)


def fit_similarity(centres: Tensor, moves: Tensor, certainty: Tensor, rounds: int = 20) -> Tensor:
    """(zoom - 1, turn, dx, dy) with move = zoom * p + turn * perp(p) + d, minimising the Geman-McClure loss."""
    x, y = centres.double().unbind(1)
    one, zero = torch.ones_like(x), torch.zeros_like(x)
    # Rows of the design matrix for the x moves, then for the y moves.
    design = torch.cat((torch.stack((x, -y, one, zero), 1), torch.stack((y, x, zero, one), 1)))
    target = torch.cat(moves.double().unbind(1))
    certainty = certainty.double()
    weight, scale = certainty, 8.0
    ridge = torch.diag(design.new_tensor([1.0, 1.0, 1e-6, 1e-6]))
    for _ in range(rounds):
        w = weight.repeat(2).unsqueeze(1)
        fit = torch.linalg.solve(design.T @ (w * design) + ridge, design.T @ (w.squeeze(1) * target))
        error = (design @ fit - target).view(2, -1).norm(dim=0)
        scale = max(1.0, scale * 0.8)  # graduated: wide at first, so that far blocks can still pull
        weight = certainty / (1 + (error / scale) ** 2) ** 2
    return fit


def predicted(centres: Tensor, fit: Tensor) -> Tensor:
    zoom, turn, dx, dy = fit.to(centres)
    x, y = centres.unbind(1)
    return torch.stack((zoom * x - turn * y + dx, turn * x + zoom * y + dy), 1)


def agreement(blocks: Blocks, fit: Tensor) -> tuple[Tensor, Tensor]:
    """Which blocks moved with the fit (N,), and by how many pixels each differs (N,)."""
    wanted = predicted(blocks.centres, fit)
    error = (blocks.moves - wanted).norm(dim=1)
    reach = blocks.surface.shape[-1] // 2
    place = (wanted / (reach + 0.5)).view(-1, 1, 1, 2)
    there = F.grid_sample(blocks.surface.unsqueeze(1), place.to(blocks.surface), align_corners=False)
    return (error < AGREE) | (there.flatten() > RIDGE), error
