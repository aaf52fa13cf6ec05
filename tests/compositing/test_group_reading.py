"""Groups as pixels: cut out by a mask or read with alpha, at the background's exposure, shrunk as a whole."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from PIL import Image

from troupe.models.compositing.groups import reading
from troupe.models.compositing.groups.group import CompositeGroup, GroupPixels, GroupSet
from troupe.models.compositing.groups.manifest import read_manifest
from troupe.models.compositing.groups.reading import GroupFolder, read_group
from troupe.models.compositing.groups.shrinking import resized_cutout, shrunk_group
from troupe.models.compositing.groups.straight import decode_straight
from troupe.models.errors import BadPicture
from troupe.models.geometry import Box, Size

SIZE = (24, 16)
BOX = Box(6, 4, 14, 12)


@pytest.fixture
def group(tmp_path):
    """Noise with a round mask in the box."""
    rng = np.random.default_rng(0)
    for name in ("background", "composite"):
        Image.fromarray(rng.integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8)).save(tmp_path / f"{name}.png")
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    round_mask = np.clip(5 - np.hypot(x - 9.5, y - 7.5), 0, 1)
    Image.fromarray((round_mask * 255).astype(np.uint8)).save(tmp_path / "mask.png")
    files = {name: tmp_path / f"{name}.png" for name in ("background", "composite", "mask")}
    return CompositeGroup("a", box=BOX, **files)


def values(path):
    return torch.from_numpy(np.array(Image.open(path))).float() / 255


def changed(group, **changes):
    return CompositeGroup(**{**group.__dict__, **changes})


# Laws


def test_a_mask_cuts_the_box_out_of_the_composite(group):
    pixels = read_group(group)
    assert pixels.box == BOX and pixels.foreground.shape == (8, 8, 4)
    assert torch.equal(pixels.foreground[..., :3], values(group.composite)[4:12, 6:14])
    assert torch.equal(pixels.foreground[..., 3], values(group.mask)[4:12, 6:14])
    assert all(p.dtype == torch.float32 and p.device.type == "cpu" for p in pixels[:3])


def test_a_box_that_leaves_the_frame_ends_with_it_when_cut_by_a_mask(group):
    pixels = read_group(changed(group, box=Box(-3, 4, 9, 30)))
    assert pixels.box == Box(0, 4, 9, 16) and pixels.foreground.shape == (12, 9, 4)


def test_gain_brings_the_composite_and_what_is_cut_from_it_to_the_background(group):
    gain = (1.5, 1.0, 0.5)
    pixels = read_group(changed(group, gain=gain))
    expected = (values(group.composite) * torch.tensor(gain)).clamp(0, 1)
    assert torch.equal(pixels.composite, expected)
    assert torch.equal(pixels.foreground[..., :3], expected[4:12, 6:14])
    assert torch.equal(pixels.background, values(group.background))


@pytest.mark.parametrize("long_side", [1, 5, 12, 23, 24, 100])
def test_shrinking_keeps_everything_together(group, long_side):
    before, after = read_group(group), read_group(group, long_side)
    height, width = after.background.shape[:2]
    assert max(height, width) == min(long_side, 24) and after.composite.shape == after.background.shape
    assert min(after.box.size) >= 1 and min(after.box.clipped(Size(width, height)).size) >= 1
    factor = width / 24
    wanted = torch.tensor(before.box) * torch.tensor([factor, height / 16] * 2)
    assert (torch.tensor(after.box) - wanted).abs().max() <= 1
    assert after.foreground.shape[:2] == (max(1, round(8 * factor)),) * 2
    if long_side >= 24:
        assert all(torch.equal(a, b) for a, b in zip(before[:3], after[:3], strict=True))


@pytest.mark.parametrize("box", [Box(23, 15, 24, 16), Box(0, 0, 1, 1), Box(-9, -5, 1, 1), Box(22, 0, 90, 1)])
def test_a_small_box_at_the_edge_still_touches_the_shrunk_frame(box):
    pixels = GroupPixels(torch.zeros(3, 3, 4), torch.zeros(16, 24, 3), torch.zeros(16, 24, 3), box)
    for side in range(1, 24):
        small = shrunk_group(pixels, side)
        frame = Size(small.background.shape[1], small.background.shape[0])
        assert min(small.box.clipped(frame).size) >= 1


def test_a_shrunk_cutout_has_nothing_of_its_transparent_colours():
    cutout = torch.zeros(32, 32, 4)
    cutout[..., 1] = 1.0  # green that nobody sees
    cutout[8:24, 8:24] = torch.tensor([1.0, 0.0, 0.0, 1.0])
    small = resized_cutout(cutout, 9, 9)
    seen = small[..., 3] > 0.02
    assert small[seen][:, 1].max() < 1e-3 and small[seen][:, 0].min() > 0.999
    assert small[..., 3].mean() == pytest.approx(0.25, abs=0.01)


# Foregrounds of their own


def test_a_foreground_keeps_its_straight_colours_and_resolution(group, tmp_path):
    rgba = np.random.default_rng(1).integers(0, 256, (20, 30, 4), np.uint8)
    Image.fromarray(rgba).save(tmp_path / "cut.png")
    pixels = read_group(changed(group, foreground=tmp_path / "cut.png", mask=None, box=Box(-3, 4, 9, 12)))
    assert torch.equal((pixels.foreground * 255).round().to(torch.uint8), torch.from_numpy(rgba))
    assert pixels.box == Box(-3, 4, 9, 12)


def test_an_opaque_alpha_channel_is_one_and_rgb_has_none(tmp_path):
    Image.new("RGBA", (2, 2), "red").save(tmp_path / "opaque.png")
    Image.new("RGB", (2, 2), "red").save(tmp_path / "rgb.png")
    assert decode_straight(tmp_path / "opaque.png").alpha.getextrema() == (255, 255)
    assert decode_straight(tmp_path / "rgb.png").alpha is None


def test_a_cutout_that_lies_on_its_side_is_stood_up(tmp_path):
    rgba, exif = Image.new("RGBA", (4, 2)), Image.Exif()
    rgba.putpixel((0, 1), (10, 20, 30, 40))
    exif[0x0112] = 6
    rgba.save(tmp_path / "turned.png", exif=exif)
    colours, alpha = decode_straight(tmp_path / "turned.png")
    assert colours.size == alpha.size == (2, 4)
    assert colours.getpixel((0, 0)) == (10, 20, 30) and alpha.getpixel((0, 0)) == 40


def test_a_palette_with_a_transparent_colour_has_alpha(tmp_path):
    picture = Image.new("P", (2, 1))
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.putpixel((1, 0), 1)
    picture.save(tmp_path / "palette.png", transparency=0)
    colours, alpha = decode_straight(tmp_path / "palette.png")
    assert list(alpha.getdata()) == [0, 255] and colours.getpixel((0, 0)) == (255, 0, 0)


# Bad pictures


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("background.png", b"", "not a picture"),
        ("composite.png", None, "missing"),
        ("composite.png", (23, 16), "the composite has 23x16 pixels, the background 24x16"),
        ("mask.png", (24, 15), "the mask has 24x15 pixels"),
    ],
)
def test_what_changed_since_the_list_was_read_is_said(group, tmp_path, name, content, words):
    if content is None:
        (tmp_path / name).unlink()
    elif isinstance(content, bytes):
        (tmp_path / name).write_bytes(content)
    else:
        Image.new("RGB", content).save(tmp_path / name)
    with pytest.raises(BadPicture, match=words):
        read_group(group)


def test_a_truncated_picture_is_said(group, tmp_path):
    data = (tmp_path / "composite.png").read_bytes()
    (tmp_path / "composite.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(BadPicture, match="damaged or incomplete"):
        read_group(group)


# The folder


def several(group, count=6):
    return GroupSet(tuple(changed(group, id=str(n), gain=(1 - n / 10,) * 3) for n in range(count)))


def counted(monkeypatch):
    """The ids that were decoded, in order."""
    read, decoded = reading.read_group, []

    def counting(group, long_side=None):
        decoded.append(group.id)
        return read(group, long_side)

    monkeypatch.setattr(reading, "read_group", counting)
    return decoded


def equal(a, b):
    return a.box == b.box and all(torch.equal(x, y) for x, y in zip(a[:3], b[:3], strict=True))


def test_a_group_is_the_same_read_or_kept(group):
    folder = GroupFolder(several(group), long_side=13)
    anew = GroupFolder(several(group), long_side=13, cache=0)
    for number in range(6):
        first, second = folder[number], folder[number]
        assert equal(first, second) and equal(first, anew[number])
        assert (first.composite - read_group(folder.groups[number], 13).composite).abs().max() <= 0.51 / 255


def test_what_is_handed_out_may_be_changed(group):
    folder = GroupFolder(several(group))
    before = folder[0].composite.clone()
    folder[0].composite.zero_()
    assert torch.equal(folder[0].composite, before)


def test_a_folder_is_a_sequence(group):
    folder = GroupFolder(several(group))
    assert len(folder) == len(list(folder)) == 6 and equal(folder[-1], folder[5])
    with pytest.raises(IndexError):
        folder[6]


def test_kept_groups_are_not_decoded_again(group, monkeypatch):
    decoded = counted(monkeypatch)
    folder = GroupFolder(several(group))
    for number in (0, 1, 0, 1, 0):
        folder[number]
    assert decoded == ["0", "1"]


def test_the_least_recently_used_goes_first_and_the_bytes_hold(group, monkeypatch):
    decoded = counted(monkeypatch)
    one = 2 * 24 * 16 * 3 + 8 * 8 * 4
    folder = GroupFolder(several(group), cache=2 * one)
    for number in (0, 1, 0, 2, 0, 1):  # 2 pushes 1 out, because 0 was used after it
        folder[number]
    assert decoded == ["0", "1", "2", "1"]
    assert folder._bytes == 2 * one == sum(p.nbytes for kept in folder._kept.values() for p in kept[:3])


def test_a_group_larger_than_the_cache_is_read_and_pushes_nothing_out(group, monkeypatch):
    decoded = counted(monkeypatch)
    folder = GroupFolder(several(group), cache=100)
    folder[0], folder[0]
    assert decoded == ["0", "0"] and folder._bytes == 0


def test_many_threads_may_ask(group):
    folder, expected = GroupFolder(several(group), cache=6000), list(GroupFolder(several(group)))
    start = threading.Barrier(4)

    def ask(seed):
        start.wait()
        order = np.random.default_rng(seed).integers(0, 6, 40)
        return all(equal(folder[int(n)], expected[n]) for n in order)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(4)))
    assert folder._bytes == sum(p.nbytes for kept in folder._kept.values() for p in kept[:3]) <= 6000


# Real ones


def test_the_gain_of_the_shared_plates_brings_the_composite_closer(shared_data):
    plates = shared_data / "plates"
    if not plates.is_dir():
        pytest.skip(f"no plates in {shared_data}")
    groups = [g for g in read_manifest(plates).groups if g.scene == "bottle"]
    assert groups
    better = 0
    for group in groups:
        pixels, plain = read_group(group), read_group(changed(group, gain=(1.0, 1.0, 1.0)))
        assert pixels.foreground[..., 3].max() == 1 and pixels.box == group.box
        far = torch.ones(pixels.background.shape[:2], dtype=torch.bool)
        for box in (group.box.grown(30), *(b.grown(30) for b in group.other_boxes)):
            far[max(box.top, 0) : box.bottom, max(box.left, 0) : box.right] = False
        with_gain, without = ((p.composite - p.background)[far].abs().mean() for p in (pixels, plain))
        better += bool(with_gain <= without + 1e-4)
    assert better >= 0.8 * len(groups)
