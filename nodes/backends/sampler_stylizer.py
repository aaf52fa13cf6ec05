"""Sampler Stylizer: draws with the user's own checkpoint."""

from __future__ import annotations

import comfy.samplers
from comfy_api.latest import io

from ...models.restyling.controlling import EDGES, HIGH, LOOKS_AT, LOW
from ...models.restyling.region import REGIONS, WHOLE
from ..sockets import Stylizer
from .upstream import PARTS, require_whole_files


class SamplerStylizerLoader(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeSamplerStylizer",
            display_name="Sampler Stylizer",
            category="Troupe/3 Restyle",
            description="Draws with your own checkpoint, image to image. Each picture has its own prompt: its styles, "
            "its description and what is known of the character.",
            search_aliases=["ksampler", "img2img", "checkpoint", "controlnet", "stable diffusion", "troupe", "重绘"],
            inputs=[
                # Lazy, so that their files are looked at before the host reads them.
                io.Model.Input("model", lazy=True, tooltip="The checkpoint's model, with any LoRA you like."),
                io.Clip.Input("clip", lazy=True, tooltip="The text encoder of the same checkpoint."),
                io.Vae.Input("vae", lazy=True, tooltip="The VAE of the same checkpoint."),
                io.String.Input(
                    "positive",
                    default="",
                    multiline=True,
                    tooltip="Words before every prompt, e.g. quality words or a LoRA's trigger.",
                ),
                io.String.Input(
                    "negative", default="", multiline=True, tooltip="Words before the styles' negative prompts."
                ),
                io.Int.Input(
                    "steps",
                    default=20,
                    min=1,
                    max=10000,
                    tooltip="Sampler steps for each picture. 20 to 30 suit most models; more take longer.",
                ),
                io.Float.Input(
                    "cfg",
                    default=7.0,
                    min=0.0,
                    max=100.0,
                    step=0.1,
                    tooltip="How closely the prompt is followed. 1 for distilled and most flow models.",
                ),
                io.Combo.Input(
                    "sampler_name",
                    options=comfy.samplers.KSampler.SAMPLERS,
                    default="euler",
                    tooltip="How the steps are taken, as on KSampler. euler suits most models.",
                ),
                io.Combo.Input(
                    "scheduler",
                    options=comfy.samplers.KSampler.SCHEDULERS,
                    default="normal",
                    tooltip="How the noise falls from step to step, as on KSampler.",
                ),
                io.Float.Input(
                    "denoise",
                    default=0.6,
                    min=0.0,
                    max=1.0,
                    step=0.01,
                    tooltip="How far a picture may go from its source (0 = not at all, 1 = drawn from noise). Each "
                    "style's own strength scales it.",
                ),
                io.Combo.Input(
                    "change",
                    options=list(REGIONS),
                    default=WHOLE,
                    tooltip="What may be redrawn. Character and background need masks (1 = subject); the rest keeps "
                    "its pixels.",
                ),
                io.ControlNet.Input(
                    "control_net", optional=True, tooltip="Keeps pose and lines, so that denoise can be higher."
                ),
                io.Float.Input(
                    "control_strength",
                    default=0.8,
                    min=0.0,
                    max=10.0,
                    step=0.01,
                    optional=True,
                    tooltip="How much the ControlNet has to say (0 = nothing, 1 = fully). Above 1 lines become stiff.",
                ),
                io.Float.Input(
                    "control_start",
                    default=0.0,
                    min=0.0,
                    max=1.0,
                    step=0.01,
                    optional=True,
                    advanced=True,
                    tooltip="Share of the steps after which the ControlNet begins (0 = at once).",
                ),
                io.Float.Input(
                    "control_end",
                    default=1.0,
                    min=0.0,
                    max=1.0,
                    step=0.01,
                    optional=True,
                    advanced=True,
                    tooltip="Share of the steps after which the ControlNet ends (1 = not before the last).",
                ),
                io.Combo.Input(
                    "control_sees",
                    options=list(LOOKS_AT),
                    default=EDGES,
                    optional=True,
                    tooltip="What the ControlNet is shown: edges for a canny or line model, the picture for tile.",
                ),
                io.Float.Input(
                    "edges_low",
                    default=LOW,
                    min=0.01,
                    max=0.99,
                    step=0.01,
                    optional=True,
                    advanced=True,
                    tooltip="As on Canny: weaker edges than this are left out.",
                ),
                io.Float.Input(
                    "edges_high",
                    default=HIGH,
                    min=0.01,
                    max=0.99,
                    step=0.01,
                    optional=True,
                    advanced=True,
                    tooltip="As on Canny: stronger edges than this are always there.",
                ),
                io.StyleModel.Input(
                    "style_model", optional=True, tooltip="Takes the style over from a picture, e.g. Flux Redux."
                ),
                io.ClipVisionOutput.Input(
                    "clip_vision_output", optional=True, tooltip="That picture, through CLIP Vision Encode."
                ),
                io.Float.Input(
                    "reference_strength",
                    default=1.0,
                    min=0.0,
                    max=10.0,
                    step=0.01,
                    optional=True,
                    advanced=True,
                    tooltip="How much that picture has to say (0 = nothing, 1 = fully).",
                ),
            ],
            outputs=[Stylizer.Output(display_name="stylizer", tooltip="Who draws; wire it to Restyle.")],
            hidden=[io.Hidden.prompt, io.Hidden.unique_id],
        )

    @classmethod
    def check_lazy_status(cls, model=None, clip=None, vae=None, **_):
        if model is clip is vae is None:
            require_whole_files(cls.hidden.prompt, cls.hidden.unique_id, *PARTS)
        return list(PARTS)

    @classmethod
    def execute(
        cls, model, clip, vae, positive, negative, steps, cfg, sampler_name, scheduler, denoise, change,
        control_net=None, control_strength=0.8, control_start=0.0, control_end=1.0, control_sees=EDGES,
        edges_low=LOW, edges_high=HIGH, style_model=None, clip_vision_output=None, reference_strength=1.0,
    ):  # fmt: skip
        from .control import Control
        from .hosted import require_parts
        from .reference import reference_of
        from .sampling import SamplerSettings, SamplerStylizer

        require_parts(model, clip, vae)
        settings = SamplerSettings(steps, cfg, sampler_name, scheduler, denoise, change, positive, negative)
        control = None
        if control_net is not None:
            control = Control(
                control_net, control_strength, control_start, control_end, control_sees, edges_low, edges_high
            )
        reference = reference_of(style_model, clip_vision_output, reference_strength)
        return io.NodeOutput(SamplerStylizer(model, clip, vae, settings, control, reference))
