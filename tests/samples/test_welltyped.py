"""A value is what its class says, all the way down."""

from dataclasses import dataclass, replace
from typing import Literal

import pytest

from troupe.models.samples.sample import ImageFile, Rejection, Sample, SampleSet, Step
from troupe.models.samples.welltyped import fits


@dataclass(frozen=True)
class Kind:
    text: str = "a"
    number: int = 1
    amount: float = 0.5
    sure: bool = True
    side: Literal["left", "right"] = "left"
    maybe: str | None = None
    pairs: tuple[tuple[str, str | float], ...] = (("a", 1.0), ("b", "c"))
    inner: "Kind | None" = None


GOOD = ({}, {"amount": 2}, {"maybe": "x"}, {"pairs": ()}, {"inner": Kind(inner=Kind())}, {"side": "right"})
BAD = (
    {"text": None}, {"text": 1}, {"number": True}, {"number": 1.0}, {"number": "1"}, {"amount": True}, {"amount": "x"},
    {"amount": float("nan")}, {"amount": float("inf")}, {"sure": 1}, {"side": "up"}, {"side": ["left"]}, {"maybe": 1},
    {"pairs": None}, {"pairs": [("a", 1.0)]}, {"pairs": (("a",),)}, {"pairs": (("a", None),)}, {"pairs": ("ab",)},
    {"inner": 1}, {"inner": Kind(number="1")}, {"inner": Kind(inner=Kind(text=5))},
)  # fmt: skip


@pytest.mark.parametrize("change", GOOD, ids=str)
def test_what_fits(change):
    assert fits(Kind(**change), Kind)


@pytest.mark.parametrize("change", BAD, ids=str)
def test_what_does_not(change):
    assert not fits(Kind(**change), Kind)


def test_samples():
    sample = Sample("a", "mira", ImageFile("a.png", "", 8, 8), history=(Step("load", "{}", 10**30),))
    sample = replace(sample, source=sample)
    assert fits(SampleSet((sample,), (Rejection("b", "load", "empty", sample=sample),)), SampleSet)
    assert not fits(SampleSet((replace(sample, source=replace(sample, id=5)),)), SampleSet)
    assert not fits(sample.image, Sample)
