"""Scenes count alike, however many pictures each has; the error shrinks as scenes are added."""

import math

import numpy as np
import pytest

from troupe.models.compositing.measuring.estimate import estimate


def test_a_scene_with_many_pictures_weighs_as_much_as_one_with_few():
    found = estimate([1.0] * 30 + [3.0], ["worker"] * 30 + ["bottle"])
    assert (found.value, found.n, found.scenes) == (2.0, 31, 2)


def test_without_scenes_it_is_the_mean_and_its_usual_error():
    values = np.random.default_rng(0).normal(5, 2, 200).tolist()
    found = estimate(values)
    assert found.value == pytest.approx(np.mean(values))
    assert found.standard_error == pytest.approx(np.std(values) / math.sqrt(200), rel=0.15)


def test_pictures_of_one_scene_do_not_pass_for_independent():
    values = [1.0, 1.1, 0.9] * 10 + [2.0, 2.1, 1.9] * 10
    assert estimate(values, [0] * 30 + [1] * 30).standard_error > 3 * estimate(values).standard_error


def test_the_seed_decides_the_error_and_not_the_value():
    values = [1.0, 2.0, 4.0]
    assert estimate(values, seed=1) == estimate(values, seed=1)
    assert estimate(values, seed=1).standard_error != estimate(values, seed=2).standard_error
    assert estimate(values, seed=1).value == estimate(values, seed=2).value


def test_what_could_not_be_measured_is_left_out():
    assert estimate([1.0, math.nan, 3.0], ["a", "b", "c"])[::2] == (2.0, 2)


@pytest.mark.parametrize(("values", "value"), [([], math.nan), ([7.0], 7.0), ([1.0, math.inf], math.inf)])
def test_too_little_has_no_error(values, value):
    found = estimate(values)
    assert found.value == pytest.approx(value, nan_ok=True)
    assert math.isnan(found.standard_error)
