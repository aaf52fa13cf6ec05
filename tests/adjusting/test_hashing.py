"""A picture keeps its fingerprint through what happens to picture files, and unlike pictures have unlike ones."""

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from troupe.models.adjusting.hashing import perceptual_hash


def scene(seed, size=(200, 150)):
    """Soft blots of colour: as smooth as a photograph, and unlike any other seed's."""
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def distance(a, b):
    return (perceptual_hash(a) ^ perceptual_hash(b)).bit_count()


@pytest.mark.parametrize("seed", range(12))
def test_saved_again_small_and_cut_by_two_percent_stays_within_six_bits(seed, studio):
    image = scene(seed)
    assert distance(image, studio.saved_again(image)) <= 6
    assert distance(image, image.resize((80, 60))) <= 6


def test_a_symmetrical_drawing_keeps_its_fingerprint_although_half_its_frequencies_are_nought(studio):
    """With the plain median as its threshold, noise would decide those bits: 12 of 64 and more."""
    image = studio.draw("stand")
    assert distance(image, studio.saved_again(image, cut=0)) <= 2
    assert distance(image, studio.saved_again(image)) <= 6


def test_brightness_does_not_matter():
    image = scene(3)
    assert distance(image, ImageEnhance.Brightness(image).enhance(0.8)) <= 2


def test_unlike_pictures_differ_in_many_bits():
    scenes = [scene(seed) for seed in range(20)]
    assert min(distance(a, b) for n, a in enumerate(scenes) for b in scenes[:n]) > 12


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_a_flat_picture_of_any_kind_has_no_bits(mode):
    assert perceptual_hash(Image.new("RGB", (3, 5), (90, 20, 200)).convert(mode)) == 0


def test_the_fingerprint_has_at_most_64_bits():
    assert all(0 <= perceptual_hash(scene(seed)) < 2**64 for seed in range(10))
