"""What a single picture can do wrong, in words with the number and the limit."""

from __future__ import annotations

from typing import NamedTuple

from ..samples.sample import Sample
from .consistency.fact import consistency_of
from .measuring import Measures
from .wishes import Preset


class Fault(NamedTuple):
    """rule: what the report groups by. reason: the whole of it, for the picture's owner. why: the same of several
    pictures ("3 too small for minimum_side = 768"). surplus: nothing is wrong with it, there are others."""

    rule: str
    reason: str
    why: str
    surplus: bool = False


def fault_of(sample: Sample, measures: Measures, preset: Preset) -> Fault | None:
    """The first of the preset's limits that the picture misses."""
    return _of_shape(sample, preset) or _of_pixels(measures, preset) or _of_likeness(sample, preset)


def _of_shape(sample: Sample, preset: Preset) -> Fault | None:
    size, least = sample.image.size, preset.minimum_side
    if least is not None and size.short < least:
        return _fault("too small", f"{size.short} px on the shorter side, limit {least}", "minimum_side", least)
    aspect, low, high = size.width / max(1, size.height), preset.aspect_minimum, preset.aspect_maximum
    if low is not None and aspect < low:
        return _fault("too narrow", f"width / height is {aspect:.2f}, limit {low:.2f}", "aspect_minimum", low)
    if high is not None and aspect > high:
        return _fault("too wide", f"width / height is {aspect:.2f}, limit {high:.2f}", "aspect_maximum", high)
    return None


def _of_pixels(measures: Measures, preset: Preset) -> Fault | None:
    """Exposure before sharpness: what is black all over has no edges either."""
    least, dark, bright = preset.sharpness_minimum, preset.clipped_dark_maximum, preset.clipped_bright_maximum
    part = "picture" if measures.figure is None else "subject"
    if dark is not None and measures.dark > dark:
        found = f"{_percent(measures.dark)} of the {part} is black, limit {_percent(dark)}"
        return _fault("too dark", found, "clipped_dark_maximum", dark)
    if bright is not None and measures.bright > bright:
        found = f"{_percent(measures.bright)} of the {part} is white, limit {_percent(bright)}"
        return _fault("burnt out", found, "clipped_bright_maximum", bright)
    if least is not None and measures.sharpness < least:
        found = f"sharpness {measures.sharpness:.2f}, limit {least:.2f}"
        return _fault("blurred", found, "sharpness_minimum", least)
    return None


def _of_likeness(sample: Sample, preset: Preset) -> Fault | None:
    least, found = preset.likeness_minimum, consistency_of(sample)
    if least is None or found is None or found.likeness >= least:
        return None
    told = f"likeness {found.likeness:.2f} to its other pictures (by {found.look}), limit {least}"
    return _fault("unlike the character", told, "likeness_minimum", least)


def _fault(rule: str, found: str, setting: str, limit: float) -> Fault:
    return Fault(rule, f"{rule}: {found}", f"{rule} for {setting} = {limit:g}")


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"
