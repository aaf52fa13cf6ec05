"""Which part of which original shows what a redrawn picture shows, so that the two can be learnt as a pair."""

from __future__ import annotations

import json
from typing import NamedTuple

from ..samples.prompts import style_instruction
from ..samples.sample import Sample, Step
from .captions import Caption, one_line

STYLE = "{style}"  # in an instruction: what the picture's styles tell an edit model
# Rounding moves a side by a pixel or two; what is off by more was cut, and nothing says where.
MOST_PIXELS, MOST_SHARE = 2, 0.01
Part = tuple[float, float, float, float]
MOVING = ("crop", "stage")
WHOLE: Part = (0.0, 0.0, 1.0, 1.0)


class Control(NamedTuple):
    """`part`: left, top, right, bottom of what is shown, as shares of the original's width and height."""

    original: Sample
    part: Part = WHOLE


def control_of(sample: Sample) -> Control | str:
    """The first picture that `sample` goes back to, with its own crops carried over; or why there is no pair."""
    if sample.source is None:
        return "it was not drawn from another picture: an edit pair needs Restyle, or Set Images"
    part = _shown(_since(sample, sample.source))
    if isinstance(part, str):
        return part
    if sample.source.source is not None:
        before = control_of(sample.source)
        found = before if isinstance(before, str) else Control(before.original, inside(before.part, part))
    else:
        found = Control(sample.source, part)
    return found if isinstance(found, str) else _other_shape(sample, found) or found


def inside(outer: Part, part: Part) -> Part:
    """`part` of `outer`, as a part of what `outer` is a part of."""
    width, height = outer[2] - outer[0], outer[3] - outer[1]
    left, top = outer[0] + part[0] * width, outer[1] + part[1] * height
    return left, top, outer[0] + part[2] * width, outer[1] + part[3] * height


def instruction_of(sample: Sample, told: str) -> Caption:
    """`told` with the styles' own instruction in place of `{style}`; of a sample without a style its caption, which in
    a set of pairs is one."""
    own = style_instruction(sample) or (sample.labels.caption if sample.labels else "")
    return Caption(one_line(told.replace(STYLE, own)), "captioner" if STYLE in told else "person")


def _since(sample: Sample, source: Sample) -> tuple[Step, ...]:
    """What moved the picture of `sample` after its ways and its source's parted. Only what moves is counted: Tag
    Features, run again, takes its earlier entry out of the history."""
    own, before = ([step for step in s.history if step.stage in MOVING] for s in (sample, source))
    common = next((n for n, (a, b) in enumerate(zip(own, before, strict=False)) if a != b), min(len(own), len(before)))
    return tuple(own[common:])


def _shown(steps: tuple[Step, ...]) -> Part | str:
    """What all crops among `steps` leave, as a part of the picture before them."""
    shown = WHOLE
    for step in steps:
        if step.stage == "stage":
            return "it stands on another background than its original"
        if step.stage == "crop":
            settings = json.loads(step.settings)
            if "of" not in settings:
                return "it was cropped by an earlier version, which did not note out of what: run Adjust again"
            (left, top, right, bottom), (width, height) = settings["box"], settings["of"]
            shown = inside(shown, (left / width, top / height, right / width, bottom / height))
    return shown


def _other_shape(sample: Sample, control: Control) -> str:
    """Why the two do not lie over each other, or ""."""
    left, top, right, bottom = control.part
    original, size = control.original.image.size, sample.image.size
    width, height = (right - left) * original.width, (bottom - top) * original.height
    fitted = width * size.height / height
    if abs(fitted - size.width) <= max(MOST_PIXELS, MOST_SHARE * size.width):
        return ""
    return (
        f"it is {size.width}x{size.height} pixels and what it was drawn from {width:.0f}x{height:.0f}, which is "
        "another shape: nothing says what was cut away"
    )
