"""Small prompts of many kinds for a host under load: ones that end well, that fail, that are refused, and long ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image

from ..devkit.places import ROOT

SAMPLES = ROOT / "assets" / "samples"
SIDE = 192
PLACE = (SIDE // 4, SIDE // 8)
MANY = 60  # pictures; seconds of work, so that there is time to cancel it

Prompt = dict[str, dict]
Make = Callable[[int], Prompt]


def make_pictures(folder: Path) -> None:
    """Below the host's input `folder`: a `few` and `many` pictures of a character, `nothing`, `scene`, `cutout`, and
    `whole`, where it stands in the scene."""
    mira = sorted(p for p in (SAMPLES / "mira").iterdir() if p.suffix in (".png", ".jpg"))
    for n in range(MANY):
        _copy(mira[n % len(mira)], folder / "many" / f"{n:02d}.png", 2 * SIDE)
        if n < 3:
            _copy(mira[n], folder / "few" / f"{mira[n].stem}.png", SIDE)
    _copy(SAMPLES / "scenes" / "room.jpg", folder / "scene.png", SIDE)
    _copy(min((SAMPLES / "cutouts" / "mira").glob("*.png")), folder / "cutout.png", SIDE // 2)
    with Image.open(folder / "scene.png") as scene, Image.open(folder / "cutout.png") as cutout:
        alpha = Image.new("L", scene.size)
        alpha.paste(cutout.getchannel("A"), PLACE)
        scene.paste(cutout, PLACE, cutout)
        scene.putalpha(alpha)
        scene.save(folder / "whole.png")
    (folder / "nothing").mkdir()


def _copy(source: Path, target: Path, side: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(source) as picture:
        picture.thumbnail((side, side))
        picture.save(target)


def node(kind: str, **inputs) -> dict:
    return {"class_type": kind, "inputs": inputs}


def completed(prompt: Prompt, object_info: dict) -> Prompt:
    """With the default of every widget that is not given; choices have the first."""
    for made in prompt.values():
        for name, (kind, *options) in object_info[made["class_type"]]["input"].get("required", {}).items():
            default = (options[0] if options else {}).get("default")
            if default is None and kind == "COMBO":
                default = next(iter(options[0]["options"]), None)
            if default is not None:
                made["inputs"].setdefault(name, default)
    return prompt


def host_alone(seed: int) -> Prompt:
    """What the host does without us: a picture of one colour."""
    picture = node("EmptyImage", width=64, height=64, batch_size=1, color=seed % 0xFFFFFF)
    return {"picture": picture, "shown": node("PreviewImage", images=["picture", 0])}


def described(folder: str) -> Prompt:
    return {
        "load": node("TroupeLoadSampleSet", folder=folder, layout="one character"),
        "captioner": node("TroupeMeasuredCaptioner"),
        "describe": node("TroupeDescribe", samples=["load", 0], captioner=["captioner", 0]),
    }


def restyled(seed: int, folder: str = "few", **painter) -> Prompt:
    """No two seeds draw the same."""
    return described(folder) | {
        "map": node("TroupeMapStyles", samples=["describe", 0], first_style="anime_cel"),
        "painter": node("TroupePainterlyStylizer", strength=0.4 + seed % 1000 / 2000, **painter),
        "restyle": node("TroupeRestyle", samples=["map", 0], stylizer=["painter", 0], seed=seed),
        "shown": node("TroupePreviewSampleSet", samples=["restyle", 0], view="before and after"),
    }


def written(seed: int, folder: str = "few", name: str = "load", **write) -> Prompt:
    """A data set that replaces the one before."""
    write = {"picture_format": "jpg", "resolution": 128, "mode": "replace"} | write
    return described(folder) | {
        "tag": node("TroupeTagFeatures", samples=["describe", 0], trigger="miratrp"),
        "write": node("TroupeWriteLoRADataset", samples=["tag", 0], name=name, licence_note=f"load {seed}", **write),
    }


def read_again(seed: int) -> Prompt:
    return written(seed, name="again") | {
        "again": node("TroupeLoadLoRADataset", folder=["write", 0]),
        "review": node("TroupeReviewSamples", samples=["again", 0]),
    }


def composed(seed: int) -> Prompt:
    return {
        "scene": node("LoadImage", image="scene.png"),
        "cutout": node("LoadImage", image="cutout.png"),
        "mask": node("InvertMask", mask=["cutout", 1]),
        "model": node("TroupeLoadCompositingModel"),
        "composite": node(
            "TroupeComposite", compositing_model=["model", 0], background=["scene", 0], foreground=["cutout", 0],
            mask=["mask", 0], seed=seed,
        ),
        "shown": node("PreviewImage", images=["composite", 0]),
    }  # fmt: skip


def taken_apart(seed: int) -> Prompt:
    """A composite group."""
    return {
        "whole": node("LoadImage", image="whole.png"),
        "mask": node("InvertMask", mask=["whole", 1]),
        "make": node("TroupeMakeCompositeSamples", images=["whole", 0], masks=["mask", 0], seed=seed, name="groups"),
    }


WELL: tuple[Make, ...] = (restyled, written, composed, read_again, taken_apart)
FAILING: tuple[Make, ...] = (
    lambda seed: restyled(seed, "nothing"),
    lambda seed: restyled(seed, new_character="my colours", colours="bluish"),
)
REFUSED: tuple[Make, ...] = (
    lambda seed: restyled(seed, f"nowhere-{seed}"),
    lambda seed: written(seed, name=f"../../out-{seed}"),
)
# Seconds of work each, to be cancelled.
LONG: tuple[Make, ...] = (
    lambda seed: restyled(seed, "many"),
    lambda seed: written(seed, "many", name="long", picture_format="webp", resolution=512),
)
