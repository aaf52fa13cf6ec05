"""From a box and the networks to the composite: alone, in batches, the best of several, one before another."""

import pytest
import torch

from troupe.models.compositing.composing.carry import carry
from troupe.models.compositing.composing.compose import (
    Thing,
    compose,
    compose_candidates,
    compose_in_turn,
    compose_many,
    far_to_near,
)
from troupe.models.compositing.composing.plausibility import denoising_error, log_probability, plausibilities, rank
from troupe.models.compositing.composing.predict import Placing, predict_field, predict_fields
from troupe.models.compositing.composing.settings import ComposeSettings
from troupe.models.compositing.grid import CELLS, SCALES, Frame
from troupe.models.compositing.locating import located_in
from troupe.models.compositing.networks.position import Located
from troupe.models.errors import TroupeError
from troupe.models.geometry import Size

QUICK = ComposeSettings(steps=2)


def composed(model, scene, settings=QUICK):
    located = located_in(model, scene.background, scene.foreground)
    return compose(model, scene.background, scene.foreground, scene.box, located, settings)


def field_of(model, scene, settings=QUICK):
    located = located_in(model, scene.background, scene.foreground)
    return predict_field(model, scene.background, scene.foreground, scene.box, located, settings)


def thing_at(x, y, colour):
    foreground = torch.tensor([*colour, 1.0]).expand(20, 20, 4).clone()
    return Thing(foreground, Frame(x, y, x + 40, y + 40))


def test_a_composite_has_the_backgrounds_size_and_says_where_the_thing_is(telling_model, scene):
    made = composed(telling_model, scene)
    assert made.image.shape == scene.background.shape and made.mask.shape == made.effect.shape == (150, 200)
    assert made.box == scene.box
    assert torch.isfinite(made.image).all() and torch.isfinite(torch.tensor(made.plausibility))
    assert made.mask[70, 100] == 1 and made.mask[10, 10] == 0


def test_all_strengths_at_0_are_the_plain_paste(telling_model, scene, fields):
    made = composed(telling_model, scene, ComposeSettings(0, 0, 0, steps=2))
    assert torch.equal(made.image, carry(*scene[:3], fields.even(), scene.window).image)


@pytest.mark.parametrize("name", ["colour", "shadow", "edge"])
def test_each_strength_changes_the_picture(telling_model, scene, name):
    without = composed(telling_model, scene, ComposeSettings(steps=2, **{name: 0.0}))
    assert not torch.equal(without.image, composed(telling_model, scene).image)


def test_one_seed_makes_one_picture_and_another_another(telling_model, scene):
    first, again = (composed(telling_model, scene) for _ in range(2))
    assert torch.equal(first.image, again.image) and first.plausibility == again.plausibility
    assert not torch.equal(first.image, composed(telling_model, scene, ComposeSettings(steps=2, seed=1)).image)


def test_steps_are_counted_and_change_the_field(telling_model, scene):
    seen = []
    located = located_in(telling_model, scene.background, scene.foreground)
    placing = Placing(*scene[:3], located)
    predict_fields(telling_model, [placing] * 17, QUICK, lambda done, total, name: seen.append((done, total)))
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4)], "two groups of two steps"
    two, three = field_of(telling_model, scene), field_of(telling_model, scene, ComposeSettings(steps=3))
    assert not torch.allclose(two.field, three.field)


def test_cancelling_passes_through(model, scene):
    class Cancelled(BaseException):
        pass

    def cancel(done, total, name):
        raise Cancelled

    located = located_in(model, scene.background, scene.foreground)
    with pytest.raises(Cancelled):
        compose(model, *scene[:3], located, QUICK, cancel)


def test_the_view_holds_the_place_map_and_the_thing(model, scene):
    found = field_of(model, scene)
    assert found.field.shape == (4, 64, 64) and found.window == scene.window
    assert found.view.place.max() == pytest.approx(1, abs=1e-3)
    assert found.view.alpha.max() == pytest.approx(1, abs=1e-3)


def test_together_or_alone_the_field_is_the_same(telling_model, scene):
    """Sizes may differ: the views do not."""
    small = scene.background[:100, :160]
    placings = [
        Placing(*scene[:3], located_in(telling_model, *scene[:2])),
        Placing(small, scene.foreground, Frame(5, 5, 45, 65), located_in(telling_model, small, scene.foreground)),
    ]
    together = predict_fields(telling_model, placings, QUICK)
    for placing, found in zip(placings, together, strict=True):
        torch.testing.assert_close(found.field, predict_field(telling_model, *placing, QUICK).field, atol=1e-4, rtol=0)
    images = [each.image.shape for each in compose_many(telling_model, placings, QUICK)]
    assert images == [(150, 200, 3), (100, 160, 3)]


def test_candidates_come_the_most_plausible_first(telling_model, scene):
    boxes = [Frame(x, 40, x + 40, 100) for x in (5.0, 60.0, 150.0)]
    located = located_in(telling_model, scene.background, scene.foreground)
    made = list(compose_candidates(telling_model, *scene[:2], boxes, located, QUICK))
    assert {each.box for each in made} == set(boxes)
    figures = [each.plausibility for each in made]
    assert figures == sorted(figures, reverse=True) and len(set(figures)) == 3
    again = list(compose_candidates(telling_model, *scene[:2], boxes[::-1], located, QUICK))
    assert [each.box for each in again] == [each.box for each in made]


def located_with(peak, others=0.0):
    logits = torch.full((1, SCALES, CELLS, CELLS), others)
    logits[(0, *peak)] = 9.0
    return Located(logits, torch.zeros(1, 3, CELLS, CELLS), torch.zeros(1, 256, 192))


def test_a_likelier_place_is_more_plausible_and_an_impossible_one_is_still_a_figure():
    box, size = Frame(80, 40, 120, 100), Size(200, 150)  # foot in the middle, two thirds down, scale 0.4
    cell = (10, 42, 32)
    likely = log_probability(located_with(cell), box, size)
    assert likely > log_probability(located_with((0, 0, 0)), box, size)
    nowhere = log_probability(located_with((0, 0, 0), -torch.inf), box, size)
    assert nowhere == pytest.approx(torch.tensor(1e-9).log().item())


def test_a_field_that_the_network_expects_has_the_lesser_error(model, scene):
    """A network that says v = 0 expects fields near 0."""
    found = field_of(model, scene)
    fused = located_in(model, *scene[:2]).fused
    errors = [denoising_error(model, found.view, torch.full((4, 64, 64), s), fused) for s in (0.0, 1.0, 3.0)]
    assert errors[0] < errors[1] < errors[2]


def test_plausibility_is_the_formula(model, scene):
    placing = Placing(*scene[:3], located_in(model, *scene[:2]))
    found = predict_field(model, *placing, QUICK)
    error = torch.tensor(denoising_error(model, found.view, found.field, placing.located.fused))
    wanted = log_probability(placing.located, scene.box, Size(200, 150)) - 2 * error.clamp(min=1e-6).log().item()
    assert plausibilities(model, [placing], [found]) == [pytest.approx(wanted, abs=1e-5)]


def test_rank_puts_the_highest_first_and_equals_in_their_order():
    assert rank([0.5, 2.0, 0.5, -1.0]) == [1, 0, 2, 3]


def test_the_nearer_thing_hides_the_farther_one(model):
    ground = torch.full((100, 100, 3), 0.5)
    red, blue = thing_at(20, 50, (1.0, 0, 0)), thing_at(40, 30, (0, 0, 1.0))
    assert far_to_near([red, blue]) == [1, 0]
    first, second = compose_in_turn(model, ground, [red, blue], ComposeSettings(0, 0, 0, steps=1))
    assert torch.equal(first.image, second.image)
    torch.testing.assert_close(first.image[60, 50], torch.tensor([1.0, 0, 0]))
    torch.testing.assert_close(first.image[40, 70], torch.tensor([0, 0, 1.0]))
    assert first.mask[60, 50] == 1 and second.mask[60, 50] == 0, "what is hidden is not in the mask"
    assert (first.box, second.box) == (red.box, blue.box)


def test_the_next_thing_sees_the_former_one(telling_model):
    ground = torch.full((100, 100, 3), 0.5)
    red, blue = thing_at(20, 50, (1.0, 0, 0)), thing_at(40, 30, (0, 0, 1.0))
    together = compose_in_turn(telling_model, ground, [red, blue], QUICK)
    behind = compose(telling_model, ground, *blue, located_in(telling_model, ground, blue.foreground), QUICK)
    wanted = compose(telling_model, behind.image, *red, located_in(telling_model, behind.image, red.foreground), QUICK)
    assert torch.equal(together[0].image, wanted.image)


def test_an_empty_mask_and_a_box_that_misses_are_refused_before_any_work(model, scene):
    located = located_in(model, *scene[:2])
    empty = scene.foreground * torch.tensor([1.0, 1, 1, 0])
    with pytest.raises(TroupeError, match="mask is empty"):
        compose(model, scene.background, empty, scene.box, located, QUICK)
    with pytest.raises(TroupeError, match="outside of the background"):
        compose(model, *scene[:2], Frame(300, 0, 340, 60), located, QUICK)


@pytest.mark.parametrize(
    "wrong", [{"colour": -0.1}, {"shadow": 2.5}, {"edge": float("nan")}, {"steps": 0}, {"steps": 101}]
)
def test_settings_out_of_range_are_refused_by_name(wrong):
    with pytest.raises(TroupeError, match="out of range"):
        ComposeSettings(**wrong)
