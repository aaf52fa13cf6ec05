"""A picture and the mask of an object in it become a group: cut-out, background without it, composite, position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import length_hint

import torch
from torch import Generator, Tensor

from ...errors import TroupeError
from ...progress import Progress, silent
from ...samples.seeds import sample_seed
from .copyfill import copy_fill
from .cutting import cut_out, solid
from .decoys import with_decoys
from .degrading import degraded
from .group import GroupFault, GroupPixels
from .holes import hole_of
from .writing import NamedGroup


@dataclass(frozen=True)
class MakeSettings:
    """decoys: places that are repaired without need, see `decoys.py`; shadow_growth: see `holes.py`.

    degrade: spoil background and composite alike. least_area, most_area: share of the picture that the object
    covers; what is smaller cannot be seen, what is larger leaves nothing to fill its place with.
    """

    decoys: int = 4
    shadow_growth: float = 0.06
    degrade: bool = True
    seed: int = 0
    least_area: float = 0.002
    most_area: float = 0.6

    def __post_init__(self) -> None:
        _require(0 <= self.decoys <= 32, "decoys", self.decoys, "0 to 32")
        _require(0 <= self.shadow_growth <= 1, "shadow_growth", self.shadow_growth, "0 to 1")
        _require(0 <= self.least_area < self.most_area <= 1, "least_area", self.least_area, "0 to most_area, at most 1")


def make_group(picture: Tensor, mask: Tensor, settings: MakeSettings, generator: Generator) -> GroupPixels:
    """Without degradation, background and composite are equal to the last bit outside of the object's hole.

    picture: `(H, W, 3)`; mask: `(H, W)`, above 0.5 = object.
    Raises `TroupeError` with the reason for what cannot be used.
    """
    inside = solid(picture, mask)
    _require_area(float(inside.float().mean()), settings)
    picture, mask = picture.float().clamp(0, 1), mask.float()
    hole = hole_of(inside, settings.shadow_growth)
    composite, _ = with_decoys(picture, inside, hole, settings.decoys, settings.shadow_growth, generator)
    background = copy_fill(composite, hole, generator)
    if settings.degrade:
        background, composite = degraded((background, composite), generator)
    # Cut from what the composite became: the object's own noise is not something to be predicted.
    foreground, box = cut_out(composite, mask)
    return GroupPixels(foreground, background, composite, box)


def made_groups(
    pictures: Iterable[tuple[str, Tensor, Tensor]],
    settings: MakeSettings,
    progress: Progress = silent,
) -> Iterator[NamedGroup | GroupFault]:
    """One group, or the reason why there is none, for each (id, picture, mask), one at a time.

    A group depends on its id and the settings' seed, never on the others or their order.
    """
    total = length_hint(pictures)
    for done, (id_, picture, mask) in enumerate(pictures):
        progress(done, max(total, done + 1), id_)
        generator = torch.Generator().manual_seed(sample_seed(settings.seed, id_))
        try:
            yield NamedGroup(id_, make_group(picture, mask, settings, generator))
        except TroupeError as error:
            yield GroupFault(id_, str(error))


def _require_area(share: float, settings: MakeSettings) -> None:
    if not settings.least_area <= share <= settings.most_area:
        side = "small" if share < settings.least_area else "large"
        raise TroupeError(
            f"The object is too {side}",
            item=f"it covers {share:.1%} of the picture",
            remedy=f"Objects of {settings.least_area:.1%} to {settings.most_area:.0%} can be used.",
        )


def _require(holds: bool, name: str, value: float, limits: str) -> None:
    if not holds:
        raise TroupeError("A setting is out of range", item=f"{name} = {value}", remedy=f"Use {limits}.")
