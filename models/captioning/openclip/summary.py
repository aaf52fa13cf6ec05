"""What was loaded, in words for its user."""

from __future__ import annotations

from .clip import Clip


def clip_report(clip: Clip) -> str:
    """Model, size, precision, and what it will be asked."""
    parameters = list(clip.model.parameters())
    millions = sum(p.numel() for p in parameters) / 1e6
    precision = str(parameters[0].dtype).removeprefix("torch.")
    groups = clip.prompts.groups
    values = sum(len(group.values) for group in groups)
    judged = "each tag by its own probability" if clip.bias is not None else "each tag against its absence"
    return "\n".join(
        [
            f"model: {clip.name}, architecture {clip.architecture}",
            f"{millions:.1f} million weights in {precision}; looks at {clip.side.width} x {clip.side.height} pixels",
            f"asks {len(groups)} questions with {values} answers; {judged}",
            "sentences: written by the model" if clip.writes else "sentences: put together from what was seen",
        ]
    )
