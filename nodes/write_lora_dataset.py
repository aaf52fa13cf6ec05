"""Write LoRA Dataset: the folder a trainer reads (A8)."""

from __future__ import annotations

from comfy_api.latest import io

from .sockets import report_out, samples_in
from .writing import WritesFolder, written


class WriteLoRADataset(WritesFolder, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        from ..models.formats import FORMATS

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
                    options=[f.id for f in FORMATS],
                    default="kohya",
                    tooltip="Which trainer will read it. " + " ".join(f"{f.id}: {f.summary}" for f in FORMATS),
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
                io.Int.Input(
                    "target_steps",
                    default=1500,
                    min=1,
                    max=1_000_000,
                    tooltip="Training steps you plan over all epochs; how often each picture repeats comes from it.",
                ),
                io.Int.Input("epochs", default=10, min=1, max=10_000, tooltip="Passes over the data that you plan."),
                io.Int.Input(
                    "batch_size",
                    default=1,
                    min=1,
                    max=1024,
                    tooltip="Pictures per training step that you plan; it changes how many steps an epoch has.",
                ),
                io.Int.Input(
                    "repeats",
                    default=0,
                    min=0,
                    max=10_000,
                    tooltip="How often each picture is seen per epoch. 0: worked out from the steps.",
                    advanced=True,
                ),
                io.Boolean.Input(
                    "masks",
                    default=True,
                    tooltip="Write masks for masked training where the set has them (white = learn).",
                ),
                io.Combo.Input(
                    "mode",
                    options=["new", "replace", "add"],
                    default="new",
                    tooltip="New: a fresh folder, name_2 if the name is taken by other data. Replace: the old one goes "
                    "once the new one is whole. Add: only pictures that are not there yet.",
                ),
                io.Boolean.Input(
                    "dry_run", default=False, tooltip="Only show what the trainer would see; write nothing."
                ),
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
                io.String.Input(
                    "licence_note",
                    default="",
                    multiline=True,
                    tooltip="Goes into the manifest: where the pictures come from and what you may do with them.",
                    advanced=True,
                ),
            ],
            outputs=[
                io.String.Output(display_name="folder", tooltip="The written folder; empty after a dry run."),
                report_out("What the trainer will see: files, sizes, crops, captions, repeats, steps."),
            ],
        )

    @classmethod
    def execute(cls, samples, dry_run, **settings):
        return written(samples, dry_run, settings, "pictures")
