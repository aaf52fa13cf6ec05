"""The captioner that needs no weights: it measures, and says nothing about what it cannot measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..parallel import core_count, ordered_map
from ..pixels import Picture
from ..samples.sample import Feature, Sample
from .backdrop import BAND_SURE, SIDE, TRIMMED, TRIMMED_BAND, Backdrop, around, backdrop, off_ground, transparent
from .framing import PLACE, SIZE, framing, shot
from .look import edges, look
from .palette import swatches
from .protocol import Observation
from .scale import Guess, Scale
from .tone import binomial, brightness, contrast, edge_blur, gradient, saturation
from .workcopy import WorkCopy, halved, work_copy

# Raise it when a measurement changes: stored observations of older versions are then made anew.
VERSION = 1

# Limits lie where one in ten to one in twenty of 138 photographs (COCO, toys, pets) begins, so that an extreme word
# is said of extreme pictures only. Units: OKLab lightness; its 5 to 95 % range; OKLab chroma; pixels of blur.
BRIGHTNESS = Scale(("dark", "balanced", "bright"), (0.37, 0.9), 0.05)
CONTRAST = Scale(("low", "normal", "high"), (0.35, 0.86), 0.05)
SATURATION = Scale(("monochrome", "muted", "normal", "vivid"), (0.008, 0.025, 0.11), 0.008)
# At 512 pixels all these photographs measure below 0.85, and above 1.2 once they are blurred by 1.5.
SHARPNESS = Scale(("sharp", "normal", "blurred"), (0.85, 1.3), 0.2)


@dataclass(frozen=True)
class MeasuredCaptioner:
    """Satisfies `protocol.Captioner`. Needs about 20 ms a picture and thread, plus decoding."""

    @property
    def identity(self) -> str:
        return f"measured {VERSION}"

    @property
    def batch(self) -> int:
        return 2 * core_count()

    def observe(self, pictures: Sequence[Picture], samples: Sequence[Sample]) -> Sequence[Observation]:
        pairs = zip(pictures, samples, strict=True)
        return tuple(ordered_map(lambda pair: Observation(tuple(measured_features(*pair))), pairs))


def measured_features(picture: Picture, sample: Sample) -> Iterator[Feature]:
    """Everything that can be measured on one picture."""
    copy = work_copy(picture, _is_cut_out(sample))
    ground = _background(copy)
    yield from _framing(copy)
    yield from _palette(copy, ground)
    if ground:
        yield _feature("background", Guess(ground.value, ground.confidence), ground.measure)
    yield from _tone(copy)
    yield from _surface(copy)


def _is_cut_out(sample: Sample) -> bool:
    """Whether the mask is the picture's own alpha channel: then nothing is shown outside it."""
    return sample.mask is not None and sample.mask.channel == "alpha" and sample.mask.path == sample.image.path


def _feature(slot: str, guess: Guess, measure: float) -> Feature:
    return Feature(slot, guess.value, "measured", round(guess.confidence, 3), round(measure, 4))


def _framing(copy: WorkCopy) -> Iterator[Feature]:
    frame = framing(copy.mask) if copy.mask is not None else None
    if frame is None:
        return
    guess = shot(frame)
    if guess:
        yield _feature("shot", guess, frame.height)
    yield _feature("subject.size", SIZE.read(frame.covers), frame.covers)
    yield _feature("subject.place", PLACE.read(frame.across), frame.across)


def _palette(copy: WorkCopy, ground: Backdrop | None) -> Iterator[Feature]:
    """Of the subject; where nobody marked it, of all that is no plain background."""
    pixels = copy.subject_colours(copy.rgb)
    if copy.subject is None and ground:
        pixels = pixels[off_ground(copy.lab.reshape(-1, 3), ground)]
    for swatch in swatches(pixels):
        yield _feature("palette", Guess(swatch.name, swatch.tightness), swatch.share)


def _background(copy: WorkCopy) -> Backdrop | None:
    lab = halved(copy.lab, SIDE)
    if copy.subject is None:
        found = backdrop(lab, around(None, lab.shape[:2]), TRIMMED_BAND)
        return found and found._replace(confidence=found.confidence * BAND_SURE)
    region = around(halved(copy.subject.astype(np.float32), SIDE) > 0, lab.shape[:2])
    return transparent(region) if copy.cut_out else backdrop(lab, region, TRIMMED)


def _tone(copy: WorkCopy) -> Iterator[Feature]:
    for slot, scale, number in (
        ("brightness", BRIGHTNESS, brightness(copy.shown)),
        ("contrast", CONTRAST, contrast(copy.shown)),
        ("saturation", SATURATION, saturation(copy.shown)),
    ):
        yield _feature(slot, scale.read(number), number)


def _surface(copy: WorkCopy) -> Iterator[Feature]:
    """Sharpness and look are the subject's where it is known: a soft background is no blurred picture."""
    if min(copy.grey.shape) < 3:
        return
    slope = gradient(copy.grey)
    again = gradient(binomial(copy.grey))
    blur = edge_blur(copy.subject_edges(slope), copy.subject_edges(again))
    if blur is not None:
        yield _feature("sharpness", SHARPNESS.read(blur), blur)
    parts = (copy.subject_edges(x) for x in (slope, edges(slope), copy.grey[1:-1, 1:-1]))
    guess = look(*parts, copy.subject_colours(copy.lab))
    if guess:
        yield Feature("look", guess.value, "measured", round(guess.confidence, 3))
