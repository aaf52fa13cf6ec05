"""Diffusers Stylizer: draws with a pipeline of diffusers that lies on this machine."""

from __future__ import annotations

from comfy_api.latest import io

from ...models.restyling.controlling import EDGES, LOOKS_AT
from ...models.restyling.region import REGIONS, WHOLE
from ..sockets import Stylizer
from .diffusing import NONE, control_net_names, model_names, pipeline_names

AUTO = "auto"
PRECISIONS = [AUTO, "float16", "bfloat16", "float32"]


class DiffusersStylizerLoader(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        from ...models.restyling.diffusing.schedulers import OWN, SCHEDULERS

        return io.Schema(
            node_id="TroupeDiffusersStylizer",
            display_name="Diffusers Stylizer",
            category="Troupe/3 Restyle",
            description="Draws with a pipeline of the diffusers library, image to image: Stable Diffusion 1.5, XL, 3, "
            "Flux and others. Only .safetensors on this machine are read; nothing is downloaded.",
            search_aliases=["diffusers", "pipeline", "img2img", "sdxl", "flux", "huggingface", "troupe", "扩散管线"],
            inputs=[
                io.Combo.Input(
                    "model",
                    options=model_names(),
                    tooltip="A pipeline's folder in models/diffusers, or a .safetensors file in models/checkpoints.",
                ),
                io.String.Input(
                    "positive",
                    default="",
                    multiline=True,
                    tooltip="Words before every prompt; for edit pipelines, said after the instruction.",
                ),
                io.String.Input(
                    "negative", default="", multiline=True, tooltip="Words before the styles' negative prompts."
                ),
                io.Int.Input(
                    "steps",
                    default=30,
                    min=1,
                    max=1000,
                    tooltip="Steps of a drawing from noise; of a picture, the share that strength says.",
                ),
                io.Float.Input(
                    "guidance",
                    default=7.0,
                    min=0.0,
                    max=100.0,
                    step=0.1,
                    tooltip="How closely the prompt is followed. About 3.5 for Flux, 1 for distilled models.",
                ),
                io.Float.Input(
                    "strength",
                    default=0.6,
                    min=0.0,
                    max=1.0,
                    step=0.01,
                    tooltip="How far a picture may go from its source (0 = not at all, 1 = drawn from noise). Each "
                    "style's own strength scales it.",
                ),
                io.Combo.Input(
                    "scheduler",
                    options=list(SCHEDULERS),
                    default=OWN,
                    tooltip="How the steps are taken. Those with flow are for flow models, e.g. Flux.",
                ),
                io.Combo.Input(
                    "change",
                    options=list(REGIONS),
                    default=WHOLE,
                    tooltip="What may be redrawn. Character and background need masks (1 = subject); the rest keeps "
                    "its pixels.",
                ),
                io.Combo.Input(
                    "precision",
                    options=PRECISIONS,
                    default=AUTO,
                    tooltip="Auto: half precision on a GPU, which needs half the memory, float32 without one.",
                    advanced=True,
                ),
                io.String.Input(
                    "loras",
                    default="",
                    multiline=True,
                    optional=True,
                    tooltip="Files in models/loras, one a line: style.safetensors = 0.8",
                ),
                io.Combo.Input(
                    "control_net",
                    options=control_net_names(),
                    default=NONE,
                    optional=True,
                    tooltip="A ControlNet's folder in models/controlnet or models/diffusers.",
                ),
                io.Float.Input(
                    "control_strength",
                    default=0.8,
                    min=0.0,
                    max=2.0,
                    step=0.01,
                    optional=True,
                    tooltip="How much the ControlNet has to say (0 = nothing, 1 = fully). Above 1 lines become stiff.",
                ),
                io.Combo.Input(
                    "control_sees",
                    options=list(LOOKS_AT),
                    default=EDGES,
                    optional=True,
                    tooltip="What the ControlNet is shown: edges for a canny or line model, the picture for tile.",
                ),
                io.Combo.Input(
                    "config",
                    options=[NONE, *pipeline_names()],
                    default=NONE,
                    optional=True,
                    tooltip="Only for a single file: a folder in models/diffusers of the same kind of pipeline. Its "
                    "small files say how the pipeline is made.",
                    advanced=True,
                ),
                io.Boolean.Input(
                    "vae_tiling",
                    default=False,
                    optional=True,
                    tooltip="Encode and decode large pictures in tiles: less memory, seams are blended.",
                    advanced=True,
                ),
            ],
            outputs=[Stylizer.Output(display_name="stylizer", tooltip="Who draws; wire it to Restyle.")],
        )

    @classmethod
    def fingerprint_inputs(cls, model, config=NONE, control_net=NONE, loras="", **_):
        from ...models.restyling.diffusing.modelfiles import files_print

        return files_print(_files(model, config, control_net, loras).all)

    @classmethod
    def execute(
        cls, model, positive, negative, steps, guidance, strength, scheduler, change, precision, loras="",
        control_net=NONE, control_strength=0.8, control_sees=EDGES, config=NONE, vae_tiling=False,
    ):  # fmt: skip
        from ...models.restyling.diffusing.loading import require_files
        from ...models.restyling.diffusing.settings import DrawingSettings
        from ...models.restyling.diffusing.stylizer import DiffusersStylizer
        from .diffusing import Housing, best_precision, on_step

        files = _files(model, config, control_net, loras)
        require_files(files)
        precision = best_precision() if precision == AUTO else precision
        settings = DrawingSettings(
            steps, guidance, strength, scheduler, change, positive, negative, control_strength, control_sees, precision,
            vae_tiling,
        )  # fmt: skip
        return io.NodeOutput(DiffusersStylizer(files, settings, Housing(), on_step))


def _files(model, config, control_net, loras):
    from ...models.restyling.diffusing.settings import Files, Lora, read_loras
    from .diffusing import lora_path, model_path, optional_folder

    named = tuple(Lora(lora_path(name), weight) for name, weight in read_loras(loras))
    return Files(model_path(model), optional_folder(config), optional_folder(control_net), named)
