"""Which results each picture of the help pages is made of."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from devkit.places import ROOT

from .drawing import card, column, on_squares, row, with_guides
from .results import Results


def coverage(found: Results) -> Image.Image:
    return found.pictures["coverage"][0]


def described(found: Results) -> Image.Image:
    at = _waving(found.texts["described captions"])
    return card(found.pictures["described"][at], "sentence", found.texts["described captions"][at])


def tagged(found: Results) -> Image.Image:
    captions = found.texts["tagged captions"]
    at = _waving(captions)
    return card(found.pictures["tagged"][at], "caption", captions[at])


def map_styles(found: Results) -> Image.Image:
    """The set comes in the order of its names: back, front, side, three-quarter."""
    angles = ("back", "front", "side", "three-quarter")
    seconds = json.loads(found.texts["drawn mapping"][0])["seconds"]
    drawn = [seconds[angle].replace("_", " ") for angle in angles]
    return column([row(found.pictures["source"], words=angles), row(found.pictures["drawn"], words=drawn)])


def before_after(found: Results) -> Image.Image:
    sheet = Image.open(ROOT / "docs" / "images" / "before_after.jpg")
    return sheet.crop((620, 290, 1248, 664))  # four pairs that show the face


def put_back(found: Results) -> Image.Image:
    guides = [(0.5, 0.33), (0.2, 0.75)]
    three = [with_guides(found.pictures[name][1], guides) for name in ("source", "slid", "put_back")]
    return row(three, words=("source", "drawn, zoomed", "put back"))


def written(found: Results) -> Image.Image:
    folder = Path(found.texts["folder"][0])
    two = column([row([found.pictures["tagged"][at]], 210) for at in (1, 5)])
    return card(two, "output/datasets/my_character", "\n".join(_listing(folder)), 440)


def lists(found: Results) -> Image.Image:
    return column([_as_lists(found, at) for at in range(3, 6)])


def masks(found: Results) -> Image.Image:
    picture, mask = found.pictures["source"][0], found.pictures["source masks"][0]
    return row([picture, mask, on_squares(picture, mask)], words=("picture", "mask", "cut-out"))


def heatmap(found: Results) -> Image.Image:
    return row([found.pictures["heatmap"][at] for at in (0, 2)])


def composite(found: Results) -> Image.Image:
    shown = [found.pictures["scene"][1], found.pictures["cutout"][0], found.pictures["composite"][1]]
    return row(shown, words=("scene", "cut-out", "composite"))


def _sheet(name: str) -> Callable[[Results], Image.Image]:
    return lambda found: found.pictures[name][0]


def _drawn_before(path: str) -> Callable[[Results], Image.Image]:
    """A picture in the repository that shows the result already."""
    return lambda found: Image.open(ROOT / path)


def _waving(captions: list[str]) -> int:
    """The picture that stands for the set: it waves, and not with its back to us."""
    return next(i for i, text in enumerate(captions) if "waving" in text and "from behind" not in text)


def _as_lists(found: Results, at: int) -> Image.Image:
    picture, mask = found.pictures["described"][at], found.pictures["described masks"][at]
    both = row([picture, mask], 180)
    return card(both, "caption", found.texts["described captions"][at], 180)


def _listing(folder: Path, most: int = 3) -> list[str]:
    """Folders that hold files, of each the first ones; then the files beside them."""
    lines = []
    for sub in sorted(p for p in folder.rglob("*") if p.is_dir()):
        files = sorted(p.name for p in sub.iterdir() if p.is_file())
        head = [f"{sub.relative_to(folder).as_posix()}/"] if files else []
        lines += [*head, *(f"    {name}" for name in files[:most]), *["    ..."] * (len(files) > most)]
    return lines + sorted(p.name for p in folder.iterdir() if p.is_file())


RECIPES: dict[str, Callable[[Results], Image.Image]] = {
    "coverage": coverage,
    "read_back": _sheet("read_back"),
    "described": described,
    "asked": _drawn_before("workflows/describe_with_clip.jpg"),
    "map_styles": map_styles,
    "new_colours": _drawn_before("docs/looks/new_colours_mira.jpg"),
    "checkpoint": _drawn_before("workflows/restyle_with_checkpoint.jpg"),
    "edit_model": _drawn_before("workflows/restyle_with_edit_model.jpg"),
    "pipeline": _drawn_before("workflows/restyle_with_diffusers.jpg"),
    "before_after": before_after,
    "put_back": put_back,
    "dropped": _sheet("dropped"),
    "tagged": tagged,
    "advice": _sheet("advice"),
    "written": written,
    "sheet": _sheet("pictures"),
    "lists": lists,
    "masks": masks,
    "groups": _sheet("groups"),
    "training": _drawn_before("workflows/train_compositing_model.jpg"),
    "heatmap": heatmap,
    "composite": composite,
    "staged": _sheet("staged"),
    "shards": _drawn_before("workflows/restyle_in_shards.jpg"),
}
