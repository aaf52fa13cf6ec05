"""Pictures with masks become a folder that reads back; what is finished is never made twice, and nothing is lost."""

import os
import threading
import time

import pytest
import torch
from PIL import Image

from troupe.models.compositing.groups import makeset
from troupe.models.compositing.groups.makeset import make_set
from troupe.models.compositing.groups.making import MakeSettings
from troupe.models.compositing.groups.manifest import read_manifest
from troupe.models.compositing.groups.masks import blurred
from troupe.models.compositing.groups.reading import read_group
from troupe.models.compositing.groups.setfolder import set_fingerprint, set_name
from troupe.models.compositing.groups.sources import gathered, sources_in, sources_of_images
from troupe.models.errors import TroupeError
from troupe.models.pixels import to_pillow
from troupe.models.samples.store import Store

QUICK = MakeSettings(decoys=1)


def scene(seed, height=72, width=96):
    """Clouds with grain, and an upright thing whose mask is returned as well."""
    draw = torch.Generator().manual_seed(seed)
    clouds = blurred(torch.rand(height, width, 3, generator=draw), 4) * 3 - 1
    picture = (clouds + 0.2 * torch.rand(height, width, 3, generator=draw)).clamp(0, 1)
    mask = torch.zeros(height, width)
    mask[30:50, 20 + seed : 32 + seed] = 1
    picture[mask > 0] = torch.tensor([0.9, 0.2, 0.1])
    return picture, mask


def batch(count):
    pictures, masks = zip(*map(scene, range(count)), strict=True)
    return [torch.stack(pictures)], [torch.stack(masks)]


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def made(sources, tmp_path, store, settings=QUICK, name="set", **more):
    return make_set(sources, settings, tmp_path / "sets" / name, store, **more)


def test_the_folder_reads_back_equal(tmp_path, store):
    result = made(sources_of_images(*batch(2)), tmp_path, store)
    assert (len(result.groups), result.computed, result.reused) == (2, 2, 0)
    assert read_manifest(result.groups.root) == result.groups
    pixels = read_group(result.groups.groups[0])
    assert pixels.background.shape == (72, 96, 3)
    assert pixels.box.left <= 21 and pixels.box.right >= 31


def test_the_same_set_is_not_written_twice(tmp_path, store):
    first = made(sources_of_images(*batch(2)), tmp_path, store)
    again = made(sources_of_images(*batch(2)), tmp_path, store)
    assert again.groups == first.groups
    assert (again.computed, again.reused) == (0, 2)


def test_other_settings_go_into_a_folder_of_their_own(tmp_path, store):
    sources = sources_of_images(*batch(1))
    settings = [QUICK, MakeSettings(decoys=0), MakeSettings(decoys=1, seed=1), MakeSettings(decoys=1, degrade=False)]
    folders = [made(sources, tmp_path, store, each).groups.root.name for each in settings]
    assert folders == ["set", "set_2", "set_3", "set_4"]


def test_a_picture_more_costs_one_group(tmp_path, store):
    made(sources_of_images(*batch(2)), tmp_path, store)
    more = made(sources_of_images(*batch(3)), tmp_path, store, name="more")
    assert (more.computed, more.reused) == (1, 2)


def test_groups_are_equal_whether_made_or_found_finished(tmp_path, store):
    first = made(sources_of_images(*batch(1)), tmp_path, store)
    second = made(sources_of_images(*batch(1)), tmp_path, store, name="other")
    for one, two in zip(read_group(first.groups.groups[0]), read_group(second.groups.groups[0]), strict=True):
        assert torch.equal(torch.as_tensor(one), torch.as_tensor(two))
    assert second.reused == 1


def test_a_deleted_group_in_the_store_is_made_anew(tmp_path, store):
    made(sources_of_images(*batch(1)), tmp_path, store)
    for file in (tmp_path / "store").rglob("*.png"):
        file.write_bytes(b"damaged")
    assert made(sources_of_images(*batch(1)), tmp_path, store, name="other").computed == 1


def test_larger_pictures_are_brought_down(tmp_path, store):
    result = made(sources_of_images(*batch(1)), tmp_path, store, longest_side=64)
    assert read_group(result.groups.groups[0]).background.shape == (48, 64, 3)


def test_bad_pictures_are_faults_with_reasons_and_the_rest_goes_on(tmp_path, store):
    picture, mask = scene(0)
    images = [picture[None], picture[None], picture[None]]
    masks = [mask[None], torch.zeros_like(mask)[None], mask[None, :30]]
    result = made(sources_of_images(images, masks), tmp_path, store)
    reasons = {fault.id: fault.reason for fault in result.groups.faults}
    assert len(result.groups) == 1
    assert "The mask is empty" in reasons["picture 0002"]
    assert "differ in size" in reasons["picture 0003"]
    assert made(sources_of_images(images, masks), tmp_path, store).groups.faults == result.groups.faults


def test_nothing_usable_is_an_error_with_the_reasons(tmp_path, store):
    picture, _ = scene(0)
    with pytest.raises(TroupeError, match="picture 0001: The picture has no mask"):
        made(sources_of_images([picture[None]]), tmp_path, store)
    assert not list((tmp_path / "sets").glob("*"))


def test_cancel_comes_through_at_once_and_keeps_what_is_finished(tmp_path, store, monkeypatch):
    class Cancel(BaseException):
        pass

    slow = threading.Event()
    true_groups = makeset.made_groups

    def waiting(pictures, settings):
        if pictures[0][0] == "picture 0003":
            slow.wait(30)
        return true_groups(pictures, settings)

    def progress(done, total, name):
        if done == 2 and "looking" not in name:
            raise Cancel

    monkeypatch.setattr(makeset, "made_groups", waiting)
    began = time.monotonic()
    with pytest.raises(Cancel):
        made(sources_of_images(*batch(3)), tmp_path, store, progress=progress)
    slow.set()
    assert time.monotonic() - began < 20
    assert not list((tmp_path / "sets").iterdir())
    monkeypatch.undo()
    assert made(sources_of_images(*batch(3)), tmp_path, store).reused >= 2


def test_masks_lie_beside_pictures_or_in_their_alpha(tmp_path, store):
    folder = tmp_path / "pictures"
    (folder / "masks").mkdir(parents=True)
    for n, mask_file in enumerate(("a_mask.png", "masks/b.png")):
        picture, mask = scene(n)
        to_pillow(picture).save(folder / f"{'ab'[n]}.jpg")
        to_pillow(mask).save(folder / mask_file)
    picture, mask = scene(2)
    image = to_pillow(picture)
    image.putalpha(to_pillow(mask))
    image.save(folder / "c.png")
    to_pillow(picture).save(folder / "d.png")
    (folder / "e.png").write_bytes(b"no picture")
    Image.composite(image, Image.new("RGBA", image.size), image.getchannel("A")).save(folder / "f.png")
    sources, left_out = sources_in(folder)
    result = made(sources, tmp_path, store, left_out=left_out)
    reasons = {fault.id: fault.reason for fault in result.groups.faults}
    assert [group.id for group in result.groups.groups] == ["a", "b", "c"]
    assert "d_mask.png" in reasons["d"]
    assert "not a picture" in reasons["e"]
    assert "no scene around" in reasons["f"]


@pytest.mark.parametrize(
    "images, masks, folder, said",
    [
        (None, None, None, "no picture"),
        (None, [torch.zeros(1, 4, 4)], None, "masks and no images"),
        ([torch.zeros(2, 4, 4, 3)], [torch.zeros(1, 4, 4)], None, "1 masks for 2 pictures"),
    ],
)
def test_what_does_not_fit_together_is_refused(images, masks, folder, said):
    with pytest.raises(TroupeError, match=said):
        gathered(images, masks, folder)


@pytest.mark.parametrize("name", ["../up", "a/b", "C:x", "..", "", " . "])
def test_a_name_is_no_path(name):
    with pytest.raises(TroupeError):
        set_name(name)


def test_only_a_deleted_set_changes_the_fingerprint(tmp_path, store):
    root = tmp_path / "sets"
    seen = [set_fingerprint(root, "set")]
    result = made(sources_of_images(*batch(1)), tmp_path, store)
    seen.append(set_fingerprint(root, "set"))
    (result.groups.root / "groups.json").unlink()
    gone = [set_fingerprint(root, "set") for _ in range(2)]
    assert seen == ["0", "0"] and gone == ["1", "1"]


def test_what_killed_runs_left_goes_after_a_day(tmp_path):
    for name, age in ((".making-old", 90_000), (".making-new", 60)):
        (tmp_path / "sets" / name / "pictures").mkdir(parents=True)
        os.utime(tmp_path / "sets" / name, (time.time() - age,) * 2)
    make_set(sources_of_images(*batch(1)), QUICK, tmp_path / "sets" / "kitchen", Store(tmp_path / "store"))
    assert sorted(os.listdir(tmp_path / "sets")) == [".making-new", "kitchen"]


def test_files_that_vanish_while_they_are_written_are_no_set(tmp_path):
    def tidy_up(done, total, name):
        for picture in (tmp_path / "sets").rglob("picture 0001_*.png"):
            picture.unlink()

    with pytest.raises(TroupeError, match="files vanished.*run again"):
        make_set(
            sources_of_images(*batch(3)), QUICK, tmp_path / "sets" / "kitchen", Store(tmp_path / "store"),
            progress=tidy_up,
        )  # fmt: skip
    assert os.listdir(tmp_path / "sets") == []
