"""Write LoRA Dataset: the folder a trainer reads (A8)."""

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


class WriteLoRADataset(WritesFolder, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        from ..models.formats.menu import MENU

        return io.Schema(
            node_id="TroupeWriteLoRADataset",
            display_name="Write LoRA Dataset",
            category="Troupe/5 Write",
            is_output_node=True,
            description="Writes pictures, captions, masks and settings the way a LoRA trainer reads them, below "
            "ComfyUI's output folder, with a manifest that says where every picture came from.",
            search_aliases=[
                "save dataset",
                "export",
                "kohya",
                "train lora",
                "huggingface",
                "onetrainer",
                "musubi",
                "ai-toolkit",
                "simpletuner",
                "webdataset",
                "bucket",
                "troupe",
                "导出",
                "训练集",
            ],
            inputs=[
                samples_in("A set that went through Tag Features."),
                io.String.Input("name", default="my_character", tooltip="Name of the folder below output/datasets."),
                io.Combo.Input(
                    "format",
                    options=[f.id for f in MENU],
                    default="kohya",
                    tooltip="Which trainer will read it. " + " ".join(f"{f.id}: {f.summary}" for f in MENU),
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
                io.Int.Input(
                    "resolution",
                    default=1024,
                    min=64,
                    max=8192,
                    step=8,
                    tooltip="Side of the written pictures, in pixels: 512 for SD 1.5, 1024 for SDXL and newer models.",
                ),
                *plan_in(1500, "picture"),
                io.Int.Input(
                    "batch_size",
                    default=1,
                    min=1,
                    max=1024,
                    tooltip="Pictures per training step that you plan; it changes how many steps an epoch has.",
                ),
                repeats_in("picture"),
                io.Boolean.Input(
                    "masks",
                    default=True,
                    tooltip="Write masks for masked training where the set has them (white = learn).",
                ),
                mode_in("pictures"),
                dry_run_in(),
                io.String.Input(
                    "class_word",
                    default="",
                    tooltip="What the character is, e.g. 1girl: in folder names, and in captions that would be empty.",
                    advanced=True,
                ),
                io.Int.Input(
                    "keep_tokens",
                    default=1,
                    min=0,
                    max=100,
                    tooltip="How many comma parts at a caption's start a trainer must never shuffle.",
                    advanced=True,
                ),
                io.Int.Input(
                    "mask_dilate",
                    default=8,
                    min=0,
                    max=256,
                    tooltip="How far masks reach past the subject, in pixels; trainers use them at an eighth.",
                    advanced=True,
                ),
                io.Boolean.Input(
                    "upscale",
                    default=False,
                    tooltip="Enlarge pictures smaller than the resolution; the trainer then learns their blur.",
                    advanced=True,
                ),
                io.Boolean.Input(
                    "include_originals",
                    default=False,
                    tooltip="Also write the pictures that were restyled, in a folder of their own.",
                    advanced=True,
                ),
                licence_in(),
            ],
            outputs=[
                folder_out(),
                report_out("What the trainer will see: files, sizes, crops, captions, repeats, steps."),
            ],
        )

    @classmethod
    def execute(cls, samples, dry_run, **settings):
        return written(samples, dry_run, settings, "pictures")
