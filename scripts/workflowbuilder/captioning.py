"""Describing with a model of one's own: one of CLIP's kin, which answers questions, or one that writes."""

from __future__ import annotations

from .graph import BLUE, GREEN, ORANGE, Graph
from .modelfiles import QWEN3_VL

WELCOME = """
# Describe with a model that sees

**OpenCLIP Captioner** asks a CLIP, SigLIP or CoCa model about hair, clothes, view, shot, action, expression and place.

1. Install its package once: `pip install open_clip_torch` in ComfyUI's Python.
2. Put a model into **models/open_clip** and choose it. Or leave **(hub cache)**: the model below is used if it is on
   this machine, and fetched (0.6 GB) only if you turn **allow_download** on.
3. Press **Run**. The report says how sure each answer is; what is below 0.5 is never spoken of.

Your own captions stay as they are. To go on, wire **samples** into Map Styles or Tag Features.
"""


def describe_with_clip() -> Graph:
    graph = Graph("describe_with_clip", "Describe with a model that sees")
    graph.note(WELCOME, at=(0, 0), size=(400, 360), title="Start here")
    with graph.group("1  Load", BLUE):
        load = graph.node(
            "TroupeLoadSampleSet", "Load Sample Set", at=(470, 0), size=(400, 520), folder="troupe-samples/mira"
        )
    with graph.group("2  A model that sees", GREEN):
        captioner = graph.node(
            "TroupeOpenCLIPCaptioner",
            "OpenCLIP Captioner",
            at=(470, 770),
            size=(400, 290),
            model="(hub cache)",
            architecture="ViT-B-32",
            tag="laion2b_s34b_b79k",
        )
        graph.node("PreviewAny", "The model", at=(940, 770), size=(340, 290), source=captioner["report"])
    with graph.group("3  Describe", ORANGE):
        describe = graph.node(
            "TroupeDescribe",
            "Describe",
            at=(970, 0),
            size=(310, 620),
            samples=load["samples"],
            captioner=captioner["captioner"],
        )
    with graph.group("What was found", BLUE):
        graph.node("PreviewAny", "What was found", at=(1380, 0), size=(900, 1060), source=describe["report"])
    return graph


WRITING = """
# Describe with a model that looks and writes

**Vision-Language Captioner** asks a text model that sees for a sentence and for tags, picture by picture. It needs
nothing but ComfyUI.

1. Put a Qwen3-VL, Qwen2.5-VL or Gemma 4 model for ComfyUI into **models/text_encoders**, press **R**, and choose it in
   **Load CLIP**. Leave **type** as it is: other types read the model as part of a picture model.
2. Your own words go into **hint**: *The character is called Mira. Do not name her.*
3. Press **Run**. A picture takes some seconds on a GPU and minutes without one. *Cancel at any time:* what was
   answered is kept, and a second run asks only for the rest.

The report names every picture that stayed without a usable answer. Your own captions stay as they are. To go on, wire
**samples** into Map Styles or Tag Features.
"""


def describe_with_vision_language() -> Graph:
    graph = Graph("describe_with_vision_language", "Describe with a model that looks and writes")
    graph.note(WRITING, at=(0, 0), size=(400, 520), title="Start here")
    with graph.group("1  Load", BLUE):
        load = graph.node(
            "TroupeLoadSampleSet", "Load Sample Set", at=(470, 0), size=(400, 520), folder="troupe-samples/mira"
        )
    with graph.group("2  A model that looks and writes", GREEN):
        clip = graph.node(
            "CLIPLoader",
            "Load CLIP",
            at=(0, 770),
            size=(400, 110),
            clip_name=QWEN3_VL.name,
        ).needing(QWEN3_VL)
        captioner = graph.node(
            "TroupeVisionLanguageCaptioner",
            "Vision-Language Captioner",
            at=(470, 770),
            size=(400, 300),
            clip=clip["CLIP"],
        )
    with graph.group("3  Describe", ORANGE):
        describe = graph.node(
            "TroupeDescribe",
            "Describe",
            at=(970, 0),
            size=(330, 670),
            samples=load["samples"],
            captioner=captioner["captioner"],
        )
    with graph.group("What was written", BLUE):
        graph.node("PreviewAny", "What was found", at=(1400, 0), size=(900, 340), source=describe["report"])
        sheet = graph.node(
            "TroupePreviewSampleSet",
            "Captions",
            at=(1400, 430),
            size=(420, 640),
            samples=describe["samples"],
        )
        graph.node("PreviewAny", "Picture by picture", at=(1880, 430), size=(420, 640), source=sheet["report"])
    return graph
