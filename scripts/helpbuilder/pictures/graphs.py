"""Graphs whose results are shown on the help pages; a node's title is the name of its result."""

from __future__ import annotations

from workflowbuilder.graph import Graph, Node, Output

MIRA, SCENES, CUTOUT = "troupe-samples/mira", "troupe-samples/scenes", "troupe-samples/cutouts/mira"
FEW, SOME = "few", "some"  # folders in the host's input folder, filled by command.py


def training_set() -> Graph:
    graph = Graph("training_set", "Every step of the first half")
    load = _node(graph, "TroupeLoadSampleSet", folder=MIRA)
    described = _described(graph, load)
    mapped = _node(graph, "TroupeMapStyles", samples=described["samples"], first_style="anime_cel", second_by="angle")
    restyled = _restyled(graph, mapped, "ember knight")
    adjusted = _node(
        graph,
        "TroupeAdjust",
        samples=restyled["samples"],
        preset="character LoRA, 25 pictures (40/30/30)",
    )
    tagged = _node(graph, "TroupeTagFeatures", samples=adjusted["samples"], trigger="emberkn", class_word="1girl")
    written = _node(graph, "TroupeWriteLoRADataset", samples=tagged["samples"], name="help", resolution=512)
    _picture(graph, "coverage", load["coverage"])
    advised = _node(graph, "TroupeAdviseOnTrainingData", samples=tagged["samples"])
    _picture(graph, "advice", advised["sheet"])
    _text(graph, "folder", written["folder"])
    _opened(graph, "described", described)
    _opened(graph, "tagged", tagged)
    for name, step, view in (
        ("pictures", load, "pictures"),
        ("pairs", restyled, "before and after"),
        ("dropped", adjusted, "dropped pictures"),
    ):
        sheet = _node(graph, "TroupePreviewSampleSet", samples=step["samples"], view=view, columns=4, maximum=8)
        _picture(graph, name, sheet["sheet"])
    return graph


def styles() -> Graph:
    """Four views, each with the second sub-style of its angle; and the same pictures zoomed, then put back."""
    graph = Graph("styles", "Styles, and the structure gate")
    load = _node(graph, "TroupeLoadSampleSet", folder=FEW, character="mira")
    described = _described(graph, load)
    mapped = _node(
        graph, "TroupeMapStyles", samples=described["samples"], first_style="comic_halftone", second_by="angle"
    )
    _opened(graph, "drawn", _restyled(graph, mapped, "keep the old colours"))
    _text(graph, "drawn mapping", mapped["mapping"])
    source = _opened(graph, "source", load)
    cropped = _node(graph, "ImageCrop", image=source["images"], width=424, height=424, x=16, y=4)
    slid = _node(
        graph, "ImageScale", image=cropped["IMAGE"], upscale_method="lanczos", width=448, height=448, crop="disabled"
    )
    _picture(graph, "slid", slid["IMAGE"])
    drawn = _node(graph, "TroupeSetImages", samples=load["samples"], images=slid["IMAGE"])
    _opened(graph, "put_back", _node(graph, "TroupeCheckStructure", samples=drawn["samples"]))
    return graph


def compositing() -> Graph:
    graph = Graph("compositing", "Every step of the second half")
    model = _node(graph, "TroupeLoadCompositingModel")
    scenes, thing = _listed(graph, SCENES), _listed(graph, CUTOUT)
    wired = {"compositing_model": model["compositing_model"], "background": scenes["images"]}
    wired |= {"foreground": thing["images"], "mask": thing["masks"]}
    position = _node(graph, "TroupePredictPosition", **wired)
    composite = _node(graph, "TroupeComposite", box=position["boxes"], **wired)
    some = _listed(graph, SOME)
    groups = _node(
        graph, "TroupeMakeCompositeSamples", images=some["images"], masks=some["masks"], name="help", longest_side=512
    )
    load = _node(graph, "TroupeLoadSampleSet", folder=SOME, character="bram")
    staged = _node(
        graph,
        "TroupeStageSampleSet",
        samples=_described(graph, load)["samples"],
        compositing_model=model["compositing_model"],
        backgrounds=scenes["images"],
        longest_side=1024,
    )
    for name, picture in (
        ("cutout", thing["images"]),
        ("scene", scenes["images"]),
        ("heatmap", position["heatmap"]),
        ("composite", composite["image"]),
        ("groups", groups["sheet"]),
        ("staged", staged["sheet"]),
    ):
        _picture(graph, name, picture)
    return graph


def read_back(folder: str) -> Graph:
    graph = Graph("read_back", "A written training set, read again")
    load = _node(graph, "TroupeLoadLoRADataset", folder=folder)
    sheet = _node(graph, "TroupePreviewSampleSet", samples=load["samples"], columns=4, maximum=8)
    _picture(graph, "read_back", sheet["sheet"])
    return graph


def _node(graph: Graph, kind: str, title: str = "", **inputs: object) -> Node:
    return graph.node(kind, title, at=(0, 0), **inputs)


def _described(graph: Graph, load: Node) -> Node:
    captioner = _node(graph, "TroupeMeasuredCaptioner")
    return _node(graph, "TroupeDescribe", samples=load["samples"], captioner=captioner["captioner"])


def _restyled(graph: Graph, mapped: Node, colours: str) -> Node:
    stylizer = _node(graph, "TroupePainterlyStylizer", new_character=colours)
    return _node(graph, "TroupeRestyle", samples=mapped["samples"], stylizer=stylizer["stylizer"])


def _listed(graph: Graph, folder: str) -> Node:
    load = _node(graph, "TroupeLoadSampleSet", folder=folder, layout="one character")
    return _node(graph, "TroupeSampleSetToImages", samples=load["samples"])


def _opened(graph: Graph, name: str, step: Node) -> Node:
    """Pictures, masks and captions of a set, as results NAME, NAME masks and NAME captions."""
    lists = _node(graph, "TroupeSampleSetToImages", samples=step["samples"], longest_side=768)
    _picture(graph, name, lists["images"])
    _picture(graph, f"{name} masks", _node(graph, "MaskToImage", mask=lists["masks"])["IMAGE"])
    _text(graph, f"{name} captions", lists["captions"])
    return lists


def _picture(graph: Graph, name: str, picture: Output) -> None:
    _node(graph, "PreviewImage", name, images=picture)


def _text(graph: Graph, name: str, text: Output) -> None:
    _node(graph, "PreviewAny", name, source=text)
