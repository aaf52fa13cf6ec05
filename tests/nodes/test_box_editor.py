"""A person's box from the host's own editor: Predict Position -> Create Bounding Boxes -> Composite."""

from __future__ import annotations

import pytest
import torch
from PIL import Image

from troupe.models.compositing.checkpoint import save_model
from troupe.models.compositing.config import preset
from troupe.models.compositing.model import fresh_model

WIDTH, HEIGHT = 160, 96
DRAWN = {"x": 32, "y": 24, "width": 40, "height": 48, "metadata": {"type": "obj", "desc": "her", "palette": []}}
PLAIN = {key: DRAWN[key] for key in ("x", "y", "width", "height")}


def pictures(folder):
    """A scene, and a cut-out whose alpha says what the thing is."""
    generator = torch.Generator().manual_seed(0)
    scene = (torch.rand(HEIGHT, WIDTH, 3, generator=generator) * 255).byte().numpy()
    Image.fromarray(scene).save(folder / "box_scene.png")
    thing = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    thing.paste((200, 60, 60, 255), (4, 4, 28, 28))
    thing.save(folder / "box_thing.png")


def value(boxes):
    """A list as the value of a widget: a bare one would be taken for a wire."""
    return {"__value__": list(boxes)}


def flow(model, state=(), **editor):
    """`state`: what the canvas holds, as the editor's front end saves it; `editor`: more inputs of the box editor."""
    position = {"candidates": 2, "mode": "best", "temperature": 1.0, "seed": 0, "smallest": 0.0, "largest": 1.0}
    compose = {
        "candidates": 1, "seed": 0, "steps": 1, "colour": 1.0, "shadow": 1.0, "edge": 1.0, "together": False,
        "smallest": 0.0, "largest": 1.0,
    }  # fmt: skip
    picked = {
        "compositing_model": ["model", 0], "background": ["scene", 0], "foreground": ["thing", 0], "mask": ["mask", 0],
    }  # fmt: skip
    canvas = {"width": WIDTH, "height": HEIGHT, "background": ["scene", 0], "editor_state": value(state), **editor}
    return {
        "scene": {"class_type": "LoadImage", "inputs": {"image": "box_scene.png"}},
        "thing": {"class_type": "LoadImage", "inputs": {"image": "box_thing.png"}},
        "mask": {"class_type": "InvertMask", "inputs": {"mask": ["thing", 1]}},
        "model": {"class_type": "TroupeLoadCompositingModel", "inputs": {"model": model, "base_checkpoint": "none"}},
        "position": {"class_type": "TroupePredictPosition", "inputs": picked | position},
        "boxes": {"class_type": "CreateBoundingBoxes", "inputs": canvas},
        "composite": {"class_type": "TroupeComposite", "inputs": picked | compose | {"box": ["boxes", 1]}},
        "look": {"class_type": "PreviewImage", "inputs": {"images": ["composite", 0]}},
        "told": {"class_type": "PreviewAny", "inputs": {"source": ["position", 0]}},
    }


def boxes_of(run, node):
    (facts,) = run.outputs[node]["troupe"]
    return facts["boxes"]


@pytest.fixture(scope="module")
def host(host_inprocess):
    host_inprocess.use_core_nodes("nodes_mask.py", "nodes_bounding_boxes.py", "nodes_preview_any.py")
    pictures(host_inprocess.base / "input")
    save_model(fresh_model(preset("tiny")), host_inprocess.base / "models" / "troupe_compositing" / "boxes.safetensors")
    return host_inprocess


def run(host, **editor):
    result = host.execute(flow("boxes.safetensors", **editor))
    assert result.ok, (result.valid, result.error)
    return result


def test_what_is_drawn_by_hand_is_where_it_goes(host):
    assert boxes_of(run(host, state=[DRAWN]), "composite") == [[PLAIN]]


def test_an_empty_canvas_leaves_it_to_the_model(host):
    result = run(host)
    assert boxes_of(result, "composite") == [boxes_of(result, "position")[0][:1]]


def test_the_predicted_boxes_open_in_the_editor_and_go_on_as_they_are(host):
    result = run(host, bboxes=["position", 0])
    predicted = boxes_of(result, "position")
    assert result.outputs["boxes"]["input_bboxes"] == predicted[0]
    assert boxes_of(result, "composite") == [predicted[0][:1]]


def test_a_box_that_was_moved_counts_until_the_prediction_changes(host):
    predicted = boxes_of(run(host, bboxes=["position", 0]), "position")[0]
    moved = run(host, state=[DRAWN, predicted[1]], bboxes=["position", 0], last_incoming=value(predicted))
    assert boxes_of(moved, "composite") == [[PLAIN]]


def test_the_same_over_the_api_of_a_real_host(live_host):
    pictures(live_host.input)
    shipped = live_host.get("/object_info/TroupeLoadCompositingModel")["TroupeLoadCompositingModel"]
    (model, *_) = shipped["input"]["required"]["model"][1]["options"]
    first = live_host.run(flow(model, bboxes=["position", 0]), timeout=300)
    assert first.ok, first.error
    (predicted,) = boxes_of(first, "position")
    assert boxes_of(first, "composite") == [predicted[:1]]
    moved = live_host.run(
        flow(model, state=[DRAWN], bboxes=["position", 0], last_incoming=value(predicted)), timeout=300
    )
    assert moved.ok and boxes_of(moved, "composite") == [[PLAIN]]
