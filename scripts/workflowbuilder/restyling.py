"""Restyling with the user's own models instead of the built-in filters."""

from __future__ import annotations

from .graph import BLUE, GREEN, ORANGE, Graph, Node
from .modelfiles import CLIP_L, KONTEXT, KONTEXT_VAE, STABLE_DIFFUSION, T5

LOWER = 810  # where the row of models begins

GO_ON = """
*Cancel at any time:* what is finished is kept, and a second run draws only what is missing. Pictures that lost their
pose are drawn again with another seed, then closer to their source, then dropped; the report tells every try. With an
*OpenCLIP Captioner* wired to **Restyle**, those that show another view, shot, action or expression are too.

Go on with **Adjust**, **Tag Features** and **Write LoRA Dataset** as in the first workflow.
"""

CHECKPOINT = f"""
# Redraw a set with your own checkpoint

Choose a checkpoint, type your own folder in place of **troupe-samples/mira**, and press **Run**.

- Every picture has its own prompt: style words, description, what is known of the character. Your own words go into
  **positive** and **negative**, LoRAs between checkpoint and stylizer.
- **denoise** says how far a picture may go from its source. With a **control_net** (canny, line or tile) it can be
  higher and the pose stays.

{GO_ON.strip()}
"""

EDIT = f"""
# Redraw a set with an edit model

Choose your files of Flux Kontext, type your own folder in place of **troupe-samples/mira**, and press **Run**.

- The model sees each picture and is told what to change: the **instruction** of its two styles, then yours.
- For Qwen-Image-Edit load its three files with *Load CLIP* of type qwen_image, and choose its **encoder**, cfg about 3,
  and size by megapixels.
- Nothing is cropped, and each result has its picture's own size.

{GO_ON.strip()}
"""

DIFFUSERS = f"""
# Redraw a set with a diffusers pipeline

Put the folder of a pipeline (the one with *model_index.json*) into **models/diffusers**, press **R** so that it can be
chosen, type your own folder in place of **troupe-samples/mira**, and press **Run**.

- Only .safetensors are read, nothing is downloaded, and no program in the folder is run.
- **strength** says how far a picture may go from its source; LoRAs stand one a line.

{GO_ON.strip()}
"""


def restyle_with_checkpoint() -> Graph:
    graph = Graph("restyle_with_checkpoint", "Redraw a set with your own checkpoint")
    styles = styled_pictures(graph, CHECKPOINT)
    with graph.group("2  Your model", GREEN):
        checkpoint = graph.node(
            "CheckpointLoaderSimple",
            "Load Checkpoint",
            at=(940, LOWER),
            size=(330, 110),
            ckpt_name=STABLE_DIFFUSION.name,
        ).needing(STABLE_DIFFUSION)
        stylizer = graph.node(
            "TroupeSamplerStylizer",
            "Sampler Stylizer",
            at=(1340, LOWER),
            size=(330, 690),
            model=checkpoint["MODEL"],
            clip=checkpoint["CLIP"],
            vae=checkpoint["VAE"],
        )
    _second_set(graph, styles, stylizer)
    return graph


def restyle_with_edit_model() -> Graph:
    graph = Graph("restyle_with_edit_model", "Redraw a set with an edit model")
    styles = styled_pictures(graph, EDIT)
    with graph.group("2  Your edit model", GREEN):
        model = graph.node(
            "UNETLoader",
            "Load Diffusion Model",
            at=(940, LOWER),
            size=(330, 90),
            unet_name=KONTEXT.name,
        ).needing(KONTEXT)
        clip = graph.node(
            "DualCLIPLoader",
            "Load both text encoders",
            at=(940, LOWER + 180),
            size=(330, 140),
            clip_name1=CLIP_L.name,
            clip_name2=T5.name,
            type="flux",
        ).needing(CLIP_L, T5)
        vae = graph.node(
            "VAELoader", "Load VAE", at=(940, LOWER + 410), size=(330, 70), vae_name=KONTEXT_VAE.name
        ).needing(KONTEXT_VAE)
        stylizer = graph.node(
            "TroupeEditStylizer",
            "Edit-model Stylizer",
            at=(1340, LOWER),
            size=(330, 580),
            model=model["MODEL"],
            clip=clip["CLIP"],
            vae=vae["VAE"],
        )
    _second_set(graph, styles, stylizer)
    return graph


def restyle_with_diffusers() -> Graph:
    graph = Graph("restyle_with_diffusers", "Redraw a set with a diffusers pipeline")
    styles = styled_pictures(graph, DIFFUSERS)
    with graph.group("2  Your pipeline", GREEN):
        stylizer = graph.node(
            "TroupeDiffusersStylizer",
            "Diffusers Stylizer",
            at=(1340, LOWER),
            size=(330, 640),
            model="stable-diffusion-v1-5",
        )
    _second_set(graph, styles, stylizer)
    return graph


def styled_pictures(graph: Graph, note: str) -> Node:
    """What all of them begin with; the Map Styles node."""
    graph.note(note, at=(0, 0), size=(400, 450), title="Start here")
    with graph.group("1  Pictures and styles", BLUE):
        load = graph.node(
            "TroupeLoadSampleSet", "Load Sample Set", at=(470, 0), size=(400, 520), folder="troupe-samples/mira"
        )
        captioner = graph.node("TroupeMeasuredCaptioner", "Measured Captioner", at=(470, 610), size=(400, 60))
        describe = graph.node(
            "TroupeDescribe",
            "Describe",
            at=(940, 0),
            size=(330, 640),
            samples=load["samples"],
            captioner=captioner["captioner"],
        )
        return graph.node(
            "TroupeMapStyles",
            "Map Styles",
            at=(1340, 0),
            size=(330, 640),
            samples=describe["samples"],
            first_style="anime_cel",
            second_by="angle",
        )


def _second_set(graph: Graph, styles: Node, stylizer: Node) -> None:
    with graph.group("3  The second sample set", ORANGE):
        restyle = graph.node(
            "TroupeRestyle",
            "Restyle",
            at=(1770, 0),
            size=(340, 520),
            samples=styles["samples"],
            stylizer=stylizer["stylizer"],
            retries=3,
        )
        graph.node(
            "SaveImage",
            "Keep: before and after",
            at=(2180, 0),
            size=(560, 1180),
            images=restyle["before_after"],
            filename_prefix="troupe/restyled",
        )
        graph.node(
            "PreviewAny",
            "What was drawn, what was dropped",
            at=(1770, 620),
            size=(340, 560),
            source=restyle["report"],
        )
