"""From pixels to boxes: same input, same answer; wishes are kept; several things make room for one another."""

from itertools import combinations, pairwise

import pytest
import torch

from troupe.models.compositing.config import preset
from troupe.models.compositing.grid import CELLS, SCALES, Position, cell_of, smeared, visible_share
from troupe.models.compositing.locating import located_in
from troupe.models.compositing.measuring.placement import iou
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.networks.position import PositionInput
from troupe.models.compositing.placing.predict import PositionSettings, predict_positions
from troupe.models.compositing.placing.priors import NothingLeft, Priors
from troupe.models.compositing.placing.several import place_several
from troupe.models.compositing.seeing import position_input
from troupe.models.errors import TroupeError

GROUND = Position(0.4, 0.9, 0.4)


@pytest.fixture(scope="module")
def fresh():
    return fresh_model(preset("tiny"))


@pytest.fixture(scope="module")
def opinionated():
    """A model whose heat looks at the picture: as random as its weights, but not uniform."""
    model = fresh_model(preset("tiny"), seed=3)
    noise = torch.Generator().manual_seed(0)
    torch.nn.init.normal_(model.position.heat.weight, std=1.0, generator=noise)
    return model


@pytest.fixture(scope="module")
def grounded(fresh):
    """A model that wants everything at `GROUND`, whatever it sees."""
    model = fresh_model(preset("tiny"))
    with torch.no_grad():
        blur = smeared(cell_of(GROUND), 6, 2)
        for parameter, axes in (("prior_scale", (1, 2)), ("prior_y", (0, 2)), ("prior_x", (0, 1))):
            getattr(model.position, parameter).copy_(blur.sum(axes).clamp(min=1e-6).log())
    return model


def scene(height=48, width=80, seed=0):
    return torch.rand(height, width, 3, generator=torch.Generator().manual_seed(seed))


def thing(height=20, width=10, seed=1):
    pixels = torch.rand(height, width, 4, generator=torch.Generator().manual_seed(seed))
    pixels[..., 3] = 1
    return pixels


# One


def test_the_same_input_gives_the_same_answer(opinionated):
    first, second = (predict_positions(opinionated, scene(), thing(), settings=PositionSettings(k=3)) for _ in range(2))
    assert first.candidates == second.candidates and first.confidence == second.confidence


def test_the_global_generator_is_left_alone(opinionated):
    before = torch.random.get_rng_state()
    predict_positions(opinionated, scene(), thing(), settings=PositionSettings(mode="sample", seed=5))
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_model_in_training_answers_without_dropout_and_trains_on(opinionated):
    quiet = predict_positions(opinionated.eval(), scene(), thing())
    training = predict_positions(opinionated.train(), scene(), thing())
    assert opinionated.position.training
    assert quiet.candidates == training.candidates


def test_the_answer_does_not_depend_on_who_else_is_in_the_batch(opinionated):
    inputs = [position_input(scene(seed=s), thing(), opinionated.config) for s in range(3)]
    alone = located_in(opinionated, scene(seed=1), thing()).log_prob()[0]
    with torch.no_grad():
        together = opinionated.eval().locate(PositionInput(*map(torch.cat, zip(*inputs, strict=True))))
    finite = torch.isfinite(alone)
    assert torch.allclose(alone[finite], together.log_prob()[1][finite], atol=1e-3)


def test_an_untrained_model_finds_no_good_place(fresh):
    prediction = predict_positions(fresh, scene(), thing())
    assert prediction.confidence == pytest.approx(0, abs=1e-6)
    assert not prediction.good and "no good place" in prediction.words


def test_a_prior_alone_is_even_odds_at_most(grounded):
    """It would say the same of any picture."""
    prediction = predict_positions(grounded, scene(), thing())
    assert prediction.candidates[0].position.x == pytest.approx(GROUND.x, abs=0.05)
    assert 0.25 < prediction.confidence <= 0.5


def test_boxes_keep_the_things_shape(opinionated):
    background = scene(480, 800)
    for candidate in predict_positions(
        opinionated, background, thing(30, 10), settings=PositionSettings(k=4)
    ).candidates:
        assert candidate.box.width / candidate.box.height == pytest.approx(1 / 3, rel=1e-4)


def test_enough_of_every_box_is_in_the_frame(opinionated):
    prediction = predict_positions(opinionated, scene(), thing(), settings=PositionSettings(k=8))
    aspect = (10 / 80) / (20 / 48)
    visible = visible_share(torch.tensor([aspect]))[0]
    assert (torch.isfinite(prediction.log_prob) <= (visible >= 0.8)).all()
    for box in prediction.boxes:
        assert box.left < box.right and box.top < box.bottom


@pytest.mark.parametrize(("background", "foreground"), [((1, 1), (1, 1)), ((4, 4), (300, 200)), ((2, 90), (90, 1))])
def test_any_size_will_do(opinionated, background, foreground):
    """A foreground larger than the background is scaled."""
    prediction = predict_positions(opinionated, scene(*background), thing(*foreground))
    assert len(prediction.boxes) == 1
    assert prediction.candidates[0].box.width <= background[1] + 1e-4


def test_no_gradients_are_kept(opinionated):
    assert not predict_positions(opinionated, scene(), thing()).located.fused.requires_grad


# Settings


def test_k_is_how_many(opinionated):
    assert [
        len(predict_positions(opinionated, scene(), thing(), settings=PositionSettings(k=k)).boxes) for k in (1, 4)
    ] == [1, 4]


def test_sampling_follows_its_seed(opinionated):
    settings = [PositionSettings(k=3, temperature=3.0, mode="sample", seed=seed) for seed in (1, 1, 2)]
    first, again, other = (predict_positions(opinionated, scene(), thing(), settings=s).boxes for s in settings)
    assert first == again != other


def test_temperature_lowers_the_first_probability(opinionated):
    cold, hot = (
        predict_positions(opinionated, scene(), thing(), settings=PositionSettings(temperature=t)).candidates[0]
        for t in (0.5, 5.0)
    )
    assert hot.probability < cold.probability


def test_nms_decides_how_much_candidates_may_overlap(opinionated):
    for nms in (0.1, 0.7):
        several = predict_positions(opinionated, scene(), thing(), settings=PositionSettings(k=6, nms=nms)).candidates
        assert max(iou(a.box, b.box) for a, b in combinations(several, 2)) <= nms + 1e-4


def test_a_fixed_size_is_kept(opinionated):
    wishes = Priors(scale_range=(0.25, 0.25))
    for box in predict_positions(opinionated, scene(480, 800), thing(), wishes, PositionSettings(k=3)).candidates:
        assert max(box.box.width / 800, box.box.height / 480) == pytest.approx(0.25)


def test_the_region_decides_against_the_model(grounded):
    region = torch.zeros(48, 80)
    region[:, 60:] = 1
    prediction = predict_positions(grounded, scene(), thing(), Priors(region=region))
    assert prediction.candidates[0].position.x >= 0.75 - 0.5 / CELLS


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"k": 0}, "one box"),
        ({"temperature": 0.0}, "0.01"),
        ({"mode": "worst"}, "best, sample"),
        ({"nms": 1.0}, "0.95"),
    ],
)
def test_settings_that_mean_nothing_are_refused(options, says):
    with pytest.raises(TroupeError, match=says):
        PositionSettings(**options)


# Several


def test_things_make_room_for_one_another(grounded):
    arrangement = place_several(grounded, scene(), [thing(seed=s) for s in range(3)])
    assert len(arrangement.placed) == 3 and not arrangement.left_over
    assert max(iou(a.box, b.box) for a, b in combinations(arrangement.placed, 2)) < 0.15


def test_the_farthest_is_pasted_first(opinionated):
    arrangement = place_several(opinionated, scene(), [thing(seed=s) for s in range(4)])
    feet = [each.box.bottom for each in arrangement.placed]
    assert all(far <= near for far, near in pairwise(feet)) and len(set(feet)) > 1
    assert sorted(each.index for each in arrangement.placed) == [0, 1, 2, 3]


def test_the_first_thing_stands_where_it_would_alone(grounded):
    alone = predict_positions(grounded, scene(), thing()).candidates[0].box
    assert alone in {
        each.box for each in place_several(grounded, scene(), [thing(), thing()]).placed if each.index == 0
    }


def test_what_was_taken_before_stays_free(grounded):
    taken = torch.zeros(48, 80)
    taken[:, 20:44] = 1
    for each in place_several(grounded, scene(), [thing(), thing()], Priors(occupied=taken)).placed:
        shared = max(0, min(each.box.right, 44) - max(each.box.left, 20)) / each.box.width
        assert shared < 0.2


def test_a_thing_without_room_is_left_over_with_the_reason(grounded):
    region = torch.zeros(48, 80)
    region[40:44, 30:34] = 1
    wishes = Priors(region=region, scale_range=(0.5, 0.5))
    arrangement = place_several(grounded, scene(), [thing(), thing(), thing()], wishes)
    assert [each.index for each in arrangement.placed] == [0]
    assert [each.index for each in arrangement.left_over] == [1, 2]
    assert all("No place is left" in each.reason for each in arrangement.left_over)


def test_two_of_a_kind_are_drawn_apart(opinionated):
    """Each foreground has a seed of its own, or equal pictures would race to equal places."""
    settings = PositionSettings(mode="sample", seed=7, k=3)
    first, second = place_several(opinionated, scene(), [thing(), thing()], settings=settings).placed
    assert iou(first.box, second.box) < 0.5
    assert place_several(opinionated, scene(), [thing(), thing()], settings=settings).placed[0].box == first.box


def test_progress_comes_before_each_and_can_cancel(fresh):
    class Cancelled(BaseException):
        pass

    seen = []

    def progress(done, total, name):
        seen.append((done, total, name))
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        place_several(fresh, scene(), [thing()] * 3, progress=progress)
    assert seen == [(0, 3, "foreground 1"), (1, 3, "foreground 2")]


def test_no_place_at_all_says_so(fresh):
    with pytest.raises(NothingLeft, match="because of region"):
        predict_positions(fresh, scene(), thing(), Priors(region=torch.zeros(4, 4)))


def test_the_answer_covers_the_grid(fresh):
    assert predict_positions(fresh, scene(), thing()).log_prob.shape == (SCALES, CELLS, CELLS)
