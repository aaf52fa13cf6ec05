"""The stylizer that lets an edit model redraw: it sees the picture as a reference and is told what to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from ...models.pixels import Picture, resized
from ...models.restyling.fitting import back_to
from ...models.restyling.prompting import Words, instructed
from ...models.restyling.protocol import Closer, Request
from ...models.samples.sample import Sample
from ...models.samples.store import store_key
from .canvas import AS_IT_IS, canvas_of
from .editchoices import OWN_METHOD, QWEN, QWEN_PLUS, TEXT
from .fingerprint import fingerprint
from .hosted import chance_left_alone, on_host, text_memory

VERSION = 1  # raise it when the way of drawing changes, so that the store draws again


@dataclass(frozen=True)
class EditSettings:
    """As on the host's KSampler, FluxGuidance (0 = the node is left out) and Edit Model Reference Method.

    `encoder`: one of ENCODERS. `size`, `megapixels`: see `canvas.py`. `instruction` is added to the styles' own.
    """

    steps: int = 20
    cfg: float = 1.0
    sampler: str = "euler"
    scheduler: str = "simple"
    denoise: float = 1.0
    guidance: float = 2.5
    encoder: str = TEXT
    method: str = OWN_METHOD
    size: str = AS_IT_IS
    megapixels: float = 1.0
    instruction: str = ""
    negative: str = ""


@dataclass(frozen=True)
class EditStylizer:
    """Satisfies `models.restyling.protocol.Stylizer`. `model`, `clip`, `vae`: what the host's loaders give out."""

    model: Any
    clip: Any
    vae: Any
    settings: EditSettings = EditSettings()

    def prepare(self, pictures: Iterable[Picture]) -> PreparedEdit:
        """Nothing is pooled: a model edits a picture in the same way in any company."""
        return PreparedEdit(self, self.identity)

    @cached_property
    def identity(self) -> str:
        return store_key("edit", VERSION, asdict(self.settings), fingerprint(self.model, self.clip, self.vae))

    @cached_property
    def encoded(self) -> Callable[[str], list]:
        return text_memory(self.clip)

    def told(self, text: str, canvas: Tensor, reference: dict) -> list:
        """`text` and the picture `(1, H, W, 3)` as the host's conditioning."""
        from comfy_extras.nodes_edit_model import ReferenceLatent
        from comfy_extras.nodes_flux import FluxGuidance, FluxKontextMultiReferenceLatentMethod
        from comfy_extras.nodes_qwen import TextEncodeQwenImageEdit, TextEncodeQwenImageEditPlus

        settings = self.settings
        if settings.encoder == QWEN:
            told = TextEncodeQwenImageEdit.execute(self.clip, text, self.vae, canvas).args[0]
        elif settings.encoder == QWEN_PLUS:
            told = TextEncodeQwenImageEditPlus.execute(self.clip, text, self.vae, canvas).args[0]
        else:
            told = ReferenceLatent.execute(self.encoded(text), reference).args[0]
        if settings.guidance > 0:
            told = FluxGuidance.execute(told, settings.guidance).args[0]
        if settings.method != OWN_METHOD:
            told = FluxKontextMultiReferenceLatentMethod.execute(told, settings.method).args[0]
        return told


@dataclass(frozen=True)
class PreparedEdit:
    """Satisfies `models.restyling.protocol.PreparedStylizer`."""

    stylizer: EditStylizer
    identity: str
    nearer: float = 0.0  # to the source; see `closer`

    hears_cancel = True  # the sampler asks at every step
    repaints = ()  # the instructions keep hair, clothes and colours

    def words(self, sample: Sample) -> Words:
        return instructed(sample, self.stylizer.settings.instruction, self.stylizer.settings.negative)

    def cue(self, sample: Sample) -> str:
        return self.words(sample).to_json()

    def closer(self, amount: float) -> Closer:
        """Less denoise: what is drawn begins with more of the picture, beside seeing it."""
        nearer = replace(self, identity=store_key("closer", self.identity, amount), nearer=amount)
        return Closer(f"denoise {nearer.denoise:.2f}", nearer)

    @property
    def denoise(self) -> float:
        return self.stylizer.settings.denoise * (1 - self.nearer)

    def restyle(self, request: Request) -> Tensor:
        rgb = request.picture.rgb
        with torch.inference_mode(), chance_left_alone():
            canvas = canvas_of(rgb, self.stylizer.vae, self.stylizer.settings.size, self.stylizer.settings.megapixels)
            drawn = self._draw(request, on_host(canvas.pixels)).to(rgb)
        return back_to(resized(drawn.clamp(0, 1), canvas.width, canvas.height), *rgb.shape[:2])

    def _draw(self, request: Request, canvas: Tensor) -> Tensor:
        from nodes import ConditioningZeroOut, VAEDecode, VAEEncode, common_ksampler

        stylizer, settings = self.stylizer, self.stylizer.settings
        latent = VAEEncode().encode(stylizer.vae, canvas)[0]
        words = self.words(request.sample)
        positive = stylizer.told(words.positive, canvas, latent)
        if settings.cfg == 1:  # then the host never looks at it, and nothing needs to be encoded
            negative = ConditioningZeroOut().zero_out(positive)[0]
        else:
            negative = stylizer.told(words.negative, canvas, latent)
        steps, cfg, sampler, scheduler = settings.steps, settings.cfg, settings.sampler, settings.scheduler
        latent = common_ksampler(
            stylizer.model, request.seed, steps, cfg, sampler, scheduler, positive, negative, latent,
            denoise=self.denoise,
        )[0]  # fmt: skip
        return VAEDecode().decode(stylizer.vae, latent)[0][0, ..., :3]
