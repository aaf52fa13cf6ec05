"""A real open_clip model, trained here in a minute to know a few words about drawn figures, and the pictures for it."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw

SIDE = 32
CONFIG = {
    "embed_dim": 64,
    "vision_cfg": {"image_size": SIDE, "layers": [1, 1, 1, 1], "width": 8, "patch_size": None, "head_width": 64},
    "text_cfg": {"context_length": 24, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 1},
}
PREPROCESS = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "resize_mode": "longest"}
# What it learns: one value of each of ONE, any of ANY. Prompts are the shipped ones.
HAIR = {
    "black": "#1e1a20", "blonde": "#eece6e", "red": "#c83228", "blue": "#3c64d7", "green": "#3ca050", "pink": "#f58cb4",
}  # fmt: skip
PLACES = {"forest": "#386b38", "room": "#d7be9b", "beach": "#e8d9a0", "snow": "#dfe8f2"}
ONE = {
    "shot": ("close-up", "medium", "full"),
    "angle": ("front", "side", "back"),
    "hair.colour": tuple(HAIR),
    "place": tuple(PLACES),
}
ANY = {"clothes.head": ("hat", "crown"), "accessory": ("scarf", "umbrella")}
WORDS, STEPS, BATCH, PICTURES = 150, 480, 64, 3000

# One of each family, of random weights: what matters is how they are built.
_TOWER = {"context_length": 24, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2}
_CLIP = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "patch_size": 8, "head_width": 16},
    "text_cfg": _TOWER,
}
_CUSTOM = {**_CLIP, "custom_text": True}
_SIGLIP = {
    **_CUSTOM,
    "init_logit_bias": -10.0,
    "text_cfg": {**_TOWER, "no_causal_mask": True, "pool_type": "last", "proj_bias": True},
}
_COCA = {
    **_CUSTOM,
    "multimodal_cfg": {"width": 32, "heads": 2, "layers": 1, "context_length": 24},
    "vision_cfg": {**_CLIP["vision_cfg"], "attentional_pool": True, "attn_pooler_heads": 2, "output_tokens": True},
    "text_cfg": {**_TOWER, "embed_cls": True, "output_tokens": True},
}
FAMILIES = {"CLIP": _CLIP, "custom text": _CUSTOM, "SigLIP": _SIGLIP, "CoCa": _COCA}


def known_prompts():
    """The shipped prompts, cut down to what the model learns."""
    from dataclasses import replace

    from troupe.models.captioning.openclip.prompts import shipped_prompts

    groups = []
    for group in shipped_prompts().groups:
        kept = [i for i, v in enumerate(group.values) if v in {**ONE, **ANY}.get(group.slot, ())]
        if kept:
            values, phrases = ([field[i] for i in kept] for field in (group.values, group.phrases))
            groups.append(replace(group, values=tuple(values), phrases=tuple(phrases)))
    return replace(shipped_prompts(), groups=tuple(groups))


def facts_of(random: Random) -> dict[str, str | frozenset[str]]:
    return {slot: random.choice(values) for slot, values in ONE.items()} | {
        slot: frozenset(v for v in values if random.random() < 0.4) for slot, values in ANY.items()
    }


def draw(facts, random: Random, side: int = SIDE) -> Image.Image:
    """A figure with these facts: a large head with hair, a body, what it wears, and what is behind it."""
    scale = side * 2 / 64
    image = Image.new("RGB", (side * 2, side * 2), _near(PLACES[facts["place"]], random))
    pen = ImageDraw.Draw(image)
    _ground(pen, facts["place"], random, scale)
    size = {"close-up": 19, "medium": 11, "full": 6.5}[facts["shot"]] * random.uniform(0.93, 1.07) * scale
    x = 32 * scale + random.uniform(-3, 3) * scale
    y = {"close-up": 30, "medium": 22, "full": 15}[facts["shot"]] * scale + random.uniform(-2, 2) * scale

    def at(left, top, right, bottom):
        return x + left * size, y + top * size, x + right * size, y + bottom * size

    hair, skin, cloth = _near(HAIR[facts["hair.colour"]], random), _near("#f5d9be", random), _near("#5a5f78", random)
    turned = random.choice((-0.55, 0.55)) if facts["angle"] == "side" else 0.0
    if "umbrella" in facts["accessory"]:
        pen.line(at(1.5, -1.2, 1.5, 2.4), "#222222", max(1, int(0.12 * size)))
        pen.pieslice(at(-0.6, -2.4, 2.9, 0.4), 180, 360, "#8c2fb0")
    for leg in (-0.4, 0.4):
        pen.line(at(leg, 3, leg, 6), "#2c2f3c", max(1, int(0.5 * size)))
    pen.polygon([at(-0.7, 1, 0, 0)[:2], at(0.7, 1, 0, 0)[:2], at(1.2, 3.6, 0, 0)[:2], at(-1.2, 3.6, 0, 0)[:2]], cloth)
    pen.ellipse(at(-1.15, -1.2, 1.15, 1.05), hair)
    if facts["angle"] != "back":
        wide = 0.6 if turned else 0.85
        pen.ellipse(at(turned - wide, -0.6, turned + wide, 0.98), skin)
        for eye in (-0.38, 0.38) if facts["angle"] == "front" else (turned,):
            pen.ellipse(at(eye - 0.14, 0, eye + 0.14, 0.34), "#28202c")
    if "scarf" in facts["accessory"]:
        pen.rectangle(at(-0.95, 0.9, 0.95, 1.4), "#f07818")
        pen.rectangle(at(0.3, 1.2, 0.75, 2.4), "#f07818")
    if "hat" in facts["clothes.head"]:
        pen.rectangle(at(-0.8, -1.75, 0.8, -0.85), "#5b3a1e")
        pen.rectangle(at(-1.5, -0.95, 1.5, -0.7), "#5b3a1e")
    if "crown" in facts["clothes.head"]:
        points = [(-0.8, -0.9), (-0.8, -1.9), (-0.4, -1.3), (0, -2), (0.4, -1.3), (0.8, -1.9), (0.8, -0.9)]
        pen.polygon([at(a, b, 0, 0)[:2] for a, b in points], "#ffd21a", "#a06a00")
    return image.resize((side, side), Image.Resampling.BOX)


def pictures(count: int, seed: int, side: int = SIDE):
    """`count` (facts, picture) pairs; seeds that differ share no picture."""
    random = Random(seed)
    return [(facts, draw(facts, random, side)) for facts in (facts_of(random) for _ in range(count))]


def _near(colour: str, random: Random) -> tuple[int, ...]:
    return tuple(max(0, min(255, v + random.randint(-10, 10))) for v in bytes.fromhex(colour[1:]))


def _ground(pen, place: str, random: Random, scale: float) -> None:
    def spot(left, top, right, bottom):
        return tuple(v * scale for v in (left, top, right, bottom))

    if place == "forest":
        for _ in range(7):
            x = random.uniform(0, 64)
            pen.rectangle(spot(x, 16, x + 3, 64), "#50371f")
            pen.ellipse(spot(x - 8, 0, x + 10, 28), _near("#285f2d", random))
    elif place == "room":
        x = random.choice((3, 42))
        pen.rectangle(spot(0, 48, 64, 64), "#966e4b")
        pen.rectangle(spot(x, 6, x + 18, 26), "#bee1f5", "#78502f", int(scale))
    elif place == "beach":
        pen.rectangle(spot(0, 0, 64, 20), "#96cdf5")
        pen.rectangle(spot(0, 20, 64, random.uniform(30, 38)), "#2a7fb5")
    else:
        for _ in range(30):
            x, y = random.uniform(0, 64), random.uniform(0, 64)
            pen.ellipse(spot(x, y, x + 2.5, y + 2.5), "#ffffff", "#b4c3d2")


def save_folder(folder: Path, model, config=None, preprocess=None, prompts: bool = True) -> Path:
    """The folder that open_clip calls a local dir, with the prompts that the model was trained on."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"model_cfg": config or CONFIG, "preprocess_cfg": preprocess or PREPROCESS})
    (folder / "open_clip_config.json").write_text(text)
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, folder / "open_clip_model.safetensors")
    if prompts:
        (folder / "troupe_prompts.json").write_text(prompts_text())
    return folder


def prompts_text() -> str:
    """`known_prompts` as the file that a model may bring along."""
    known = known_prompts()
    rest = {"one": "unclear", "any": "against"}
    groups = [
        {"slot": g.slot, "kind": g.kind, rest[g.kind]: g.rest, "values": dict(zip(g.values, g.phrases, strict=True))}
        for g in known.groups
    ]
    usual = {"one": 0.5, "any": 0.5, "sigmoid": 0.5}
    return json.dumps({"templates": known.templates, "threshold": usual, "groups": groups})


def fresh_model(config=None, seed: int = 0):
    """Random weights of the given architecture, the same for a seed."""
    import open_clip
    from open_clip.model import CLIP, CustomTextCLIP

    config = dict(config or CONFIG)
    kind = CLIP
    if config.pop("custom_text", False):
        kind = open_clip.CoCa if "multimodal_cfg" in config else CustomTextCLIP
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = kind(**config).eval()
        if hasattr(model, "text_decoder"):  # open_clip leaves it to whatever the memory held
            torch.nn.init.normal_(model.text_decoder.text_projection, std=0.1)
        return model


def trained_model():
    """First the sentences learn to lie apart, each line of the prompts at a place of its own; then the pictures learn
    to lie at what they show. Learning both at once, as CLIP does, takes ten times as long for so few words."""
    model, prompts = fresh_model(), known_prompts()
    with torch.no_grad():
        model.logit_scale.fill_(2.7)
    for parameter in model.visual.parameters():
        parameter.requires_grad_(False)
    _learn_words(model, prompts)
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for parameter in model.visual.parameters():
        parameter.requires_grad_(True)
    _learn_pictures(model, prompts)
    return model.eval()


def _learn_words(model, prompts) -> None:
    import open_clip

    tokens = open_clip.SimpleTokenizer(context_length=CONFIG["text_cfg"]["context_length"])
    places = F.normalize(torch.randn(len(prompts.lines), 64, generator=torch.Generator().manual_seed(4)), dim=-1)
    random, wanted = Random(2), torch.arange(len(prompts.lines))
    model.token_embedding.weight.requires_grad_(False)  # three million numbers, of which two hundred are in use
    step = _optimizer(model, 3e-3, WORDS)
    for _ in range(WORDS):
        template = random.choice(prompts.templates)
        text = model.encode_text(tokens([template.format(random.choice(line)) for line in prompts.lines]), True)
        step(F.cross_entropy(10 * text @ places.T, wanted))


def _learn_pictures(model, prompts) -> None:
    """Cross-entropy of every question, answered as the captioner does."""
    import open_clip

    from troupe.models.captioning.openclip.textmatrix import text_matrix

    tokens = open_clip.SimpleTokenizer(context_length=CONFIG["text_cfg"]["context_length"])
    with torch.no_grad():
        text = text_matrix(prompts, model, tokens)
    album = pictures(PICTURES, seed=1)
    pixels = torch.stack([_tensor(image) for _, image in album])
    answers = [_answers(prompts, facts) for facts, _ in album]
    chance, step = torch.Generator().manual_seed(3), _optimizer(model, 4e-3, STEPS)
    model.train()
    for _ in range(STEPS):
        index = torch.randint(0, PICTURES, (BATCH,), generator=chance)
        logits = model.logit_scale.exp() * model.encode_image(pixels[index], normalize=True) @ text.T
        step(_loss(prompts, logits, [answers[i] for i in index.tolist()]))


def _optimizer(model, rate: float, steps: int):
    """What follows the loss: one step of AdamW on what may learn."""
    learning = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, rate, betas=(0.9, 0.98), weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.1)

    def step(loss) -> None:
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        schedule.step()

    return step


def _tensor(image: Image.Image) -> torch.Tensor:
    from troupe.models.pixels import from_pillow

    return from_pillow(image).permute(2, 0, 1).sub(0.5).div(0.5)  # HWC -> CHW


def _answers(prompts, facts) -> list:
    """For each group the index of its value, or 0 and 1 for each of its values."""
    return [
        g.values.index(facts[g.slot]) if g.kind == "one" else [float(v in facts[g.slot]) for v in g.values]
        for g in prompts.groups
    ]


def _loss(prompts, logits, answers) -> torch.Tensor:
    start, total = 0, logits.new_zeros(())
    for number, group in enumerate(prompts.groups):
        end = start + len(group.values) + len(group.rest)
        part, wanted = logits[:, start:end], torch.tensor([a[number] for a in answers])
        if group.kind == "one":
            total = total + F.cross_entropy(part, wanted)
        else:
            values, rest = part.split((len(group.values), len(group.rest)), 1)
            total = total + 2 * F.binary_cross_entropy_with_logits(values - rest.logsumexp(1, keepdim=True), wanted)
        start = end
    return total
