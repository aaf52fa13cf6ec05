"""The flagship: a sample set becomes the LoRA training set of a new character, with no model and no GPU."""

from __future__ import annotations

from .graph import Graph

BLUE, GREEN, ORANGE, PURPLE = "#3f789e", "#4a7c59", "#a1683a", "#6b4f8a"

WELCOME = """
# A new character, from pictures you may use

From left to right:

1. **Load** the pictures of one character in different angles, actions and shots. The two that come with
   Troupe are called `troupe-samples/mira` and `troupe-samples/bram`; type your own folder instead.
2. **Describe** each picture, then **map** two sub-styles to it: the first by its description, the second
   one to one by an image feature.
3. **Restyle** draws every picture anew and gives the character new colours. *Cancel at any time*: what is
   finished is kept, a second run draws only what is missing.
4. **Adjust** picks the pictures a LoRA wants. **Tag Features** decides what belongs to the character.
5. **Write** makes the folder that a trainer reads, below `output/datasets`.

Press **Run**. No model, no GPU, a minute or two.
"""


def character_lora_dataset() -> Graph:
    graph = Graph("character_lora_dataset", "A LoRA data set of a new character")
    graph.note(WELCOME, at=(0, 0), size=(400, 520), title="Start here")
    with graph.group("1  Load and look", BLUE):
        load = graph.node(
            "TroupeLoadSampleSet", "Load Sample Set", at=(460, 0), size=(340, 620), folder="troupe-samples/mira"
        )
        graph.node(
            "PreviewAny", "What is there, what is missing", at=(460, 690), size=(340, 300), source=load["report"]
        )
    with graph.group("2  Describe and choose styles", GREEN):
        captioner = graph.node("TroupeMeasuredCaptioner", "Measured Captioner", at=(880, 0), size=(340, 60))
        describe = graph.node(
            "TroupeDescribe", "Describe", at=(880, 130), samples=load["samples"], captioner=captioner["captioner"]
        )
        styles = graph.node(
            "TroupeMapStyles",
            "Map Styles",
            at=(880, 330),
            size=(340, 330),
            samples=describe["samples"],
            first_style="anime_cel",
            second_by="angle",
        )
        graph.node(
            "PreviewAny", "Which feature got which style", at=(880, 730), size=(340, 260), source=styles["report"]
        )
    with graph.group("3  Restyle: the second sample set", ORANGE):
        stylizer = graph.node(
            "TroupePainterlyStylizer",
            "Painterly Stylizer",
            at=(1300, 0),
            size=(340, 190),
            new_character="ember knight",
        )
        restyle = graph.node(
            "TroupeRestyle",
            "Restyle",
            at=(1300, 270),
            size=(340, 500),
            samples=styles["samples"],
            stylizer=stylizer["stylizer"],
        )
        graph.node("PreviewAny", "What was drawn", at=(1300, 840), size=(340, 150), source=restyle["report"])
    with graph.group("4  Adjust and tag", PURPLE):
        adjust = graph.node("TroupeAdjust", "Adjust", at=(1720, 0), size=(340, 220), samples=restyle["samples"])
        tag = graph.node(
            "TroupeTagFeatures",
            "Tag Features",
            at=(1720, 300),
            size=(340, 400),
            samples=adjust["samples"],
            trigger="emberkn",
            class_word="1girl",
            force_target="bag",
        )
        graph.node("PreviewAny", "What goes where, and why", at=(1720, 770), size=(340, 220), source=tag["report"])
    with graph.group("5  Write and look at the result", BLUE):
        write = graph.node(
            "TroupeWriteLoRADataset",
            "Write LoRA Dataset",
            at=(2140, 0),
            size=(340, 420),
            samples=tag["samples"],
            name="emberkn",
            resize="bucket",
            resolution=512,
            mode="replace",
        )
        graph.node("PreviewAny", "What the trainer will see", at=(2140, 490), size=(340, 500), source=write["report"])
        sheet = graph.node(
            "TroupePreviewSampleSet", "Contact sheet", at=(2540, 0), size=(480, 640), samples=tag["samples"]
        )
        pairs = graph.node(
            "TroupePreviewSampleSet",
            "Before and after",
            at=(3080, 0),
            size=(480, 640),
            samples=tag["samples"],
            view="before and after",
            columns=4,
        )
        graph.node(
            "SaveImage",
            "Keep the contact sheet",
            at=(2540, 710),
            size=(480, 280),
            images=sheet["sheet"],
            filename_prefix="troupe/contact_sheet",
        )
        graph.node(
            "SaveImage",
            "Keep before and after",
            at=(3080, 710),
            size=(480, 280),
            images=pairs["sheet"],
            filename_prefix="troupe/before_after",
        )
    return graph


WORKFLOWS = (character_lora_dataset,)
