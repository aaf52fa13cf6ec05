"""`evaluate-compositing`: every measure beside its floors, on groups as small as a stamp."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
import torch
from PIL import Image

from troupe.models.compositing.checkpoint import save_model
from troupe.models.compositing.config import ModelConfig
from troupe.models.compositing.grid import CELLS, SCALES, Frame, cell_of, frame_of, position_of
from troupe.models.compositing.groups.group import GroupPixels
from troupe.models.compositing.groups.manifest import read_manifest
from troupe.models.compositing.groups.writing import NamedGroup, write_groups
from troupe.models.compositing.measuring.table import OURS
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.networks.position import Located
from troupe.models.geometry import Box, Size
from troupe.scripts import evaluate_compositing as command
from troupe.scripts.compositing import composites, positions
from troupe.scripts.compositing.cases import Case, FolderCases, cases_in
from troupe.scripts.compositing.coco import is_holdout
from troupe.scripts.compositing.evaluating import evaluate
from troupe.scripts.compositing.photographs import is_trained_on, is_validation

TOY = ModelConfig(
    preset="toy", background_side=32, foreground_side=16, width=8, tokens=16, layers=1, heads=2, view_side=16,
    channels=(8, 16), attention=(False, True),
)  # fmt: skip
SIZE = Size(96, 72)
BOX = Box(24, 20, 48, 56)
MEASURES = [m.name for m in (*positions.MEASURES, *composites.MEASURES, composites.TOLD, composites.TOLD_OTHER)]


def pixels(seed: int, box: Box = BOX) -> GroupPixels:
    """A textured wall, and a brown block with a shadow under it."""
    chance = torch.Generator().manual_seed(seed)
    background = 0.4 + 0.3 * torch.rand((SIZE.height, SIZE.width, 3), generator=chance)
    block = torch.tensor([0.6, 0.4, 0.2]) + 0.1 * torch.rand((*reversed(box.size), 3), generator=chance)
    composite = background.clone()
    composite[box.bottom : box.bottom + 4, box.left : box.right] *= 0.5
    composite[box.top : box.bottom, box.left : box.right] = block
    return GroupPixels(torch.cat([block, torch.ones(*block.shape[:2], 1)], -1), background, composite, box)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two cameras with two groups each; the colours of one group are not to be measured."""
    folder = tmp_path_factory.mktemp("groups")
    boxes = (BOX, Box(30, 22, 52, 60), BOX, Box(10, 30, 34, 66))
    named = (
        NamedGroup(f"block {n}", pixels(n, box), "block", f"camera {n // 2}", position_only=n == 3)
        for n, box in enumerate(boxes)
    )
    write_groups(folder, named)
    return folder


@pytest.fixture(scope="module")
def evaluation(folder):
    return evaluate(fresh_model(TOY).eval(), cases_in(folder))


def figures(evaluation, measure):
    row = next(row for row in evaluation.rows if row.name == measure.name)
    return {OURS: row.ours, **row.others}


def test_one_table_has_every_measure_with_its_floors(evaluation):
    assert [row.name for row in evaluation.rows] == MEASURES
    text = evaluation.as_text()
    assert all(name in text for name in MEASURES)
    for measure, floors in (
        (positions.NLL, {"uniform", "prior"}),
        (positions.NLL_ALL, {"uniform", "prior"}),
        (positions.IOU, {"centre", "prior", "drawn"}),
        (positions.IOU_K, {"centre", "prior", "drawn"}),
        (positions.DISTANCE, {"centre", "prior", "drawn"}),
        (positions.HIT, {"centre", "prior", "drawn"}),
        (composites.RING, {"paste"}),
        (composites.COLOUR_OTHER, {"paste"}),
        (composites.SEAM, {"paste", "real"}),
    ):
        found = figures(evaluation, measure)
        assert set(found) == {OURS, *floors}
        assert all(math.isfinite(figure.value) for figure in found.values()), measure.name


def test_an_untrained_model_knows_as_much_as_a_uniform_guess(evaluation):
    found = figures(evaluation, positions.NLL)
    assert found[OURS].value == pytest.approx(found["uniform"].value, abs=0.01)
    assert figures(evaluation, positions.NLL_ALL)["uniform"].value == pytest.approx(math.log(SCALES * CELLS**2))
    assert figures(evaluation, positions.RANK)[OURS].value == pytest.approx(0.5, abs=0.05)


def test_a_plain_paste_of_a_cutout_as_it_is_has_the_right_colours_and_no_shadow(evaluation):
    assert figures(evaluation, composites.COLOUR)["paste"].value == pytest.approx(0, abs=0.01)
    assert figures(evaluation, composites.COLOUR_OTHER)["paste"].value > 5
    assert figures(evaluation, composites.RING)["paste"].value > 5


def test_colours_are_only_measured_where_they_can_be(evaluation):
    assert figures(evaluation, composites.COLOUR)[OURS].n == 3
    assert figures(evaluation, composites.COLOUR_OTHER)[OURS].n == 3 * composites.CHANGES
    assert figures(evaluation, composites.LUMINANCE)[OURS].n == 4


def test_a_perfect_predictor_has_an_overlap_of_one(tmp_path):
    write_groups(tmp_path, [NamedGroup(str(n), pixels(n), scene=f"camera {n}") for n in range(2)])
    model = fresh_model(TOY).eval()
    cell = cell_of(position_of(BOX, SIZE))
    logits = torch.full((1, SCALES, CELLS, CELLS), -30.0)
    logits[0, cell.scale, cell.y, cell.x] = 0
    offsets = torch.tensor(cell.offset)[None, :, None, None].expand(1, 3, CELLS, CELLS)
    fused = model.locate
    model.locate = lambda seen: Located(logits, offsets, fused(seen).fused)
    found = evaluate(model, cases_in(tmp_path))
    for measure, ideal in ((positions.IOU, 1), (positions.IOU_K, 1), (positions.DISTANCE, 0), (positions.SCALE, 1)):
        assert figures(found, measure)[OURS].value == pytest.approx(ideal, abs=1e-3), measure.name
    assert figures(found, positions.NLL)[OURS].value == pytest.approx(0, abs=1e-6)
    assert figures(found, positions.RANK)[OURS].value == 1


def test_a_place_held_for_impossible_is_named(folder):
    model = fresh_model(TOY).eval()
    model.locate = lambda seen, locate=model.locate: _without_small(locate(seen))
    groups = read_manifest(folder)
    found = evaluate(model, FolderCases(replace(groups, groups=groups.groups[:1]), "one of them"))
    assert found.ruled_out == ("block 0",)
    assert figures(found, positions.NLL)[OURS].value == math.inf
    assert json.loads(found.as_json())["ruled_out"] == list(found.ruled_out)


def _without_small(located):
    logits = located.logits.clone()
    logits[:, : SCALES - 2] = -torch.inf
    return located._replace(logits=logits)


def test_floors_learn_from_other_scenes_only():
    where, box = position_of(BOX, SIZE), Frame(*map(float, BOX))
    seen = [
        positions.Seen(
            str(n), f"camera {n // 2}", "block", True, box, SIZE, 1.0, where._replace(x=n / 10), None, 0, 0, 0, (), ()
        )
        for n in range(4)
    ]
    assert [p.x for p in positions.elsewhere(seen[0], seen)] == [0.2, 0.3]
    assert [p.x for p in positions.elsewhere(seen[0], seen[:2])] == [0.1]


def test_a_cutout_changes_its_colours_the_same_way_each_time():
    case = Case("one", "camera", "block", pixels(0))
    first, again, other = (composites.recoloured(case, n) for n in (0, 0, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert torch.equal(first[..., 3], case.pixels.foreground[..., 3])


def test_other_things_are_left_out_of_the_ring():
    group = pixels(0)
    real = group.composite.clone()
    real[20:56, 50:56] = 1  # another thing right beside
    model = fresh_model(TOY).eval()
    errors = []
    for others in ((), (Frame(50, 20, 56, 56),)):
        case = Case("one", "camera", "block", group._replace(composite=real), others, camera=True)
        made = composites.tried(model, case, composites.ComposeSettings(steps=1))
        found = composites.composite_figures(case, made)
        errors += [f.value for f in found if f.measure == composites.RING and f.who == "paste"]
    assert errors[1] < 0.6 * errors[0]


def test_the_splits_of_photographs_do_not_overlap():
    parts = [(is_holdout(n), is_validation(n), is_trained_on(n)) for n in range(2000)]
    assert all(sum(part) == 1 for part in parts)
    shares = [sum(column) / 2000 for column in zip(*parts, strict=True)]
    assert shares == pytest.approx([0.3, 0.14, 0.56], abs=0.04)


def photographs(folder, count=6):
    """A folder like COCO's: noise, with a block in it."""
    (folder / "images").mkdir(parents=True)
    images, rows = [], []
    for n in range(count):
        picture = (torch.rand((72, 96, 3), generator=torch.Generator().manual_seed(n)) * 255).to(torch.uint8)
        picture[20:50, 30:54] = torch.tensor([150, 90, 40], dtype=torch.uint8)
        Image.fromarray(picture.numpy()).save(folder / "images" / f"{n}.png")
        images.append({"id": n, "file": f"images/{n}.png", "width": 96, "height": 72})
        box = {"bbox": [30, 20, 24, 30], "polygons": [[30, 20, 54, 20, 54, 50, 30, 50]]}
        rows.append({"id": 100 + n, "image_id": n, "category": "block", **box})
    (folder / "annotations.json").write_text(json.dumps({"images": images, "instances": rows}))
    return folder


def test_of_photographs_the_held_out_ones_are_judged_and_the_others_are_the_prior(tmp_path):
    folder = photographs(tmp_path / "photographs")
    cases = cases_in(folder)
    held = [n for n in range(6) if is_holdout(n)]
    assert [case.scene for case in (cases[i] for i in range(len(cases)))] == [str(n) for n in held]
    assert 0 < len(held) < 6 and len(cases.known) == 6 - len(held)
    assert len(cases_in(folder, everything=True)) == 6
    group = cases[0].pixels
    assert group.box == Box(30, 20, 54, 50) and not torch.equal(group.background, group.composite)


def test_the_floors_can_learn_from_another_folder(folder, tmp_path):
    other = photographs(tmp_path / "photographs")
    known = cases_in(folder, prior=other).known
    assert len(known) == len(cases_in(other).known) and known[0] == position_of(Box(30, 20, 54, 50), SIZE)
    assert position_of(BOX, SIZE) in cases_in(other, prior=folder).known


def test_the_command_writes_strict_json_and_a_sheet(folder, tmp_path, capsys):
    save_model(fresh_model(TOY), tmp_path / "toy.safetensors")
    out, sheet = tmp_path / "figures.json", tmp_path / "sheet.png"
    arguments = ["--groups", folder, "--model", tmp_path / "toy.safetensors", "--json", out, "--sheet", sheet]
    assert command.main([str(a) for a in arguments]) == 0

    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    told = json.loads(out.read_text(), parse_constant=refuse)
    assert [row["measure"] for row in told["measures"]] == MEASURES
    assert told["cases"] == 4 and len(told["digest"]) == 64 and told["preset"] == "toy"
    assert Image.open(sheet).width > 1000
    assert positions.IOU_K.name in capsys.readouterr().out


@pytest.mark.parametrize(
    ("groups", "model", "said"),
    [
        ("nowhere", "toy", "There is no such folder"),
        ("empty", "toy", "No list of composite groups"),
        ("groups", "nothing", "There is no such model"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(folder, tmp_path, capsys, groups, model, said):
    save_model(fresh_model(TOY), tmp_path / "toy.safetensors")
    (tmp_path / "empty").mkdir()
    place = folder if groups == "groups" else tmp_path / groups
    assert command.main(["--groups", str(place), "--model", str(tmp_path / f"{model}.safetensors")]) == 1
    assert said in capsys.readouterr().err


def test_real_plates(shared_data):
    """Two groups of a real camera: the box of a bottle, put back into the clean plate."""
    found = read_manifest(shared_data / "plates" / "bottle")
    cases = FolderCases(replace(found, groups=found.groups[:2]), "two bottles")
    evaluation = evaluate(fresh_model(TOY).eval(), cases)
    # The shadow that a paste lacks.
    assert 3 < figures(evaluation, composites.RING)["paste"].value < 20
    assert figures(evaluation, positions.IOU)["prior"].value > figures(evaluation, positions.IOU)["centre"].value


def test_frames_of_the_measures_agree():
    position = position_of(BOX, SIZE)
    assert frame_of(position, (24 / 96) / (36 / 72), SIZE) == pytest.approx(tuple(map(float, BOX)))
