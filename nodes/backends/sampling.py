"""The stylizer that draws with the host's sampler, through the host's own nodes, one picture at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from ...models.pixels import Picture
from ...models.restyling.fitting import back_to, laid_over, padded
from ...models.restyling.prompting import Words, described, strength_of
from ...models.restyling.protocol import Closer, Request
from ...models.restyling.region import WHOLE, changed_region
from ...models.samples.sample import Sample
from ...models.samples.store import store_key
from .control import Control
from .fingerprint import fingerprint
from .hosted import chance_left_alone, on_host, text_memory
from .reference import Reference

VERSION = 1  # raise it when the way of drawing changes, so that the store draws again


@dataclass(frozen=True)
class SamplerSettings:
    """As on the host's KSampler, `denoise` scaled by the styles' strength. `region`: one of `restyling/region.py`."""

    steps: int = 20
    cfg: float = 7.0
    sampler: str = "euler"
    scheduler: str = "normal"
    denoise: float = 0.6
    region: str = WHOLE
    positive: str = ""
    negative: str = ""


@dataclass(frozen=True)
class SamplerStylizer:
    """Satisfies `models.restyling.protocol.Stylizer`. `model`, `clip`, `vae`: what the host's loaders give out."""

    model: Any
    clip: Any
    vae: Any
    settings: SamplerSettings = SamplerSettings()
    control: Control | None = None
    reference: Reference | None = None

    def prepare(self, pictures: Iterable[Picture]) -> PreparedSampler:
        """Nothing is pooled: a model draws a picture in the same way in any company."""
        return PreparedSampler(self, self.identity)

    @cached_property
    def identity(self) -> str:
        more = [part.identity if part else None for part in (self.control, self.reference)]
        return store_key("sampler", VERSION, asdict(self.settings), more, fingerprint(self.model, self.clip, self.vae))

    @cached_property
    def encoded(self) -> Callable[[str], list]:
        return text_memory(self.clip)


@dataclass(frozen=True)
class PreparedSampler:
    """Satisfies `models.restyling.protocol.PreparedStylizer`."""

    stylizer: SamplerStylizer
    identity: str
    nearer: float = 0.0  # to the source; see `closer`

    hears_cancel = True  # the sampler asks at every step
    repaints = ()  # the character's colours are part of the prompt

    def words(self, sample: Sample) -> Words:
        return described(sample, self.stylizer.settings.positive, self.stylizer.settings.negative)

    def cue(self, sample: Sample) -> str:
        return self.words(sample).to_json()

    def closer(self, amount: float) -> Closer:
        """Less denoise, and more say for the ControlNet."""
        nearer = replace(self, identity=store_key("closer", self.identity, amount), nearer=amount)
        control = f", control {nearer.control.strength:.2f}" if nearer.control else ""
        return Closer(f"denoise {nearer.denoise:.2f}{control}", nearer)

    @property
    def denoise(self) -> float:
        """Before the styles' own strength."""
        return self.stylizer.settings.denoise * (1 - self.nearer)

    @property
    def control(self) -> Control | None:
        control = self.stylizer.control
        return control and replace(control, strength=control.strength * (1 + self.nearer))

    def restyle(self, request: Request) -> Tensor:
        rgb = request.picture.rgb
        region = changed_region(request.picture, self.stylizer.settings.region, request.sample.id)
        with torch.inference_mode(), chance_left_alone():
            drawn = self._draw(request, region).to(rgb)
        return laid_over(rgb, back_to(drawn, *rgb.shape[:2]).clamp(0, 1), region)

    def _draw(self, request: Request, region: Tensor | None) -> Tensor:
        """`(H, W, 3)`, as large as the canvas, on the host's intermediate device."""
        from nodes import SetLatentNoiseMask, VAEDecode, VAEEncode, common_ksampler

        model, vae, settings = self.stylizer.model, self.stylizer.vae, self.stylizer.settings
        factor = vae.spacial_compression_encode()
        canvas = on_host(padded(request.picture.rgb, factor))
        positive, negative = map(self.stylizer.encoded, self.words(request.sample))
        if self.stylizer.reference:
            positive = self.stylizer.reference.applied(positive)
        if self.control:
            positive, negative = self.control.applied(positive, negative, canvas, vae)
        latent = VAEEncode().encode(vae, canvas)[0]
        if region is not None:
            latent = SetLatentNoiseMask().set_mask(latent, on_host(padded(region, factor)))[0]
        denoise = strength_of(request.style, self.denoise)
        steps, cfg, sampler, scheduler = settings.steps, settings.cfg, settings.sampler, settings.scheduler
        latent = common_ksampler(
            model, request.seed, steps, cfg, sampler, scheduler, positive, negative, latent, denoise=denoise
        )[0]
        return VAEDecode().decode(vae, latent)[0][0, ..., :3]
