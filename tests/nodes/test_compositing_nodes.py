"""The compositing nodes in the host, in process: what goes in, what comes out, what is told when it cannot be."""

from __future__ import annotations

import pytest
import torch

from troupe.models.compositing.checkpoint import load_model, save_model
from troupe.models.compositing.config import preset
from troupe.models.compositing.groups.group import GroupPixels
from troupe.models.compositing.groups.writing import NamedGroup, write_groups
from troupe.models.compositing.model import fresh_model
from troupe.models.geometry import Box


@pytest.fixture(scope="module")
def host(host_inprocess):
    host_inprocess.use_core_nodes("nodes_mask.py", "nodes_train.py")
    return host_inprocess


@pytest.fixture(scope="module")
def model(host):
    """The node's output for a fresh tiny model that lies among the host's models."""
    target = host.base / "models" / "troupe_compositing" / "fresh.safetensors"
    save_model(fresh_model(preset("tiny")), target)
    return host.call("TroupeLoadCompositingModel", model="fresh.safetensors")[0]


@pytest.fixture(scope="module")
def groups_folder(tmp_path_factory):
    """Eight small groups: a red bar on a shelf, a little darker in the composite."""

    def group(i):
        background = torch.full((48, 64, 3), 0.5)
        background[30:] = torch.tensor([0.3, 0.2, 0.1])
        foreground = torch.cat([torch.tensor([0.9, 0.2, 0.2]).expand(16, 8, 3), torch.ones(16, 8, 1)], -1)
        composite = background.clone()
        composite[14:30, 4 + i * 6 : 12 + i * 6] = foreground[..., :3] * 0.7
        box = Box(4 + i * 6, 14, 12 + i * 6, 30)
        return NamedGroup(f"bar-{i}", GroupPixels(foreground, background, composite, box))

    folder = tmp_path_factory.mktemp("groups") / "bars"
    write_groups(folder, map(group, range(8)))
    return folder


def scene(height=96, width=128, count=1):
    return torch.rand((count, height, width, 3), generator=torch.Generator().manual_seed(0))


def disc(side=32, count=1):
    """A picture and the mask of a disc in it."""
    grid = torch.linspace(-1, 1, side)
    mask = ((grid[:, None] ** 2 + grid**2) < 0.8).float()
    return torch.full((count, side, side, 3), 0.7), mask.expand(count, -1, -1)


POSITION = {"candidates": 3, "mode": "best", "temperature": 1.0, "seed": 0, "smallest": 0.0, "largest": 1.0}
COMPOSE = {
    "candidates": 1, "seed": 0, "steps": 2, "colour": 1.0, "shadow": 1.0, "edge": 1.0, "together": False,
    "smallest": 0.0, "largest": 1.0,
}  # fmt: skip


def composite(host, model, background, foreground, **changed):
    settings = COMPOSE | changed
    return host.call(
        "TroupeComposite", compositing_model=model, background=background, foreground=foreground, **settings
    )


def test_boxes_are_in_the_hosts_form_and_the_heatmap_is_as_large_as_the_background(host, model):
    image, mask = disc()
    boxes, heatmap, confidence, report = host.call(
        "TroupePredictPosition", compositing_model=model, background=scene(), foreground=image, mask=mask, **POSITION
    )
    assert [len(picture) for picture in boxes] == [3]
    assert set(boxes[0][0]) == {"x", "y", "width", "height"}
    assert heatmap.shape == (1, 96, 128, 3)
    assert 0 <= confidence <= 1
    assert "Picture 1" in report


def test_untouched_pixels_are_the_backgrounds_to_the_last_bit(host, model):
    image, mask = disc()
    background = scene()
    made, placed, boxes, effect, _ = composite(host, model, background, image, mask=mask, largest=0.3)
    assert made.shape == background.shape
    untouched = effect == 0
    assert untouched.any()
    assert not untouched.all()
    assert torch.equal(made[untouched], background[untouched])
    assert placed.amax() > 0.9
    assert len(boxes) == 1


@pytest.mark.parametrize(("scenes", "things", "made"), [(1, 3, 3), (3, 1, 3), (2, 2, 2)])
def test_batches_are_brought_together(host, model, scenes, things, made):
    image, mask = disc(count=things)
    assert len(composite(host, model, scene(count=scenes), image, mask=mask)[0]) == made


def test_an_rgba_picture_needs_no_mask(host, model):
    image, mask = disc()
    rgba = torch.cat([image, mask[..., None]], -1)
    with_mask = composite(host, model, scene(), image, mask=mask)
    assert torch.allclose(composite(host, model, scene(), rgba)[0], with_mask[0], atol=1e-3)


def test_a_persons_box_is_taken_in_every_form_that_nodes_use(host, model):
    image, mask = disc()
    box = {"x": 10, "y": 20, "width": 40, "height": 40}
    results = [composite(host, model, scene(), image, mask=mask, box=b) for b in (box, [box], [[box]])]
    assert all(r[2] == [[box]] for r in results)


def test_several_candidates_come_back_the_most_plausible_first(host, model):
    image, mask = disc()
    made = composite(host, model, scene(), image, mask=mask, candidates=3)
    assert len(made[0]) == len(made[2]) == 3


def test_several_things_go_into_one_picture(host, model):
    image, mask = disc(count=2)
    made = composite(host, model, scene(), image, mask=mask, together=True, largest=0.3)
    assert made[0].shape[0] == 1
    assert [len(boxes) for boxes in made[2]] == [2]


def test_several_things_together_need_one_background_and_come_back_in_their_order(host, model):
    image, mask = disc(count=2)
    with pytest.raises(Exception, match="into one background"):
        composite(host, model, scene(count=2), image, mask=mask, together=True)
    boxes = [{"x": 10, "y": 40, "width": 20, "height": 20}, {"x": 60, "y": 5, "width": 20, "height": 20}]
    assert composite(host, model, scene(), image, mask=mask, together=True, box=[boxes])[2] == [boxes]


def test_a_background_beyond_the_range_keeps_its_untouched_pixels(host, model):
    image, mask = disc()
    background = scene() * 1.1
    assert background.max() > 1
    made, _, _, effect, _ = composite(host, model, background, image, mask=mask, largest=0.3)
    assert torch.equal(made[effect == 0], background[effect == 0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mask": None}, "no mask"),
        ({"mask": torch.zeros(1, 32, 32)}, "empty"),
        ({"background": torch.full((1, 96, 128, 3), torch.nan)}, "not numbers"),
        ({"foreground": torch.rand(1, 32, 32, 5)}, "channels"),
        ({"mask": torch.ones(1, 16, 16)}, "mask is 16 x 16"),
        ({"box": {"x": 1, "y": 2, "width": 0, "height": 5}}, "not a box"),
        ({"background": torch.rand(2, 96, 128, 3), "foreground": torch.rand(3, 32, 32, 3)}, "do not fit"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_is_told(host, model, change, said):
    image, mask = disc()
    inputs = {"background": scene(), "foreground": image, "mask": mask} | change
    with pytest.raises(Exception, match=said):
        composite(host, model, inputs.pop("background"), inputs.pop("foreground"), **inputs)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 64), (64, 1)])
def test_one_pixel_is_enough_on_either_side(host, model, height, width):
    made = composite(host, model, scene(height, width), torch.rand(1, 1, 1, 3), mask=torch.ones(1, 1, 1))
    assert made[0].shape == (1, height, width, 3)


def test_groups_are_read_trained_on_and_the_model_is_kept(host, groups_folder):
    groups, sheet, report = host.call("TroupeLoadCompositeSamples", folder=str(groups_folder), leak_warning=2.0)
    assert len(groups) == 8
    assert "8" in report
    assert sheet.shape[-1] == 3
    trained = host.call(
        "TroupeTrainCompositingModel", groups=groups, name="bars", preset="tiny", steps=4, batch_size=2,
        learning_rate=1e-3, seed=1, holdout=0.3, evaluate_every=2, position_first=0.25, position_weight=1.0,
        composition_weight=1.0, tolerance=0.005, precision="float32", schedule="constant", flip=0.5, crop=0.5, tint=1.0,
    )  # fmt: skip
    model, curves, losses, preview, words = trained
    assert len(losses["loss"]) == len(losses["position"]) == 4
    assert losses["composition"][0] == 0
    assert curves.shape[-1] == preview.shape[-1] == 3
    assert "step limit" in words
    kept, story = load_model(host.base / "models" / "troupe_compositing" / "bars.safetensors")
    assert story.steps == 4
    assert torch.equal(kept.position.heat.weight, model.loaded().position.heat.weight)
    image, mask = disc()
    assert composite(host, model, scene(), image, mask=mask)[0].isfinite().all()
