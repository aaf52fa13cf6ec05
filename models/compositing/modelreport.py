"""What a compositing model is, in words."""

from __future__ import annotations

from .checkpoint import Story
from .config import ModelConfig


def model_report(config: ModelConfig, story: Story) -> str:
    """Preset, sizes, training and figures, a line each."""
    lines = [
        f"Compositing model, preset {config.preset}: sees backgrounds at {config.background_side} x "
        f"{config.background_side}, composes at {config.view_side} x {config.view_side} pixels.",
        f"Trained for {story.steps} steps; stopped: {story.stopped or 'unknown'}.",
    ]
    return "\n".join([*lines, *(f"{name}: {value:.4g}" for name, value in story.figures)])
