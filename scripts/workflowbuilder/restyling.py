"""Restyling with the user's own models instead of the built-in filters."""

from __future__ import annotations

from .graph import Graph

BLUE, GREEN, ORANGE = "#3f789e", "#4a7c59", "#a1683a"

CHECKPOINT = """
# Redraw a set with your own checkpoint

Choose a checkpoint, type your own folder in place of **troupe-samples/mira**, and press **Run**.

- Every picture has its own prompt: style words, description, what is known of the character. Your own words go into
  **positive** and **negative**, LoRAs between checkpoint and stylizer.
- **denoise** says how far a picture may go from its source. With a **control_net** (canny, line or tile) it can be
  higher and the pose stays.
- Pictures that lost their pose or slid away are drawn again with another seed, then dropped; the report says which.
- *Cancel at any time:* what is finished is kept, and a second run draws only what is missing.

Go on with **Adjust**, **Tag Features** and **Write LoRA Dataset** as in the first workflow.
"""


def restyle_with_checkpoint() -> Graph:
    graph = Graph("restyle_with_checkpoint", "Redraw a set with your own checkpoint")
    graph.note(CHECKPOINT, at=(0, 0), size=(400, 640), title="Start here")
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
        styles = graph.node(
            "TroupeMapStyles",
            "Map Styles",
            at=(940, 340),
            size=(340, 300),
            samples=describe["samples"],
            first_style="anime_cel",
            second_by="angle",
        )
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
    with graph.group("3  The second sample set", ORANGE):
        restyle = graph.node(
            "TroupeRestyle",
            "Restyle",
            at=(1800, 0),
            size=(360, 420),
            samples=styles["samples"],
            stylizer=stylizer["stylizer"],
        )
        graph.node(
            "PreviewAny", "What was drawn, what was dropped", at=(1800, 520), size=(360, 360), source=restyle["report"]
        )
        graph.node(
            "SaveImage",
            "Keep: before and after",
            at=(2220, 0),
            size=(480, 880),
            images=restyle["before_after"],
            filename_prefix="troupe/restyled",
        )
    return graph
