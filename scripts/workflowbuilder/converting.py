"""A data set that was written for one trainer, as another one reads it."""

from __future__ import annotations

from .graph import BLUE, GREEN, ORANGE, Graph, Node

CONVERT = """
# From one trainer to another

1. The first group makes a data set for **kohya**, to try it on. For your own, delete the group and type your folder
   (below ComfyUI's *input*) into **folder**.
2. **Load LoRA Dataset** reads what a trainer would read: pictures, captions, masks, repeats, trigger word. It knows
   kohya, musubi-tuner, OneTrainer, ai-toolkit, SimpleTuner, diffusion-pipe, ComfyUI, Hugging Face image folders and
   WebDataset shards, written by Troupe or by anybody. Its report says what was found, and what a trainer would
   miss without a word.
3. **Write LoRA Dataset** writes it for the trainer that you choose in **format**. Wire a second one beside it for a
   second trainer.
"""


def convert_lora_dataset() -> Graph:
    graph = Graph("convert_lora_dataset", "Convert a LoRA data set for another trainer")
    graph.note(CONVERT, at=(0, 0), size=(400, 400), title="Start here")
    with graph.group("1  A data set for kohya, to try it on", BLUE):
        kohya = _kohya(graph)
    with graph.group("2  Read it", GREEN):
        load = graph.node(
            "TroupeLoadLoRADataset", "Load LoRA Dataset", at=(2180, 0), size=(380, 600), folder=kohya["folder"]
        )
        graph.node("PreviewAny", "What was found", at=(2180, 700), size=(380, 390), source=load["report"])
    with graph.group("3  Write it for another trainer", ORANGE):
        write = graph.node(
            "TroupeWriteLoRADataset",
            "Write for musubi-tuner",
            at=(2660, 0),
            size=(360, 700),
            samples=load["samples"],
            name="mira_musubi",
            format="musubi",
        )
        graph.node("PreviewAny", "What the trainer will see", at=(3090, 0), size=(800, 700), source=write["report"])
    return graph


def _kohya(graph: Graph) -> Node:
    load = graph.node(
        "TroupeLoadSampleSet", "Load Sample Set", at=(470, 0), size=(380, 490), folder="troupe-samples/mira"
    )
    captioner = graph.node("TroupeMeasuredCaptioner", "Measured Captioner", at=(470, 610), size=(380, 60))
    describe = graph.node(
        "TroupeDescribe",
        "Describe",
        at=(920, 0),
        size=(320, 620),
        samples=load["samples"],
        captioner=captioner["captioner"],
    )
    tag = graph.node(
        "TroupeTagFeatures",
        "Tag Features",
        at=(1310, 0),
        size=(340, 880),
        samples=describe["samples"],
        trigger="miragirl",
        class_word="1girl",
    )
    return graph.node(
        "TroupeWriteLoRADataset",
        "Write for kohya",
        at=(1720, 0),
        size=(360, 700),
        samples=tag["samples"],
        name="mira_kohya",
        class_word="1girl",
    )
