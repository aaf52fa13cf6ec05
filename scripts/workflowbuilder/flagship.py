"""The flagship: a sample set becomes the LoRA training set of a new character, with no model and no GPU."""

from __future__ import annotations

from .graph import Graph

BLUE, GREEN, ORANGE, PURPLE = "#3f789e", "#4a7c59", "#a1683a", "#6b4f8a"
REPORTS = 900  # where the row of reports begins; they are tables and want to be wide

WELCOME = """
# A new character, from pictures you may use

1. **Load** the pictures of one character in different angles, actions and shots. Two characters come with Troupe:
   **troupe-samples/mira** and **troupe-samples/bram**. Type your own folder instead.
2. **Describe** each picture, then **map** two sub-styles to it: the first by its description, the second one to one by
   an image feature.
3. **Restyle** draws every picture anew and gives the character new colours. *Cancel at any time:* what is finished is
   kept, and a second run draws only what is missing.
4. **Adjust** picks the pictures a LoRA wants. **Tag Features** decides what belongs to the character. **Advise** says
   what the set still lacks.
5. **Write** makes the folder that a trainer reads, below **output/datasets**.

Below each step stands its report. Press **Run**: no model, no GPU, a minute or two.
"""


def character_lora_dataset() -> Graph:
    graph = Graph("character_lora_dataset", "A LoRA data set of a new character")
    graph.note(WELCOME, at=(0, 0), size=(400, 640), title="Start here")
    with graph.group("1  Load", BLUE):
        load = graph.node(
            "TroupeLoadSampleSet", "Load Sample Set", at=(460, 0), size=(420, 640), folder="troupe-samples/mira"
        )
    with graph.group("2  Describe and choose styles", GREEN):
        captioner = graph.node("TroupeMeasuredCaptioner", "Measured Captioner", at=(960, 0), size=(340, 60))
        describe = graph.node(
            "TroupeDescribe",
            "Describe",
            at=(960, 130),
            size=(340, 130),
            samples=load["samples"],
            captioner=captioner["captioner"],
        )
        styles = graph.node(
            "TroupeMapStyles",
            "Map Styles",
            at=(960, 340),
            size=(340, 300),
            samples=describe["samples"],
            first_style="anime_cel",
            second_by="angle",
        )
    with graph.group("3  Restyle: the second sample set", ORANGE):
        stylizer = graph.node(
            "TroupePainterlyStylizer",
            "Painterly Stylizer",
            at=(1380, 0),
            size=(340, 190),
            new_character="ember knight",
        )
        restyle = graph.node(
            "TroupeRestyle",
            "Restyle",
            at=(1380, 270),
            size=(340, 370),
            samples=styles["samples"],
            stylizer=stylizer["stylizer"],
        )
    with graph.group("4  Adjust and tag", PURPLE):
        adjust = graph.node("TroupeAdjust", "Adjust", at=(1800, 0), size=(340, 140), samples=restyle["samples"])
        tag = graph.node(
            "TroupeTagFeatures",
            "Tag Features",
            at=(1800, 220),
            size=(340, 520),
            samples=adjust["samples"],
            trigger="emberkn",
            class_word="1girl",
        )
    with graph.group("5  Write", BLUE):
        write = graph.node(
            "TroupeWriteLoRADataset",
            "Write LoRA Dataset",
            at=(2220, 0),
            size=(340, 640),
            samples=tag["samples"],
            name="emberkn",
            resize="bucket",
            resolution=512,
            class_word="1girl",
        )
    _reports(graph, styles, adjust, tag, write)
    _pictures(graph, tag)
    _advice(graph, tag)
    return graph


def _reports(graph: Graph, styles, adjust, tag, write) -> None:
    with graph.group("What was decided, and why", GREEN):
        for title, left, width, node in (
            ("Which feature got which style", 0, 620, styles),
            ("What was kept, what was dropped", 680, 560, adjust),
            ("What goes to the trigger word", 1300, 1000, tag),
            ("What the trainer will see", 2360, 900, write),
        ):
            graph.node("PreviewAny", title, at=(left, REPORTS), size=(width, 520), source=node["report"])


def _pictures(graph: Graph, tag) -> None:
    with graph.group("Look at the result", ORANGE):
        for left, title, view, columns, prefix in (
            (2640, "Contact sheet", "pictures", 6, "contact_sheet"),
            (2960, "Before and after", "before and after", 4, "before_after"),
        ):
            sheet = graph.node(
                "TroupePreviewSampleSet",
                title,
                at=(left, 0),
                size=(300, 200),
                samples=tag["samples"],
                view=view,
                columns=columns,
            )
            graph.node(
                "SaveImage",
                f"Keep: {title.lower()}",
                at=(left, 280),
                size=(300, 360),
                images=sheet["sheet"],
                filename_prefix=f"troupe/{prefix}",
            )


def _advice(graph: Graph, tag) -> None:
    with graph.group("Before you train", PURPLE):
        advise = graph.node(
            "TroupeAdviseOnTrainingData",
            "Advise on Training Data",
            at=(3340, 0),
            size=(860, 760),
            samples=tag["samples"],
            family="SD 1.5",
        )
        graph.node("PreviewAny", "What the set lacks", at=(3340, REPORTS), size=(860, 520), source=advise["report"])
