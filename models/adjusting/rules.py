"""What a single picture can do wrong, in words with the number and the limit."""

from __future__ import annotations

from typing import NamedTuple

from ..samples.sample import Sample
from .measuring import Measures
from .wishes import Preset


class Fault(NamedTuple):
    """rule: what the report groups by. reason: the whole of it, for the picture's owner."""

    rule: str
    reason: str


def fault_of(sample: Sample, measures: Measures, preset: Preset) -> Fault | None:
    """The first of the preset's limits that the picture misses."""
    return _of_shape(sample, preset) or _of_pixels(measures, preset)


def _of_shape(sample: Sample, preset: Preset) -> Fault | None:
    size = sample.image.size
    if preset.minimum_side is not None and size.short < preset.minimum_side:
        return Fault("too small", f"too small: {size.short} px on the shorter side, limit {preset.minimum_side}")
    aspect = size.width / max(1, size.height)
    if preset.aspect_minimum is not None and aspect < preset.aspect_minimum:
        return Fault("too narrow", f"too narrow: width / height is {aspect:.2f}, limit {preset.aspect_minimum:.2f}")
    if preset.aspect_maximum is not None and aspect > preset.aspect_maximum:
        return Fault("too wide", f"too wide: width / height is {aspect:.2f}, limit {preset.aspect_maximum:.2f}")
    return None


def _of_pixels(measures: Measures, preset: Preset) -> Fault | None:
    least, dark, bright = preset.sharpness_minimum, preset.clipped_dark_maximum, preset.clipped_bright_maximum
    if least is not None and measures.sharpness < least:
        return Fault("blurred", f"blurred: sharpness {measures.sharpness:.2f}, limit {least:.2f}")
    if dark is not None and measures.dark > dark:
        return Fault("too dark", f"too dark: {measures.dark:.0%} of the subject is black, limit {dark:.0%}")
    if bright is not None and measures.bright > bright:
        return Fault("burnt out", f"burnt out: {measures.bright:.0%} of the subject is white, limit {bright:.0%}")
    return None
