"""Edit-model Stylizer: Flux Kontext, Flux.2, Qwen-Image-Edit and other models that are told what to change."""

from __future__ import annotations

import comfy.samplers
from comfy_api.latest import io

from ..sockets import Stylizer
from .canvas import KONTEXT, SIZES
from .editchoices import ENCODERS, METHODS, OWN_METHOD, TEXT
from .upstream import PARTS, require_whole_files


class EditStylizerLoader(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeEditStylizer",
            display_name="Edit-model Stylizer",
            category="Troupe/3 Restyle",
            description="Draws with an edit model that sees the picture and is told what to change: Flux Kontext, "
            "Flux.2, Qwen-Image-Edit. The instruction comes from the styles.",
            search_aliases=["kontext", "qwen image edit", "instruction", "reference latent", "klein", "troupe", "编辑"],
            inputs=[
                # Lazy, so that their files are looked at before the host reads them.
                io.Model.Input("model", lazy=True, tooltip="The edit model, with any LoRA you like."),
                io.Clip.Input("clip", lazy=True, tooltip="The text encoder that the edit model was made with."),
                io.Vae.Input("vae", lazy=True, tooltip="The VAE that the edit model was made with."),
                io.Combo.Input(
                    "encoder",
                    options=list(ENCODERS),
                    default=TEXT,
                    tooltip="How the instruction is read. Qwen's encoders look at the picture too.",
                ),
                io.String.Input(
                    "instruction", default="", multiline=True, tooltip="Said after the styles' own instructions."
                ),
                io.String.Input(
                    "negative", default="", multiline=True, tooltip="Not in the picture; used when cfg is not 1."
                ),
                io.Int.Input(
                    "steps",
                    default=20,
                    min=1,
                    max=10000,
                    tooltip="Sampler steps for each picture. 20 suit most models, 4 to 8 a lightning LoRA.",
                ),
                io.Float.Input(
                    "cfg",
                    default=1.0,
                    min=0.0,
                    max=100.0,
                    step=0.1,
                    tooltip="1 for Flux Kontext and lightning LoRAs, about 3 for Qwen-Image-Edit.",
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
                    default="simple",
                    tooltip="How the noise falls from step to step, as on KSampler.",
                ),
                io.Float.Input(
                    "denoise",
                    default=1.0,
                    min=0.0,
                    max=1.0,
                    step=0.01,
                    tooltip="1 = drawn from noise, with the picture as reference: what these models are made for.",
                    advanced=True,
                ),
                io.Float.Input(
                    "guidance",
                    default=2.5,
                    min=0.0,
                    max=100.0,
                    step=0.1,
                    tooltip="As on FluxGuidance, for Flux models; others do not look at it (0 = leave it out).",
                ),
                io.Combo.Input(
                    "size",
                    options=list(SIZES),
                    default=KONTEXT,
                    tooltip="What the model is shown. Nothing is cropped, and the result has the picture's own size "
                    "again.",
                ),
                io.Float.Input(
                    "megapixels",
                    default=1.0,
                    min=0.01,
                    max=16.0,
                    step=0.01,
                    tooltip="For size by megapixels. Qwen-Image-Edit was trained with 1.",
                    advanced=True,
                ),
                io.Combo.Input(
                    "reference_method",
                    options=list(METHODS),
                    default=OWN_METHOD,
                    tooltip="As on Edit Model Reference Method, e.g. index_timestep_zero for Qwen-Image-Edit 2511.",
                    advanced=True,
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
        cls, model, clip, vae, encoder, instruction, negative, steps, cfg, sampler_name, scheduler, denoise, guidance,
        size, megapixels, reference_method,
    ):  # fmt: skip
        from .editing import EditSettings, EditStylizer
        from .hosted import require_parts

        require_parts(model, clip, vae)
        settings = EditSettings(
            steps, cfg, sampler_name, scheduler, denoise, guidance, encoder, reference_method, size, megapixels,
            instruction, negative,
        )  # fmt: skip
        return io.NodeOutput(EditStylizer(model, clip, vae, settings))
