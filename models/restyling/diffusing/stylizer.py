"""The stylizer that draws with a diffusers pipeline, one picture at a time."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from ...pixels import Picture, resized
from ...samples.sample import Sample
from ...samples.store import store_key
from ..controlling import AS_IT_IS, HIGH, LOW
from ..fitting import back_to, laid_over, padded
from ..prompting import Words, described, instructed, strength_of
from ..protocol import Closer, Request
from ..region import changed_region
from .loading import load_pipeline
from .modelfiles import files_print
from .settings import DrawingSettings, Files

VERSION = 1  # raise it when the way of drawing changes, so that the store draws again

# Puts the pipeline where it shall compute, before every picture; the host's memory management is one.
Housing = Callable[[Any], None]
# `on_step(done, steps)`, after each; raises to cancel.
OnStep = Callable[[int, int], None]


def stays(pipeline: Any) -> None:
    """The pipeline computes where it is."""


def unwatched(done: int, steps: int) -> None:
    """Nobody is watching."""


@dataclass(frozen=True)
class DiffusersStylizer:
    """Satisfies `protocol.Stylizer`. Files are read when the first picture is drawn: a finished set needs no model."""

    files: Files
    settings: DrawingSettings = DrawingSettings()
    house: Housing = stays
    on_step: OnStep = unwatched

    def prepare(self, pictures: Iterable[Picture]) -> PreparedDiffusers:
        """Nothing is pooled: a model draws a picture in the same way in any company."""
        return PreparedDiffusers(self, self.identity)

    @cached_property
    def identity(self) -> str:
        weights = [lora.weight for lora in self.files.loras]
        return store_key("diffusers", VERSION, asdict(self.settings), weights, files_print(self.files.all))

    @cached_property
    def pipeline(self) -> Any:
        return load_pipeline(self.files, self.settings)

    @cached_property
    def takes(self) -> frozenset[str]:
        """What the pipeline can be told."""
        return frozenset(inspect.signature(type(self.pipeline).__call__).parameters)

    @property
    def edits(self) -> bool:
        """It sees the picture as a reference, is told what to change, and draws from noise, as Kontext does."""
        return "strength" not in self.takes


@dataclass(frozen=True)
class PreparedDiffusers:
    """Satisfies `protocol.PreparedStylizer`."""

    stylizer: DiffusersStylizer
    identity: str
    nearer: float = 0.0  # to the source; see `closer`

    hears_cancel = True  # `on_step` asks after every step
    repaints = ()  # the character's colours are part of the prompt

    def cue(self, sample: Sample) -> str:
        """Both texts that a pipeline may be given: which of them, it says when it is loaded."""
        return store_key(self._described(sample), self._instructed(sample))

    def closer(self, amount: float) -> Closer | None:
        """Less strength, and more say for the ControlNet; None from a pipeline that knows neither."""
        takes = self.stylizer.takes
        nearer = replace(self, identity=store_key("closer", self.identity, amount), nearer=amount)
        strength = f"strength {nearer.strength:.2f}" if "strength" in takes else ""
        control = f"control {nearer.control_scale:.2f}" if "control_image" in takes else ""
        manner = ", ".join(filter(None, (strength, control)))
        return Closer(manner, nearer) if manner else None

    @property
    def strength(self) -> float:
        """Before the styles' own."""
        return self.stylizer.settings.strength * (1 - self.nearer)

    @property
    def control_scale(self) -> float:
        return self.stylizer.settings.control_scale * (1 + self.nearer)

    def restyle(self, request: Request) -> Tensor:
        """A strength of less than one step changes nothing, and the source is returned. Edit models have none."""
        rgb, settings = request.picture.rgb, self.stylizer.settings
        region = changed_region(request.picture, settings.region, request.sample.id)
        strength = strength_of(request.style, self.strength)
        if not self.stylizer.edits and int(settings.steps * strength) < 1:
            return rgb.clone()
        with torch.inference_mode():
            self.stylizer.house(self.stylizer.pipeline)
            drawn = self._draw(request, strength).to(rgb)
        return laid_over(rgb, back_to(drawn.clamp(0, 1), *rgb.shape[:2]), region)

    def _draw(self, request: Request, strength: float) -> Tensor:
        """`(H, W, 3)`, as large as the canvas."""
        pipeline = self.stylizer.pipeline
        canvas = padded(request.picture.rgb, pipeline.image_processor.config.vae_scale_factor)
        told = {k: v for k, v in self._told(request, canvas, strength).items() if k in self.stylizer.takes}
        drawn = pipeline(**told).images[0].permute(1, 2, 0).float()  # CHW -> HWC
        return resized(drawn, canvas.shape[1], canvas.shape[0])  # some have sizes of their own

    def _told(self, request: Request, canvas: Tensor, strength: float) -> dict[str, Any]:
        """Everything that one pipeline or another wants to know."""
        settings, image = self.stylizer.settings, canvas.permute(2, 0, 1).unsqueeze(0)  # HWC -> BCHW
        controlled = "control_image" in self.stylizer.takes
        words = (self._instructed if self.stylizer.edits else self._described)(request.sample)
        return {
            "prompt": words.positive,
            "negative_prompt": words.negative,
            "image": image,
            "control_image": _seen(image, settings.control_sees) if controlled else None,
            "controlnet_conditioning_scale": self.control_scale,
            "strength": strength,
            "num_inference_steps": settings.steps,
            "guidance_scale": settings.guidance,
            "height": canvas.shape[0],
            "width": canvas.shape[1],
            "max_area": canvas.shape[0] * canvas.shape[1],
            "_auto_resize": False,
            "generator": torch.Generator().manual_seed(request.seed),
            "output_type": "pt",
            "callback_on_step_end": self._after_step,
        }

    def _after_step(self, pipeline: Any, step: int, timestep: Any, values: dict[str, Any]) -> dict[str, Any]:
        self.stylizer.on_step(step + 1, getattr(pipeline, "num_timesteps", self.stylizer.settings.steps))
        return values

    def _described(self, sample: Sample) -> Words:
        return described(sample, self.stylizer.settings.positive, self.stylizer.settings.negative)

    def _instructed(self, sample: Sample) -> Words:
        return instructed(sample, self.stylizer.settings.positive, self.stylizer.settings.negative)


def _seen(image: Tensor, kind: str) -> Tensor:
    """`(1, 3, H, W)`: what a ControlNet is shown."""
    if kind == AS_IT_IS:
        return image
    from kornia.filters import canny

    return canny(image, LOW, HIGH)[1].repeat(1, 3, 1, 1)
