"""A picture and a mask become a group, and the background differs from the composite where the object was only."""

from dataclasses import replace

import pytest
import torch

from troupe.models.compositing.groups.degrading import degraded
from troupe.models.compositing.groups.group import GroupFault
from troupe.models.compositing.groups.holes import hole_of
from troupe.models.compositing.groups.making import MakeSettings, made_groups, make_group
from troupe.models.compositing.groups.manifest import read_manifest
from troupe.models.compositing.groups.writing import NamedGroup, write_groups
from troupe.models.errors import TroupeError
from troupe.models.geometry import Box

PLAIN = MakeSettings(decoys=0, degrade=False)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def scene(left=70, seed=0):
    """Bright grain with a dark thing in it."""
    picture = 0.4 + 0.5 * torch.rand(80, 128, 3, generator=seeded(seed))
    mask = torch.zeros(80, 128)
    mask[36:56, left : left + 8] = 1
    picture[mask > 0.5] *= 0.2
    return picture, mask


def made(settings, seed=0, **more):
    return make_group(*scene(), settings, seeded(seed), **more)


# Laws


@pytest.mark.parametrize("decoys", [0, 3])
def test_outside_of_the_hole_background_and_composite_are_equal_to_the_last_bit(decoys):
    settings = replace(PLAIN, decoys=decoys)
    group = made(settings)
    hole = hole_of(scene()[1] > 0.5, settings.shadow_growth)
    assert torch.equal(group.background[~hole], group.composite[~hole])
    assert not torch.equal(group.background[hole], group.composite[hole])


def test_the_object_stays_in_the_composite_and_leaves_the_background():
    picture, mask = scene()
    group = made(replace(PLAIN, decoys=3))
    thing = mask > 0.5
    assert torch.equal(group.composite[thing], picture[thing])
    assert group.background[thing].min() > 0.25 > group.composite[thing].max()


def test_without_decoys_the_composite_is_the_picture():
    assert torch.equal(made(PLAIN).composite, scene()[0])


def test_the_cutout_laid_into_its_box_gives_the_object():
    group = made(PLAIN)
    assert group.box == Box(70, 36, 78, 56)
    alpha = group.foreground[..., 3:]
    place = (slice(36, 56), slice(70, 78))
    laid = group.foreground[..., :3] * alpha + group.background[place] * (1 - alpha)
    assert (laid - group.composite[place])[alpha[..., 0] == 1].abs().max() < 1e-6


def test_a_group_depends_on_its_id_and_the_seed_but_not_on_its_neighbours():
    pictures = [(f"thing {n}", *scene(left=30 + 10 * n, seed=n)) for n in range(3)]
    settings = MakeSettings(decoys=2)
    forward = {group.id: group.pixels for group in made_groups(pictures, settings)}
    backward = {group.id: group.pixels for group in made_groups(reversed(pictures), settings)}
    alone = next(made_groups(pictures[1:2], settings)).pixels
    for one, other in ((forward["thing 0"], backward["thing 0"]), (forward["thing 1"], alone)):
        assert all(torch.equal(a, b) for a, b in zip(one[:3], other[:3], strict=True))
    another = next(made_groups(pictures[1:2], replace(settings, seed=1))).pixels
    assert not torch.equal(alone.background, another.background)


def test_what_came_in_is_not_changed():
    picture, mask = scene()
    before = picture.clone(), mask.clone()
    make_group(picture, mask, MakeSettings(), seeded())
    assert torch.equal(picture, before[0]) and torch.equal(mask, before[1])


# Every setting does something


def test_decoys_touch_the_composite_elsewhere():
    changed = (made(replace(PLAIN, decoys=2)).composite != scene()[0]).any(-1)
    assert changed.any() and not changed[30:60, 60:88].any()


def test_shadow_growth_widens_the_hole_at_the_foot():
    def changed(growth):
        group = made(replace(PLAIN, shadow_growth=growth))
        return (group.background != group.composite).any(-1)

    assert changed(0.5).sum() > changed(0.0).sum()
    assert changed(0.5)[66:].any() and not changed(0.0)[66:].any()


def test_degrading_spoils_both_alike():
    """JPEG mixes what is less than three blocks of 8 pixels apart; beyond, both are equal to the last bit."""
    clean, spoilt = made(PLAIN), made(replace(PLAIN, degrade=True))
    assert torch.equal(spoilt.background[:, :32], spoilt.composite[:, :32])
    assert not torch.equal(spoilt.composite[:, :32], clean.composite[:, :32])


def test_degrading_follows_its_seed():
    picture = scene()[0]
    (one,), (same,), (other,) = (degraded((picture,), seeded(seed)) for seed in (1, 1, 2))
    assert torch.equal(one, same) and not torch.equal(one, other)


@pytest.mark.parametrize(
    "limits, said",
    [
        ({"least_area": 0.1}, "The object is too small: it covers 1.6% of the picture. Objects of 10.0% to 60%"),
        ({"most_area": 0.01}, "The object is too large: it covers 1.6% of the picture. Objects of 0.2% to 1%"),
    ],
)
def test_the_object_must_be_neither_too_small_nor_too_large(limits, said):
    with pytest.raises(TroupeError, match=said):
        made(replace(PLAIN, **limits))


@pytest.mark.parametrize(
    "wrong", [{"decoys": -1}, {"decoys": 33}, {"shadow_growth": -0.1}, {"least_area": 0.7}, {"most_area": 1.2}]
)
def test_settings_out_of_range_are_named(wrong):
    with pytest.raises(TroupeError, match="A setting is out of range"):
        MakeSettings(**wrong)


# Many pictures


def test_a_bad_picture_is_a_fault_and_the_rest_goes_on():
    picture, mask = scene()
    pictures = [
        ("good", picture, mask),
        ("empty", picture, torch.zeros_like(mask)),
        ("other size", picture, mask[:-1]),
        ("not a number", picture * torch.nan, mask),
        ("all of it", picture, torch.ones_like(mask)),
        ("good, too", picture, mask),
    ]
    results = list(made_groups(pictures, PLAIN))
    assert [result.id for result in results] == [id_ for id_, *_ in pictures]
    assert [isinstance(result, NamedGroup) for result in results] == [True, False, False, False, False, True]
    reasons = [result.reason for result in results if isinstance(result, GroupFault)]
    for reason, said in zip(reasons, ["empty", "differ in size", "no numbers", "too large"], strict=True):
        assert said in reason


def test_progress_comes_before_each_picture_and_may_stop_it_all():
    class Stop(BaseException):
        pass

    seen = []

    def progress(done, total, name):
        seen.append((done, total, name))
        if done == 1:
            raise Stop

    pictures = [(name, *scene()) for name in "abc"]
    groups = made_groups(pictures, PLAIN, progress)
    assert next(groups).id == "a"
    with pytest.raises(Stop):
        next(groups)
    assert seen == [(0, 3, "a"), (1, 3, "b")]


def test_made_groups_can_be_written_and_read_back(tmp_path):
    written = write_groups(tmp_path / "made", made_groups([("thing", *scene())], MakeSettings(decoys=1)))
    assert read_manifest(tmp_path / "made") == written
    assert [group.id for group in written.groups] == ["thing"]
