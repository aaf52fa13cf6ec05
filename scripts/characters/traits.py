"""What each picture shows, in words: the characters' traits where they can be seen, and the place behind them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .picture import Shot

ALL_SHOTS, BODY, LEGS = ("close-up", "medium", "full", "long"), ("medium", "full", "long"), ("full", "long")
ALL_ANGLES, FACE = ("front", "three-quarter", "side", "back"), ("front", "three-quarter", "side")


class Trait(NamedTuple):
    slot: str
    value: str
    shots: tuple[str, ...] = ALL_SHOTS
    angles: tuple[str, ...] = ALL_ANGLES


TRAITS = {
    "mira": (
        Trait("count", "girl"),
        Trait("hair.colour", "blue"),
        Trait("hair.length", "short"),
        Trait("hair.style", "bob"),
        Trait("eyes.colour", "amber", ("close-up", "medium", "full"), FACE),
        Trait("body", "freckles", ("close-up", "medium"), FACE),
        Trait("clothes.head", "hair clip"),
        Trait("accessory", "scarf"),
        Trait("clothes.top", "jacket", BODY),
        Trait("accessory", "bag", BODY),
        Trait("clothes.bottom", "shorts", LEGS),
        Trait("clothes.shoes", "boots", LEGS),
    ),
    "bram": (
        Trait("count", "animal"),
        Trait("body", "animal ears"),
        Trait("body", "tail", BODY),
        Trait("eyes.colour", "brown", ("close-up", "medium", "full"), FACE),
        Trait("clothes.head", "hat"),
        Trait("accessory", "scarf"),
        Trait("clothes.top", "apron", BODY),
        Trait("clothes.bottom", "trousers", LEGS),
    ),
}
PLACES = {
    "park": "park", "garden": "park", "street": "street", "seaside": "beach", "meadow": "field", "woods": "forest",
    "room": "room", "bakery": "indoors", "sky": "sky", "night": "forest",
}  # fmt: skip
# Whoever reads a clear picture lays it on a plain colour.
GROUNDS = {"plain": "plain", "halo": "plain", "gradient": "gradient", "clear": "plain"}


def facts(who: str, shot: Shot) -> dict[str, str | list[str]]:
    """Slot -> value, or values where a picture shows several."""
    found: dict[str, list[str]] = {}
    for slot, value in (*_seen(who, shot), *_behind(shot)):
        found.setdefault(slot, []).append(value)
    return {slot: values[0] if len(values) == 1 else values for slot, values in found.items()}


def _seen(who: str, shot: Shot) -> Iterator[tuple[str, str]]:
    return ((t.slot, t.value) for t in TRAITS[who] if shot.shot in t.shots and shot.angle in t.angles)


def _behind(shot: Shot) -> Iterator[tuple[str, str]]:
    if shot.backdrop in PLACES:
        yield "background", "scene"
        yield "place", PLACES[shot.backdrop]
        if shot.backdrop == "night":
            yield "time", "night"
    else:
        yield "background", GROUNDS.get(shot.backdrop, "patterned")
