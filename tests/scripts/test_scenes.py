"""Drawn scenes obey perspective: where a thing stands settles how large it is; only its surroundings change with it."""

from collections import Counter

import numpy as np
import pytest
import torch

from troupe.models.compositing.groups.group import GroupPixels
from troupe.models.geometry import Box, Size
from troupe.scripts.compositing.scenes import Scenes, scene, scene_group, scene_groups, see_through
from troupe.scripts.compositing.scenes.brush import Drawn
from troupe.scripts.compositing.scenes.camera import Camera
from troupe.scripts.compositing.scenes.framing import any_box, framed
from troupe.scripts.compositing.scenes.light import Light, cast_shadow
from troupe.scripts.compositing.scenes.paste import Ground, fitted, put, shadow
from troupe.scripts.compositing.scenes.scene import PLACES
from troupe.scripts.compositing.scenes.things import BY_KIND, THINGS, any_thing

SMALL = Size(96, 72)


@pytest.fixture(scope="module")
def many():
    return [scene(seed, SMALL) for seed in range(60)]


def standing(scenes):
    return [s for s in scenes if s.camera is not None and BY_KIND[s.kind].lane != "sky"]


def test_a_group_has_the_shapes_it_promises(many):
    for s in many:
        foreground, background, composite, box = s.group
        assert background.shape == composite.shape == (72, 96, 3)
        assert foreground.shape[2] == 4 and foreground.dtype == background.dtype == torch.float32
        assert box == box.clipped(SMALL) and min(box.size) > 0
        for picture in s.group[:3]:
            assert 0 <= float(picture.min()) and float(picture.max()) <= 1


def test_the_foreground_fills_its_picture_to_the_edges(many):
    for s in many:
        solid = s.group.foreground[..., 3] > 0.1
        assert solid[0].any() and solid[-1].any() and solid[:, 0].any() and solid[:, -1].any()


def test_what_stands_on_the_ground_has_its_foot_below_the_horizon(many):
    assert len(standing(many)) > 30
    for s in standing(many):
        assert s.group.box.bottom > s.camera.horizon, s.kind


def test_the_height_of_a_box_is_the_things_own_height_at_its_foot(many):
    for s in standing(many):
        metre = s.camera.metre_at(s.group.box.bottom)
        assert s.group.box.size.height / metre == pytest.approx(s.tall, rel=1e-6), s.kind
        low, high = BY_KIND[s.kind].height
        assert low <= s.tall <= high


@pytest.mark.parametrize("far_row, near_row", [(60, 70), (45, 90), (41, 42)])
def test_farther_up_is_smaller_for_one_thing_and_one_camera(far_row, near_row):
    camera = Camera(160, 100, horizon=40, vanish=80, eye=1.6, focal=150)
    assert camera.depth_at(far_row) > camera.depth_at(near_row)
    assert 1.8 * camera.metre_at(far_row) < 1.8 * camera.metre_at(near_row)


def test_the_horizon_cuts_everybody_at_the_height_of_the_eye():
    camera = Camera(160, 100, horizon=40, vanish=80, eye=1.6, focal=150)
    for z in (3.0, 7.0, 30.0):
        _, foot = camera.foot(1.0, z)
        assert foot - 1.6 * camera.metre_at(foot) == pytest.approx(40)
        assert camera.depth_at(foot) == pytest.approx(z)


def test_the_picture_is_equal_to_the_bit_outside_of_the_effect(many):
    for s in many:
        apart = (s.group.background != s.group.composite).any(dim=2).numpy()
        assert not apart[s.changed == 0].any(), s.kind
        assert apart.any()


def test_shadows_darken_the_ground_under_a_thing():
    drops = []
    for s in (scene(seed, SMALL) for seed in range(200, 240)):
        if s.camera is None or BY_KIND[s.kind].lane in ("sky", "water"):
            continue
        _, background, composite, box = s.group
        ring = (s.changed > 0.1) & (s.changed < 0.9)
        ring[: box.bottom - 3] = False
        if ring.sum() > 3:
            drops.append(float((composite - background)[torch.from_numpy(ring)].mean()))
    assert len(drops) > 10 and np.mean(drops) < -0.02


@pytest.mark.parametrize("right", [-1, 1])
def test_a_shadow_falls_away_from_the_light(right):
    toward = np.array([0.6 * right, 0.6, 0.5], np.float32)
    light = Light(toward, np.ones(3), np.ones(3), 1.0)
    box = Box(40, 20, 60, 60)
    cover = cast_shadow(np.ones((40, 20), np.float32), box, (100, 100), light, 0.4, 60.0)
    y, x = (float((cover * axis).sum() / cover.sum()) for axis in np.mgrid[0:100, 0:100])
    assert (x - 50) * right < -3
    assert y < 60  # the light is on our side of the thing, its shadow beyond


def a_pane(clear: float) -> Drawn:
    """A pale square that lets `clear` of the light through."""
    full = np.ones((40, 40), np.float32)
    return Drawn(np.full((40, 40, 3), 0.8, np.float32), full, full, 0.0, clear * full if clear else None)


def test_through_a_clear_thing_one_sees_what_is_behind_it():
    behind = np.zeros((20, 20, 3), np.float32)
    behind[:, 10:] = 0.6
    lit = np.full((40, 40, 3), 0.5, np.float32)
    assert see_through.shown(a_pane(0), lit, behind) is lit
    half, most = (see_through.shown(a_pane(clear), lit, behind) for clear in (0.5, 0.9))
    contrast = [float(picture[:, 30:].mean() - picture[:, :10].mean()) for picture in (half, most)]
    assert 0.1 < contrast[0] < contrast[1] < 0.6


def test_the_shadow_of_a_clear_thing_is_weaker():
    light, box = Light(np.array([0.6, 0.6, 0.5], np.float32), np.ones(3), np.ones(3), 1.0), Box(40, 20, 60, 60)
    scene_, rng = np.full((100, 100, 3), 0.5, np.float32), np.random.default_rng(0)
    pane = a_pane(0.9)
    colours, alpha = fitted(pane.rgb, pane.alpha, *box.size)
    solid = see_through.solid(pane, *box.size)
    outside = np.ones((100, 100), bool)
    outside[20:60, 40:60] = False
    dark, pale = (
        (scene_ - put(scene_, colours, alpha, box, light, Ground(0.3), rng, s)[0])[outside].sum() for s in (None, solid)
    )
    assert 0 < pale < 0.5 * dark


def test_two_lamps_throw_two_weaker_shadows():
    left, right = (np.array([x, 0.6, 0.5], np.float32) for x in (-0.6, 0.6))
    light, box, solid = Light(left, np.ones(3), np.ones(3), 1.0), Box(40, 20, 60, 60), np.ones((40, 20), np.float32)
    one, two = (shadow(solid, box, (100, 100), lamp, Ground(0.4))[1] for lamp in (light, light._replace(second=right)))
    middle = box.bottom - 8
    assert one[:middle, 62:].max() > 0.9 and one[:middle, :38].max() < 0.05
    assert 0.3 < two[:middle, :38].max() < two[:middle, 62:].max() < 0.7


def test_a_touch_of_light_leaves_little_shadow_at_the_foot():
    light, box, solid = Light(np.array([0, 1, 0]), np.ones(3), np.ones(3), 0.0), Box(40, 20, 60, 60), np.ones((40, 20))
    full, faint = (shadow(solid, box, (100, 100), light._replace(touch=t), Ground(0.3))[0] for t in (1.0, 0.3))
    assert faint.max() == pytest.approx(0.3 * full.max()) and full.max() > 0.5


def test_the_same_number_is_the_same_scene_and_others_are_not():
    first, again, other = scene_group(7, SMALL), scene_group(7, SMALL), scene_group(8, SMALL)
    assert all(torch.equal(a, b) for a, b in zip(first[:3], again[:3], strict=True)) and first.box == again.box
    assert not torch.equal(first.background, other.background)


def test_drawing_leaves_the_global_random_numbers_alone():
    np.random.seed(3)
    before = np.random.get_state()[1].copy()
    scene_group(5, SMALL)
    assert (np.random.get_state()[1] == before).all()


def test_scenes_are_counted_named_and_numbered():
    scenes = Scenes(3, seed=11)
    named = dict(scene_groups(3, seed=11))
    assert len(scenes) == len(named) == 3
    for group, i in zip(named.values(), range(3), strict=True):
        assert isinstance(group, GroupPixels) and torch.equal(group.composite, scenes[i].composite)
    with pytest.raises(IndexError):
        scenes[3]


def test_every_kind_occurs_and_people_in_nearly_every_second_picture():
    rng = np.random.default_rng(0)
    drawn = Counter(any_thing(rng).kind for _ in range(6000))
    assert set(drawn) == {t.kind for t in THINGS if t.share}
    people = sum(n for kind, n in drawn.items() if "person" in kind or kind == "child")
    assert 0.4 < people / 6000 < 0.55


@pytest.mark.parametrize("thing", THINGS, ids=lambda t: t.kind)
def test_every_kind_can_be_drawn_and_framed_wherever_it_belongs(thing):
    rng = np.random.default_rng(1)
    drawn = thing.draw(rng, 64)
    assert drawn.rgb.shape == (*drawn.alpha.shape, 3) and drawn.alpha.max() == 1
    for name in sorted(set(thing.places) & set(PLACES)):
        found = [
            framed(rng, Size(256, 192), thing, drawn.aspect, np.mean(thing.height), PLACES[name]) for _ in range(12)
        ]
        assert any(found), name


def test_photographers_fill_about_half_of_the_frame(many):
    boxes = [s.group.box for s in many]
    scales = [max(b.size.width / 96, b.size.height / 72) for b in boxes]
    assert 0.35 < np.median(scales) < 0.55
    assert 0.07 < min(scales) and max(scales) < 1.0
    middles = [b.centre[0] / 96 for b in boxes]
    assert abs(np.mean(middles) - 0.5) < 0.08 and 0.08 < np.std(middles) < 0.25


def test_a_box_keeps_its_things_proportions_inside_the_frame():
    rng = np.random.default_rng(2)
    for aspect in (0.3, 1.0, 3.0):
        for box in filter(None, (any_box(rng, Size(256, 192), aspect) for _ in range(50))):
            assert box == box.clipped(Size(256, 192))
            assert box.size.width / box.size.height == pytest.approx(aspect, rel=0.2)


def test_the_foregrounds_resolution_says_nothing_about_its_size_in_the_scene(many):
    shown = [max(s.group.box.size) for s in many]
    given = [max(s.group.foreground.shape[:2]) for s in many]
    assert abs(np.corrcoef(shown, given)[0, 1]) < 0.3
