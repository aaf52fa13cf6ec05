"""What each setting of a preset may be, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..vocabulary import normal, vocabulary
from .cropping import CROPS
from .presettext import nearest
from .wishes import AXES, Wish

BALANCES = ("exact", "at most")
LARGEST_DISTANCE = 16  # of 64 bits; half of them differ between pictures that have nothing in common


class Wrong(ValueError):
    """expected: what should have stood there. shown: what stands there, if that is only a part of the value; key: the
    key inside the setting that it belongs to."""

    def __init__(self, expected: str, shown: object = None, key: str = "") -> None:
        self.expected, self.shown, self.key = expected, shown, key
        super().__init__(expected)


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if type(value) is not int or not low <= value <= high:  # True is an int to Python, not to a person
            raise Wrong(f"Write a whole number from {low} to {high}.")
        return value

    return read


def _number(low: float, high: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        share = _percent(value)
        found = value if share is None else share
        if type(found) not in (int, float) or not low <= found <= high:
            raise Wrong(f"Write a number from {low:g} to {high:g}.")
        return float(found)

    return read


def _percent(value: object) -> float | None:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", value) if isinstance(value, str) else None
    return float(match[1]) / 100 if match else None


def _aspect(value: object) -> float:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*[:/x]\s*(\d+(?:\.\d+)?)\s*", value) if isinstance(value, str) else None
    found = float(match[1]) / max(float(match[2]), 1e-9) if match else value
    if type(found) not in (int, float) or not 0.1 <= found <= 10:
        raise Wrong('Write width over height as a number such as 0.75, or as "3:4", from 0.1 to 10.')
    return float(found)


def _distance(value: object) -> int | None:
    distance = _whole(-1, LARGEST_DISTANCE)(value)
    return None if distance < 0 else distance


def _balance(value: object) -> str:
    if value not in BALANCES:
        raise Wrong('Write "exact" or "at most".')
    return value


def _crops(value: object) -> tuple[str, ...]:
    named = [value] if isinstance(value, str) else value
    if not isinstance(named, list) or not all(isinstance(shot, str) for shot in named):
        raise Wrong('Write a list of shots, such as ["close-up"].')
    return tuple(dict.fromkeys(_value("shot", shot, tuple(CROPS)) for shot in named))


def _wishes(slot: str) -> Callable[[object], tuple[Wish, ...]]:
    def read(value: object) -> tuple[Wish, ...]:
        if not isinstance(value, dict):
            raise Wrong('Write values with counts or shares, such as { close-up = 8, full = "40%" }.')
        wishes = tuple(_wish(slot, name, wanted) for name, wanted in value.items())
        names = [w.value for w in wishes]
        if twice := next((key for key, name in zip(value, names, strict=True) if names.count(name) > 1), None):
            raise Wrong("It is there twice, under two names; leave one of them out.", twice, twice)
        if sum(w.share for w in wishes) > 1 + 1e-9:
            raise Wrong(f"The shares add up to {sum(w.share for w in wishes):.0%}; 100 % is all there is.")
        return wishes

    return read


def _wish(slot: str, name: str, wanted: object) -> Wish:
    value = _value(slot, name, tuple(w.value for w in vocabulary().values(slot)), name)
    share = _percent(wanted)
    if share is not None and share <= 1:
        return Wish(value, share=share)
    if type(wanted) is not int or wanted < 0:
        raise Wrong('Write a number of pictures such as 8, or a share of the total such as "40%".', wanted, name)
    return Wish(value, wanted)


def _value(slot: str, name: str, known: tuple[str, ...], key: str = "") -> str:
    """The vocabulary's name for what a person calls `name`: "frontal", "From_Front" and "正面" are front."""
    word = next((w for w in vocabulary().values(slot) if normal(name) in (normal(w.value), *w.words)), None)
    if word is None or word.value not in known:
        raise Wrong(nearest(name, known), name, key)
    return word.value


READERS: dict[str, Callable[[object], object]] = {
    "total": _whole(1, 100_000),
    **{axis: _wishes(slot) for axis, slot in AXES.items()},
    "balance": _balance,
    "crop_to_shot": _crops,
    "minimum_side": _whole(1, 16_384),
    "crop_minimum_side": _whole(1, 16_384),
    "aspect_minimum": _aspect,
    "aspect_maximum": _aspect,
    "sharpness_minimum": _number(0, 2),
    "clipped_dark_maximum": _number(0, 1),
    "clipped_bright_maximum": _number(0, 1),
    "near_duplicate_distance": _distance,
    "identity_minimum": _number(0, 1),
    "likeness_minimum": _number(0, 1),
}
