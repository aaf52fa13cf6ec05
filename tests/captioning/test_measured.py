"""What the Measured Captioner says about pictures of which the answer is known: the calibration, held."""

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageFilter

from troupe.models.captioning.look import PAINTED_SUREST
from troupe.models.captioning.measured import MeasuredCaptioner
from troupe.models.pixels import Picture, from_pillow
from troupe.models.samples.sample import ImageFile, MaskFile, Sample
from troupe.models.vocabulary import vocabulary

SIDE = 256
RED, TEAL, MUSTARD, CREAM = "#c8373b", "#26808a", "#d29226", "#f6ecd2"

# Backgrounds


def plain(side=SIDE, colour=CREAM):
    return Image.new("RGB", (side, side), colour)


def gradient(side=SIDE):
    ramp = np.linspace(0, 1, side)[:, None, None] * np.ones((1, side, 1))
    colours = (1 - ramp) * np.array([90, 140, 220]) + ramp * np.array([240, 230, 210])
    return Image.fromarray(colours.astype(np.uint8))


def stripes(side=SIDE):
    x = np.arange(side)[None, :] // (side // 16) % 2
    return Image.fromarray(
        np.where((x * np.ones((side, 1)))[..., None], [233, 226, 212], [250, 244, 235]).astype(np.uint8)
    )


def dots(side=SIDE):
    y, x = np.mgrid[0:side, 0:side] % (side / 8) - side / 16
    return Image.fromarray(
        np.where((x**2 + y**2 < (side / 32) ** 2)[..., None], [150, 190, 200], [235, 235, 225]).astype(np.uint8)
    )


def scene(side=SIDE, seed=3):
    """Clouds of all sizes, as natural pictures have them (amplitude 1 / f), and the grain of a sensor."""
    rng = np.random.default_rng(seed)
    f = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side)))
    spectrum = np.fft.fft2(rng.normal(size=(3, side, side))) / np.maximum(f, 1 / side)
    clouds = np.fft.ifft2(spectrum).real
    grey = clouds.mean(0)
    clouds = 0.85 * grey + 0.15 * clouds  # photographs are mostly grey
    values = 120 + 45 * (clouds - clouds.mean()) / clouds.std() + rng.normal(0, 3, (3, side, side))
    return Image.fromarray(values.transpose(1, 2, 0).clip(0, 255).astype(np.uint8))


BACKGROUNDS = {"plain": plain, "gradient": gradient, "patterned": stripes, "scene": scene}

# Subjects


def figure(ground, box=(0.35, 0.1, 0.65, 0.9)):
    """A flat drawing of somebody in teal with a mustard scarf, antialiased, and its mask."""
    side = ground.width
    big, mask = ground.resize((side * 4, side * 4)), Image.new("L", (side * 4, side * 4))
    left, top, right, bottom = (round(v * side * 4) for v in box)
    neck = top + (bottom - top) // 3
    for canvas, colours in ((big, (TEAL, "#f2c8a4", MUSTARD)), (mask, (255, 255, 255))):
        draw = ImageDraw.Draw(canvas)
        draw.rounded_rectangle((left, neck, right, bottom), 20, colours[0])
        draw.ellipse((left, top, right, neck), colours[1])
        draw.rectangle((left, neck, right, neck + (bottom - top) // 8), colours[2])
    return big.resize((side, side), Image.Resampling.LANCZOS), mask.resize((side, side), Image.Resampling.LANCZOS)


def line_drawing(side=SIDE):
    big = Image.new("L", (side * 4, side * 4), 255)
    draw = ImageDraw.Draw(big)
    for i in range(5):
        draw.arc((side // 2 + 150 * i, 300, side * 2 + 150 * i, side * 3), 30 * i, 300, fill=0, width=10)
    return big.resize((side, side), Image.Resampling.LANCZOS).convert("RGB")


# Looking


def sample(mask=None, path="a.png"):
    return Sample("a", "mira", ImageFile("a.png", "d", SIDE, SIDE), mask and MaskFile(path, "d", mask))


def look_at(image, mask=None, cut_out=False):
    kind = mask and sample("alpha" if cut_out else "grey", "a.png" if cut_out else "mask.png")
    picture = Picture(from_pillow(image), None if mask is None else from_pillow(mask))
    (observation,) = MeasuredCaptioner().observe([picture], [kind or sample()])
    return observation.features


def said(features):
    """Slot -> value, the palette as a list."""
    values = {f.slot: f.value for f in features if f.slot != "palette"}
    return values | {"palette": [f.value for f in features if f.slot == "palette"]}


@pytest.mark.parametrize("name", BACKGROUNDS)
@pytest.mark.parametrize("masked", [True, False])
def test_the_background_is_told(name, masked):
    image, mask = figure(BACKGROUNDS[name]())
    assert said(look_at(image, mask if masked else None))["background"] == name


def test_dots_are_a_pattern_too():
    image, mask = figure(dots())
    assert said(look_at(image, mask))["background"] == "patterned"


def test_a_cut_out_has_a_transparent_background_and_its_fill_colour_is_not_measured():
    image, mask = figure(plain(colour="#ffffff"))
    black = Image.composite(image, plain(colour="#000000"), mask)
    on_white, on_black = look_at(image, mask, cut_out=True), look_at(black, mask, cut_out=True)
    assert said(on_white)["background"] == "transparent"
    assert said(on_white) == said(on_black)


def test_with_a_mask_the_subject_is_measured():
    image, mask = figure(scene())
    features = look_at(image, mask)
    values = said(features)
    assert values["palette"][:2] == ["teal", "peach"] and "mustard" in values["palette"]
    assert (values["shot"], values["subject.size"], values["subject.place"]) == ("full", "half", "centre")
    assert values["look"] == "flat"
    measures = {f.slot: f.measure for f in features}
    assert measures["subject.size"] == pytest.approx(0.24, abs=0.03)
    assert measures["subject.place"] == pytest.approx(0.5, abs=0.01)


def test_without_a_mask_nothing_is_said_about_framing():
    values = said(look_at(figure(scene())[0]))
    assert not {"shot", "subject.size", "subject.place"} & set(values)


def test_a_plain_ground_is_left_out_of_the_palette_of_an_unmarked_subject():
    assert "cream" not in said(look_at(figure(plain())[0]))["palette"]


@pytest.mark.parametrize(
    ("box", "size", "place"),
    [
        ((0.05, 0.4, 0.15, 0.55), "tiny", "left"),
        ((0.8, 0.3, 0.95, 0.7), "small", "right"),
        ((0.3, 0.1, 0.7, 0.9), "half", "centre"),
        ((0.1, 0.1, 0.8, 1.0), "large", "centre"),
        ((0.0, 0.0, 1.0, 1.0), "filling", "centre"),
    ],
)
def test_size_and_place(box, size, place):
    image, _ = figure(plain(), box)
    mask = Image.new("L", image.size)
    mask.paste(255, tuple(round(v * SIDE) for v in box))
    values = said(look_at(image, mask))
    assert (values["subject.size"], values["subject.place"]) == (size, place)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: figure(plain())[0], {"look": "flat", "sharpness": "sharp", "saturation": "normal"}),
        (line_drawing, {"look": "line art", "saturation": "monochrome", "brightness": "bright"}),
        (scene, {"look": "photographic", "background": "scene", "brightness": "balanced"}),
        (lambda: figure(plain())[0].filter(ImageFilter.GaussianBlur(3)), {"sharpness": "blurred"}),
        (lambda: plain(colour="#101014"), {"brightness": "dark", "contrast": "low", "background": "plain"}),
        (lambda: plain(colour="#ff2000"), {"saturation": "vivid"}),
        (lambda: plain(colour="#b8a8a0"), {"saturation": "muted"}),
        (lambda: figure(plain(colour="#000000"))[0].point(lambda v: 255 if v > 99 else 0), {"contrast": "high"}),
    ],
)
def test_tone_sharpness_and_look(make, expected):
    values = said(look_at(make()))
    assert {slot: values.get(slot) for slot in expected} == expected


@pytest.mark.parametrize("seed", range(6))
def test_a_painting_is_never_more_than_suspected(seed):
    soft = scene(seed=seed).filter(ImageFilter.GaussianBlur(4)).quantize(24).convert("RGB")
    found = [f for f in look_at(soft) if f.slot == "look" and f.value == "painted"]
    assert all(f.confidence <= PAINTED_SUREST < 0.5 for f in found)


# Laws


def test_brightness_keeps_the_order_of_exposures():
    image = scene()
    darker = [image.point(lambda v, k=k: int(v * k)) for k in (0.3, 0.5, 0.7, 0.9, 1.0)]
    measured = [next(f.measure for f in look_at(d) if f.slot == "brightness") for d in darker]
    assert measured == sorted(measured) and measured[0] < measured[-1] - 0.2


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_a_larger_copy_is_described_alike(factor):
    """Above 512 pixels all pictures are measured at 512."""
    image, mask = figure(stripes(512))
    large = tuple(p.resize((512 * factor, 512 * factor), Image.Resampling.NEAREST) for p in (image, mask))
    assert said(look_at(*large)) == said(look_at(image, mask))


def test_a_mirrored_picture_differs_in_the_subject_place_alone():
    image, mask = figure(scene(), (0.05, 0.1, 0.35, 0.9))
    plain_, mirrored = (
        said(look_at(image, mask)),
        said(look_at(*(p.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for p in (image, mask)))),
    )
    assert {slot for slot in plain_ if plain_[slot] != mirrored[slot]} == {"subject.place"}


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (300, 2), (7, 5), (64, 64)])
def test_any_size_can_be_measured(size):
    values = said(look_at(Image.new("RGB", size, TEAL)))
    assert values["palette"] == ["teal"] and values["brightness"] == "balanced"


def test_an_empty_mask_counts_as_none():
    image, _ = figure(plain())
    assert look_at(image, Image.new("L", image.size)) == look_at(image)


def test_only_measurements_are_claimed_each_a_word_of_the_vocabulary():
    image, mask = figure(scene())
    for feature in look_at(image, mask):
        assert feature.origin == "measured" and 0 <= feature.confidence <= 1
        assert vocabulary().word(feature.slot, feature.value), feature
        slot = vocabulary().slot(feature.slot)
        assert slot.kind in ("measured", "scene") or slot.id == "shot"


def test_pictures_of_one_batch_do_not_touch_each_other():
    pictures = [Picture(from_pillow(figure(make())[0])) for make in BACKGROUNDS.values()]
    together = MeasuredCaptioner().observe(pictures, [sample()] * len(pictures))
    alone = [MeasuredCaptioner().observe([p], [sample()])[0] for p in pictures]
    assert list(together) == alone


def test_what_came_in_stays_as_it_was():
    image, mask = figure(scene())
    picture = Picture(from_pillow(image), from_pillow(mask))
    before = picture.rgb.clone(), picture.mask.clone()
    MeasuredCaptioner().observe([picture], [sample("grey", "m.png")])
    assert torch.equal(picture.rgb, before[0]) and torch.equal(picture.mask, before[1])
