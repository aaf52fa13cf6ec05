"""The measurements one by one: closed forms first, then tables."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from troupe.models.captioning import colour
from troupe.models.captioning.colour import colour_names, name_of, oklab
from troupe.models.captioning.framing import framing, shot
from troupe.models.captioning.look import edges
from troupe.models.captioning.palette import LEAST_SHARE, MOST, swatches
from troupe.models.captioning.repetition import periodicity
from troupe.models.captioning.scale import Scale
from troupe.models.captioning.tone import WIDEST, binomial, edge_blur, gradient
from troupe.models.vocabulary import vocabulary

# Edges: how blurred is a step?


def step(blur: float, height: float = 0.6, side: int = 96) -> torch.Tensor:
    """A vertical edge, blurred by a Gaussian of `blur` pixels: the closed form is the error function."""
    x = torch.arange(side) + 0.5 - side / 2
    profile = 0.2 + height * (torch.erf(x / (blur * 2**0.5)) + 1) / 2
    return profile.expand(side, side).contiguous()


def blur_of(grey: torch.Tensor) -> float | None:
    return edge_blur(gradient(grey).flatten(), gradient(binomial(grey)).flatten())


@pytest.mark.parametrize("blur", [1.0, 1.5, 2.0, 3.0, 4.0])
def test_the_blur_of_a_step_is_measured(blur):
    assert blur_of(step(blur)) == pytest.approx(blur, rel=0.12)


@given(st.floats(0.1, 0.8))
@settings(max_examples=10, deadline=None)
def test_the_height_of_an_edge_does_not_matter(height):
    assert blur_of(step(2.0, height)) == pytest.approx(blur_of(step(2.0, 0.5)), rel=0.02)


def test_an_even_grey_has_no_edge_to_judge_by():
    assert blur_of(torch.full((40, 40), 0.5)) is None


def test_a_ramp_is_as_blurred_as_can_be_told():
    ramp = torch.linspace(0, 1, 40).expand(40, 40).contiguous()
    assert blur_of(ramp) == pytest.approx(WIDEST, rel=0.01)


def test_an_edge_reaches_two_pixels():
    slope = torch.zeros(9, 9)
    slope[4, 4] = 1.0
    assert edges(slope).nonzero().min(0).values.tolist() == [2, 2] and edges(slope).sum() == 25


# Patterns


def tones(values: np.ndarray) -> np.ndarray:
    return np.stack([values, 0 * values, 0 * values], -1).astype(np.float32)


Y, X = np.mgrid[0:96, 0:96].astype(np.float32)
EVERYWHERE = np.ones((96, 96), bool)


@pytest.mark.parametrize("period", [4, 6, 9, 13, 20])
@pytest.mark.parametrize("turned", [0, 30, 90, 135])
def test_stripes_repeat_themselves_at_any_period_and_angle(period, turned):
    along = X * np.cos(np.radians(turned)) + Y * np.sin(np.radians(turned))
    assert periodicity(tones(np.sin(2 * np.pi * along / period)), EVERYWHERE) > 0.7


@pytest.mark.parametrize("hole", [0, 30, 60])
def test_a_hole_where_the_subject_is_changes_little(hole):
    region = EVERYWHERE.copy()
    region[48 - hole // 2 : 48 + hole // 2, 48 - hole // 2 : 48 + hole // 2] = False
    dots = ((X % 12 - 6) ** 2 + (Y % 12 - 6) ** 2 < 9) * 1.0
    assert periodicity(tones(dots), region) > 0.9


@pytest.mark.parametrize("seed", range(4))
def test_noise_and_clouds_do_not_repeat_themselves(seed):
    noise = np.random.default_rng(seed).normal(size=(96, 96))
    for smooth in (0, 2, 6, 20):
        values = noise
        for _ in range(smooth):
            values = (values + np.roll(values, 1, 0) + np.roll(values, 1, 1) + np.roll(values, (1, 1), (0, 1))) / 4
        assert periodicity(tones(values), EVERYWHERE) < 0.4


@pytest.mark.parametrize("shape", [(1, 1), (2, 50), (3, 3), (5, 5)])
def test_a_stamp_too_small_to_repeat_is_no_pattern(shape):
    assert periodicity(np.zeros((*shape, 3), np.float32), np.ones(shape, bool)) <= 0


# Colours


def test_oklab_of_the_corners_is_the_published_one():
    """https://bottosson.github.io/posts/oklab/, and black, white and grey without a or b."""
    lab = oklab(np.array([[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 0, 255]], np.uint8))
    expected = [[1, 0, 0], [0, 0, 0], [0.62796, 0.22486, 0.12585], [0.45201, -0.03246, -0.31153]]
    assert np.abs(lab - expected).max() < 1e-3


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("#000000", "black"), ("#ffffff", "white"), ("#808080", "grey"), ("#ff0000", "red"), ("#008000", "green"),
        ("#0000ff", "blue"), ("#ffff00", "yellow"), ("#ffa500", "orange"), ("#800080", "purple"), ("#ffc0cb", "pink"),
        ("#008080", "teal"), ("#000080", "navy"), ("#8b4513", "brown"), ("#37a39d", "teal"), ("#f0b73a", "mustard"),
        ("#2e3354", "navy"), ("#f6ecd2", "cream"), ("#c8d8f0", "light blue"), ("#f7d9c4", "peach"),
    ],
)  # fmt: skip
def test_everyday_names(code, name):
    assert name_of(oklab(np.array(list(bytes.fromhex(code[1:])), np.uint8))) == name


def test_every_colour_name_is_a_palette_word_and_the_other_way_round():
    assert set(colour_names().names) == {word.value for word in vocabulary().values("palette")}


def test_no_colour_stands_under_two_names():
    data = json.loads((Path(colour.__file__).parent / "colours.json").read_text(encoding="utf-8"))
    codes = [code for codes in data["colours"].values() for code in codes]
    assert len(codes) == len(set(codes))


def patches(**shares: float) -> np.ndarray:
    """Pixels of named CSS colours in the given shares."""
    from PIL import ImageColor

    rows = [np.tile(ImageColor.getrgb(name)[:3], (round(share * 1000), 1)) for name, share in shares.items()]
    return np.concatenate(rows).astype(np.uint8)


def test_a_palette_has_every_colour_with_its_share():
    found = swatches(patches(teal=0.5, goldenrod=0.3, ivory=0.2))
    assert [(s.name, round(s.share, 2)) for s in found] == [("teal", 0.5), ("mustard", 0.3), ("cream", 0.2)]
    assert all(s.tightness > 0.99 for s in found)


def test_accents_are_left_out_and_the_list_is_short():
    many = dict.fromkeys(("red", "green", "blue", "yellow", "black", "white", "orange", "teal"), 0.12)
    assert len(swatches(patches(**many))) == MOST
    assert [s.name for s in swatches(patches(teal=1 - LEAST_SHARE / 2, red=LEAST_SHARE / 2))] == ["teal"]


def test_a_spread_colour_is_less_sure_than_a_tight_one():
    rng = np.random.default_rng(0)
    spread = np.clip(rng.normal(128, 40, (4000, 3)), 0, 255).astype(np.uint8)
    assert min(s.tightness for s in swatches(spread)) < swatches(patches(grey=1.0))[0].tightness


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_the_order_of_the_pixels_does_not_matter(random):
    pixels = patches(teal=0.4, goldenrod=0.3, ivory=0.2, navy=0.1)
    order = list(range(len(pixels)))
    random.shuffle(order)
    assert swatches(pixels[order]) == swatches(pixels)


def test_no_pixels_no_palette():
    assert swatches(np.zeros((0, 3), np.uint8)) == ()


# Framing


def outline(left: float, top: float, right: float, bottom: float, side: int = 100) -> torch.Tensor:
    mask = torch.zeros(side, side, dtype=torch.bool)
    mask[round(top * side) : round(bottom * side), round(left * side) : round(right * side)] = True
    return mask


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((0.35, 0.08, 0.65, 0.95), "full"),  # head to feet, air around
        ((0.45, 0.40, 0.55, 0.80), "long"),  # small in the frame
        ((0.38, 0.05, 0.62, 1.00), "full"),  # feet on the border, but three times as high as wide
        ((0.25, 0.10, 0.80, 1.00), "medium"),  # cut at the waist
        ((0.10, 0.15, 0.95, 1.00), "close-up"),  # cut at the shoulders
        ((0.00, 0.30, 1.00, 1.00), "close-up"),  # both sides cut
        ((0.00, 0.05, 1.00, 1.00), "extreme close-up"),
        ((0.00, 0.00, 1.00, 1.00), None),  # a mask of everything tells nothing
    ],
)
def test_the_shot_by_what_the_frame_cuts(box, expected):
    guess = shot(framing(outline(*box)))
    assert (guess and guess.value) == expected


@given(st.tuples(*[st.floats(0, 1)] * 4))
@settings(max_examples=60, deadline=None)
def test_an_outline_alone_is_never_sure_of_the_shot(box):
    left, right = sorted(box[:2])
    top, bottom = sorted(box[2:])
    frame = framing(outline(left, top, right, bottom))
    guess = shot(frame) if frame else None
    assert guess is None or 0.3 <= guess.confidence <= 0.6


def test_stray_mask_pixels_are_no_subject():
    mask = torch.zeros(400, 400, dtype=torch.bool)
    mask[10, 10] = True
    assert framing(mask) is None


# Scales


@given(st.floats(0, 1))
def test_a_scale_is_half_sure_on_a_limit_and_sure_a_margin_away(number):
    word, confidence = Scale(("low", "high"), (0.5,), 0.1).read(number)
    assert word == ("high" if number >= 0.5 else "low")
    assert confidence == pytest.approx(0.5 + 0.5 * min(abs(number - 0.5) / 0.1, 1))
