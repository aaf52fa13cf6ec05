"""A Stable Diffusion 1.5 checkpoint is read from either layout; everything else is named and refused."""

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from troupe.models.compositing.networks.emptyprompt import empty_prompt
from troupe.models.compositing.networks.warmstart import digest_of, read_base
from troupe.models.errors import TroupeError

UNET = "model.diffusion_model."


def test_a_single_file_and_a_folder_of_the_same_model_are_the_same_base(miniature):
    file, folder = read_base(miniature.file), read_base(miniature.folder)
    assert file.digest == folder.digest
    assert torch.equal(file.prompt, folder.prompt) and file.prompt.shape == (77, 64)
    picture = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    assert torch.equal(file.autoencoder.encode(picture), folder.autoencoder.encode(picture))
    for name, weight in miniature.unet.state_dict().items():
        assert torch.equal(file.unet.state_dict()[name], weight), name


def test_the_miniature_has_every_name_of_the_real_layout(miniature):
    """Counted in v1-5-pruned: 686 tensors of the U-Net, 248 of the autoencoder."""
    names = list(load_file(miniature.file))
    assert sum(name.startswith(UNET) for name in names) == 686
    assert sum(name.startswith("first_stage_model.") for name in names) == 248


def test_a_half_sized_copy_is_the_same_base_and_is_worked_with_in_float32(miniature, altered):
    half = read_base(altered(miniature.file, lambda t: {name: x.half() for name, x in t.items()}))
    assert half.digest == read_base(miniature.file).digest
    assert {p.dtype for p in half.unet.parameters()} == {torch.float32}


def test_the_half_sized_files_of_a_folder_are_found(miniature, tmp_path):
    folder = shutil.copytree(miniature.folder, tmp_path / "half")
    for part in ("unet", "vae"):
        name = folder / part / "diffusion_pytorch_model.safetensors"
        save_file({k: t.half() for k, t in load_file(name).items()}, name.with_suffix(".fp16.safetensors"))
        name.with_suffix(".fp16.safetensors").rename(folder / part / "diffusion_pytorch_model.fp16.safetensors")
        name.unlink()
    assert read_base(folder).digest == read_base(miniature.file).digest


def test_one_changed_weight_makes_another_base(miniature):
    unet = read_base(miniature.file).unet
    before = digest_of(unet)
    with torch.no_grad():
        unet.conv_out.bias[0] += 0.5
    assert digest_of(unet) != before


def test_the_empty_prompt_is_what_transformers_makes_of_it(miniature):
    transformers = pytest.importorskip("transformers")
    weights = {name.removeprefix("text_model."): t for name, t in load_file(_text_file(miniature)).items()}
    model = transformers.CLIPTextModel(
        transformers.CLIPTextConfig(
            vocab_size=40,
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=1,
            hidden_act="quick_gelu",
            bos_token_id=38,
            eos_token_id=39,
            pad_token_id=39,
        )
    ).eval()
    prefix = "text_model." if any(name.startswith("text_model.") for name in model.state_dict()) else ""
    model.load_state_dict({prefix + name: t for name, t in weights.items()}, strict=False)
    with torch.no_grad():
        theirs = model(torch.tensor([[38] + [39] * 76])).last_hidden_state[0]
    torch.testing.assert_close(empty_prompt(weights), theirs, atol=1e-4, rtol=1e-4)


def _text_file(miniature):
    return miniature.folder / "text_encoder" / "model.safetensors"


# What is refused, and in which words.


def widened(name, dim, size):
    def change(tensors):
        shape = list(tensors[name].shape)
        shape[dim] = size
        tensors[name] = torch.zeros(shape)

    return change


def sdxl(tensors):
    tensors[f"{UNET}label_emb.0.0.weight"] = torch.zeros(4, 4)


def stable_diffusion_2(tensors):
    for name in tensors:
        if name.endswith(("attn2.to_k.weight", "attn2.to_v.weight")):
            tensors[name] = torch.zeros(len(tensors[name]), 1024)


def without(prefix):
    return lambda tensors: {name: t for name, t in tensors.items() if not name.startswith(prefix)}


TEXT = "cond_stage_model.transformer.text_model."
REFUSED = {
    "SDXL": (sdxl, "another generation"),
    "Stable Diffusion 2": (stable_diffusion_2, "a model of Stable Diffusion 2"),
    "InstructPix2Pix": (widened(f"{UNET}input_blocks.0.0.weight", 1, 8), "8 input and 4 output channels"),
    "no U-Net": (without(UNET), "holds no U-Net"),
    "no autoencoder": (without("first_stage_model."), "holds no autoencoder"),
    "no text encoder": (without("cond_stage_model."), "holds no text encoder"),
    "narrow text encoder": (widened(f"{TEXT}embeddings.token_embedding.weight", 1, 48), "64 wide .* 48 wide"),
    "part of the U-Net missing": (
        without(f"{UNET}middle_block.1"),
        "(?s)do not fit one another .*mid_block",
    ),
    "part of the text missing": (without(f"{TEXT}final_layer_norm"), "do not fit one another .*final_layer_norm"),
    "another autoencoder": (widened("first_stage_model.quant_conv.weight", 0, 32), "16 channels a latent"),
    "velocity": (lambda t: t | {"v_pred": torch.zeros(0)}, "predicts velocity"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_another_layout_is_refused_by_name(miniature, altered, case):
    change, words = REFUSED[case]
    with pytest.raises(TroupeError, match=words) as caught:
        read_base(altered(miniature.file, change))
    assert "altered.safetensors" in str(caught.value)


@pytest.mark.parametrize("name", ["model.ckpt", "model.pt", "model.bin"])
def test_pickles_are_never_opened(tmp_path, name):
    (tmp_path / name).write_bytes(b"cposix\nsystem\n(S'true'\ntR.")
    with pytest.raises(TroupeError, match="Only .safetensors files are loaded"):
        read_base(tmp_path / name)


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_a_folder_whose_part_is_a_pickle_is_refused(miniature, tmp_path, part):
    folder = shutil.copytree(miniature.folder, tmp_path / "copy")
    for file in (folder / part).glob("*.safetensors"):
        file.rename(file.with_suffix(".bin"))
    with pytest.raises(TroupeError, match=f"Only .safetensors files are loaded.*copy/{part}"):
        read_base(folder)


@pytest.mark.parametrize(
    ("part", "setting", "words"),
    [
        ("unet", {"cross_attention_dim": 2048}, "a model of SDXL"),
        ("unet", {"addition_embed_type": "text_time"}, "another generation"),
        ("unet", {"cross_attention_dim": 96}, "96 wide .* 64 wide"),
        ("unet", {"in_channels": 8}, "8 input"),
        ("vae", {"latent_channels": 16}, "16 channels a latent"),
        ("vae", {"block_out_channels": [32, 32, 32]}, "4 pixels wide"),
        ("scheduler", {"prediction_type": "v_prediction"}, "predicts velocity"),
    ],
)
def test_a_folder_of_another_layout_is_refused_by_name(miniature, tmp_path, part, setting, words):
    folder = shutil.copytree(miniature.folder, tmp_path / "copy")
    path = folder / part / ("scheduler_config.json" if part == "scheduler" else "config.json")
    path.parent.mkdir(exist_ok=True)
    before = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(before | setting))
    with pytest.raises(TroupeError, match=words):
        read_base(folder)


def test_a_folder_without_a_part_names_it(miniature, tmp_path):
    folder = shutil.copytree(miniature.folder, tmp_path / "copy")
    shutil.rmtree(folder / "vae")
    with pytest.raises(TroupeError, match="the folder has no vae/config.json"):
        read_base(folder)


def test_a_cut_off_file_and_a_missing_one_are_told(miniature, tmp_path):
    (tmp_path / "short.safetensors").write_bytes(miniature.file.read_bytes()[:100_000])
    for name in ("short.safetensors", "nowhere.safetensors"):
        with pytest.raises(TroupeError, match=f"missing, damaged or cut off: {name}"):
            read_base(tmp_path / name)
