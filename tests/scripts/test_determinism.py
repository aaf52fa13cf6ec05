"""The same work done again gives the same data set; and what differs is found."""

import json
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
from PIL import Image

from troupe.scripts.torture import determinism
from troupe.scripts.torture.repeating.chain import DATASET, differences, digests, made
from troupe.scripts.torture.repeating.nearness import apart
from troupe.scripts.torture.repeating.pictures import small_set
from troupe.scripts.torture.repeating.ways import shuffled_listings, threads


def test_the_short_form_keeps_every_promise(tmp_path):
    figures = list(determinism.figures(False, tmp_path))
    assert len(figures) > 15
    broken = [figure for figure in figures if not figure.kept]
    assert not broken, "\n".join(f"{f.name}: {f.value:g} {f.unit}; {f.promise} ({f.note})" for f in broken)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A data set and a copy of it."""
    work = tmp_path_factory.mktemp("work")
    made(small_set(work / "samples", 2), work)
    return work / DATASET, work


@pytest.fixture
def copied(two, tmp_path):
    copytree(two[0], tmp_path / "copy")
    return two[0], tmp_path / "copy"


def test_a_changed_caption_a_lost_file_and_a_new_one_are_seen(copied):
    first, second = copied
    caption, mask = next((second / "train").rglob("*.txt")), next((second / "masks").rglob("*.png"))
    caption.write_text("another")
    mask.unlink()
    (second / "more.txt").write_text("")
    names = sorted(p.relative_to(second).as_posix() for p in (caption, mask, second / "more.txt"))
    assert differences(digests(first), digests(second)) == names == apart(first, second).other


def test_only_pixels_of_redrawn_pictures_may_be_apart(copied):
    first, second = copied
    picture = next((second / "train").rglob("*.png"))
    pixels = np.array(Image.open(picture))
    pixels[3, 5, 0] ^= 1
    Image.fromarray(pixels).save(picture)
    found = apart(first, second)
    assert (found.other, found.steps) == ([], 1) and found.share == pytest.approx(1 / pixels.size)


def test_digests_in_a_manifest_may_differ_and_nothing_else(copied):
    first, second = copied
    manifest = json.loads((second / "manifest.json").read_text(encoding="utf-8"))
    for key, seen in (("sha256", []), ("caption", ["manifest.json"])):
        manifest["pictures"][0][key] = "another"
        (second / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        assert apart(first, second).other == seen


def test_listings_are_shuffled_for_all_who_list(tmp_path):
    from random import Random

    names = [f"{n}.txt" for n in range(9)]
    for name in names:
        (tmp_path / name).touch()
    before = [p.name for p in tmp_path.iterdir()]
    with shuffled_listings(Random(1)):
        orders = {tuple(p.name for p in list_) for list_ in (tmp_path.iterdir(), Path(tmp_path).glob("*.txt"))}
    assert all(sorted(order) == names for order in orders) and any(list(order) != before for order in orders)
    assert [p.name for p in tmp_path.iterdir()] == before


def test_threads_are_lent():
    import torch

    before = torch.get_num_threads()
    with threads(2):
        assert torch.get_num_threads() == 2
    assert torch.get_num_threads() == before
