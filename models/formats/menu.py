"""The formats as a menu shows them, in its order: read without the code that writes them."""

from __future__ import annotations

from typing import NamedTuple


class Named(NamedTuple):
    """What `protocol.Format` says of `id`, `label`, `summary` and `takes_pairs`."""

    id: str
    label: str
    summary: str
    takes_pairs: bool = False


KOHYA = Named(
    "kohya",
    "kohya (sd-scripts)",
    "folders with repeats and caption files, for kohya's sd-scripts, most others, and ComfyUI itself.",
)
KOHYA_METADATA = Named(
    "kohya-metadata",
    "kohya metadata (sd-scripts)",
    "folders and metadata lists in JSON, for the fine-tuning data sets of sd-scripts.",
)
HUGGING_FACE = Named(
    "huggingface",
    "Hugging Face imagefolder (diffusers)",
    "one folder with metadata.jsonl, for Hugging Face datasets and the scripts of diffusers.",
    takes_pairs=True,
)
MUSUBI = Named("musubi", "musubi-tuner", "folders, caption files and a TOML file, for musubi-tuner.", takes_pairs=True)
ONE_TRAINER = Named(
    "onetrainer",
    "OneTrainer",
    "folders, caption files, masks beside the pictures, and a list of concepts, for OneTrainer.",
)
AI_TOOLKIT = Named(
    "ai-toolkit",
    "ai-toolkit",
    "folders, caption files and the datasets of a job, for ai-toolkit.",
    takes_pairs=True,
)
SIMPLE_TUNER = Named(
    "simpletuner",
    "SimpleTuner",
    "folders, caption files, masks and multidatabackend.json, for SimpleTuner.",
    takes_pairs=True,
)
DIFFUSION_PIPE = Named(
    "diffusion-pipe",
    "diffusion-pipe",
    "folders, caption files, masks and dataset.toml, for diffusion-pipe.",
    takes_pairs=True,
)
COMFYUI = Named(
    "comfyui",
    "ComfyUI's own training nodes",
    "folders with repeats and caption files, for ComfyUI's own LoRA training.",
)
WEB_DATASET = Named(
    "webdataset",
    "WebDataset shards",
    "tar shards, for WebDataset, Hugging Face datasets and large sets.",
)

# In the order of `catalogue.FORMATS`, which has its reasons there.
MENU = (
    KOHYA,
    KOHYA_METADATA,
    HUGGING_FACE,
    MUSUBI,
    ONE_TRAINER,
    AI_TOOLKIT,
    SIMPLE_TUNER,
    DIFFUSION_PIPE,
    COMFYUI,
    WEB_DATASET,
)
