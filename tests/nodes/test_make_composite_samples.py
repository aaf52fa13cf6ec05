"""Make Composite Samples in the host's own executor: pictures go in, groups come out and are found finished."""

import json
from pathlib import Path

import pytest
import torch

from support.pictures import figure
from troupe.models.pixels import from_pillow, to_pillow

SIDE = 96


@pytest.fixture(scope="session")
def host(host_inprocess):
    host_inprocess.use_core_nodes("nodes_preview_any.py", "nodes_mask.py")
    return host_inprocess


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Three pictures, two of them with a mask of what stands in the middle."""
    root = tmp_path_factory.mktemp("composites") / "pictures"
    (root / "masks").mkdir(parents=True)
    for n in range(3):
        figure(n, SIDE).save(root / f"p{n}.png")
    mask = torch.zeros(SIDE, SIDE)
    mask[30:70, 36:60] = 1
    to_pillow(mask).save(root / "masks" / "p0.png")
    to_pillow(mask).save(root / "p1_mask.png")
    return root


def make(**inputs):
    settings = {
        "decoys": 1,
        "shadow_growth": 0.06,
        "degrade": True,
        "seed": 0,
        "longest_side": 1024,
        "leak_warning": 0.0,
    }
    inputs = {"name": "set", "folder": "", **settings, **inputs}
    return {"make": {"class_type": "TroupeMakeCompositeSamples", "inputs": inputs}}


def facts(result, node="make"):
    assert result.ok, result.error or result.node_errors
    return result.outputs[node]["troupe"][0]


def test_a_folder_becomes_groups_that_load_again(host, folder):
    prompt = {
        **make(folder=str(folder), name="from_folder", leak_warning=2.0),
        "text": {"class_type": "PreviewAny", "inputs": {"source": ["make", 3]}},
        "load": {"class_type": "TroupeLoadCompositeSamples", "inputs": {"folder": ["make", 2], "leak_warning": 0.0}},
        "loaded": {"class_type": "PreviewAny", "inputs": {"source": ["load", 2]}},
    }
    result = host.execute(prompt)
    made = facts(result)
    assert (made["groups"], made["faults"], made["computed"], made["reused"]) == (2, 1, 2, 0)
    assert Path(made["folder"]).parent == host.base / "output" / "composite_samples"
    assert len(json.loads((Path(made["folder"]) / "groups.json").read_text())["groups"]) == 2
    text = result.outputs["text"]["text"][0]
    assert "p2: The picture has no mask" in text and "found by chance" in text
    assert "2 composite groups" in result.outputs["loaded"]["text"][0]


def test_pictures_of_any_sizes_come_as_lists(host):
    images = [from_pillow(figure(n, side))[None] for n, side in enumerate((80, 96))]
    masks = [torch.zeros(image.shape[:3]) for image in images]
    for mask in masks:
        mask[:, 30:60, 36:56] = 1
    lists = {name: [value] for name, value in make(name="listed")["make"]["inputs"].items()}
    out = host.call("TroupeMakeCompositeSamples", images=images, masks=masks, **lists)
    groups, sheet, folder, report = out.args
    assert [g.id for g in groups.groups] == ["picture 0001", "picture 0002"]
    assert sheet.ndim == 4 and Path(folder).is_dir() and "2 composite groups" in report
    again = host.call("TroupeMakeCompositeSamples", images=images, masks=masks, **lists)
    assert again.args[2] == folder
    assert again.ui["troupe"][0]["reused"] == 2


def test_a_deleted_set_is_made_again_and_an_unchanged_one_is_not(host, folder):
    def run(executor=None):
        return host.execute(make(folder=str(folder), name="deleted"), executor)

    first = run()
    groups = Path(facts(first)["folder"]) / "groups.json"
    second = run(first.executor)
    assert second.ok and not _ran(second)
    groups.unlink()
    third = run(second.executor)
    assert _ran(third) and facts(third)["reused"] == 2


def _ran(result):
    return any(kind == "executing" and data.get("node") == "make" for kind, data in result.events)


@pytest.mark.parametrize("wrong, said", [({"name": "../up"}, "is a path"), ({"name": ""}, "needs a name")])
def test_a_bad_name_is_refused_before_anything_runs(host, folder, wrong, said):
    result = host.execute(make(folder=str(folder), **wrong))
    assert not result.ok and said in str(result.node_errors)


def test_nothing_to_work_on_says_what_to_do(host):
    result = host.execute(make())
    assert not result.ok and "Connect images" in result.error["exception_message"]


def test_a_solid_mask_leaves_nothing_and_says_why(host):
    prompt = {
        "image": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 0}},
        "mask": {"class_type": "SolidMask", "inputs": {"value": 1.0, "width": 64, "height": 64}},
        **make(images=["image", 0], masks=["mask", 0]),
    }
    result = host.execute(prompt)
    assert not result.ok and "The object is too large" in result.error["exception_message"]
