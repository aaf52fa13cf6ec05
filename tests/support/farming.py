"""Three little characters, with all that can happen to a picture on its way, and what becomes of them in one run."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

from troupe.models.adjusting.adjust import adjust
from troupe.models.captioning.describe import describe
from troupe.models.captioning.measured import MeasuredCaptioner
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.write import write_dataset
from troupe.models.labelling.label import label
from troupe.models.picturefiles import file_digest
from troupe.models.restyling.restyle import restyle
from troupe.models.samples.reading import read_sample_set
from troupe.models.sharding.manifest import write_manifest
from troupe.models.styles.library import load_library
from troupe.models.styles.mapping import map_styles
from troupe.scripts.farm.recipe import FarmRecipe

POSES = ("front", "side", "back", "three-quarter")


def cast(folder: Path) -> Path:
    """All of `ada` is too wide for the recipe below; `bram` has masks beside his pictures, one picture twice, and one
    that is said to be of `mira`; of hers, who is cut out, one is broken, one is a banner, and a link leads out."""
    for number in range(2):
        kept(figure(40 + number, (96, 72))[0], folder / "ada" / f"front_stand_full_{number}.png")
    for number in range(6):
        picture, mask = figure(number, (64, 96))
        name = f"{POSES[number % 4]}_stand_full_{number}"
        kept(picture, folder / "bram" / f"{name}.png")
        kept(mask, folder / "bram" / "masks" / f"{name}.png")
    shutil.copy(folder / "bram" / "front_stand_full_0.png", folder / "bram" / "front_stand_full_7.png")
    (folder / "bram" / "side_stand_full_1.json").write_text('{"character": "mira"}')
    for number in range(5):
        picture, mask = figure(20 + number, (72, 96))
        picture.putalpha(mask)
        kept(picture, folder / "mira" / f"{POSES[number % 4]}_walk_full_{number}.png")
    (folder / "mira" / "side_walk_full_1.txt").write_text("1girl, red coat, standing in the rain")
    (folder / "mira" / "broken.png").write_bytes((folder / "mira" / "front_walk_full_0.png").read_bytes()[:200])
    kept(Image.new("RGB", (96, 8)), folder / "mira" / "banner.png")
    (folder / "mira" / "out.png").symlink_to("/etc/hostname")
    return folder


def figure(seed: int, size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """Somebody on a ground of scattered discs, and where."""
    random, (width, height) = Random(seed), size
    image = Image.new("RGB", size, tuple(random.randrange(120, 220) for _ in range(3)))
    draw = ImageDraw.Draw(image)
    for _ in range(25):
        x, y, r = random.uniform(0, width), random.uniform(0, height), random.uniform(2, 9)
        draw.ellipse((x - r, y - r, x + r, y + r), tuple(random.randrange(90, 240) for _ in range(3)))
    mask = Image.new("L", size, 0)
    x, r = width * random.uniform(0.4, 0.6), width / 9
    head, body = (x - r, 10, x + r, 10 + 2.2 * r), (x - 1.5 * r, 10 + 2.2 * r, x + 1.5 * r, height - 8)
    for shape, box, colour in (("ellipse", head, (240, 205, 180)), ("rectangle", body, (30, 120, 110))):
        getattr(draw, shape)(box, colour, (40, 40, 60), 2)
        getattr(ImageDraw.Draw(mask), shape)(box, 255)
    return image, mask


def kept(image: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)


WISHES = {
    "total": 8, "shots": {"close-up": 3, "full": 5}, "crop_to_shot": ["close-up"], "crop_minimum_side": 8,
    "aspect_maximum": 1,
}  # fmt: skip


def recipe_text(pictures: Path, **changed) -> dict:
    """A recipe's file; `changed`: members of it."""
    given = {
        "input": str(pictures),
        "restyle": {"new_character": "moonlit rogue", "minimum_structure": 0},
        "adjust": {"preset": "my wishes only", "wishes": WISHES},
        "tag": {"trigger": "{character}_trp"},
        "write": {"name": "rogues", "resolution": 90, "upscale": True},
        "created": "2026-01-31T12:00:00+00:00",
        "note": "a test",
    }
    return {**given, **changed}


def ordinary(recipe: FarmRecipe) -> dict[str, str]:
    """The digests of all that the ordinary functions make of it in one run: manifests by the names of the steps, and
    the data set's files."""
    store, sets = recipe.store, {}
    sets["load"] = read_sample_set(recipe.input, recipe.read)
    sets["describe"] = describe(sets["load"], MeasuredCaptioner(), store)
    sets["map-styles"] = map_styles(sets["describe"], load_library(), recipe.map_styles.settings).sample_set
    sets["restyle"] = restyle(sets["map-styles"], recipe.restyle.stylizer, recipe.restyle.settings, store).sample_set
    sets["adjust"] = adjust(sets["restyle"], recipe.adjust.wanted, store).sample_set
    sets["tag"] = label(sets["adjust"], recipe.tag).sample_set
    for name, sample_set in sets.items():
        write_manifest(recipe.work / f"{name}.jsonl", sample_set, recipe.roots)
    plan = plan_dataset(sets["tag"], recipe.write)
    written = write_dataset(plan, recipe.output, settings_note=recipe.note, now=recipe.now)
    return {**manifests(recipe), **files_of(written.folder)}


def manifests(recipe: FarmRecipe) -> dict[str, str]:
    names = ("load", "describe", "map-styles", "restyle", "adjust", "tag")
    return {name: file_digest(recipe.work / f"{name}.jsonl") for name in names}


def files_of(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): file_digest(p) for p in sorted(folder.rglob("*")) if p.is_file()}
