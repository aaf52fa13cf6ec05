"""Workflow files that people have: each still finds its nodes, its sockets, and a place for every saved value.

`tests/workflows/older` has a folder for each version, as it was published; files there are added and never changed.
"""

import copy
import json
from pathlib import Path

import pytest

from support.pictures import character_folder
from support.schemas import inputs_of, refusal, to_prompt

OLDER = Path(__file__).parent / "workflows" / "older"
FILES = sorted(str(path.relative_to(OLDER).with_suffix("")) for path in OLDER.rglob("*.json"))
# Chosen among files on a disk, which need not be on this one.
FROM_DISK = ("ckpt_name", "unet_name", "clip_name1", "clip_name2", "vae_name", "model")


def older(name):
    return json.loads((OLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def object_info(live_host):
    return live_host.get("/object_info")


@pytest.mark.parametrize("name", FILES)
def test_every_node_socket_and_saved_value_still_has_its_place(name, object_info):
    prompt = to_prompt(older(name), object_info)
    for node in prompt.values():
        specs = inputs_of(object_info[node["class_type"]])
        for widget, value in node["inputs"].items():
            if not isinstance(value, list) and widget not in FROM_DISK:
                assert refusal(specs[widget], value) is None, f"{node['_meta']['title']}: {widget}"
        required = object_info[node["class_type"]]["input"].get("required", {}).keys()
        assert required <= node["inputs"].keys(), node["_meta"]["title"]


RUN = [name for name in FILES if name.endswith(("character_lora_dataset", "composite_one_picture"))]


@pytest.mark.parametrize("name", RUN)
def test_it_still_runs(name, object_info, live_host):
    """On pictures as small as Adjust takes them."""
    folder = live_host.input / "small"
    if not folder.is_dir():
        character_folder(folder, count=3, side=256)
    prompt = to_prompt(older(name), object_info)
    for node in prompt.values():
        if node["class_type"] == "TroupeLoadSampleSet":
            node["inputs"]["folder"] = "small"
    run = live_host.run(prompt, timeout=300)
    assert run.ok, run.error
    assert any(output.get("images") for output in run.outputs.values())


def changed(object_info, kind, change):
    """The host's answer as it would be after somebody changed a node."""
    other = copy.deepcopy(object_info)
    change(other[kind]["input"]["required"])
    return other


def test_a_widget_in_the_middle_would_be_noticed(object_info):
    def insert(required):
        kept = dict(required)
        required.clear()
        required.update({"samples": kept.pop("samples"), "depth": ["INT", {"default": 1}]} | kept)

    broken = changed(object_info, "TroupeTagFeatures", insert)
    prompt = to_prompt(older("0.1.0/character_lora_dataset"), broken)
    (tag,) = [node for node in prompt.values() if node["class_type"] == "TroupeTagFeatures"]
    assert refusal(["INT", {"default": 1}], tag["inputs"]["depth"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda required: required.pop("wishes"), "nothing takes"),
        (lambda required: required.update(samples=["IMAGE", {}]), "samples takes IMAGE"),
        (lambda required: required.update(pictures=required.pop("samples")), "has no input samples"),
    ],
)
def test_a_lost_widget_or_socket_would_be_noticed(change, said, object_info):
    with pytest.raises(AssertionError, match=said):
        to_prompt(older("0.1.0/character_lora_dataset"), changed(object_info, "TroupeAdjust", change))


def test_a_lost_node_would_be_noticed(object_info):
    lost = {kind: described for kind, described in object_info.items() if kind != "TroupeAdjust"}
    with pytest.raises(AssertionError, match="there is no TroupeAdjust"):
        to_prompt(older("0.1.0/character_lora_dataset"), lost)
