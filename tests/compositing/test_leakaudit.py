"""A smooth repair is found, a copied one is not, and the audit says how sure it is."""

import pytest
import torch

from troupe.models.compositing.groups.group import GroupPixels
from troupe.models.compositing.groups.holes import hole_of
from troupe.models.compositing.groups.leakattack import Attack
from troupe.models.compositing.groups.leakaudit import LeakAudit, leak_audit
from troupe.models.compositing.groups.making import MakeSettings, make_group
from troupe.models.compositing.groups.masks import blurred
from troupe.models.errors import TroupeError
from troupe.models.geometry import Box

COUNT = 20
PLAIN = MakeSettings(decoys=0, degrade=False)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def scene(seed):
    """Grain over clouds, rounded to 8 bits as a file is, and an upright thing somewhere in it."""
    draw = seeded(seed)
    clouds = blurred(torch.rand(96, 128, 3, generator=draw), 4) * 3 - 1
    picture = (clouds + 0.2 * torch.rand(96, 128, 3, generator=draw)).clamp(0, 1)
    mask = torch.zeros(96, 128)
    top, left = (int(torch.randint(low, high, (), generator=draw)) for low, high in ((10, 62), (10, 104)))
    mask[top : top + 24, left : left + 14] = 1
    return (picture * 255).round() / 255, mask


def smoothly_filled(picture, hole):
    """The harmonic fill: every pixel becomes the mean of its neighbours, as inpainting tends to."""
    filled = picture.clone()
    filled[hole] = picture[~hole].mean(0)
    for _ in range(100):
        around = torch.stack([filled.roll(step, axis) for axis in (0, 1) for step in (-1, 1)]).mean(0)
        filled = torch.where(hole[..., None], around, picture)
    return (filled * 255).round() / 255


def smooth_group(seed, decoys=()):
    """`decoys`: how far to the right the same hole is repaired once more."""
    picture, mask = scene(seed)
    hole = hole_of(mask > 0.5, PLAIN.shadow_growth)
    group = make_group(picture, mask, PLAIN, seeded(seed))
    holes = torch.stack([hole.roll(step, 1) for step in (0, *decoys)]).any(0)
    return group._replace(background=smoothly_filled(picture, holes))


def copied_group(seed, settings=PLAIN):
    return make_group(*scene(seed), settings, seeded(seed))


def audited(make):
    return leak_audit((str(seed), make(seed)) for seed in range(COUNT))


@pytest.fixture(scope="module")
def smooth():
    return audited(smooth_group)


def test_a_smooth_fill_is_found(smooth):
    assert smooth.hit_rate > 0.8
    assert smooth.leaks and smooth.verdict.startswith("Warning")
    assert smooth.control_rate < 0.3


def test_a_copied_fill_is_not_found():
    audit = audited(copied_group)
    assert audit.hit_rate < 0.2


def test_decoys_hide_even_a_smooth_fill(smooth):
    """Three more places that are as smooth: the attack draws a lottery ticket."""
    assert audited(lambda seed: smooth_group(seed, decoys=(32, 64, 96))).hit_rate < 0.65 * smooth.hit_rate


def test_chance_is_the_share_of_places_that_would_be_hits():
    """A thing as large as the picture can lie in one place only: it is always found, and that says nothing."""
    picture = torch.rand(20, 30, 3, generator=seeded())
    whole = GroupPixels(torch.ones(20, 30, 4), picture, picture, Box(0, 0, 30, 20))
    audit = leak_audit([("whole", whole)])
    assert (audit.hit_rate, audit.chance, audit.ratio) == (1, 1, 1)
    assert audited(copied_group).chance < 0.1


def test_a_box_that_leaves_the_picture_is_audited_by_what_is_inside():
    picture = torch.rand(64, 96, 3, generator=seeded())
    group = GroupPixels(torch.ones(20, 20, 4), picture, picture, Box(-10, 50, 10, 70))
    assert list(leak_audit([("cut", group)]).backgrounds) == ["cut"]


def test_large_pictures_are_audited_at_256_pixels():
    small = smooth_group(0)
    grown = {name: getattr(small, name).repeat_interleave(4, 0).repeat_interleave(4, 1) for name in small._fields[:3]}
    large = GroupPixels(**grown, box=Box(*(4 * side for side in small.box)))
    assert leak_audit([("large", large)]).backgrounds["large"].chance < 0.1


def with_hits(hits, count, chance=0.05):
    attacks = {str(number): Attack(number < hits, chance) for number in range(count)}
    return LeakAudit(attacks, attacks)


@pytest.mark.parametrize(
    "hits, count, ratio, warned, sure",
    [
        (0, 100, 0.0, False, True),
        (5, 100, 1.0, False, True),
        (9, 100, 1.8, False, False),
        (12, 100, 2.4, True, False),
        (80, 100, 16.0, True, True),
        (1, 4, 5.0, True, False),
        (0, 3, 0.0, False, False),
    ],
)
def test_the_verdict_warns_above_twice_chance_and_tells_when_groups_are_too_few(hits, count, ratio, warned, sure):
    audit = with_hits(hits, count)
    assert audit.ratio == pytest.approx(ratio)
    assert audit.leaks == warned
    assert ("too few" in audit.verdict) != sure


def test_more_groups_make_it_surer():
    assert with_hits(5, 100).standard_error > 2 * with_hits(50, 1000).standard_error
    # sqrt(p (1 - p) / n) / chance, with p = 51 / 1002
    assert with_hits(50, 1000).standard_error == pytest.approx(0.139, abs=0.001)


def test_the_report_has_all_figures():
    report = with_hits(9, 100).report()
    for figure in ("100", "9.0%", "5.0%", "1.80 +- 0.59", "No leak"):
        assert figure in report


def test_nothing_to_audit_is_said():
    with pytest.raises(TroupeError, match="no composite group to audit"):
        leak_audit([])
