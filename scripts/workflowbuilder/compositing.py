"""The compositing half: put one thing into scenes, put several into one, and train on groups of one's own."""

from __future__ import annotations

from .graph import Graph, Node

BLUE, GREEN, ORANGE, PURPLE = "#3f789e", "#4a7c59", "#a1683a", "#6b4f8a"

ONE = """
# A cut-out finds its place

Nobody draws a box. **Predict Position** shows where the cut-out could stand in each scene and how large it would be
there. **Composite** puts it there: the scene's colours, a shadow, and every other pixel of the scene untouched.

The pictures are samples of Troupe. For your own, type folders below ComfyUI's *input*, or use **Load Image** for
scene and cut-out. A cut-out needs a mask with 1 = the thing: the mask of **Load Image** is 1 where a picture is
transparent, so put **Invert Mask** between.

To choose the place yourself, wire any box node into **box** of Composite.
"""

SEVERAL = """
# Several things in one scene

The second character goes into the picture that already has the first one in it, and the first one's **mask** says
which place is **occupied**. Go on like this for as many as you like.

Things that come as one batch can be placed at once: **together** on Composite.
"""

TRAIN = """
# Teach it your own scenes

1. **Make Composite Samples** takes pictures with masks: it cuts the thing out, fills its place from the same picture,
   and keeps picture and position. Filled places elsewhere keep the network from looking for repairs; the report says
   whether they do. Pictures of the empty scene are better still: list them in a *groups.json*.
2. **Train Compositing Model** trains both networks together until the held-out losses are flat. Cancel whenever you
   like; the next run goes on from there.
3. **Composite** uses the new model at once. Later choose it in *Load Compositing Model*.

The sample groups are few: for a model of use take some hundreds, and more steps. Start from the shipped model when
yours are photographs.
"""


STAGED = """
# More pictures of the same character

**Stage Sample Set** cuts the restyled character out and puts it where it belongs in other scenes. Each becomes a new,
labelled sample: what belongs to the scene is a non-target feature, so the LoRA learns the character and not one place.

Type your own folder of empty scenes in place of **troupe-samples/scenes**; their names (or captions) go into the
captions. Press **Run**: no GPU, a few minutes.
"""


def composite_one_picture() -> Graph:
    graph = Graph("composite_one_picture", "Put a cut-out into scenes, without a box")
    graph.note(ONE, at=(0, 0), size=(380, 520), title="Start here")
    with graph.group("1  Scenes and cut-out", BLUE):
        scenes = _pictures(graph, "Scenes", (440, 0), "troupe-samples/scenes")
        things = _pictures(graph, "Cut-out", (440, 480), "troupe-samples/cutouts/mira")
    with graph.group("2  Where does it belong?", GREEN):
        model = graph.node("TroupeLoadCompositingModel", "Load Compositing Model", at=(1260, 0), size=(340, 130))
        position = graph.node(
            "TroupePredictPosition",
            "Predict Position",
            at=(1260, 220),
            size=(340, 330),
            compositing_model=model["compositing_model"],
            background=scenes["images"],
            foreground=things["images"],
            mask=things["masks"],
        )
        graph.node("PreviewAny", "Places", at=(1260, 640), size=(340, 200), source=position["report"])
        graph.node("PreviewImage", "Heatmap", at=(1660, 0), size=(360, 840), images=position["heatmap"])
    with graph.group("3  Put it there", ORANGE):
        composite = graph.node(
            "TroupeComposite",
            "Composite",
            at=(2100, 0),
            size=(340, 480),
            compositing_model=model["compositing_model"],
            background=scenes["images"],
            foreground=things["images"],
            mask=things["masks"],
            box=position["boxes"],
        )
        graph.node("MaskPreview", "What was changed", at=(2100, 570), size=(340, 270), mask=composite["effect"])
        graph.node(
            "SaveImage",
            "The composites",
            at=(2500, 0),
            size=(480, 840),
            images=composite["image"],
            filename_prefix="troupe/composite",
        )
    return graph


def place_several() -> Graph:
    graph = Graph("place_several", "Several characters in one scene")
    graph.note(SEVERAL, at=(0, 0), size=(380, 400), title="Start here")
    with graph.group("1  Scene and cut-outs", BLUE):
        scene = _pictures(graph, "Scenes", (440, 0), "troupe-samples/scenes")
        first = _pictures(graph, "First character", (440, 480), "troupe-samples/cutouts/mira")
        second = _pictures(graph, "Second character", (440, 960), "troupe-samples/cutouts/bram")
    with graph.group("2  One after another", GREEN):
        model = graph.node("TroupeLoadCompositingModel", "Load Compositing Model", at=(1260, 0), size=(340, 130))
        one = _placed(graph, "First", (1260, 220), model, scene["images"], first, largest=0.6)
        two = _placed(graph, "Second", (1260, 800), model, one["image"], second, largest=0.6, occupied=one["mask"])
    with graph.group("3  The picture", ORANGE):
        graph.node(
            "SaveImage",
            "Both in the scene",
            at=(1680, 0),
            size=(560, 760),
            images=two["image"],
            filename_prefix="troupe/several",
        )
        graph.node("PreviewAny", "Where the second one went", at=(1680, 860), size=(560, 220), source=two["report"])
    return graph


def train_compositing_model() -> Graph:
    graph = Graph("train_compositing_model", "Train the compositing model on your own groups")
    graph.note(TRAIN, at=(0, 0), size=(400, 640), title="Start here")
    with graph.group("1  Groups", BLUE):
        pictures = _pictures(graph, "Pictures with masks", (460, 0), "troupe-samples/bram")
        groups = graph.node(
            "TroupeMakeCompositeSamples",
            "Make Composite Samples",
            at=(460, 480),
            size=(380, 360),
            images=pictures["images"],
            masks=pictures["masks"],
            name="my_groups",
        )
        graph.node("PreviewAny", "Are they fit to learn from?", at=(880, 480), size=(380, 360), source=groups["report"])
    with graph.group("2  Train", GREEN):
        train = graph.node(
            "TroupeTrainCompositingModel",
            "Train Compositing Model",
            at=(1340, 0),
            size=(380, 640),
            groups=groups["groups"],
            name="my_compositing",
            steps=60,
            evaluate_every=20,
        )
        graph.node("PreviewAny", "What was learnt", at=(1340, 730), size=(380, 220), source=train["report"])
    with graph.group("3  Look", ORANGE):
        graph.node("PreviewImage", "Loss curves", at=(1800, 0), size=(480, 440), images=train["loss_curves"])
        graph.node("PreviewImage", "On held-out groups", at=(1800, 530), size=(480, 420), images=train["preview"])
    return graph


def staged_lora_dataset() -> Graph:
    graph = Graph("staged_lora_dataset", "A character in many scenes, as LoRA data")
    graph.note(STAGED, at=(0, 0), size=(400, 560), title="Start here")
    with graph.group("1  Load and describe", BLUE):
        load = graph.node(
            "TroupeLoadSampleSet", "Load Sample Set", at=(460, 0), size=(380, 260), folder="troupe-samples/mira"
        )
        captioner = graph.node("TroupeMeasuredCaptioner", "Measured Captioner", at=(460, 350), size=(380, 60))
        describe = graph.node(
            "TroupeDescribe",
            "Describe",
            at=(460, 500),
            size=(380, 130),
            samples=load["samples"],
            captioner=captioner["captioner"],
        )
    with graph.group("2  Restyle", GREEN):
        styles = graph.node(
            "TroupeMapStyles",
            "Map Styles",
            at=(920, 0),
            size=(340, 240),
            samples=describe["samples"],
            first_style="anime_cel",
            second_by="angle",
        )
        stylizer = graph.node(
            "TroupePainterlyStylizer",
            "Painterly Stylizer",
            at=(920, 330),
            size=(340, 190),
            new_character="ember knight",
        )
        restyle = graph.node(
            "TroupeRestyle",
            "Restyle",
            at=(1320, 0),
            size=(340, 330),
            samples=styles["samples"],
            stylizer=stylizer["stylizer"],
        )
    with graph.group("3  Stage", ORANGE):
        scenes = _pictures(graph, "Scenes", (1740, 0), "troupe-samples/scenes")
        model = graph.node("TroupeLoadCompositingModel", "Load Compositing Model", at=(1740, 480), size=(380, 130))
        stage = graph.node(
            "TroupeStageSampleSet",
            "Stage Sample Set",
            at=(2560, 0),
            size=(360, 360),
            samples=restyle["samples"],
            compositing_model=model["compositing_model"],
            backgrounds=scenes["images"],
            captions=scenes["names"],
        )
        graph.node("PreviewImage", "Staged", at=(2560, 450), size=(360, 380), images=stage["sheet"])
    with graph.group("4  Tag and write", PURPLE):
        tag = graph.node(
            "TroupeTagFeatures",
            "Tag Features",
            at=(3000, 0),
            size=(360, 520),
            samples=stage["samples"],
            trigger="emberkn",
            class_word="1girl",
        )
        graph.node(
            "TroupeWriteLoRADataset",
            "Write LoRA Dataset",
            at=(3420, 0),
            size=(360, 640),
            samples=tag["samples"],
            name="emberkn_staged",
            resize="bucket",
            resolution=512,
            class_word="1girl",
        )
    return graph


def _pictures(graph: Graph, title: str, at: tuple[int, int], folder: str) -> Node:
    load = graph.node("TroupeLoadSampleSet", title, at=at, size=(380, 260), folder=folder)
    x, y = at
    return graph.node(
        "TroupeSampleSetToImages", f"{title} as images", at=(x + 420, y), size=(340, 260), samples=load["samples"]
    )


def _placed(graph: Graph, title: str, at: tuple[int, int], model: Node, background, thing: Node, **inputs) -> Node:
    return graph.node(
        "TroupeComposite",
        title,
        at=at,
        size=(340, 480),
        compositing_model=model["compositing_model"],
        background=background,
        foreground=thing["images"],
        mask=thing["masks"],
        **inputs,
    )
