"""Stage Sample Set in the host's own executor: a set and backgrounds go in, a larger set comes out."""

import pytest
import torch
from PIL import Image

from support.pictures import character_folder

NAME = "untrained.safetensors"


@pytest.fixture(scope="session")
def host(host_inprocess):
    from troupe.models.compositing.checkpoint import save_model
    from troupe.models.compositing.config import preset
    from troupe.models.compositing.model import fresh_model

    host_inprocess.use_core_nodes("nodes_preview_any.py", "nodes_images.py")
    folder = host_inprocess.base / "models" / "troupe_compositing"
    folder.mkdir(parents=True, exist_ok=True)
    save_model(fresh_model(preset("tiny")), folder / NAME)
    return host_inprocess


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Four pictures, masks for the two that show a whole figure."""
    root = character_folder(tmp_path_factory.mktemp("staging") / "hero", count=4, side=96)
    (root / "masks").mkdir()
    for path in root.glob("*full*.jpg"):
        mask = Image.new("L", (96, 96))
        mask.paste(255, (30, 20, 66, 90))
        mask.save(root / "masks" / f"{path.stem}.png")
    return root


def prompt(folder, **inputs):
    load = {"folder": str(folder), "layout": "one character", "character": "hero", "background": "white"}
    size = {"width": 96, "height": 64, "batch_size": 2, "color": 8421504}
    stage = {
        "samples": ["load", 0],
        "compositing_model": ["model", 0],
        "backgrounds": ["scene", 0],
        "per_sample": 1,
        "seed": 0,
        "colour": 1.0,
        "shadow": 1.0,
        "keep_originals": True,
        "least_confidence": 0.0,
        "mine": True,
        "mode": "best",
        "smallest": 0.25,
        "longest_side": 2048,
    }
    return {
        "load": {"class_type": "TroupeLoadSampleSet", "inputs": {**load, "captions": "ignore"}},
        "model": {"class_type": "TroupeLoadCompositingModel", "inputs": {"model": NAME, "base_checkpoint": "none"}},
        "scene": {"class_type": "EmptyImage", "inputs": size},
        "stage": {"class_type": "TroupeStageSampleSet", "inputs": {**stage, **inputs}},
        "text": {"class_type": "PreviewAny", "inputs": {"source": ["stage", 2]}},
        "sheet": {"class_type": "PreviewImage", "inputs": {"images": ["stage", 1]}},
    }


def facts(result):
    assert result.ok, result.error or result.node_errors
    return result.outputs["stage"]["troupe"][0]


def test_the_set_grows_and_nothing_is_made_twice(host, folder):
    first = host.execute(prompt(folder))
    found = {"stage": "stage sample set", "samples": 6, "staged": 2, "skipped": 2}
    assert facts(first) == {**found, "computed": 2, "reused": 0}
    assert "has no mask" in first.outputs["text"]["text"][0]
    again = host.execute(prompt(folder))
    assert facts(again) == {**found, "computed": 0, "reused": 2}
    assert len(again.outputs["sheet"]["images"]) == 1


def test_originals_give_way(host, folder):
    assert facts(host.execute(prompt(folder, keep_originals=False)))["samples"] == 4


def test_a_list_of_captions_reaches_the_new_samples(host, folder):
    from troupe.models.compositing.checkpoint import load_model
    from troupe.nodes.compositing.hosted import HostedModel

    loaded = prompt(folder)["load"]["inputs"]
    samples = host.call("TroupeLoadSampleSet", **loaded).args[0]
    model = HostedModel(*load_model(host.base / "models" / "troupe_compositing" / NAME), NAME)
    widgets = ("per_sample", "seed", "colour", "shadow", "keep_originals", "least_confidence")
    lists = {name: [prompt(folder)["stage"]["inputs"][name]] for name in widgets}
    out = host.call(
        "TroupeStageSampleSet",
        samples=[samples],
        compositing_model=[model],
        backgrounds=[torch.rand(1, 64, 96, 3), torch.rand(1, 80, 60, 3)],
        captions=["a beach at sunset", "a forest"],
        **lists,
    )
    staged = [s for s in out.args[0].samples if s.source]
    assert {s.value("place") for s in staged} == {"beach", "forest"}
    assert {(s.image.width, s.image.height) for s in staged} == {(96, 64), (60, 80)}


def test_a_doubtful_place_is_left_out(host, folder):
    found = facts(host.execute(prompt(folder, least_confidence=0.9)))
    assert (found["staged"], found["skipped"]) == (0, 4)
