"""The stylizer that needs no weights: sub-styles drawn by `painterly/`, in the colours of a new character."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from ..errors import TroupeError
from ..pixels import Picture
from ..samples.sample import Sample, StylePair, SubStyle
from ..samples.store import store_key
from .painterly import (
    LOOKS,
    CharacterPalette,
    LookSettings,
    Recolouring,
    SetStatistics,
    plan_recolouring,
    pool_statistics,
    stylize,
    stylize_regions,
)
from .painterly.settings import RANGES
from .protocol import Closer, Request

VERSION = 3  # raise it when a look changes, so that the store draws it again
ADDED = ("warmth", "lightness")  # a second sub-style's number is added to the look's; all others multiply
COLOUR_SLOTS = ("hair.colour", "eyes.colour", "skin.colour", "palette")
MINIMUM_COLOURS, MAXIMUM_COLOURS = 3, 12


@dataclass(frozen=True)
class PainterlyStylizer:
    """Satisfies `protocol.Stylizer`.

    `palette`: the new character's colours, None keeps the old ones. `palette_amount` in [0, 1].
    `background`: the look behind the subject where a mask says which is which, "" = the same everywhere.
    `strength` in [0, 1] multiplies every style's own. `device`: where to compute, e.g. "cuda:0".
    """

    palette: CharacterPalette | None = None
    palette_amount: float = 1.0
    background: str = ""
    strength: float = 1.0
    device: str = "cpu"

    def prepare(self, pictures: Iterable[Picture]) -> PreparedPainterly:
        statistics = pool_statistics((p.rgb, p.mask) for p in pictures)
        plan = None
        if self.palette is not None:
            plan = plan_recolouring(statistics, self.palette, self.palette_amount)
        return PreparedPainterly(self, statistics, plan)


@dataclass(frozen=True)
class PreparedPainterly:
    """Satisfies `protocol.PreparedStylizer`."""

    stylizer: PainterlyStylizer
    statistics: SetStatistics
    plan: Recolouring | None

    @property
    def identity(self) -> str:
        # The device is left out: the looks agree over devices within a step of 8 bits.
        settings = {k: v for k, v in asdict(self.stylizer).items() if k != "device"}
        return store_key("painterly", VERSION, settings, self.statistics.to_json())

    def cue(self, sample: Sample) -> str:
        return ""

    @property
    def repaints(self) -> tuple[str, ...]:
        return COLOUR_SLOTS if self.plan else ()

    @property
    def hears_cancel(self) -> bool:
        return False

    @property
    def concurrent(self) -> bool:
        return self.stylizer.device == "cpu"

    def closer(self, amount: float) -> Closer:
        """Strokes and lines are laid on more thinly; the new character's colours stay."""
        strength = self.stylizer.strength * (1 - amount)
        return Closer(f"strength {strength:.2f}", replace(self, stylizer=replace(self.stylizer, strength=strength)))

    def restyle(self, request: Request) -> Tensor:
        rgb, mask = (t if t is None else t.to(self.stylizer.device) for t in request.picture)
        subject = look_of(request.style, self.stylizer.strength)
        common = {"statistics": self.statistics, "seed": request.seed, "recolour": self.plan}
        with torch.inference_mode():
            if mask is None or not (self.stylizer.background or self.plan):
                return stylize(rgb, subject, **common)
            behind = replace(subject, look=self.stylizer.background or subject.look)
            return stylize_regions(rgb, mask, subject, behind, **common)


def look_names() -> list[str]:
    return list(LOOKS)


def look_of(style: StylePair, strength: float = 1.0) -> LookSettings:
    """The first sub-style's look with the second one's dials laid over it, kept within their ranges."""
    dials = dict(style.first.painterly)
    look = dials.pop("look", None)
    if look is None:
        raise TroupeError(
            "This style has no painterly look",
            item=style.first.name,
            remedy="Choose another first style, add a look to its entry, or wire another stylizer.",
        )
    settings = LookSettings(look=str(look), **dials)
    for name, value in _dials(style.second):
        own = getattr(settings, name)
        settings = replace(settings, **{name: _within(name, own + value if name in ADDED else own * value)})
    seconds = style.second.strength if style.second else 1.0
    return replace(
        settings, strength=_within("strength", settings.strength * style.first.strength * seconds * strength)
    )


def _dials(second: SubStyle | None) -> list[tuple[str, float]]:
    return [(name, float(value)) for name, value in second.painterly if name in RANGES] if second else []


def _within(name: str, value: float) -> float:
    low, high = RANGES[name]
    return min(max(value, low), high)


@lru_cache(maxsize=1)
def named_palettes() -> dict[str, CharacterPalette]:
    """The palettes that ship with Troupe, by name."""
    data = json.loads((Path(__file__).parent / "palettes.json").read_text(encoding="utf-8"))
    return {entry["name"]: CharacterPalette(entry["name"], tuple(entry["colours"])) for entry in data["palettes"]}


def parse_palette(text: str) -> CharacterPalette:
    """Colours as names or `#rrggbb`, separated by commas or spaces."""
    from ..picturefiles import parse_colour

    colours = tuple("#{:02x}{:02x}{:02x}".format(*parse_colour(c)) for c in text.replace(",", " ").split())
    if not MINIMUM_COLOURS <= len(colours) <= MAXIMUM_COLOURS:
        raise TroupeError(
            f"A character palette has {MINIMUM_COLOURS} to {MAXIMUM_COLOURS} colours, not {len(colours)}",
            item=repr(text),
            remedy='Write them like "#2d4a6b, #e8b04a, #f3e6d0".',
        )
    return CharacterPalette("own", colours)
