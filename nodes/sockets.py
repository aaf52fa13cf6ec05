"""The types on Troupe's wires, each with the one tooltip that explains it."""

from __future__ import annotations

from comfy_api.latest import io

Samples = io.Custom("TROUPE_SAMPLES")
Captioner = io.Custom("TROUPE_CAPTIONER")
Stylizer = io.Custom("TROUPE_STYLIZER")
CompositeGroups = io.Custom("TROUPE_COMPOSITE_GROUPS")
CompositingModel = io.Custom("TROUPE_COMPOSITING_MODEL")

CERTAINTY = {
    "default": 0.7,
    "min": 0.0,
    "max": 1.0,
    "step": 0.05,
    "tooltip": "How sure the captioner must be of both pictures before a difference counts. What it does not see in "
    "either is not held against a picture.",
}


def samples_in(tooltip: str = "The sample set to work on.") -> io.Input:
    return Samples.Input("samples", tooltip=tooltip)


def samples_out(
    tooltip: str = "The sample set with what this step added; dropped pictures travel with it.",
) -> io.Output:
    return Samples.Output(display_name="samples", tooltip=tooltip)


def report_out(tooltip: str) -> io.Output:
    return io.String.Output(display_name="report", tooltip=tooltip + " Wire it to Preview as Text.")
