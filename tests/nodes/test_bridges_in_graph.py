"""Any other node can draw, caption or mask: sets go out as the host's lists and come back, in its own executor."""

import pytest

from support.pictures import character_folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return character_folder(tmp_path_factory.mktemp("bridges") / "hero", count=4)


@pytest.fixture(scope="session")
def host(host_inprocess):
    host_inprocess.use_core_nodes("nodes_mask.py", "nodes_images.py")
    return host_inprocess


def load(folder):
    inputs = {"folder": str(folder), "layout": "one character", "character": "hero", "background": "white"}
    return {"load": {"class_type": "TroupeLoadSampleSet", "inputs": {**inputs, "captions": "as written"}}}


def opened(folder, longest_side=0):
    inputs = {"samples": ["load", 0], "longest_side": longest_side, "seed": 7}
    return {**load(folder), "open": {"class_type": "TroupeSampleSetToImages", "inputs": inputs}}


def preview(samples, view):
    inputs = {"samples": samples, "view": view, "columns": 2, "cell": 96, "maximum": 9}
    return {"class_type": "TroupePreviewSampleSet", "inputs": inputs}


def facts(result, node):
    assert result.ok, result.error or result.node_errors
    return result.outputs[node]["troupe"][0]


def text_of(result, node):
    assert result.ok, result.error or result.node_errors
    return result.outputs[node]["text"][0]


def test_a_core_node_restyles_the_set_and_the_gate_looks_at_it(host, folder):
    prompt = {
        **opened(folder),
        "invert": {"class_type": "ImageInvert", "inputs": {"image": ["open", 0]}},
        "set": {"class_type": "TroupeSetImages", "inputs": {"samples": ["load", 0], "images": ["invert", 0]}},
        "check": {
            "class_type": "TroupeCheckStructure",
            "inputs": {"samples": ["set", 0], "minimum_structure": 0.3, "put_back": True},
        },
        "sheet": preview(["check", 0], "before and after"),
    }
    result = host.execute(prompt)
    assert facts(result, "check") == {"stage": "check structure", "samples": 4}
    assert len(result.outputs["sheet"]["images"]) == 1


def test_a_lost_picture_is_dropped_and_can_be_looked_at(host, folder):
    prompt = {
        **opened(folder),
        "flip": {
            "class_type": "ImageCrop",
            "inputs": {"image": ["open", 0], "width": 60, "height": 60, "x": 0, "y": 0},
        },
        "set": {"class_type": "TroupeSetImages", "inputs": {"samples": ["load", 0], "images": ["flip", 0]}},
        "check": {
            "class_type": "TroupeCheckStructure",
            "inputs": {"samples": ["set", 0], "minimum_structure": 0.3, "put_back": True},
        },
        "sheet": preview(["check", 0], "dropped pictures"),
        "text": {"class_type": "PreviewAny", "inputs": {"source": ["sheet", 1]}},
    }
    host.use_core_nodes("nodes_preview_any.py")
    result = host.execute(prompt)
    assert facts(result, "check")["samples"] == 0
    assert "lost its structure" in text_of(result, "text")


def box_masks(name, samples, box):
    """Nodes that give every sample the mask of a box (x, y, width, height); the one called `name` has the set."""
    x, y, width, height = box
    together = {"destination": [f"{name}_ground", 0], "source": [f"{name}_box", 0], "x": x, "y": y, "operation": "add"}
    masks = {"samples": samples, "masks": [f"{name}_masks", 0], "inverted": False}
    return {
        f"{name}_ground": node("SolidMask", value=0.0, width=192, height=192),
        f"{name}_box": node("SolidMask", value=1.0, width=width, height=height),
        f"{name}_one": node("MaskComposite", **together),
        f"{name}_picture": node("MaskToImage", mask=[f"{name}_one", 0]),
        f"{name}_four": node("RepeatImageBatch", image=[f"{name}_picture", 0], amount=4),
        f"{name}_masks": node("ImageToMask", image=[f"{name}_four", 0], channel="red"),
        name: node("TroupeSetMasks", **masks),
    }


def node(kind, **inputs):
    return {"class_type": kind, "inputs": inputs}


def test_another_shot_is_refused_and_can_be_looked_at(host, folder):
    """By their masks all four were whole figures, and now their frames cut them. Two have names that say close-up:
    there the captioner was wrong before, so it is not heard."""
    prompt = {
        **load(folder),
        **box_masks("before", ["load", 0], (66, 20, 60, 150)),
        "open": node("TroupeSampleSetToImages", samples=["before", 0], longest_side=0, seed=7),
        "set": node("TroupeSetImages", samples=["before", 0], images=["open", 0]),
        **box_masks("after", ["set", 0], (0, 52, 192, 140)),
        "captioner": node("TroupeMeasuredCaptioner"),
        "check": node("TroupeCheckFeatures", samples=["after", 0], captioner=["captioner", 0], certainty=0.5),
        "text": node("PreviewAny", source=["check", 2]),
    }
    host.use_core_nodes("nodes_preview_any.py")
    result = host.execute(prompt)
    assert facts(result, "check") == {"stage": "check features", "samples": 2, "refused": 2}
    assert len(result.outputs["check"]["images"]) == 1
    text = text_of(result, "text")
    assert text.count("refused: shot size was 'full body', now 'close-up' (0.60)") == 2
    assert text.count("nothing to compare") == 2


def test_captions_and_masks_come_back(host, folder):
    prompt = {
        **opened(folder),
        "captions": {
            "class_type": "TroupeSetCaptions",
            "inputs": {"samples": ["load", 0], "captions": ["open", 7], "mine": True},
        },
        "masks": {
            "class_type": "TroupeSetMasks",
            "inputs": {"samples": ["captions", 0], "masks": ["open", 1], "inverted": True},
        },
        "sheet": preview(["masks", 0], "pictures"),
        "text": {"class_type": "PreviewAny", "inputs": {"source": ["sheet", 1]}},
    }
    result = host.execute(prompt)
    assert facts(result, "sheet")["samples"] == 4
    name = "back_stand_close-up_02"
    assert f"{name}: {name}" in text_of(result, "text").replace("hero/", "")


def test_pictures_of_any_node_become_a_set(host, folder):
    prompt = {
        **opened(folder, longest_side=64),
        "made": {
            "class_type": "TroupeSampleSetFromImages",
            "inputs": {"images": ["open", 0], "character": "copy", "names": ["open", 7]},
        },
        "sheet": preview(["made", 0], "pictures"),
    }
    result = host.execute(prompt)
    assert facts(result, "sheet")["samples"] == 4


def test_lists_of_another_length_are_refused_with_numbers(host, folder):
    prompt = {
        **opened(folder),
        "one": {"class_type": "EmptyImage", "inputs": {"width": 32, "height": 32, "batch_size": 1, "color": 0}},
        "set": {"class_type": "TroupeSetImages", "inputs": {"samples": ["load", 0], "images": ["one", 0]}},
        "sheet": preview(["set", 0], "pictures"),
    }
    result = host.execute(prompt)
    assert not result.ok
    assert "1 images for 4 pictures" in result.error["exception_message"]


def test_the_lists_have_one_entry_a_picture(host, folder):
    samples = host.call("TroupeLoadSampleSet", **load(folder)["load"]["inputs"]).args[0]
    lists = host.call("TroupeSampleSetToImages", samples=samples, longest_side=0, seed=7).args
    assert {len(column) for column in lists} == {4}
    images, masks, *_ = lists
    assert [i.shape[:3] for i in images] == [m.shape for m in masks]
    assert len(set(lists[6])) == 4  # seeds
