"""The shipped workflows for the API, on pictures so small that all of them take a minute."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from .pictures import character_folder

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / "tests" / "workflows"
SAMPLES = ROOT / "assets" / "samples"
SIDE = 256  # as small as Adjust takes pictures
# Each goes on from what the one before it saved.
IN_TURN = ("save_for_shards", "restyle_in_shards", "join_shards")
# Nodes that want files which are not shipped.
WANT_MODELS = (
    "CheckpointLoaderSimple", "CLIPLoader", "UNETLoader", "TroupeOpenCLIPCaptioner", "TroupeDiffusersStylizer",
)  # fmt: skip


def small_pictures(folder: Path) -> Path:
    """`folder` with what the workflows load of our samples: `mira`, `bram` with masks, `scenes`, `cutouts`."""
    character_folder(folder / "mira", count=3, side=SIDE)
    for path in sorted((SAMPLES / "bram" / "masks").glob("*.png"))[:8]:
        (picture,) = (SAMPLES / "bram").glob(f"{path.stem}.*[gp]")
        _shrunk(picture, folder / "bram" / f"{path.stem}.png")
        _shrunk(path, folder / "bram" / "masks" / path.name)
    for path in [SAMPLES / "scenes" / "room.jpg", *(SAMPLES / "cutouts").glob("*/*.png")]:
        _shrunk(path, folder / path.relative_to(SAMPLES).with_suffix(".png"))
    return folder


def _shrunk(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(source) as picture:
        picture.thumbnail((SIDE, SIDE))
        picture.save(target)


def small_workflow(name: str, pictures: Path) -> dict:
    """In API format, with the folders of `small_pictures` and a training of a few steps."""
    prompt = json.loads((WORKFLOWS / f"{name}.api.json").read_text(encoding="utf-8"))
    for node in prompt.values():
        inputs = node["inputs"]
        if node["class_type"] == "TroupeLoadSampleSet":
            inputs["folder"] = inputs["folder"].replace("troupe-samples", str(pictures))
        elif node["class_type"] == "TroupeMakeCompositeSamples":
            inputs |= {"longest_side": SIDE, "decoys": 1}
        elif node["class_type"] == "TroupeTrainCompositingModel":
            inputs |= {"steps": 4, "batch_size": 2, "evaluate_every": 2}
    return prompt


def without_models() -> list[str]:
    """The names of the workflows that run with nothing but the pack, in an order in which they can."""
    found = {path.name.removesuffix(".api.json"): path.read_text(encoding="utf-8") for path in WORKFLOWS.glob("*.json")}
    alone = sorted(name for name, text in found.items() if not any(f'"{kind}"' in text for kind in WANT_MODELS))
    return [name for name in alone if name not in IN_TURN] + list(IN_TURN)
