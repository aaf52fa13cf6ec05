"""From pictures to a LoRA in one graph: Troupe makes and labels the data set, the host's own nodes train on it."""

from __future__ import annotations

from .graph import BLUE, GREEN, ORANGE, PURPLE, Graph, Node
from .modelfiles import STABLE_DIFFUSION

TRAINING = 1080  # where the second row begins

DATA = """
# A LoRA of a new character

**The upper row** makes the training pictures, as in *character_lora_dataset*: no model, no GPU. **The lower row**
trains on them with ComfyUI's own nodes and draws the same picture without and with the LoRA.

1. Type your own folder in place of **troupe-samples/mira**.
2. **trigger** in *Tag Features* is the word that will call the character. Take one that no model knows.
3. Choose a **checkpoint** below, then press **Run**.

To look at the pictures first, select *Training pictures* and press the play button above it.
"""

TRAIN = """
# What to set

- **Checkpoint**: the one that you will draw with. All is set for Stable Diffusion 1.5. For SDXL, 1024 goes into
  *Write LoRA Dataset* as **resolution** and into the picture's size.
- **steps**: one step sees one picture. Run 20 first: that shows whether the memory is enough. Then 1500, in which
  each of 30 pictures is seen 50 times.
- **batch_size** stays 1: ComfyUI 0.30 mixes the captions of a larger batch. Use **grad_accumulation_steps**.
- *Out of memory:* turn **offloading** on, or take a smaller resolution.
- *Nothing learnt:* more steps. *Every picture looks like a training picture:* fewer, or a lower **learning_rate**.

The file lies in **output/loras**, and after **R** *Load LoRA* lists it. A prompt calls the character by the trigger.
"""

SCENE = "1girl, front view, upper body, smile, beach"


def train_a_lora() -> Graph:
    graph = Graph("train_a_lora", "Train a LoRA of a new character")
    graph.note(DATA, at=(0, 0), size=(400, 420), title="Start here")
    folder = _data_set(graph)
    graph.note(TRAIN, at=(0, TRAINING), size=(400, 460), title="Before you train")
    read, opened = _read_back(graph, folder)
    checkpoint, lora = _training(graph, opened)
    _preview(graph, checkpoint, lora, read)
    return graph


def _data_set(graph: Graph) -> Node:
    with graph.group("1  Load and describe", BLUE):
        load = graph.node(
            "TroupeLoadSampleSet", "Load Sample Set", at=(470, 0), size=(400, 520), folder="troupe-samples/mira"
        )
        captioner = graph.node("TroupeMeasuredCaptioner", "Measured Captioner", at=(470, 610), size=(400, 60))
        describe = graph.node(
            "TroupeDescribe",
            "Describe",
            at=(940, 0),
            size=(330, 670),
            samples=load["samples"],
            captioner=captioner["captioner"],
        )
    with graph.group("2  Restyle", ORANGE):
        styles = graph.node(
            "TroupeMapStyles",
            "Map Styles",
            at=(1370, 0),
            size=(330, 600),
            samples=describe["samples"],
            first_style="anime_cel",
            second_by="angle",
        )
        stylizer = graph.node(
            "TroupePainterlyStylizer",
            "Painterly Stylizer",
            at=(1370, 690),
            size=(330, 190),
            new_character="ember knight",
        )
        restyle = graph.node(
            "TroupeRestyle",
            "Restyle",
            at=(1770, 0),
            size=(340, 880),
            samples=styles["samples"],
            stylizer=stylizer["stylizer"],
        )
    with graph.group("3  Adjust and tag", PURPLE):
        adjust = graph.node("TroupeAdjust", "Adjust", at=(2210, 0), size=(320, 640), samples=restyle["samples"])
        tag = graph.node(
            "TroupeTagFeatures",
            "Tag Features",
            at=(2600, 0),
            size=(340, 880),
            samples=adjust["samples"],
            trigger="emberkn",
            class_word="1girl",
        )
    with graph.group("4  Look, and write", BLUE):
        graph.node("TroupePreviewSampleSet", "Training pictures", at=(3040, 0), size=(740, 880), samples=tag["samples"])
        write = graph.node(
            "TroupeWriteLoRADataset",
            "Write LoRA Dataset",
            at=(3850, 0),
            size=(400, 880),
            samples=tag["samples"],
            name="emberkn_comfyui",
            format="comfyui",
            resize="bucket",
            resolution=512,
            class_word="1girl",
        )
    return write


def _read_back(graph: Graph, written: Node) -> tuple[Node, Node]:
    """The trainer is given what is in the folder, at the sizes and with the captions that it has there."""
    with graph.group("5  Read what was written", BLUE):
        read = graph.node(
            "TroupeLoadLoRADataset",
            "Load LoRA Dataset",
            at=(470, TRAINING),
            size=(400, 620),
            folder=written["folder"],
        )
        opened = graph.node(
            "TroupeSampleSetToImages",
            "Sample Set to Images",
            at=(940, TRAINING),
            size=(330, 300),
            samples=read["samples"],
        )
        graph.node(
            "PreviewAny",
            "What is trained on",
            at=(940, TRAINING + 380),
            size=(330, 240),
            source=read["report"],
        )
    return read, opened


def _training(graph: Graph, opened: Node) -> tuple[Node, Node]:
    with graph.group("6  Train", ORANGE):
        checkpoint = graph.node(
            "CheckpointLoaderSimple",
            "Load Checkpoint",
            at=(1370, TRAINING + 200),
            size=(330, 110),
            ckpt_name="v1-5-pruned-emaonly-fp16.safetensors",
        ).needing(STABLE_DIFFUSION)
        encoded = graph.node(
            "MakeTrainingDataset",
            "Make Training Dataset",
            at=(1770, TRAINING),
            size=(340, 110),
            images=opened["images"],
            vae=checkpoint["VAE"],
            clip=checkpoint["CLIP"],
            texts=opened["captions"],
        )
        lora = graph.node(
            "TrainLoraNode",
            "Train LoRA",
            at=(2180, TRAINING),
            size=(350, 620),
            model=checkpoint["MODEL"],
            latents=encoded["latents"],
            positive=encoded["conditioning"],
            steps=1500,
            lora_dtype="fp32",
        )
        graph.node(
            "SaveLoRA",
            "Save LoRA Weights",
            at=(2600, TRAINING),
            size=(340, 110),
            lora=lora["lora"],
            prefix="loras/emberkn",
            steps=lora["steps"],
        )
        graph.node(
            "LossGraphNode",
            "Plot Loss Graph",
            at=(2600, TRAINING + 200),
            size=(340, 420),
            loss=lora["loss_map"],
        )
    return checkpoint, lora


def _preview(graph: Graph, checkpoint: Node, lora: Node, read: Node) -> None:
    """One prompt, one seed, two pictures: what the LoRA changed is what differs."""
    with graph.group("7  The same picture without and with the LoRA", GREEN):
        prompt = graph.node(
            "StringConcatenate",
            "The trigger word, then what to draw",
            at=(3040, TRAINING),
            size=(360, 200),
            string_a=read["triggers"],
            string_b=SCENE,
            delimiter=", ",
        )
        positive = graph.node(
            "CLIPTextEncode",
            "Prompt",
            at=(3040, TRAINING + 280),
            size=(360, 90),
            clip=checkpoint["CLIP"],
            text=prompt["STRING"],
        )
        negative = graph.node(
            "CLIPTextEncode",
            "Not in the picture",
            at=(3040, TRAINING + 450),
            size=(360, 100),
            clip=checkpoint["CLIP"],
            text="blurry, text, watermark",
        )
        size = graph.node("EmptyLatentImage", "Picture size", at=(3040, TRAINING + 630), size=(360, 110))
        trained = graph.node(
            "LoraModelLoader",
            "Load LoRA Model",
            at=(3040, TRAINING + 820),
            size=(360, 110),
            model=checkpoint["MODEL"],
            lora=lora["lora"],
        )
        for name, model, top in (("without", checkpoint["MODEL"], 0), ("with", trained["model"], 470)):
            drawn = graph.node(
                "KSampler",
                f"Draw {name} the LoRA",
                at=(3440, TRAINING + top),
                size=(360, 270),
                model=model,
                positive=positive["CONDITIONING"],
                negative=negative["CONDITIONING"],
                latent_image=size["LATENT"],
                seed=1,
                cfg=7.0,
                sampler_name="dpmpp_2m",
                scheduler="karras",
            )
            decoded = graph.node(
                "VAEDecode",
                f"Decode {name} the LoRA",
                at=(3440, TRAINING + top + 350),
                size=(360, 60),
                samples=drawn["LATENT"],
                vae=checkpoint["VAE"],
            )
            graph.node(
                "PreviewImage",
                f"{name.capitalize()} the LoRA",
                at=(3850, TRAINING + top),
                size=(400, 410),
                images=decoded["IMAGE"],
            )
