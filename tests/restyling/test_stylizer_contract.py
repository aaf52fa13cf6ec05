"""What every stylizer promises. To add one, add it to STYLIZERS; if it needs the host, its fixture's name to HOSTED."""

from dataclasses import replace

import pytest
import torch

from troupe.models.pixels import Picture
from troupe.models.restyling.painterly import CharacterPalette
from troupe.models.restyling.painterlystylizer import PainterlyStylizer
from troupe.models.restyling.protocol import Request
from troupe.models.samples.sample import ImageFile, Sample, StylePair, SubStyle
from troupe.models.vocabulary import vocabulary

RED_COAT = CharacterPalette("red coat", ("#8a1c2b", "#e8b04a", "#2d4a6b"))
STYLIZERS = {
    "painterly": PainterlyStylizer(),
    "painterly, new colours": PainterlyStylizer(palette=RED_COAT),
    "painterly, other background": PainterlyStylizer(background="pencil"),
}
HOSTED = ["tiny_sampler", "tiny_editor", "tiny_pipeline"]
STYLE = StylePair(
    SubStyle("a", "A", "甲", "f", "a", painterly=(("look", "anime_cel"),)),
    SubStyle("b", "B", "乙", "f", "b", painterly=(("line", 1.3), ("warmth", 0.2))),
)


def picture(seed=0, height=60, width=80):
    generator = torch.Generator().manual_seed(seed)
    rgb = torch.rand(6, 8, 3, generator=generator).repeat_interleave(10, 0).repeat_interleave(10, 1)
    mask = torch.zeros(60, 80)
    mask[10:50, 20:60] = 1
    return Picture(rgb[:height, :width], mask[:height, :width])


def request(shown, seed=1, style=STYLE):
    sample = Sample("c/p", "c", ImageFile("p", "d", shown.rgb.shape[1], shown.rgb.shape[0]), style=style)
    return Request(shown, sample, style, seed)


@pytest.fixture(params=[*STYLIZERS, *HOSTED])
def prepared(request):
    stylizer = STYLIZERS.get(request.param) or request.getfixturevalue(request.param)
    return stylizer.prepare([picture(i) for i in range(3)])


def test_a_picture_keeps_its_size_and_range(prepared):
    for shown in (picture(), picture(height=37, width=53), Picture(picture().rgb)):
        drawn = prepared.restyle(request(shown))
        assert drawn.shape == shown.rgb.shape
        assert torch.isfinite(drawn).all() and drawn.min() >= 0 and drawn.max() <= 1


def test_a_picture_is_changed_and_the_source_is_not(prepared):
    shown = picture()
    before = shown.rgb.clone()
    assert (prepared.restyle(request(shown)) - shown.rgb).abs().mean() > 0.005
    assert torch.equal(shown.rgb, before)


def test_equal_requests_draw_equal_pictures(prepared):
    first = prepared.restyle(request(picture()))
    prepared.restyle(request(picture(2), seed=9))
    assert torch.equal(prepared.restyle(request(picture())), first)


def test_equal_sets_have_an_equal_identity(prepared):
    assert prepared.stylizer.prepare(iter([picture(i) for i in range(3)])).identity == prepared.identity


@pytest.mark.parametrize("name", STYLIZERS)
def test_where_tones_are_pooled_another_set_has_another_identity(name):
    one, other = (STYLIZERS[name].prepare([picture(i) for i in range(j, j + 3)]) for j in (0, 5))
    assert one.identity != other.identity


def test_what_it_reads_of_a_sample_is_its_cue(prepared):
    sample = request(picture()).sample
    assert prepared.cue(sample) == prepared.cue(replace(sample, id="c/other", character="other"))


def test_it_says_whether_it_hears_cancel(prepared):
    assert prepared.hears_cancel in (True, False)


def test_it_repaints_slots_that_there_are(prepared):
    assert all(vocabulary().slot(slot) for slot in prepared.repaints)


def test_closer_is_a_way_of_drawing_of_its_own(prepared):
    ways = [prepared.closer(amount) for amount in (0.2, 0.4, 0.2)]
    assert ways[0].stylizer.identity == ways[2].stylizer.identity and ways[0].manner == ways[2].manner
    assert len({prepared.identity, *(way.stylizer.identity for way in ways)}) == 3
    assert ways[0].manner != ways[1].manner
    assert ways[0].stylizer.cue(request(picture()).sample) == prepared.cue(request(picture()).sample)
    before = prepared.restyle(request(picture()))
    ways[1].stylizer.restyle(request(picture()))
    assert torch.equal(prepared.restyle(request(picture())), before)


def test_closer_draws_nearer_to_where_it_ends(prepared):
    """At 1 it is the source, or what is left of it after a VAE."""
    drawn = [prepared.restyle(request(picture()))]
    drawn += [prepared.closer(amount).stylizer.restyle(request(picture())) for amount in (0.9, 1.0)]
    as_usual, near, end = drawn
    assert (near - end).abs().mean() < (as_usual - end).abs().mean()


def test_the_global_generator_is_left_alone(prepared):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    prepared.restyle(request(picture()))
    assert torch.equal(torch.rand(3), expected)


def test_every_setting_has_its_own_identity():
    pictures = [picture(i) for i in range(3)]
    changed = [
        PainterlyStylizer(),
        PainterlyStylizer(palette=RED_COAT),
        PainterlyStylizer(palette=replace(RED_COAT, colours=("#112233", "#445566", "#778899"))),
        PainterlyStylizer(palette=RED_COAT, palette_amount=0.5),
        PainterlyStylizer(background="pencil"),
        PainterlyStylizer(strength=0.5),
    ]
    identities = [s.prepare(pictures).identity for s in changed]
    assert len(set(identities)) == len(identities)
    assert PainterlyStylizer(device="cuda:0").prepare(pictures).identity == identities[0]
