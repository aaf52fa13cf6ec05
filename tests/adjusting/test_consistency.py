"""Who is not of the character: counted against what is usual for a view, never by where it stands."""

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from troupe.models.adjusting.adjust import adjust
from troupe.models.adjusting.advice import picture_advice
from troupe.models.adjusting.consistency.checking import check_consistency
from troupe.models.adjusting.consistency.comparing import REFERENCES, compare
from troupe.models.adjusting.consistency.fact import Consistency, consistency_of, noted
from troupe.models.adjusting.consistency.region import NEUTRAL, alone, outline
from troupe.models.adjusting.consistency.report import consistency_report
from troupe.models.adjusting.consistency.sheet import consistency_sheet
from troupe.models.adjusting.preset import Preset, parse_preset
from troupe.models.errors import EmptySet, TroupeError
from troupe.models.pixels import Picture
from troupe.models.restyling.drawing import RestyleSettings
from troupe.models.restyling.painterlystylizer import PainterlyStylizer
from troupe.models.restyling.restyle import restyle
from troupe.models.samples.drawing import ALARM
from troupe.models.samples.reading import ReadOptions, read_sample_set
from troupe.models.samples.sample import MaskFile, SampleSet, StylePair
from troupe.models.samples.store import Store
from troupe.models.styles.library import load_library

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "samples"
LIMIT = 3.5
# At night on a crate that her mask takes for a part of her; hair and little else, twice; a figure of thirty pixels.
ODD = {
    "mira/mira_three-quarter_sit_full_sleepy_14",
    "mira/mira_back_stand_close-up_26",
    "mira/mira_back_wave_medium_28",
    "mira/mira_front_reach_long_laugh_29",
}


def directions(count, spread, seed=0, size=24, towards=0):
    """Unit vectors that scatter round the axis `towards`."""
    rng = np.random.default_rng(seed)
    vectors = np.eye(size)[towards] + spread * rng.standard_normal((count, size))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def outliers(vectors, kinds):
    return np.flatnonzero(compare(vectors, kinds).deviations > LIMIT).tolist()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(8, 40))
def test_one_who_points_elsewhere_is_found_wherever_it_stands(seed, count):
    """Now and then one of the others scatters beyond the limit too, but never as far."""
    vectors = directions(count, 0.05, seed)
    place = seed % count
    vectors[place] = directions(1, 0.05, seed + 1, towards=3)[0]
    found = outliers(vectors, [("front", "full")] * count)
    assert place in found and len(found) <= 2
    assert np.argmax(compare(vectors, [("front", "full")] * count).deviations) == place


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_changes_nothing(seed):
    vectors, kinds = directions(20, 0.1, seed), [("front", "full"), ("back", "full")] * 10
    order = Random(seed).sample(range(20), 20)
    one, other = compare(vectors, kinds), compare(vectors[order], [kinds[n] for n in order])
    assert one.deviations[order] == pytest.approx(other.deviations)
    assert one.likeness[order] == pytest.approx(other.likeness)


def test_a_view_that_looks_less_alike_is_no_fault_of_its_pictures():
    """Six backs of thirty pictures: far from the rest, near to each other; odd where nobody knows the views."""
    turned = directions(6, 0.05, 2) + 0.6 * np.eye(24)[5]
    vectors = np.concatenate([directions(24, 0.05, 1), turned / np.linalg.norm(turned, axis=1, keepdims=True)])
    views = [("front", "full")] * 24 + [("back", "full")] * 6
    assert outliers(vectors, views) == []
    assert set(outliers(vectors, [("", "")] * 30)) == set(range(24, 30))
    stranger = vectors.copy()
    stranger[26] = directions(1, 0.05, 3, towards=9)[0]
    assert outliers(stranger, views) == [26]


def test_three_strangers_do_not_decide_what_is_usual():
    vectors = directions(30, 0.05, 4)
    vectors[[3, 11, 20]] = directions(3, 0.05, 5, towards=7)
    assert outliers(vectors, [("front", "full")] * 30) == [3, 11, 20]


def test_a_large_set_is_compared_with_some_of_it():
    vectors = directions(1200, 0.05, 6)
    vectors[700] = directions(1, 0.05, 7, towards=2)[0]
    kinds = [("front", "full"), ("side", "full"), ("front", "close-up")] * 400
    found = compare(vectors, kinds)
    assert found.similarity.shape == (1200, REFERENCES)
    # Of so many a few lie far off by chance, and nowhere near as far.
    assert 700 in outliers(vectors, kinds) and len(outliers(vectors, kinds)) <= 6
    assert found.deviations.argmax() == 700 and found.deviations[700] > 2 * np.sort(found.deviations)[-2]


def test_a_set_without_any_spread_has_no_outlier():
    vectors = np.repeat(directions(1, 0.1), 9, axis=0)
    found = compare(vectors, [("front", "full")] * 9)
    assert found.likeness == pytest.approx(np.ones(9)) and found.deviations == pytest.approx(np.zeros(9), abs=1e-6)


def test_the_character_alone_is_cut_out_on_neutral_ground():
    mask = torch.zeros(40, 60)
    mask[10:30, 20:30] = 1
    found = alone(Picture(torch.rand(40, 60, 3), mask))
    assert found.rgb.shape == (22, 12, 3)
    assert torch.equal(found.rgb[0], torch.full((12, 3), NEUTRAL))
    empty = Picture(torch.rand(4, 4, 3), torch.zeros(4, 4))
    assert torch.equal(alone(empty).rgb, empty.rgb)


def test_an_outline_knows_neither_place_nor_size():
    image = Image.new("L", (200, 200))
    image.paste(255, (10, 10, 50, 90))
    image.paste(255, (50, 50, 90, 90))
    larger = image.resize((400, 400), Image.Resampling.NEAREST).transform(
        (500, 500), Image.Transform.AFFINE, (1, 0, -60, 0, 1, -30)
    )
    assert outline(image) @ outline(larger) == pytest.approx(1, abs=0.01)
    assert outline(image) @ outline(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) < 0.9
    assert outline(Image.new("L", (9, 9))) is None


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Both sample characters redrawn in watercolour, each in a set of its own, at the size of stamps."""
    folder = tmp_path_factory.mktemp("drawn")
    for path in (p for name in ("mira", "bram") for p in (ASSETS / name).rglob("*.*")):
        target = folder / "small" / path.relative_to(ASSETS)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in (".png", ".jpg"):
            with Image.open(path) as image:
                image.thumbnail((160, 160))
                image.save(target)
        elif path.suffix == ".jsonl":
            target.write_bytes(path.read_bytes())
    style = StylePair(next(s for s in load_library().firsts if s.id == "watercolour"))
    source = read_sample_set(folder / "small", ReadOptions()).mapped(lambda s: replace(s, style=style))
    store = Store(folder / "store")

    def redrawn(name):
        own = SampleSet(source.of(name))
        return restyle(own, PainterlyStylizer(), RestyleSettings(gate=None), store).sample_set.samples

    return redrawn("mira"), redrawn("bram"), store


def smuggled(guests, *numbers):
    return tuple(replace(guests[n], id=f"mira/guest_{n}", character="mira") for n in numbers)


def test_a_redrawn_character_is_consistent(drawn):
    mira, _, store = drawn
    checked = check_consistency(SampleSet(mira), None, store)
    assert checked.sample_set.samples == tuple(
        noted(s, f) for s, f in zip(mira, checked.portraits[0].found, strict=True)
    )
    assert {s.id for s, f in zip(mira, checked.portraits[0].found, strict=True) if f.outlier} <= ODD


@pytest.mark.parametrize("numbers", [(0,), (5,), (13,), (22,), (2, 17, 30)])
def test_anothers_pictures_in_the_set_are_found_and_named(drawn, numbers):
    mira, bram, store = drawn
    guests = smuggled(bram, *numbers)
    checked = check_consistency(SampleSet((*mira, *guests)), None, store, mode="reject outliers")
    lost = {r.id: r.reason for r in checked.sample_set.rejected}
    assert {s.id for s in guests} <= lost.keys() and lost.keys() <= ODD | {s.id for s in guests}
    assert all("is usual for such views" in why for why in lost.values())
    report = consistency_report(checked)
    assert all(f"! {s.id}: unlike the character's other pictures" in report for s in guests)
    assert "among themselves" in report and "back, full" in report


def test_each_character_is_compared_with_itself_alone(drawn):
    mira, bram, store = drawn
    both = check_consistency(SampleSet((*mira, *bram)), None, store)
    alone = check_consistency(SampleSet(mira), None, store)
    assert both.portraits[0].found == alone.portraits[0].found


def test_the_sheet_shows_the_outlier_first_and_in_red(drawn):
    mira, bram, store = drawn
    checked = check_consistency(SampleSet((*mira[:12], *smuggled(bram, 3))), None, store)
    sheet = consistency_sheet(checked, columns=4, cell=96)
    left, top = 32, 84 + 16 + 44
    assert sheet.getpixel((left + 2, top + 40)) == tuple(bytes.fromhex(ALARM[1:]))
    assert sheet.getpixel((left + 96 + 16 + 2, top + 40)) != tuple(bytes.fromhex(ALARM[1:]))


def test_few_pictures_are_compared_and_none_is_condemned(drawn):
    mira, bram, store = drawn
    checked = check_consistency(SampleSet((*mira[:4], *smuggled(bram, 3))), None, store, mode="reject outliers")
    assert not checked.sample_set.rejected and "too few to know an outlier" in consistency_report(checked)
    single = check_consistency(SampleSet(mira[:1]), None, store)
    assert consistency_of(single.sample_set.samples[0]).likeness == 1


def test_a_picture_that_cannot_be_read_stays_and_is_told(drawn, tmp_path):
    mira, _, store = drawn
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    lost = replace(mira[0], image=replace(mira[0].image, path=str(broken), digest="0" * 64))
    checked = check_consistency(SampleSet((lost, *mira[1:9])), None, store)
    assert checked.sample_set.samples[0] == lost and consistency_of(lost) is None
    assert f"{lost.id}: not a picture" in consistency_report(checked)
    with pytest.raises(EmptySet):
        check_consistency(SampleSet(), None, store)


def test_a_mask_that_is_gone_is_told_from_a_picture_that_is(drawn, tmp_path):
    mira, store = drawn[0], Store(tmp_path / "store")
    lost = replace(mira[0], mask=MaskFile(str(tmp_path / "gone.png"), "0" * 64, "grey"))
    for captioner in (None, Eyes()):
        checked = check_consistency(SampleSet((lost, *mira[1:3])), captioner, store)
        assert checked.unreadable[lost.id].startswith("its mask cannot be used: ")
    (told,) = picture_advice(SampleSet((lost,)), store)
    assert "its mask cannot be used: " in told.what


class Eyes:
    """A captioner with embeddings: the mean colour of what it is shown."""

    identity, batch = "eyes 1", 4

    def __init__(self):
        self.seen = 0

    def embed(self, pictures):
        self.seen += len(pictures)
        return torch.stack([p.rgb.mean((0, 1)) for p in pictures])


def test_a_captioner_with_embeddings_is_asked_once_for_each_picture(drawn):
    mira, _, store = drawn
    eyes = Eyes()
    runs = [check_consistency(SampleSet(mira), eyes, store) for _ in range(2)]
    assert eyes.seen == len(mira)
    assert runs[0].portraits[0].found == runs[1].portraits[0].found
    assert consistency_report(runs[0]).startswith("Compared by embeddings of eyes.")


def test_a_captioner_without_embeddings_is_no_hindrance_and_the_report_says_so(drawn):
    mira, _, store = drawn
    checked = check_consistency(SampleSet(mira), object(), store)
    assert checked.portraits[0].found == check_consistency(SampleSet(mira), None, store).portraits[0].found
    assert "the captioner that is wired offers no embeddings" in consistency_report(checked, unembedded=True)


@pytest.mark.parametrize("answer", [torch.zeros(3), torch.zeros(1, 8), torch.full((4, 3), torch.nan), None, ["a"] * 4])
def test_an_embedder_that_answers_nonsense_is_named(drawn, tmp_path, answer):
    eyes = Eyes()
    eyes.embed = lambda pictures: answer
    with pytest.raises(TroupeError, match="no direction for each of 4 pictures: eyes 1"):
        check_consistency(SampleSet(drawn[0]), eyes, Store(tmp_path))


def test_an_embedder_may_answer_in_any_kind_of_number_and_have_no_name(drawn, tmp_path):
    eyes = Eyes()
    eyes.identity = ""
    eyes.embed = lambda pictures: Eyes.embed(eyes, pictures).bfloat16().requires_grad_()
    checked = check_consistency(SampleSet(drawn[0]), eyes, Store(tmp_path))
    assert checked.look == "embeddings of the captioner"
    plain = check_consistency(SampleSet(drawn[0]), Eyes(), Store(tmp_path))
    pairs = zip(checked.portraits[0].found, plain.portraits[0].found, strict=True)
    assert all(a.likeness == pytest.approx(b.likeness, abs=0.02) for a, b in pairs)


def finding(sample, likeness, outlier=False):
    return noted(sample, Consistency(likeness, 0.9, 0.0, outlier, "eyes", sample.image.digest))


def test_adjust_leaves_out_what_is_less_alike_than_the_preset_wants(cast_of_ten, store):
    samples = tuple(finding(s, 0.5 + 0.05 * n) for n, s in enumerate(cast_of_ten.samples))
    adjusted = adjust(SampleSet(samples), parse_preset("likeness_minimum = 0.62\nnear_duplicate_distance = -1"), store)
    assert {r.id for r in adjusted.sample_set.rejected} == {s.id for s in samples[:3]}
    assert "unlike the character: likeness 0.50 to its other pictures (by eyes), limit 0.62" in (
        adjusted.sample_set.rejected[0].reason
    )
    again = adjust(adjusted.sample_set, parse_preset("likeness_minimum = 0.62\nnear_duplicate_distance = -1"), store)
    assert again.sample_set == adjusted.sample_set


def test_adjust_says_where_a_likeness_comes_from(cast_of_ten, store):
    with pytest.raises(TroupeError, match="Check Consistency before Adjust"):
        adjust(cast_of_ten, Preset(likeness_minimum=0.5), store)


def test_of_two_that_serve_alike_adjust_keeps_the_one_that_is_no_outlier(shelf, studio, store):
    """The sharper one would stay otherwise."""
    soft, sharp = studio.draw("stand").resize((72, 108)).resize((144, 216)), studio.draw("wave")
    pair = [
        shelf.sample(f"mira/{n}", i, shot="full", angle="front", action="stand") for n, i in enumerate((soft, sharp))
    ]
    wish = parse_preset("total = 1\nnear_duplicate_distance = -1")
    kept = adjust(SampleSet(tuple(pair)), wish, store).sample_set.samples
    assert [s.id for s in kept] == ["mira/1"]
    marked = (finding(pair[0], 0.9), finding(pair[1], 0.4, outlier=True))
    assert [s.id for s in adjust(SampleSet(marked), wish, store).sample_set.samples] == ["mira/0"]


def test_a_picture_that_was_drawn_anew_has_no_finding(cast_of_ten):
    sample = finding(cast_of_ten.samples[0], 0.8)
    assert consistency_of(sample).likeness == 0.8
    assert consistency_of(replace(sample, image=replace(sample.image, digest="other"))) is None
