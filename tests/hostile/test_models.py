"""Files that say they are models are weighed before they are believed: refused by name, with a remedy, at once."""

import json
import struct

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from support import hostile
from support.compositing import TOY
from troupe.models.captioning.openclip.prompts import read_prompts
from troupe.models.compositing.checkpoint import checkpoint_notes, load_model, save_model
from troupe.models.compositing.config import ModelConfig
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.networks.warmstart import read_base
from troupe.models.compositing.training.state import FORMAT, left_over, load_state
from troupe.models.errors import TroupeError
from troupe.models.restyling.diffusing.modelfiles import require_lora
from troupe.models.restyling.painterlystylizer import parse_palette
from troupe.models.weightsfile import read_header

HEADERS = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def refused(reads, *given):
    with pytest.raises(TroupeError) as raised:
        reads(*given)
    assert raised.value.item and raised.value.remedy


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    path = tmp_path_factory.mktemp("toy") / "toy.safetensors"
    save_model(fresh_model(TOY), path)
    return path


@pytest.mark.parametrize("name", hostile.models())
def test_a_broken_file_is_refused_by_every_reader(tmp_path, name):
    path = tmp_path / "model.safetensors"
    path.write_bytes(hostile.models()[name])
    for reads in (checkpoint_notes, load_model, read_header, read_base, require_lora):
        refused(reads, path)
    refused(load_state, path, "this training")
    assert not left_over(path, "this training")


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".bin", ".pth", ""])
def test_other_formats_are_not_even_opened(tmp_path, suffix):
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / f"model{suffix}").write_bytes(b"\x80\x04cos\nsystem\n(S'touch evil'\ntR.")
    with hostile.nothing_opened_in(folder):
        for reads in (checkpoint_notes, load_model, read_header, read_base):
            refused(reads, folder / f"model{suffix}")


@pytest.mark.parametrize("place", ["missing.safetensors", "folder.safetensors"])
def test_files_that_are_not_there_and_folders(tmp_path, place):
    (tmp_path / "folder.safetensors").mkdir()
    for reads in (checkpoint_notes, load_model, read_header, read_base, require_lora):
        refused(reads, tmp_path / place)


def test_every_kind_of_number_that_the_weights_must_not_be(toy, tmp_path):
    """Of 8 bits as well; whole numbers are refused by name."""
    from safetensors.torch import load_file

    header, weights = checkpoint_notes(toy), load_file(toy)
    name = "position.heat.weight"
    for dtype in (torch.bool, torch.int8, torch.int64, torch.float8_e4m3fn, torch.bfloat16):
        changed = weights | {name: torch.ones_like(weights[name]).to(dtype)}
        save_file(changed, tmp_path / "a.safetensors", header)
        if dtype.is_floating_point:
            model, _ = load_model(tmp_path / "a.safetensors")
            assert torch.equal(model.trained_state()[name], torch.ones_like(weights[name]))
        else:
            with pytest.raises(TroupeError, match=name):
                load_model(tmp_path / "a.safetensors")
    save_file(weights | {name: weights[name] * torch.nan}, tmp_path / "a.safetensors", header)
    refused(load_model, tmp_path / "a.safetensors")


@pytest.mark.parametrize("field", list(json.loads(TOY.as_json())))
def test_settings_that_make_no_model_are_refused_before_it_is_built(toy, tmp_path, field):
    from safetensors.torch import load_file

    header, weights = checkpoint_notes(toy), load_file(toy)
    sizes = [1 << 30, 4096, -1, 0, 7, [4096] * 8, [0], [1] * 100, [True], {"a": 1}]
    for value in (*sizes, None, True, "x", float("nan"), 1e308, 10**400, []):
        config = json.dumps({**json.loads(TOY.as_json()), field: value})
        save_file(weights, tmp_path / "a.safetensors", header | {"config": config})
        try:
            load_model(tmp_path / "a.safetensors")
        except TroupeError as error:
            assert error.item and error.remedy, value


@pytest.mark.parametrize("name", hostile.json_texts())
def test_headers_of_ours_with_anything_in_them(toy, tmp_path, name):
    from safetensors.torch import load_file

    text = hostile.json_texts()[name].decode("utf-8", "replace")
    header, weights = checkpoint_notes(toy), load_file(toy)
    save_file(weights, tmp_path / "a.safetensors", header | {"config": text})
    refused(load_model, tmp_path / "a.safetensors")
    save_file(weights, tmp_path / "a.safetensors", header | {"story": text})
    assert load_model(tmp_path / "a.safetensors")[1].steps == 0
    save_file(weights, tmp_path / "a.safetensors", {"format": FORMAT, "fits": "x", "progressed": text})
    refused(load_state, tmp_path / "a.safetensors", "x")
    (tmp_path / "prompts.json").write_text(text, encoding="utf-8")
    refused(read_prompts, tmp_path / "prompts.json")


@given(HEADERS, st.binary(max_size=40), st.integers(-3, 3))
@settings(max_examples=40, deadline=None)
def test_any_header_is_refused(tmp_path_factory, header, data, off):
    path = tmp_path_factory.mktemp("any") / "model.safetensors"
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", max(0, len(text) + off)) + text + data)
    for reads in (checkpoint_notes, load_model, require_lora):
        refused(reads, path)


@given(HEADERS)
@settings(max_examples=80, deadline=None)
def test_any_json_is_a_configuration_or_refused(value):
    try:
        assert ModelConfig.from_json(json.dumps(value)) == ModelConfig()
    except TroupeError as error:
        assert error.item and error.remedy


@given(st.text(max_size=40) | st.text(st.sampled_from("#0123456789abcdef, "), max_size=60))
@settings(max_examples=80, deadline=None)
def test_any_text_is_a_palette_or_refused(text):
    try:
        assert parse_palette(text).colours
    except TroupeError as error:
        assert error.remedy
