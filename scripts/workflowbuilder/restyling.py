"""Restyling with the user's own models instead of the built-in filters."""

from __future__ import annotations

from .graph import Graph, Node

BLUE, GREEN, ORANGE = "#3f789e", "#4a7c59", "#a1683a"

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
    styles = _styled_pictures(graph, CHECKPOINT)
    with graph.group("2  Your model", GREEN):
        checkpoint = graph.node(
            "CheckpointLoaderSimple",
            "Load Checkpoint",
            at=(1360, 0),
            size=(360, 110),
            ckpt_name="v1-5-pruned-emaonly-fp16.safetensors",
        )
        stylizer = graph.node(
            "TroupeSamplerStylizer",
            "Sampler Stylizer",
            at=(1360, 200),
            size=(360, 680),
            model=checkpoint["MODEL"],
            clip=checkpoint["CLIP"],
            vae=checkpoint["VAE"],
        )
    _second_set(graph, styles, stylizer)
    return graph


def restyle_with_edit_model() -> Graph:
    graph = Graph("restyle_with_edit_model", "Redraw a set with an edit model")
    styles = _styled_pictures(graph, EDIT)
    with graph.group("2  Your edit model", GREEN):
        model = graph.node(
            "UNETLoader",
            "Load Diffusion Model",
            at=(1360, 0),
            size=(360, 90),
            unet_name="flux1-dev-kontext_fp8_scaled.safetensors",
        )
        clip = graph.node(
            "DualCLIPLoader",
            "Load both text encoders",
            at=(1360, 180),
            size=(360, 140),
            clip_name1="clip_l.safetensors",
            clip_name2="t5xxl_fp8_e4m3fn_scaled.safetensors",
            type="flux",
        )
        vae = graph.node("VAELoader", "Load VAE", at=(1360, 410), size=(360, 70), vae_name="ae.safetensors")
        stylizer = graph.node(
            "TroupeEditStylizer",
            "Edit-model Stylizer",
            at=(1360, 570),
            size=(360, 580),
            model=model["MODEL"],
            clip=clip["CLIP"],
            vae=vae["VAE"],
        )
    _second_set(graph, styles, stylizer)
    return graph


def restyle_with_diffusers() -> Graph:
    graph = Graph("restyle_with_diffusers", "Redraw a set with a diffusers pipeline")
    styles = _styled_pictures(graph, DIFFUSERS)
    with graph.group("2  Your pipeline", GREEN):
        stylizer = graph.node(
            "TroupeDiffusersStylizer",
            "Diffusers Stylizer",
            at=(1360, 0),
            size=(360, 640),
            model="stable-diffusion-v1-5",
        )
    _second_set(graph, styles, stylizer)
    return graph


def _styled_pictures(graph: Graph, note: str) -> Node:
    graph.note(note, at=(0, 0), size=(400, 640), title="Start here")
    with graph.group("1  Pictures and styles", BLUE):
        load = graph.node(
            "TroupeLoadSampleSet", "Load Sample Set", at=(460, 0), size=(420, 640), folder="troupe-samples/mira"
        )
        captioner = graph.node("TroupeMeasuredCaptioner", "Measured Captioner", at=(940, 0), size=(340, 60))
        describe = graph.node(
            "TroupeDescribe",
            "Describe",
            at=(940, 130),
            size=(340, 130),
            samples=load["samples"],
            captioner=captioner["captioner"],
        )
        return graph.node(
            "TroupeMapStyles",
            "Map Styles",
            at=(940, 340),
            size=(340, 300),
            samples=describe["samples"],
            first_style="anime_cel",
            second_by="angle",
        )


def _second_set(graph: Graph, styles: Node, stylizer: Node) -> None:
    with graph.group("3  The second sample set", ORANGE):
        restyle = graph.node(
            "TroupeRestyle",
            "Restyle",
            at=(1800, 0),
            size=(360, 420),
            samples=styles["samples"],
            stylizer=stylizer["stylizer"],
            retries=3,
        )
        graph.node(
            "PreviewAny",
            "What was drawn, what was dropped",
            at=(1800, 520),
            size=(360, 360),
            source=restyle["report"],
        )
        graph.node(
            "SaveImage",
            "Keep: before and after",
            at=(2220, 0),
            size=(480, 880),
            images=restyle["before_after"],
            filename_prefix="troupe/restyled",
        )
