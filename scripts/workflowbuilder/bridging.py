"""Any sampler graph as the restyler: the set is opened as lists of pictures and prompts, and put together again."""

from __future__ import annotations

from .graph import PURPLE, Graph, Node
from .modelfiles import STABLE_DIFFUSION
from .restyling import GREEN, ORANGE, styled_pictures

TOP = 130  # the set itself passes above what happens to its pictures

ANY = """
# Redraw a set with any sampler graph

**Sample Set to Images** opens the set: pictures, style prompts, negatives, instructions and seeds, one of each per
picture. What stands in the third group is plain ComfyUI and draws one picture after another. Put your own in its place:
IP-Adapter, an edit model, a LoRA stack, an upscaler, several samplers.

**Set Images** puts the results back. Each remembers its source, so captions, angles and masks stay with it.

**Check Structure** finds out whether a picture slid, zoomed or lost its pose, puts it back or drops it.

All pictures of the set are in memory at once here. **longest_side** makes them smaller. For hundreds of pictures,
and to go on after Cancel, take *Restyle* with a stylizer.

Choose a checkpoint, type your own folder in place of **troupe-samples/mira**, and press **Run**.
"""


def restyle_with_any_sampler() -> Graph:
    graph = Graph("restyle_with_any_sampler", "Redraw a set with any sampler graph")
    styles = styled_pictures(graph, ANY)
    with graph.group("2  Open the set", GREEN):
        opened = graph.node(
            "TroupeSampleSetToImages",
            "Sample Set to Images",
            at=(1770, TOP),
            size=(330, 300),
            samples=styles["samples"],
            longest_side=768,
        )
        checkpoint = graph.node(
            "CheckpointLoaderSimple",
            "Load Checkpoint",
            at=(1770, TOP + 390),
            size=(330, 110),
            ckpt_name=STABLE_DIFFUSION.name,
        ).needing(STABLE_DIFFUSION)
    drawn = _sampler(graph, opened, checkpoint)
    _back(graph, styles, drawn)
    return graph


def _sampler(graph: Graph, opened: Node, checkpoint: Node) -> Node:
    with graph.group("3  Any sampler graph", ORANGE):
        positive = _prompt(graph, "Style and description", TOP, opened["prompts"], checkpoint)
        negative = _prompt(graph, "What to avoid", TOP + 190, opened["negatives"], checkpoint)
        latent = graph.node(
            "VAEEncode",
            "VAE Encode",
            at=(2190, TOP + 380),
            size=(300, 70),
            pixels=opened["images"],
            vae=checkpoint["VAE"],
        )
        sampler = graph.node(
            "KSampler",
            "KSampler",
            at=(2560, TOP),
            size=(320, 290),
            model=checkpoint["MODEL"],
            positive=positive["CONDITIONING"],
            negative=negative["CONDITIONING"],
            latent_image=latent["LATENT"],
            seed=opened["seeds"],
            cfg=7.0,
            denoise=0.6,
        )
        return graph.node(
            "VAEDecode",
            "VAE Decode",
            at=(2950, TOP),
            size=(240, 70),
            samples=sampler["LATENT"],
            vae=checkpoint["VAE"],
        )


def _prompt(graph: Graph, title: str, top: int, text, checkpoint: Node) -> Node:
    return graph.node("CLIPTextEncode", title, at=(2190, top), size=(300, 110), text=text, clip=checkpoint["CLIP"])


def _back(graph: Graph, styles: Node, drawn: Node) -> None:
    with graph.group("4  Back into a set", PURPLE):
        second = graph.node(
            "TroupeSetImages",
            "Set Images",
            at=(3290, 0),
            size=(290, 520),
            samples=styles["samples"],
            images=drawn["IMAGE"],
        )
        checked = graph.node(
            "TroupeCheckStructure", "Check Structure", at=(3650, 0), size=(310, 520), samples=second["samples"]
        )
        graph.node(
            "TroupePreviewSampleSet",
            "Before and after",
            at=(4030, 0),
            size=(480, 1010),
            samples=checked["samples"],
            view="before and after",
            columns=4,
        )
        graph.node(
            "PreviewAny",
            "What kept its structure",
            at=(3650, 620),
            size=(310, 390),
            source=checked["report"],
        )
