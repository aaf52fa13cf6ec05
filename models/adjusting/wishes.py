"""What a person wants of a sample set: how many pictures of each kind, and what a picture must be like."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Literal, NamedTuple

from ..errors import TroupeError

# The preset's name for a wish, and the slot of the vocabulary that it speaks about.
AXES = {"shots": "shot", "angles": "angle", "actions": "action", "expressions": "expression"}
SLOTS = tuple(AXES.values())

Balance = Literal["exact", "at most"]
CROP_SIDE = 384  # pixels: a trainer that works at 512 then enlarges a crop by a third at most


class Limit(NamedTuple):
    """The setting of that name and what it comes to."""

    setting: str
    pixels: int


class Wish(NamedTuple):
    """So many pictures of one value of a slot: a `count`, or a `share` in [0, 1] of the total."""

    value: str
    count: int = 0
    share: float = 0.0


@dataclass(frozen=True)
class Preset:
    """What is wanted of each character. None and () mean that it does not matter.

    total: pictures, at most. shots, angles, actions, expressions: wishes; a wish is also a limit.
    balance: "at most" lets values that are not named come as they may, "exact" leaves them out.
    crop_to_shot: the shots that may be made from full shots by cropping where pictures are missing.
    minimum_side: of the shorter side, in pixels. crop_minimum_side: the same of a crop, which needs both.
    aspect_minimum, aspect_maximum: width / height.
    sharpness_minimum: one over the width of the edges in pixels, at 512 pixels; 2 is the sharpest, 0.4 is soft.
    clipped_dark_maximum, clipped_bright_maximum: shares in [0, 1] of the subject that are black or white; of the
    picture, its middle before all, where no mask tells the subject.
    near_duplicate_distance: bits of 64 in which two pictures' fingerprints may differ.
    identity_minimum: similarity in [0, 1] of colours and texture to the character's most typical picture.
    likeness_minimum: likeness in [0, 1] to the character's other pictures that Check Consistency found; a picture that
    it did not compare passes.
    """

    total: int | None = None
    shots: tuple[Wish, ...] = ()
    angles: tuple[Wish, ...] = ()
    actions: tuple[Wish, ...] = ()
    expressions: tuple[Wish, ...] = ()
    balance: Balance = "at most"
    crop_to_shot: tuple[str, ...] = ()
    minimum_side: int | None = None
    crop_minimum_side: int = CROP_SIDE
    aspect_minimum: float | None = None
    aspect_maximum: float | None = None
    sharpness_minimum: float | None = None
    clipped_dark_maximum: float | None = None
    clipped_bright_maximum: float | None = None
    near_duplicate_distance: int | None = 6
    identity_minimum: float | None = None
    likeness_minimum: float | None = None

    def quotas(self) -> dict[str, dict[str, int]]:
        """Pictures wanted of each value of each slot that has wishes: {"shot": {"close-up": 10, ...}}.

        Raises `TroupeError` for shares without a total. (Not when they are read: a text with shares alone may be meant
        to be laid over a preset that has a total.)
        """
        shared = next((axis for axis in AXES if any(w.share for w in getattr(self, axis))), None)
        if shared and self.total is None:
            raise TroupeError(
                "The preset asks for shares of an unknown total",
                item=shared,
                remedy="Add the number of pictures wanted of each character, such as total = 25.",
            )
        wishes = {slot: getattr(self, axis) for axis, slot in AXES.items()}
        return {slot: _counts(wished, self.total or 0) for slot, wished in wishes.items() if wished}

    @property
    def crop_limit(self) -> Limit:
        """What the shorter side of a crop needs."""
        sides = Limit("minimum_side", self.minimum_side or 0), Limit("crop_minimum_side", self.crop_minimum_side)
        return max(sides, key=lambda limit: limit.pixels)


def _counts(wishes: tuple[Wish, ...], total: int) -> dict[str, int]:
    """Shares become counts by largest remainders, so that shares of 100 % add up to the total."""
    exact = {w.value: w.share * total for w in wishes if w.share}
    counts = {w.value: int(exact.get(w.value, w.count)) for w in wishes}
    spare = round(sum(exact.values())) - sum(counts[v] for v in exact)
    for value in sorted(exact, key=lambda v: int(exact[v]) - exact[v])[:spare]:
        counts[value] += 1
    return counts


def as_json(preset: Preset) -> str:
    """What differs from the gentle defaults, as text that `parse_preset` reads back."""
    plain: dict[str, object] = {}
    lowers_crops = (preset.minimum_side or CROP_SIDE) < CROP_SIDE  # when read back, unless the crops' own is named
    for field in fields(preset):
        value = getattr(preset, field.name)
        if value == field.default and not (field.name == "crop_minimum_side" and lowers_crops):
            continue
        if field.name in AXES:
            value = {w.value: f"{w.share * 100:.10g}%" if w.share else w.count for w in value}
        plain[field.name] = -1 if value is None else list(value) if isinstance(value, tuple) else value
    return json.dumps(plain, ensure_ascii=False)
