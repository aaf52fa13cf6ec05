"""`train-compositing`: a configuration file becomes a checkpoint; stopping and resuming changes nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from support.launching import launched
from troupe.models.compositing.checkpoint import load_model
from troupe.models.compositing.groups.group import GroupPixels
from troupe.models.compositing.groups.writing import NamedGroup, write_groups
from troupe.models.errors import TroupeError
from troupe.models.geometry import Box
from troupe.scripts import train_compositing as command
from troupe.scripts.compositing import training
from troupe.scripts.compositing.recipe import read_recipe, recipe_of
from troupe.scripts.compositing.scenes.scene import Scenes
from troupe.scripts.compositing.sources import Blend, EndToEnd, Exchanged, Kept, keep_scenes

ROOT = Path(__file__).resolve().parents[2]
TOY = {
    "background_side": 32, "foreground_side": 16, "width": 8, "tokens": 16, "layers": 1, "heads": 2, "view_side": 16,
    "channels": [8, 16], "attention": [False, True],
}  # fmt: skip
QUICK = {"steps": 3, "batch": 2, "evaluate_every": 1, "position_first": 0.3, "warmup": 1}


def group(n: int) -> GroupPixels:
    """A block that stands on a shelf."""
    background = torch.full((48, 64, 3), 0.5)
    background[30:] = torch.tensor([0.3, 0.2, 0.1])
    composite = background.clone()
    composite[14:30, n : n + 12] = 0.4
    foreground = torch.cat([torch.full((16, 12, 3), 0.8), torch.ones(16, 12, 1)], -1)
    return GroupPixels(foreground, background, composite, Box(n, 14, n + 12, 30))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shelves")
    write_groups(folder, [NamedGroup(f"shelf {n}", group(4 * n)) for n in range(8)])
    return folder


def written(path: Path, **members) -> Path:
    path.write_text(json.dumps(members))
    return path


def two_stages(folder):
    stages = [
        {"settings": QUICK, "sources": {"groups": [str(folder)]}},
        {
            "settings": QUICK | {"steps": 4},
            "sources": {"groups": [str(folder)], "scenes": {"count": 3, "seed": 1}},
            "shares": {"groups": 1, "scenes": 1},
            "length": 10,
        },
    ]
    return {"model": TOY, "stages": stages, "heldout": {"scenes": {"count": 2, "seed": 2}}}


def test_three_steps_on_ones_own_groups_make_a_checkpoint(folder, tmp_path, capsys):
    config = written(tmp_path / "mine.json", groups=[str(folder)], model=TOY, settings=QUICK)
    assert command.main(["--config", str(config)]) == 0
    model, story = load_model(tmp_path / "mine.safetensors")
    assert model.config.width == 8 and story.steps == 3 and story.figures
    said = capsys.readouterr().out
    assert "step 1: held out total" in said and "step limit" in said
    assert [p.name for p in tmp_path.iterdir() if "unfinished" in p.name] == []


def test_stages_follow_one_another_and_the_file_is_half_as_large_in_float16(folder, tmp_path):
    config = written(tmp_path / "both.json", **two_stages(folder), dtype="float16")
    assert command.main(["--config", str(config), "--output", str(tmp_path / "both.safetensors")]) == 0
    _, story = load_model(tmp_path / "both.safetensors")
    assert story.steps == 7
    assert {t.dtype for t in load_file(tmp_path / "both.safetensors").values()} == {torch.float16}


def test_the_trust_in_colours_is_found_out_where_the_configuration_says(folder, tmp_path, monkeypatch):
    seen = []

    def trust(model, batches):
        seen.extend(len(batch.cell) for batch in batches)
        return float(model.colour_trust.fill_(0.25))

    monkeypatch.setattr(training, "trust_colours", trust)
    stages = [{"settings": QUICK, "sources": {"groups": [str(folder)]}}]
    config = written(tmp_path / "mine.json", stages=stages, model=TOY, colours={"scenes": {"count": 3, "seed": 7}})
    assert command.main(["--config", str(config)]) == 0
    assert sum(seen) == 3 + 1  # recoloured, and a third of them as they are
    assert float(load_model(tmp_path / "mine.safetensors")[0].colour_trust) == 0.25


@pytest.fixture(scope="module")
def whole(folder, tmp_path_factory):
    """The checkpoint of both stages without a stop."""
    place = tmp_path_factory.mktemp("whole")
    config, made = written(place / "both.json", **two_stages(folder)), place / "whole.safetensors"
    assert command.main(["--config", str(config), "--output", str(made)]) == 0
    return made


@pytest.mark.parametrize("stop_at", [(1, 2), (2, 0), (2, 3)])
def test_stopping_and_resuming_changes_nothing(folder, whole, tmp_path, monkeypatch, stop_at):
    config, parts, seen = written(tmp_path / "both.json", **two_stages(folder)), tmp_path / "parts.safetensors", []

    def ctrl_c(lines, done, total, losses):
        seen.append(1 if total == 3 else 2)
        if (seen[-1], done) == stop_at:
            lines.stop = True
        lines._heed()

    with monkeypatch.context() as patch:
        patch.setattr(command.Lines, "stepping", ctrl_c)
        assert command.main(["--config", str(config), "--output", str(parts)]) == 130
    assert not parts.exists()
    assert command.main(["--config", str(config), "--output", str(parts)]) == 1  # nothing unfinished is thrown away
    kept = tmp_path / "parts.unfinished"
    assert command.main(["--config", str(config), "--output", str(parts), "--resume", str(kept)]) == 0
    one, other = load_file(whole), load_file(parts)
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert load_model(parts)[1].steps == 7


def test_another_configuration_does_not_go_on(folder, tmp_path, monkeypatch, capsys):
    config = written(tmp_path / "mine.json", groups=[str(folder)], model=TOY, settings=QUICK)

    def stop(lines, done, total, losses):
        if done == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(command.Lines, "stepping", stop)
        assert command.main(["--config", str(config)]) == 130
    written(config, groups=[str(folder)], model=TOY, settings=QUICK | {"rate": 1e-3})
    assert command.main(["--config", str(config), "--resume", str(tmp_path / "mine.unfinished")]) == 1
    assert "other settings" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"groups": ["a"], "colour": 1}, "configuration: colour is not known"),
        ({"groups": ["a"], "settings": {"step": 5}}, "configuration.settings: step is not known"),
        ({"groups": ["a"], "settings": {"augment": {"flop": 1}}}, "configuration.settings.augment: flop"),
        ({"groups": ["a"], "settings": {"steps": "many"}}, "configuration.settings.steps must be a whole number"),
        ({"groups": ["a"], "settings": {"steps": True}}, "configuration.settings.steps must be a whole number"),
        ({"groups": ["a"], "settings": {"precision": "int4"}}, "configuration.settings.precision is 'int4'"),
        ({"groups": ["a"], "model": {"wide": 1}}, "configuration.model: wide"),
        ({"groups": ["a"], "preset": "huge"}, "no such preset: huge"),
        ({"groups": "a"}, "configuration.groups must be a list"),
        ({"stages": [{"sources": {"scenes": {"seed": 1}}}]}, "stages[0].sources.scenes: count is missing"),
        ({"stages": [{"sources": {}}]}, "configuration.stages[0].sources is empty"),
        ({}, "needs either groups or stages"),
        ([], "must be an object"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_name(config, said):
    with pytest.raises(TroupeError) as refused:
        recipe_of(config, Path())
    assert said in str(refused.value)


def test_nothing_held_out_is_refused(tmp_path, capsys):
    stages = [{"settings": QUICK, "sources": {"scenes": {"count": 2}}}]
    config = written(tmp_path / "scenes.json", model=TOY, stages=stages)
    assert command.main(["--config", str(config)]) == 1
    assert "Nothing is held out" in capsys.readouterr().err


def test_the_configuration_of_the_shipped_weights_is_valid():
    recipe = read_recipe(ROOT / "scripts" / "compositing" / "shipped.json")
    assert recipe.config.preset == "tiny" and recipe.dtype == "float16"
    train = {stage.sources.scenes.seed for stage in recipe.stages if stage.sources.scenes}
    assert recipe.heldout.scenes.seed not in train


def scenes(folder: Path, count: int, seed: int) -> Kept:
    file = folder / f"{seed}.safetensors"
    keep_scenes(file, count, seed)
    return Kept(file)


def test_what_is_kept_is_what_was_drawn_to_a_byte(tmp_path):
    kept, drawn = scenes(tmp_path, 3, 5), Scenes(3, 5)
    assert len(kept) == 3
    for n in range(3):
        assert kept[n].box == drawn[n].box
        assert all((a - b).abs().max() <= 0.5 / 255 + 1e-6 for a, b in zip(kept[n][:3], drawn[n][:3], strict=True))


def test_an_exchanged_thing_is_of_the_same_kind_and_stands_on_the_same_spot(tmp_path):
    kept = scenes(tmp_path, 6, 5)
    kept.kinds = ["cat", "cat", "cat", "dog", "dog", "cat"]
    kept.boxes = [Box(10, 10, 20, 30 + n) for n in range(6)]
    exchanged = Exchanged(kept, seed=3)
    chosen = set()
    for n in range(len(exchanged)):
        own, found = kept[n % 6], exchanged[n]
        (other,) = [m for m in range(6) if torch.equal(found.foreground, kept[m].foreground)]
        chosen.add((n % 6, other))
        assert kept.kinds[other] == kept.kinds[n % 6] and not exchanged.colours(n)
        assert torch.equal(found.background, own.background)
        box, shape = kept.boxes[n % 6], kept.boxes[other].size
        assert (found.box.top, found.box.bottom) == (box.top, box.bottom)
        assert (found.box.left + found.box.right) / 2 == pytest.approx((box.left + box.right) / 2, abs=0.5)
        assert found.box.size.width == pytest.approx(box.size.height * shape.width / shape.height, abs=0.5)
    assert {(3, 3), (3, 4), (4, 3), (4, 4)} <= chosen and len(chosen) > 10


def test_things_of_another_shape_are_not_exchanged(tmp_path):
    kept = scenes(tmp_path, 2, 5)
    kept.kinds, kept.boxes = ["cat", "cat"], [Box(0, 0, 30, 10), Box(0, 0, 10, 30)]
    exchanged = Exchanged(kept)
    assert all(torch.equal(exchanged[n].foreground, kept[n % 2].foreground) for n in range(len(exchanged)))


def test_a_blend_has_its_shares_and_an_end_to_end_has_everything(tmp_path):
    few, many = scenes(tmp_path, 2, 5), scenes(tmp_path, 6, 6)
    blend = Blend([(0.75, few), (0.25, many), (0.0, few)], 40)
    found = [blend._find(i)[0] for i in range(40)]
    assert (found.count(few), found.count(many)) == (30, 10)
    row = EndToEnd([few, many])
    assert len(row) == 8 and all(torch.equal(row[2 + i].background, many[i].background) for i in range(6))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the loopback interface has another name")
def test_two_processes_write_one_checkpoint(folder, tmp_path):
    pytest.importorskip("accelerate")
    config = written(tmp_path / "mine.json", groups=[str(folder)], model=TOY, settings=QUICK)
    said = launched(2, ROOT / "scripts" / "train_compositing.py", "--config", config)
    assert load_model(tmp_path / "mine.safetensors")[1].steps == 3
    assert said.count("written:") == 1  # one of the two speaks
