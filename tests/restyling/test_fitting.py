"""Canvas, region and words: what a model is given, without a model."""

import pytest
import torch

from troupe.models.errors import TroupeError
from troupe.models.pixels import Picture
from troupe.models.restyling.fitting import back_to, laid_over, padded
from troupe.models.restyling.prompting import described, instructed, strength_of
from troupe.models.restyling.region import BACKGROUND, CHARACTER, WHOLE, changed_region
from troupe.models.samples.sample import Description, ImageFile, Sample, StylePair, SubStyle

INK = SubStyle("ink", "Ink", "墨", "ink", "ink drawing", "photo", "Redraw it in ink.", 0.5)
BOLD = SubStyle("bold", "Bold", "粗", "line", "bold lines", "", "Use bold lines.", 0.8)
SAMPLE = Sample("a/p", "a", ImageFile("p", "d", 8, 8), None, (), Description("A girl."), StylePair(INK, BOLD))


@pytest.mark.parametrize("shape", [(41, 53, 3), (48, 57, 3), (7, 64, 3), (41, 53), (64, 64, 3)])
def test_padding_there_and_back_changes_nothing(shape):
    pixels = torch.rand(shape)
    canvas = padded(pixels, 8)
    assert not any(side % 8 for side in canvas.shape[:2])
    assert all(side - old < 8 for side, old in zip(canvas.shape, shape, strict=True))
    assert torch.equal(back_to(canvas, *shape[:2]), pixels)


def test_the_edge_is_repeated():
    assert padded(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), 3).tolist() == [[1, 2, 2], [3, 4, 4], [3, 4, 4]]


def test_regions_come_from_the_mask():
    shown = Picture(torch.rand(4, 4, 3), torch.eye(4))
    assert changed_region(shown, WHOLE, "p") is None
    assert torch.equal(changed_region(shown, CHARACTER, "p"), torch.eye(4))
    assert torch.equal(changed_region(shown, BACKGROUND, "p"), 1 - torch.eye(4))
    with pytest.raises(TroupeError, match="background only: p"):
        changed_region(Picture(torch.rand(4, 4, 3)), BACKGROUND, "p")


def test_the_source_shows_to_the_bit_where_nothing_may_change():
    source, drawn, mask = torch.rand(4, 4, 3), torch.rand(4, 4, 3), torch.eye(4)
    laid = laid_over(source, drawn, mask)
    assert torch.equal(laid[mask == 0], source[mask == 0]) and torch.equal(laid[mask == 1], drawn[mask == 1])
    assert laid_over(source, drawn, None) is drawn


def test_own_words_come_first():
    assert described(SAMPLE, "best quality, ", "blurry") == (
        "best quality, ink drawing, bold lines, A girl",
        "blurry, photo",
    )
    assert described(SAMPLE) == ("ink drawing, bold lines, A girl", "photo")
    assert instructed(SAMPLE, "Keep the hat.").positive == "Redraw it in ink. Use bold lines. Keep the hat."


@pytest.mark.parametrize(("amount", "second", "strength"), [(1.0, BOLD, 0.4), (1.0, None, 0.5), (0.5, BOLD, 0.2)])
def test_both_styles_scale_the_strength(amount, second, strength):
    assert strength_of(StylePair(INK, second), amount) == pytest.approx(strength)
