"""A checkpoint gives back the very weights, and whatever else it is handed is refused by name, place and reason."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from support.compositing import TOY
from troupe.models.compositing.checkpoint import FORMAT, Story, checkpoint_notes, load_model, save_model
from troupe.models.compositing.config import preset
from troupe.models.compositing.model import fresh_model
from troupe.models.errors import TroupeError

STORY = Story(1200, "converged", (("held-out -log p of the true cell", 5.25), ("a composition loss", 0.125)))
TENSOR = "position.heat.weight"


@pytest.fixture(scope="module")
def model():
    return fresh_model(TOY, seed=3)


@pytest.fixture
def file(model, tmp_path):
    save_model(model, tmp_path / "hero.safetensors", STORY)
    return tmp_path / "hero.safetensors"


def rewritten(file, change=lambda weights: None, **header):
    """The file with its weights or its header changed."""
    weights, known = load_file(file), checkpoint_notes(file)
    change(weights)
    save_file(weights, file, known | header)
    return file


# Laws


def test_weights_and_story_come_back_as_they_were(model, file):
    loaded, story = load_model(file)
    assert story == STORY and loaded.config == TOY and not loaded.training
    for (name, ours), (same, theirs) in zip(model.state_dict().items(), loaded.state_dict().items(), strict=True):
        assert name == same and torch.equal(ours, theirs), name


def test_half_the_bytes_are_nearly_the_same_weights(model, file, tmp_path):
    save_model(model, tmp_path / "half.safetensors", STORY, torch.float16)
    loaded, _ = load_model(tmp_path / "half.safetensors")
    assert (tmp_path / "half.safetensors").stat().st_size < 0.6 * file.stat().st_size
    for name, tensor in loaded.state_dict().items():
        assert tensor.dtype == torch.float32
        assert torch.allclose(tensor, model.state_dict()[name], rtol=1e-3, atol=1e-6), name


def test_saving_what_was_loaded_writes_the_same_again(file, tmp_path):
    again = tmp_path / "again.safetensors"
    save_model(load_model(file)[0], again, STORY)
    assert checkpoint_notes(again) == checkpoint_notes(file)
    ours, theirs = load_file(file), load_file(again)
    assert ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_the_tiny_model_is_small_enough_to_be_shipped(tmp_path):
    save_model(fresh_model(preset("tiny")), tmp_path / "tiny.safetensors", dtype=torch.float16)
    assert (tmp_path / "tiny.safetensors").stat().st_size <= 20_000_000


# Files that are no model of ours


@pytest.mark.parametrize("name", ["hero.ckpt", "hero.pt", "hero.pth", "hero.bin", "hero"])
def test_only_safetensors_is_ever_opened(file, name):
    other = file.rename(file.with_name(name))
    with pytest.raises(TroupeError, match=f"Only .safetensors files are loaded: {name}"):
        load_model(other)


@pytest.mark.parametrize("share", [0, 4, 8, 200, 0.3, 0.999])
def test_a_file_that_was_cut_off_is_told(file, share):
    whole = file.read_bytes()
    file.write_bytes(whole[: share if isinstance(share, int) else int(share * len(whole))])
    with pytest.raises(TroupeError, match="damaged or cut off: hero.safetensors"):
        load_model(file)


def test_bytes_of_something_else_and_a_file_that_is_not_there_are_told(file):
    file.write_bytes(b"\x89PNG\r\n" * 100)
    with pytest.raises(TroupeError, match="damaged or cut off: hero.safetensors"):
        load_model(file)
    file.unlink()
    with pytest.raises(TroupeError, match="hero.safetensors"):
        load_model(file)


@pytest.mark.parametrize("header", [None, {"format": "pt"}, {"format": "troupe-compositing-training-1"}])
def test_another_programs_safetensors_is_told(tmp_path, header):
    save_file({"lora.weight": torch.zeros(2, 2)}, tmp_path / "style.safetensors", header)
    with pytest.raises(TroupeError, match="not a compositing model of Troupe: style.safetensors"):
        load_model(tmp_path / "style.safetensors")


def test_a_model_of_another_version_is_told(file):
    rewritten(file, config=json.dumps(json.loads(TOY.as_json()) | {"depth": 9}))
    with pytest.raises(TroupeError, match="another version.*depth"):
        load_model(file)


# Weights that do not fit


def drop(weights):
    del weights[TENSOR]


def add(weights):
    weights["position.extra"] = torch.zeros(1)


def reshape(weights):
    weights[TENSOR] = weights[TENSOR][:-1].contiguous()


def spoil(weights):
    weights[TENSOR][0, 0] = torch.nan


@pytest.mark.parametrize(
    "change, told",
    [
        (drop, f"{TENSOR} is missing"),
        (add, "position.extra is unknown"),
        (reshape, rf"{TENSOR} is \(15, 8, 1, 1\) instead of \(16, 8, 1, 1\)"),
        (spoil, f"{TENSOR} holds values that are not numbers"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_tensor_that_does_not_fit_is_named(file, change, told):
    with pytest.raises(TroupeError, match=f"hero.safetensors.*{told}"):
        load_model(rewritten(file, change))


def test_of_many_faults_three_are_named_and_the_others_counted(file):
    with pytest.raises(TroupeError, match=r"is missing.* and \d+ more"):
        load_model(rewritten(file, lambda weights: [weights.pop(name) for name in list(weights)[:9]]))


def test_a_model_of_other_sizes_is_told(file):
    rewritten(file, config=TOY.as_json().replace('"tokens": 16', '"tokens": 32'))
    with pytest.raises(TroupeError, match="do not fit the model that the file says it is"):
        load_model(file)


# Writing


def test_a_write_that_is_interrupted_leaves_the_old_file(model, file, monkeypatch):
    before = file.read_bytes()

    def full_disk(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full_disk)
    with pytest.raises(TroupeError, match="No space left on device"):
        save_model(model, file, Story(9999))
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_header_says_what_the_file_is(file):
    header = checkpoint_notes(file)
    assert header["format"] == FORMAT and json.loads(header["config"])["preset"] == "toy"
    assert json.loads(header["story"])["steps"] == 1200
