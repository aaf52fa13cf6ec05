"""The pieces of the OpenCLIP Captioner: prompts, frames, text without padding, answers, and a CoCa model's words."""

import json
from dataclasses import replace

import pytest
import torch

from troupe.models.captioning.openclip.answers import answers, sureness
from troupe.models.captioning.openclip.architecture import fitting_architectures, likeliest_architecture
from troupe.models.captioning.openclip.building import built
from troupe.models.captioning.openclip.preparing import Preprocess, prepared, published_preprocess
from troupe.models.captioning.openclip.prompts import read_prompts, shipped_prompts
from troupe.models.captioning.openclip.textmatrix import text_matrix
from troupe.models.captioning.openclip.trimming import encode_text
from troupe.models.errors import TroupeError
from troupe.models.geometry import Size
from troupe.models.pixels import Picture, resized
from troupe.models.vocabulary import vocabulary

open_clip = pytest.importorskip("open_clip", reason="the package open_clip_torch is not installed")

from support import tinyclip  # noqa: E402

PROMPTS = {
    "templates": ["{}", "a drawing of {}"],
    "threshold": {"one": 0.5, "any": 0.7, "sigmoid": 0.1},
    "groups": [
        {"slot": "angle", "kind": "one", "unclear": ["fog"], "values": {"front": ["a face"], "back": ["a back"]}},
        {
            "slot": "accessory",
            "kind": "any",
            "against": ["nothing"],
            "values": {"scarf": ["a scarf"], "bag": ["a bag"]},
        },
    ],
}


def prompts_file(folder, **changes):
    path = folder / "prompts.json"
    path.write_text(json.dumps({**PROMPTS, **changes}))
    return path


@pytest.fixture
def prompts(tmp_path):
    return read_prompts(prompts_file(tmp_path))


# Prompts


def test_the_shipped_prompts_ask_for_what_the_vocabulary_knows():
    shipped = shipped_prompts()
    for group in shipped.groups:
        slot = vocabulary().slot(group.slot)
        assert group.kind == "one" or not slot.exclusive
        assert set(group.values) <= {word.value for word in vocabulary().values(group.slot)}
    words = {
        "angle",
        "shot",
        "expression",
        "action",
        "hair.colour",
        "hair.length",
        "time",
        "place",
        "accessory",
        "count",
    }
    assert words <= {group.slot for group in shipped.groups}


def test_the_shipped_prompts_fit_into_a_clip_context():
    sentences = [t.format(p) for t in shipped_prompts().templates for line in shipped_prompts().lines for p in line]
    tokens = open_clip.get_tokenizer("ViT-B-32")(sentences)
    assert (tokens[:, -1] == 0).all()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"templates": ["a drawing"]}, "every template needs one {}"),
        ({"templates": []}, "every template needs one {}"),
        ({"groups": [{**PROMPTS["groups"][0], "values": {"inside out": ["x"]}}]}, "no value 'inside out'"),
        ({"groups": [{**PROMPTS["groups"][0], "values": {"front": []}}]}, "needs phrases"),
        ({"groups": [{**PROMPTS["groups"][0], "kind": "any"}]}, "one value of it at most"),
        ({"groups": [PROMPTS["groups"][0]] * 2}, "asked for once"),
        ({"threshold": {"one": 1.5, "any": 0.7, "sigmoid": 0.1}}, "between 0 and 1"),
        ({"groups": 3}, "TypeError"),
    ],
)
def test_faults_in_prompts_are_named(tmp_path, changes, fault):
    with pytest.raises(TroupeError) as error:
        read_prompts(prompts_file(tmp_path, **changes))
    assert fault in str(error.value) and "prompts.json" in str(error.value)


def test_their_digest_names_every_word_and_number(prompts):
    group = prompts.groups[0]
    others = [
        replace(prompts, templates=("{}",)),
        replace(prompts, groups=(group,)),
        replace(prompts, groups=(replace(group, threshold=0.6), prompts.groups[1])),
        replace(prompts, groups=(replace(group, rest=("mist",)), prompts.groups[1])),
    ]
    assert len({p.digest for p in [prompts, *others]}) == 5


# Frames


def test_the_whole_picture_is_in_the_frame():
    """A tall white picture in a square: white in the middle, the mean colour (0) left and right."""
    (frame,) = prepared(
        [Picture(torch.ones(64, 32, 3))], Size(8, 8), Preprocess((0.5,) * 3, (0.25,) * 3), torch.zeros(1)
    )
    assert frame.shape == (3, 8, 8)
    assert torch.allclose(frame[:, :, 2:6], torch.tensor(2.0)) and (frame[:, :, [0, 1, 6, 7]] == 0).all()


def test_it_is_what_open_clip_makes_of_a_square_picture():
    from open_clip.transform import image_transform
    from PIL import Image

    image = Image.fromarray((torch.rand(90, 90, 3, generator=torch.Generator().manual_seed(1)) * 255).byte().numpy())
    theirs = image_transform(32, False, mean=(0.5,) * 3, std=(0.5,) * 3)(image)
    pixels = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).reshape(90, 90, 3) / 255
    (ours,) = prepared([Picture(pixels)], Size(32, 32), Preprocess((0.5,) * 3, (0.5,) * 3), torch.zeros(1))
    assert (ours - theirs).abs().max() < 0.02  # Pillow rounds to 8 bits


@pytest.mark.parametrize("size", [(512, 384), (130, 700), (1, 900), (901, 3)])
def test_large_pictures_are_halved_first_and_look_the_same(size):
    """Beside resizing in one step; a strip of a pixel or three has nothing to halve."""
    ramp = torch.linspace(0, 1, size[0])[:, None, None] * torch.linspace(0.2, 1, size[1])[:, None].expand(-1, 3)
    plain, frame = Preprocess((0.0,) * 3, (1.0,) * 3), Size(32, 32)
    (ours,) = prepared([Picture(ramp)], frame, plain, torch.zeros(1))
    height, width = (max(1, round(32 * n / max(size))) for n in size)
    direct = resized(ramp, width, height).permute(2, 0, 1)  # HWC -> CHW
    top, left = (32 - height) // 2, (32 - width) // 2
    assert (ours[:, top : top + height, left : left + width] - direct).abs().max() < 0.03


@pytest.mark.parametrize(
    ("architecture", "file", "mean"),
    [
        ("ViT-B-32", "x.safetensors", 0.48145466),
        ("ViT-B-16-SigLIP", "x.safetensors", 0.5),
        ("no-such-thing", "x.safetensors", 0.48145466),
    ],
)
def test_a_bare_file_gets_the_numbers_of_the_published_weights(architecture, file, mean):
    assert published_preprocess(architecture, file).mean[0] == mean


# Architectures


@pytest.mark.parametrize("name", ["ViT-B-32", "ViT-L-14-336", "RN50", "coca_ViT-B-32"])
def test_shapes_tell_the_architecture(name):
    with torch.device("meta"):
        model = built(open_clip.get_model_config(name), name, allow_download=False)
    shapes = {key: tuple(value.shape) for key, value in model.state_dict().items()}
    assert fitting_architectures(shapes)[0] == name
    shapes["token_embedding.weight"] = shapes["text.token_embedding.weight"] = (10, 10)
    assert fitting_architectures(shapes) == ()


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("model.safetensors", "ViT-B-32"),
        ("ViT-B-32-openai.safetensors", "ViT-B-32-quickgelu"),
        ("vit_b_32_laion2b_s34b_b79k.safetensors", "ViT-B-32"),
        ("metaclip-400m.safetensors", "ViT-B-32-quickgelu"),
    ],
)
def test_the_files_name_tells_the_activation(file, wanted):
    assert likeliest_architecture(("ViT-B-32", "ViT-B-32-quickgelu"), file) == wanted
    assert likeliest_architecture((), file) == ""


# Text


@pytest.mark.parametrize("family", tinyclip.FAMILIES)
def test_text_without_its_padding_gives_the_same_vectors(family):
    model = tinyclip.fresh_model(tinyclip.FAMILIES[family])
    tokens = open_clip.SimpleTokenizer(context_length=24)(["a girl with long blue hair in a forest", "a cat", ""])
    with torch.no_grad():
        ours, theirs = encode_text(model, tokens), model.encode_text(tokens, normalize=True)
    assert (ours - theirs).abs().max() < 1e-6


@pytest.mark.parametrize(("family", "positions"), [("CLIP", 6), ("custom text", 6), ("SigLIP", 24), ("CoCa", 25)])
def test_only_causal_towers_are_trimmed(family, positions):
    model = tinyclip.fresh_model(tinyclip.FAMILIES[family])
    seen = []
    tower = getattr(model, "text", model)
    tower.transformer.register_forward_pre_hook(lambda _, args: seen.append(args[0].shape[1]))
    with torch.no_grad():
        encode_text(model, open_clip.SimpleTokenizer(context_length=24)(["a girl with hair"]))
    assert seen == [positions]


def test_a_line_is_the_mean_over_phrases_and_templates(prompts):
    model, tokenize = tinyclip.fresh_model(tinyclip.FAMILIES["CLIP"]), open_clip.SimpleTokenizer(context_length=24)
    with torch.no_grad():
        rows = text_matrix(prompts, model, tokenize)
        theirs = open_clip.build_zero_shot_classifier(
            model, tokenize, [line[0] for line in prompts.lines], list(prompts.templates)
        )
    assert torch.allclose(rows, theirs.T, atol=1e-6)


# Answers


def said(prompts, logits, strictness=0.0, bias=None):
    """Lines: front, back, fog; scarf, bag, nothing."""
    (features,) = answers(torch.tensor([logits]), prompts, strictness, bias)
    return {f.value: f.confidence for f in features}


def test_an_exclusive_question_has_one_answer_or_none(prompts):
    sure = torch.tensor([5.0, 0.0, 0.0]).softmax(0)[0].item()
    assert said(prompts, [5.0, 0.0, 0.0, 0, 0, 9]) == {"front": pytest.approx(sure, abs=1e-3)}
    assert said(prompts, [0.0, 5.0, 6.0, 0, 0, 9]) == {}  # it is foggy
    assert said(prompts, [0.1, 0.0, 0.0, 0, 0, 9])["front"] < 0.5  # doubtful, and said to be


def test_an_open_question_asks_for_every_value_alone(prompts):
    assert set(said(prompts, [0.0, 0, 9, 3, 2, 0])) == {"scarf", "bag"}
    alone, beside = said(prompts, [0.0, 0, 9, 3, -9, 0]), said(prompts, [0.0, 0, 9, 3, 9, 0])
    assert alone["scarf"] == beside["scarf"]
    assert said(prompts, [0.0, 0, 9, 0.5, 0, 0]) == {}  # sigmoid(0.5) is below the threshold of 0.7


def test_a_model_with_a_bias_answers_by_its_own_sigmoid(prompts):
    """SigLIP: sigmoid(8 - 10) = 0.12 is above its threshold of 0.1, and what nothing scores does not matter."""
    assert set(said(prompts, [0.0, 0, 9, 8, 7, 99], bias=-10.0)) == {"scarf"}


def test_a_confidence_of_one_half_is_the_threshold():
    for threshold in (0.1, 0.5, 0.7):
        assert sureness(torch.tensor(threshold), threshold, 0.0).item() == pytest.approx(0.5)
        assert sureness(torch.tensor([0.0, 1.0]), threshold, 0.0).tolist() == pytest.approx([0, 1], abs=1e-4)
    assert sureness(torch.tensor(0.5), 0.5, 1.0) < 0.5 < sureness(torch.tensor(0.5), 0.5, -1.0)


def test_features_come_from_the_captioner_and_are_ordered_like_the_prompts(prompts):
    (features,) = answers(torch.tensor([[9.0, 0, 0, 9, 9, 0]]), prompts, 0.0, None)
    assert [(f.slot, f.value, f.origin) for f in features] == [
        ("angle", "front", "captioner"),
        ("accessory", "scarf", "captioner"),
        ("accessory", "bag", "captioner"),
    ]
