"""Edit pairs: the originals and what became of them, for a LoRA of a model that edits."""

from __future__ import annotations

from .graph import BLUE, GREEN, ORANGE, PURPLE, Graph

REPORTS = 1080

WELCOME = """
# Teach an edit model your style

Flux Kontext, Qwen-Image-Edit and Flux.2 learn an edit from pairs: an original, what is to become of it, and the
instruction that says so.

1. **Load** pictures, **describe** them, **map** styles and **restyle**, as for any data set. Any other sampler will do
   in place of Restyle: put its pictures in with **Set Images**.
2. **Check Consistency** compares the redrawn pictures as one character, each view with what is usual for it. Outliers
   are red on its sheet; set **mode** to *reject outliers* to drop them.
3. **Write Edit Pairs** puts originals into **control**, redrawn pictures into **images** and the instruction beside
   them, below **output/datasets**. Both halves have the same size and the same crop; a pair that does not lie over
   itself is left out, with the reason.

Press **Run**: no model, no GPU, a minute or two.
"""


def write_edit_pairs() -> Graph:
    graph = Graph("write_edit_pairs", "Edit pairs for Kontext and Qwen-Image-Edit")
    graph.note(WELCOME, at=(0, 0), size=(400, 640), title="Start here")
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
    with graph.group("2  Choose a style and redraw", GREEN):
        styles = graph.node(
            "TroupeMapStyles",
            "Map Styles",
            at=(1370, 0),
            size=(330, 600),
            samples=describe["samples"],
            first_style="watercolour",
            second_by="none",
        )
        stylizer = graph.node("TroupePainterlyStylizer", "Painterly Stylizer", at=(1370, 690), size=(330, 190))
        restyle = graph.node(
            "TroupeRestyle",
            "Restyle",
            at=(1770, 0),
            size=(340, 880),
            samples=styles["samples"],
            stylizer=stylizer["stylizer"],
        )
    with graph.group("3  One character?", ORANGE):
        consistency = graph.node(
            "TroupeCheckConsistency",
            "Check Consistency",
            at=(2210, 0),
            size=(420, 880),
            samples=restyle["samples"],
        )
    with graph.group("4  Write the pairs", PURPLE):
        write = graph.node(
            "TroupeWriteEditPairs",
            "Write Edit Pairs",
            at=(2730, 0),
            size=(420, 880),
            samples=consistency["samples"],
            name="watercolour_edit",
            resolution=512,
        )
        graph.node("PreviewAny", "The pairs", at=(3220, 0), size=(1000, 880), source=write["report"])
    with graph.group("What was found", GREEN):
        graph.node(
            "SaveImage",
            "Keep: before and after",
            at=(2210, REPORTS),
            size=(420, 520),
            images=restyle["before_after"],
            filename_prefix="troupe/edit_pairs",
        )
        graph.node(
            "PreviewAny", "How alike they are", at=(2730, REPORTS), size=(1490, 520), source=consistency["report"]
        )
    return graph
