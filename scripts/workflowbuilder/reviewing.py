"""A person looks through a set: drops pictures, corrects words in a table, and goes on with what is left."""

from __future__ import annotations

from .graph import BLUE, ORANGE, PURPLE, Graph

WELCOME = """
# Look it through yourself

1. Press **Run**. **Review Samples** writes a table of the pictures and shows them with numbers: the lines of the table.
2. Open the table, *user/troupe/reviews/mira.csv* below ComfyUI's folder, in Notepad or in Excel.
3. Write **drop** in place of *keep*, change captions, angles, actions, shots. Save.
4. Press **Run** again. What you wrote counts, and no later step overwrites it.

An emptied cell gets the machine's words back; a dash (-) under a feature says that there is none. More columns are read
too, if they are called like a feature: *hair colour*. A line that cannot be understood is told by its number before
anything runs.

New pictures come to the end of the table. What you wrote about pictures that are gone is kept below them.
"""


def review_samples() -> Graph:
    graph = Graph("review_samples", "Look a set through, drop and correct")
    graph.note(WELCOME, at=(0, 0), size=(400, 420), title="Start here")
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
    with graph.group("2  Look, drop, correct", ORANGE):
        review = graph.node(
            "TroupeReviewSamples",
            "Review Samples",
            at=(1370, 0),
            size=(480, 990),
            samples=describe["samples"],
            name="mira",
        )
        graph.node("PreviewAny", "What you changed", at=(1370, 1080), size=(480, 220), source=review["report"])
    with graph.group("3  Go on with what is left", PURPLE):
        tag = graph.node(
            "TroupeTagFeatures",
            "Tag Features",
            at=(1950, 0),
            size=(350, 990),
            samples=review["samples"],
            trigger="miragirl",
            class_word="1girl",
        )
        graph.node(
            "TroupePreviewSampleSet",
            "What is left",
            at=(2370, 0),
            size=(480, 990),
            samples=tag["samples"],
            columns=5,
        )
    return graph
