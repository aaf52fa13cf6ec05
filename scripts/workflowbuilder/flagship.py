"""The flagship: a sample set becomes the LoRA training set of a new character, with no model and no GPU."""

from __future__ import annotations

from .graph import BLUE, GREEN, ORANGE, PURPLE, Graph

REPORTS = 1040  # where the row of reports begins; they are tables and want to be wide

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

Below the steps stand their reports. Press **Run**: no model, no GPU, a minute or two.
"""

YOURS = """
# Your own pictures

Put a folder of them into ComfyUI's *input* folder and type its name into **folder**. Twenty or more of one character,
in different angles, actions and shots; a sub-folder for each character if there are several.

File names say what a picture shows: *side_run_full_01.png*. A text file of the same name is its caption and stays
as you wrote it. A folder *masks* holds masks of the same names, white where the character is.

The **coverage** picture on *Load Sample Set* shows what is still missing.
"""


def character_lora_dataset() -> Graph:
    graph = Graph("character_lora_dataset", "A LoRA data set of a new character")
    graph.note(WELCOME, at=(0, 0), size=(400, 400), title="Start here")
    with graph.group("1  Load and describe", BLUE):
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
    with graph.group("2  Restyle: the second sample set", ORANGE):
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
    with graph.group("3  Adjust, tag, take advice", PURPLE):
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
        advise = graph.node(
            "TroupeAdviseOnTrainingData",
            "Advise on Training Data",
            at=(3010, 0),
            size=(800, 880),
            samples=tag["samples"],
            family="SD 1.5",
        )
    with graph.group("4  Write", BLUE):
        write = graph.node(
            "TroupeWriteLoRADataset",
            "Write LoRA Dataset",
            at=(3910, 0),
            size=(360, 880),
            samples=advise["samples"],
            name="emberkn",
            resize="bucket",
            resolution=512,
            class_word="1girl",
        )
    _pictures(graph, advise)
    graph.note(YOURS, at=(470, REPORTS), size=(800, 250), title="Your own pictures")
    _reports(graph, styles, adjust, tag, advise, write)
    return graph


def _reports(graph: Graph, styles, adjust, tag, advise, write) -> None:
    with graph.group("What was decided, and why", GREEN):
        for title, left, width, node in (
            ("Which feature got which style", 1370, 740, styles),
            ("What was kept, what was dropped", 2180, 350, adjust),
            ("What goes to the trigger word", 2600, 800, tag),
            ("What the set lacks", 3470, 800, advise),
            ("What the trainer will see", 4370, 840, write),
        ):
            graph.node("PreviewAny", title, at=(left, REPORTS), size=(width, 470), source=node["report"])


def _pictures(graph: Graph, advise) -> None:
    with graph.group("Look at the result", ORANGE):
        for top, height, title, view, columns, prefix in (
            (0, 390, "Contact sheet", "pictures", 6, "contact_sheet"),
            (480, 400, "Before and after", "before and after", 4, "before_after"),
        ):
            sheet = graph.node(
                "TroupePreviewSampleSet",
                title,
                at=(4370, top),
                size=(340, height),
                samples=advise["samples"],
                view=view,
                columns=columns,
            )
            graph.node(
                "SaveImage",
                f"Keep: {title.lower()}",
                at=(4780, top),
                size=(430, height),
                images=sheet["sheet"],
                filename_prefix=f"troupe/{prefix}",
            )
