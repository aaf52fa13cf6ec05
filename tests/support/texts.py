"""Every text that a person types into a node, or chooses among files, and what becomes of it.

One of `goldens/node_surface.json` that is not named here fails `security/test_confinement.py`: whoever adds one says
what it is. Names are node.input, without "Troupe".
"""

from __future__ import annotations

import json
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[1] / "goldens" / "node_surface.json"

# Opened as a folder or file. What comes behind the folder that it is tested with.
READ = {
    "LoadSampleSet.folder": "",
    "LoadLoRADataset.folder": "",
    "LoadCompositeSamples.folder": "",
    "MakeCompositeSamples.folder": "",
    "MapStyles.own_styles": "/styles.json",
    "OpenCLIPCaptioner.path": "/model.safetensors",
}
# The name of what is written, below a folder of the node's own.
WRITTEN = (
    "WriteLoRADataset.name",
    "WriteEditPairs.name",
    "MakeCompositeSamples.name",
    "ReviewSamples.name",
    "TrainCompositingModel.name",
    "SaveSampleSet.name",
    "LoadSavedSampleSet.name",
    "MergeSampleSetShards.name",
)
# One of the files that the host lists below its model folders. Over the API a wire may bring any text.
CHOSEN = (
    "DiffusersStylizer.model",
    "DiffusersStylizer.control_net",
    "DiffusersStylizer.config",
    "DiffusersStylizer.loras",
    "LoadCompositingModel.model",
    "LoadCompositingModel.base_checkpoint",
    "OpenCLIPCaptioner.model",
    "TrainCompositingModel.base_checkpoint",
)
# Words that become parts of the names of folders and files in a data set.
IN_NAMES = (
    "LoadSampleSet.character",
    "SampleSetFromImages.character",
    "SampleSetFromImages.names",
    "TagFeatures.trigger",
    "LoadLoRADataset.trigger",
    "TagFeatures.class_word",
    "WriteLoRADataset.class_word",
)
# Never part of a path: words of captions and prompts, colours, rules and tables, names that are looked up in a list.
HARMLESS = {
    "words": (
        "DiffusersStylizer.positive", "DiffusersStylizer.negative", "SamplerStylizer.positive",
        "SamplerStylizer.negative", "EditStylizer.instruction", "EditStylizer.negative", "WriteEditPairs.instruction",
        "WriteEditPairs.licence_note", "WriteLoRADataset.licence_note", "VisionLanguageCaptioner.hint",
        "SampleSetFromImages.captions", "SetCaptions.captions", "StageSampleSet.captions", "TagFeatures.always_keep",
        "TagFeatures.force_target", "TagFeatures.never_write", "TagFeatures.replace",
    ),
    "colours": ("LoadSampleSet.background", "PainterlyStylizer.colours"),
    "rules and tables": ("Adjust.wishes", "MapStyles.rules", "MapStyles.table", "MapStyles.previous"),
    "looked up": ("OpenCLIPCaptioner.architecture", "OpenCLIPCaptioner.tag"),
}  # fmt: skip


def declared() -> list[str]:
    return [*READ, *WRITTEN, *CHOSEN, *IN_NAMES, *(name for names in HARMLESS.values() for name in names)]


def promised() -> list[str]:
    """Every widget and socket that takes a text, and every choice among files: those have no fixed options."""
    nodes = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return [
        f"{node.removeprefix('Troupe')}.{input['name']}"
        for node, surface in nodes.items()
        for input in surface["inputs"]
        if input["type"] == "STRING" or (input["type"] == "COMBO" and "options" not in input)
    ]
