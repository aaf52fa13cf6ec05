"""The compositing half: put one thing into scenes, put several into one, and train on groups of one's own."""

from __future__ import annotations

from .graph import BLUE, GREEN, ORANGE, PURPLE, Graph, Node

ONE = """
# A cut-out finds its place

Nobody draws a box. **Predict Position** shows where the cut-out could stand in each scene and how large it would be
there. **Composite** puts it there: the scene's colours, a shadow, and every other pixel of the scene untouched.

The pictures are samples of Troupe. For your own, type folders below ComfyUI's *input*, or use **Load Image** for
scene and cut-out. A cut-out needs a mask with 1 = the thing: the mask of **Load Image** is 1 where a picture is
transparent, so put **Invert Mask** between.

To choose the place yourself, draw it: put **Create Bounding Boxes** between *boxes* and *box* (its *bboxes* take the
predicted ones), with one scene as its background. Run, drag a box, run again. Its canvas needs *Nodes 2.0* (in the
editor's menu).
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
    graph.note(ONE, at=(0, 0), size=(380, 320), title="Start here")
    with graph.group("1  Scenes, cut-out and model", BLUE):
        scenes = _pictures(graph, "Scenes", (450, 0), "troupe-samples/scenes")
        things = _pictures(graph, "Cut-out", (450, 590), "troupe-samples/cutouts/mira")
        model = graph.node("TroupeLoadCompositingModel", "Load Compositing Model", at=(900, 980), size=(320, 120))
    with graph.group("2  Where does it belong?", GREEN):
        position = graph.node(
            "TroupePredictPosition",
            "Predict Position",
            at=(1320, 0),
            size=(340, 580),
            compositing_model=model["compositing_model"],
            background=scenes["images"],
            foreground=things["images"],
            mask=things["masks"],
        )
        graph.node("PreviewAny", "Places", at=(1320, 680), size=(340, 420), source=position["report"])
    with graph.group("3  Put it there", ORANGE):
        composite = graph.node(
            "TroupeComposite",
            "Composite",
            at=(1760, 0),
            size=(340, 700),
            compositing_model=model["compositing_model"],
            background=scenes["images"],
            foreground=things["images"],
            mask=things["masks"],
            box=position["boxes"],
        )
        graph.node("PreviewImage", "Heatmap", at=(1760, 800), size=(340, 300), images=position["heatmap"])
        graph.node(
            "SaveImage",
            "The composites",
            at=(2170, 0),
            size=(680, 700),
            images=composite["image"],
            filename_prefix="troupe/composite",
        )
        graph.node("MaskPreview", "What was changed", at=(2170, 800), size=(680, 300), mask=composite["effect"])
    return graph


def place_several() -> Graph:
    graph = Graph("place_several", "Several characters in one scene")
    graph.note(SEVERAL, at=(0, 0), size=(380, 220), title="Start here")
    with graph.group("1  Scene, cut-outs and model", BLUE):
        scene = _pictures(graph, "Scenes", (450, 0), "troupe-samples/scenes")
        first = _pictures(graph, "First character", (450, 590), "troupe-samples/cutouts/mira")
        second = _pictures(graph, "Second character", (450, 1180), "troupe-samples/cutouts/bram")
        model = graph.node("TroupeLoadCompositingModel", "Load Compositing Model", at=(900, 1550), size=(320, 120))
    with graph.group("2  One after another", GREEN):
        one = _placed(graph, "First", (1320, 0), model, scene["images"], first, largest=0.6)
        two = _placed(graph, "Second", (1730, 0), model, one["image"], second, largest=0.6, occupied=one["mask"])
    with graph.group("3  The picture", ORANGE):
        graph.node(
            "SaveImage",
            "Both in the scene",
            at=(2170, 0),
            size=(680, 700),
            images=two["image"],
            filename_prefix="troupe/several",
        )
        graph.node("PreviewAny", "Where the second one went", at=(2170, 800), size=(680, 280), source=two["report"])
    return graph


def train_compositing_model() -> Graph:
    graph = Graph("train_compositing_model", "Train the compositing model on your own groups")
    graph.note(TRAIN, at=(0, 0), size=(380, 380), title="Start here")
    with graph.group("1  Groups", BLUE):
        pictures = _pictures(graph, "Pictures with masks", (450, 0), "troupe-samples/bram")
        groups = graph.node(
            "TroupeMakeCompositeSamples",
            "Make Composite Samples",
            at=(1290, 0),
            size=(380, 600),
            images=pictures["images"],
            masks=pictures["masks"],
            name="my_groups",
        )
        graph.node(
            "PreviewAny", "Are they fit to learn from?", at=(1290, 700), size=(380, 300), source=groups["report"]
        )
    with graph.group("2  Train", GREEN):
        train = graph.node(
            "TroupeTrainCompositingModel",
            "Train Compositing Model",
            at=(1770, 0),
            size=(380, 660),
            groups=groups["groups"],
            name="my_compositing",
            steps=60,
            evaluate_every=20,
        )
        graph.node("PreviewAny", "What was learnt", at=(1770, 760), size=(380, 240), source=train["report"])
    with graph.group("3  Look", ORANGE):
        graph.node("PreviewImage", "Loss curves", at=(2250, 0), size=(560, 460), images=train["loss_curves"])
        graph.node("PreviewImage", "On held-out groups", at=(2250, 560), size=(560, 440), images=train["preview"])
    return graph


def staged_lora_dataset() -> Graph:
    graph = Graph("staged_lora_dataset", "A character in many scenes, as LoRA data")
    graph.note(STAGED, at=(0, 0), size=(400, 270), title="Start here")
    with graph.group("1  Load and describe", BLUE):
        load = graph.node(
            "TroupeLoadSampleSet", "Load Sample Set", at=(470, 0), size=(380, 490), folder="troupe-samples/mira"
        )
        captioner = graph.node("TroupeMeasuredCaptioner", "Measured Captioner", at=(470, 560), size=(380, 60))
        describe = graph.node(
            "TroupeDescribe",
            "Describe",
            at=(920, 0),
            size=(320, 620),
            samples=load["samples"],
            captioner=captioner["captioner"],
        )
    restyle = _restyled(graph, describe)
    with graph.group("3  Scenes and model", GREEN):
        scenes = _pictures(graph, "Scenes", (1340, 1030), "troupe-samples/scenes", gap=40)
        model = graph.node("TroupeLoadCompositingModel", "Load Compositing Model", at=(1760, 1400), size=(320, 120))
    with graph.group("4  Stage", BLUE):
        stage = graph.node(
            "TroupeStageSampleSet",
            "Stage Sample Set",
            at=(2190, 0),
            size=(360, 660),
            samples=restyle["samples"],
            compositing_model=model["compositing_model"],
            backgrounds=scenes["images"],
            captions=scenes["names"],
        )
        graph.node("PreviewImage", "Staged", at=(2190, 770), size=(360, 750), images=stage["sheet"])
    with graph.group("5  Tag and write", PURPLE):
        tag = graph.node(
            "TroupeTagFeatures",
            "Tag Features",
            at=(2650, 0),
            size=(350, 880),
            samples=stage["samples"],
            trigger="emberkn",
            class_word="1girl",
        )
        write = graph.node(
            "TroupeWriteLoRADataset",
            "Write LoRA Dataset",
            at=(3070, 0),
            size=(360, 700),
            samples=tag["samples"],
            name="emberkn_staged",
            resize="bucket",
            resolution=512,
            class_word="1girl",
        )
        graph.node("PreviewAny", "What the trainer will see", at=(2650, 980), size=(780, 540), source=write["report"])
    return graph


def _restyled(graph: Graph, describe: Node) -> Node:
    with graph.group("2  Restyle", ORANGE):
        styles = graph.node(
            "TroupeMapStyles",
            "Map Styles",
            at=(1340, 0),
            size=(320, 600),
            samples=describe["samples"],
            first_style="anime_cel",
            second_by="angle",
        )
        stylizer = graph.node(
            "TroupePainterlyStylizer",
            "Painterly Stylizer",
            at=(1340, 690),
            size=(320, 190),
            new_character="ember knight",
        )
        return graph.node(
            "TroupeRestyle",
            "Restyle",
            at=(1750, 0),
            size=(340, 880),
            samples=styles["samples"],
            stylizer=stylizer["stylizer"],
        )


def _pictures(graph: Graph, title: str, at: tuple[int, int], folder: str, gap: int = 70) -> Node:
    load = graph.node("TroupeLoadSampleSet", title, at=at, size=(380, 490), folder=folder)
    x, y = at
    return graph.node(
        "TroupeSampleSetToImages",
        f"{title} as images",
        at=(x + 380 + gap, y),
        size=(320, 300),
        samples=load["samples"],
    )


def _placed(graph: Graph, title: str, at: tuple[int, int], model: Node, background, thing: Node, **inputs) -> Node:
    return graph.node(
        "TroupeComposite",
        title,
        at=at,
        size=(340, 700),
        compositing_model=model["compositing_model"],
        background=background,
        foreground=thing["images"],
        mask=thing["masks"],
        **inputs,
    )
