"""Write Edit Pairs: originals and what became of them, for LoRAs of models that edit (A8)."""

from __future__ import annotations

from comfy_api.latest import io

from .sockets import report_out, samples_in
from .writing import (
    WritesFolder,
    dry_run_in,
    folder_out,
    licence_in,
    mode_in,
    plan_in,
    repeats_in,
    written,
)


class WriteEditPairs(WritesFolder, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        from ..models.formats.menu import MENU

        paired = [f for f in MENU if f.takes_pairs]
        return io.Schema(
            node_id="TroupeWriteEditPairs",
            display_name="Write Edit Pairs",
            category="Troupe/5 Write",
            is_output_node=True,
            description="Writes each picture with the original it was drawn from and an instruction, cut and scaled "
            "alike, for LoRAs of models that edit: Flux Kontext, Qwen-Image-Edit, Flux.2.",
            search_aliases=[
                "control images",
                "paired dataset",
                "before after",
                "kontext",
                "qwen image edit",
                "instruction",
                "export",
                "troupe",
                "成对数据",
                "编辑模型",
            ],
            inputs=[
                samples_in("A set that went through Restyle, or through Set Images: each picture knows its original."),
                io.String.Input("name", default="my_edit", tooltip="Name of the folder below output/datasets."),
                io.Combo.Input(
                    "format",
                    options=[f.id for f in paired],
                    default="ai-toolkit",
                    tooltip="Which trainer will read it. " + " ".join(f"{f.id}: {f.summary}" for f in paired),
                ),
                io.String.Input(
                    "instruction",
                    default="{style}",
                    multiline=True,
                    tooltip="What the model is told for each pair. {style} stands for the instruction of the "
                    "picture's own styles; write your own words round it, or instead of it.",
                ),
                io.Combo.Input(
                    "picture_format",
                    options=["png", "jpg", "webp"],
                    default="png",
                    tooltip="PNG loses nothing; JPEG (quality 95) is a third of the size; WebP is smaller and slower.",
                ),
                io.Combo.Input(
                    "resize",
                    options=["longest side", "shortest side", "bucket", "none"],
                    default="longest side",
                    tooltip="What is brought to the resolution. Bucket: the size and crop the trainer would use.",
                ),
                io.Int.Input("resolution", default=1024, min=64, max=8192, step=8, tooltip="In pixels."),
                io.Float.Input(
                    "minimum_structure",
                    default=0.3,
                    min=0.0,
                    max=1.0,
                    step=0.05,
                    tooltip="Share of the picture that must lie where it does in its original, or the pair is left "
                    "out; so is one that slid (0 = do not look).",
                ),
                *plan_in(2000, "pair"),
                io.Int.Input("batch_size", default=1, min=1, max=1024, tooltip="Pairs per training step."),
                repeats_in("pair"),
                mode_in("pairs"),
                dry_run_in(),
                io.Boolean.Input(
                    "upscale",
                    default=False,
                    tooltip="Enlarge small pictures; the trainer learns the blur.",
                    advanced=True,
                ),
                licence_in(),
            ],
            outputs=[
                folder_out(),
                report_out("What the trainer will see, and which pairs were left out and why."),
            ],
        )

    @classmethod
    def execute(cls, samples, dry_run, **settings):
        return written(samples, dry_run, settings | {"masks": False, "keep_tokens": 0, "pairs": True}, "pairs")
