"""What SimpleTuner makes of the folder, by a second writing of its rules.

The rules are those of data_backend/ and multiaspect/ of SimpleTuner bc8e6ab and of its documentation/DATALOADER.md.
"""

import json
import os

import pytest
from PIL import Image

from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset
from troupe.models.samples.sample import SampleSet

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def simpletuner(folder):
    """Run in `folder`: picture -> (caption, how often an epoch shows it, mask)."""
    backends = json.loads((folder / "multidatabackend.json").read_text(encoding="utf-8"))
    by_id = {backend["id"]: backend for backend in backends}
    assert len(by_id) == len(backends), "ids must be unique"
    assert sum(b["dataset_type"] == "text_embeds" and b["default"] is True for b in backends) == 1
    seen = {}
    for backend in backends:
        if backend["dataset_type"] != "image":
            continue
        assert backend["caption_strategy"] == "textfile" and type(backend["crop"]) is bool
        masks = {}
        if "conditioning_data" in backend:
            paired = by_id[backend["conditioning_data"]]
            assert paired["conditioning_type"] == "mask"
            shared = ("resolution", "resolution_type", "crop", "crop_style", "crop_aspect")
            assert [paired[key] for key in shared] == [backend[key] for key in shared]
            masks = {p.stem: p for p in (folder / paired["instance_data_dir"]).iterdir()}
        for picture in (folder / backend["instance_data_dir"]).rglob("*"):
            if picture.suffix in SUFFIXES:
                with open(
                    os.path.splitext(picture)[0] + ".txt", encoding="utf-8"
                ) as text:  # FileNotFoundError stops it
                    (caption,) = text.read().splitlines()
                assert not masks or picture.stem in masks, "every picture needs a mask"
                seen[picture] = caption, 1 + backend["repeats"], masks.get(picture.stem)
    return seen, backends


@pytest.fixture
def written(make_set, make_sample, tmp_path):
    def write(**settings):
        samples = SampleSet((*make_set(3).samples, make_sample(9, masked=True), *make_set(2, character="rob").samples))
        plan = plan_dataset(
            samples, WriteSettings("mira", "simpletuner", **{"resolution": 96, "repeats": 4, **settings})
        )
        return plan, write_dataset(plan, tmp_path / "out").folder

    return write


def test_the_trainer_sees_what_was_planned(written):
    plan, folder = written()
    wanted = {
        folder / p.files.picture: (p.caption.text, 4, folder / p.files.mask if p.files.mask else None)
        for p in plan.pictures
    }
    assert simpletuner(folder)[0] == wanted and len(wanted) == 6


def test_repeats_are_the_passes_after_the_first(written):
    _, backends = simpletuner(written(repeats=1)[1])
    assert [b["repeats"] for b in backends if b["dataset_type"] == "image"] == [0, 0]


def test_every_picture_of_a_masked_folder_has_a_mask_of_its_size(written):
    seen, _ = simpletuner(written()[1])
    masked = [(picture, mask) for picture, (_, _, mask) in seen.items() if mask]
    assert len(masked) == 4 and all(Image.open(p).size == Image.open(m).size for p, m in masked)


def test_an_unmasked_set_has_no_conditioning(written):
    _, backends = simpletuner(written(masks=False)[1])
    assert [b["dataset_type"] for b in backends] == ["image", "image", "text_embeds"]


def test_nothing_drops_or_deletes_pictures(written):
    """minimum_image_size drops, delete_unwanted_images and delete_problematic_images delete the files."""
    text = (written()[1] / "multidatabackend.json").read_text("utf-8")
    assert not any(key in text for key in ("minimum_image_size", "delete_", "prepend_instance_prompt"))
    assert '"False"' not in text and '"True"' not in text


def test_the_resolution_is_in_megapixels(written):
    _, backends = simpletuner(written(resolution=1024)[1])
    assert {(b["resolution"], b["resolution_type"]) for b in backends if "crop" in b} == {(1.048576, "area")}


def test_caches_lie_apart_and_paths_count_from_the_folder(written, tmp_path):
    _, folder = written()
    _, backends = simpletuner(folder)
    caches = [b.get("cache_dir_vae") or b["cache_dir"] for b in backends]
    assert len(set(caches)) == len(caches) and all(c.startswith("cache/") for c in caches)
    assert str(tmp_path) not in (folder / "multidatabackend.json").read_text("utf-8")
    assert "Start SimpleTuner in this folder" in (folder / "README.txt").read_text("utf-8")


def test_a_trigger_in_chinese_has_an_id_all_the_same(make_set, tmp_path):
    plan = plan_dataset(make_set(2, trigger="小鹿"), WriteSettings("mira", "simpletuner", resolution=96))
    seen, backends = simpletuner(write_dataset(plan, tmp_path / "out").folder)
    assert backends[0]["id"] == "set" and len(seen) == 2


def test_a_trigger_that_windows_keeps_for_a_device_is_no_folder_of_the_cache(make_set, tmp_path):
    plan = plan_dataset(make_set(2, trigger="LPT³"), WriteSettings("mira", "simpletuner", resolution=96))
    _, backends = simpletuner(write_dataset(plan, tmp_path / "out").folder)
    assert backends[0]["id"] == "lpt3-set" and backends[0]["cache_dir_vae"] == "cache/vae/lpt3-set"
