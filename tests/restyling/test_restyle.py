"""Restyle draws each picture once, keeps it, and tells what became of every picture."""

import json
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest
import torch
from PIL import Image, ImageDraw

from troupe.models.errors import BadModel, EmptySet, TroupeError
from troupe.models.picturefiles import file_digest
from troupe.models.registration.gate import GateSettings
from troupe.models.restyling.drawing import RestyleSettings
from troupe.models.restyling.report import restyle_report
from troupe.models.restyling.restyle import restyle
from troupe.models.samples.sample import (
    Description,
    Feature,
    ImageFile,
    MaskFile,
    Sample,
    SampleSet,
    StylePair,
    SubStyle,
    read_picture,
)
from troupe.models.samples.store import Store

STYLE = StylePair(SubStyle("ink", "Ink", "墨", "ink", "ink drawing"))


@dataclass
class Negative:
    """A stylizer that inverts. `drawn`: which samples it was asked for, in order."""

    identity: str = "negative 1"
    repaints: tuple = ()
    drawn: list = field(default_factory=list)
    seen: list = field(default_factory=list)

    def prepare(self, pictures):
        self.seen = [p.rgb.shape for p in pictures]
        return self

    def cue(self, sample):
        return ""

    def restyle(self, request):
        self.drawn.append((request.sample.id, request.seed))
        return 1 - request.picture.rgb


def picture(path, seed=0, size=(240, 200), alpha=False):
    """Overlapping discs: edges in every direction, no two places alike."""
    random, (width, height) = Random(seed), size
    image = Image.new("RGB", size, (128, 128, 128))
    for _ in range(40):
        x, y, r = random.uniform(0, width), random.uniform(0, height), random.uniform(6, 30)
        ImageDraw.Draw(image).ellipse((x - r, y - r, x + r, y + r), tuple(random.randrange(256) for _ in range(3)))
    if alpha:
        image.putalpha(Image.new("L", size, 0))
        image.paste((255, 0, 0, 255), (20, 20, 60, 60))
    image.save(path)
    return path


def sample(path, style=STYLE, character="mira"):
    digest = file_digest(path)
    mask = MaskFile(str(path), digest, "alpha") if Image.open(path).mode == "RGBA" else None
    image = ImageFile(str(path), digest, *Image.open(path).size)
    return Sample(f"{character}/{path.stem}", character, image, mask, style=style)


@pytest.fixture
def five(tmp_path):
    return SampleSet(tuple(sample(picture(tmp_path / f"{i}.png", i)) for i in range(5)))


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def test_every_picture_is_redrawn_and_remembers_its_source(five, store):
    result = restyle(five, Negative(), RestyleSettings(), store)
    assert result.computed == 5 and result.reused == 0
    for before, after in zip(five.samples, result.sample_set.samples, strict=True):
        assert after.id == before.id and after.source == before
        assert torch.allclose(read_picture(after).rgb, 1 - read_picture(before).rgb, atol=1 / 255)
        assert after.image.digest == file_digest(after.image.path)


def test_a_second_run_draws_nothing_and_gives_the_same_set(five, store):
    first = restyle(five, Negative(), RestyleSettings(), store)
    again = Negative()
    second = restyle(five, again, RestyleSettings(), store)
    assert again.drawn == [] and second.reused == 5
    assert second.sample_set == first.sample_set


def test_after_cancel_only_missing_pictures_are_drawn(five, store):
    class Cancel(BaseException):
        pass

    def cancel_at_third(done, total, name):
        if name == "mira/2":
            raise Cancel

    with pytest.raises(Cancel):
        restyle(five, Negative(), RestyleSettings(), store, cancel_at_third)
    rest = Negative()
    result = restyle(five, rest, RestyleSettings(), store)
    assert [name for name, _ in rest.drawn] == ["mira/2", "mira/3", "mira/4"]
    assert result.reused == 2 and len(result.sample_set) == 5


def test_a_stylizer_that_hears_cancel_itself_draws_on_the_calling_thread(five, store):
    class Cancel(BaseException):
        pass

    class Sampler(Negative):
        hears_cancel = True

        def restyle(self, request):
            self.thread = threading.get_ident()
            if request.sample.id == "mira/2":
                raise Cancel
            return super().restyle(request)

    sampler = Sampler()
    with pytest.raises(Cancel):
        restyle(five, sampler, RestyleSettings(), store)
    assert sampler.thread == threading.get_ident()
    assert restyle(five, Negative(), RestyleSettings(), store).reused == 2


def test_order_and_company_change_no_picture(five, store, tmp_path):
    whole = restyle(five, Negative(), RestyleSettings(), store)
    part = SampleSet(five.samples[3:1:-1])
    alone = restyle(part, Negative(), RestyleSettings(), Store(tmp_path / "other"))
    digests = {s.id: (s.image.digest, s.history[-1].seed) for s in whole.sample_set.samples}
    assert {s.id: (s.image.digest, s.history[-1].seed) for s in alone.sample_set.samples}.items() <= digests.items()


CHANGES = {
    "seed": lambda s, t: (s, t, RestyleSettings(seed=1)),
    "style": lambda s, t: (s.mapped(lambda x: replace(x, style=replace(STYLE, feature="front"))), t, RestyleSettings()),
    "stylizer": lambda s, t: (s, replace(t, identity="negative 2"), RestyleSettings()),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_a_picture_draws_it_again(what, five, store):
    restyle(five, Negative(), RestyleSettings(), store)
    samples, stylizer, settings = CHANGES[what](five, Negative())
    assert restyle(samples, stylizer, settings, store).computed == 5


def test_another_gate_judges_again_but_draws_nothing(five, store):
    restyle(five, Negative(), RestyleSettings(), store)
    for gate in (GateSettings(minimum=0.1), None, GateSettings(minimum=0.1)):
        again = restyle(five, Negative(), RestyleSettings(gate=gate), store)
        assert (again.computed, again.reused) == (0, 5)


def test_a_caption_changes_no_picture_unless_the_stylizer_reads_it(five, store):
    class Reader(Negative):
        def cue(self, sample):
            return sample.description.sentence

    told = five.mapped(lambda s: replace(s, description=Description("In the rain.")))
    restyle(five, Negative(), RestyleSettings(), store)
    assert restyle(told, Negative(), RestyleSettings(), store).computed == 0
    assert restyle(told, Reader(), RestyleSettings(), store).computed == 5


def test_a_damaged_picture_in_the_store_is_drawn_again(five, store):
    first = restyle(five, Negative(), RestyleSettings(), store)
    torn = Path(first.sample_set.samples[1].image.path)
    torn.write_bytes(torn.read_bytes()[:100])
    again = restyle(five, Negative(), RestyleSettings(), store)
    assert again.computed == 1 and again.sample_set == first.sample_set


class Pooling(Negative):
    """Draws in a tone that depends on all pictures that it was shown."""

    def prepare(self, pictures):
        self.tone = float(sum(p.rgb.mean() for p in pictures))
        self.identity = f"pooling {self.tone:.4f}"
        return self

    def restyle(self, request):
        return (super().restyle(request) * self.tone).clamp(0, 1)


def test_a_part_is_drawn_as_it_is_in_the_whole(five, tmp_path):
    whole = restyle(five, Pooling(), RestyleSettings(gate=None), Store(tmp_path / "whole")).sample_set.samples
    parts = [SampleSet(five.samples[i:j], deciding=five.samples) for i, j in ((3, 5), (0, 2), (2, 3))]
    drawn = [
        restyle(part, Pooling(), RestyleSettings(gate=None), Store(tmp_path / f"{number}")).sample_set.samples
        for number, part in enumerate(parts)
    ]
    assert {s.id: s.image.digest for part in drawn for s in part} == {s.id: s.image.digest for s in whole}


def test_added_pictures_change_no_earlier_one(five, store):
    few, many = SampleSet(five.samples[:3]), five
    before = restyle(few, Pooling(), RestyleSettings(gate=None), store)
    after = restyle(many, Pooling(), RestyleSettings(gate=None), store)
    assert (after.computed, after.reused) == (2, 3)
    assert after.sample_set.samples[:3] == before.sample_set.samples
    # With one of the deciding pictures gone, the look is decided afresh.
    rest = restyle(SampleSet(five.samples[1:]), Pooling(), RestyleSettings(gate=None), store)
    assert rest.computed == 4


def test_a_deleted_picture_is_drawn_again_and_no_other(five, store):
    first = restyle(five, Negative(), RestyleSettings(), store)
    store.path(first.sample_set.samples[1].image.path.split("/")[-1][:-4], ".png").unlink()
    again = Negative()
    restyle(five, again, RestyleSettings(), store)
    assert [name for name, _ in again.drawn] == ["mira/1"]


def test_a_picture_that_lost_its_structure_is_tried_again_then_dropped_with_a_reason(five, store):
    class Scrambler(Negative):
        def restyle(self, request):
            super().restyle(request)
            return request.picture.rgb.flip(0, 1) if request.sample.id == "mira/3" else request.picture.rgb

    stylizer = Scrambler()
    settings = RestyleSettings(gate=GateSettings(minimum=0.5), retries=2)
    result = restyle(five, stylizer, settings, store)
    (dropped,) = result.sample_set.rejected
    assert dropped.id == "mira/3" and "lost its structure" in dropped.reason
    seeds = [seed for name, seed in stylizer.drawn if name == "mira/3"]
    assert len(seeds) == len(set(seeds)) == 3
    assert "mira/3" in restyle_report(result)
    # The verdict is remembered too.
    assert restyle(five, Scrambler(), settings, store).computed == 0


def test_a_model_that_can_draw_nothing_stops_the_run(five, store):
    class Broken(Negative):
        def restyle(self, request):
            raise BadModel("This model is damaged", item="hero.safetensors")

    with pytest.raises(BadModel, match="hero.safetensors"):
        restyle(five, Broken(), RestyleSettings(), store)


def test_an_unreadable_picture_is_dropped_and_the_rest_goes_on(five, store):
    with open(five.samples[2].image.path, "wb") as file:
        file.write(b"no picture")
    result = restyle(five, Negative(), RestyleSettings(), store)
    (dropped,) = result.sample_set.rejected
    assert len(result.sample_set) == 4 and dropped.stage == "restyle" and "not a picture" in dropped.reason


def test_a_character_of_which_nothing_is_readable_leaves_the_others_alone(tmp_path, store):
    lost = sample(picture(tmp_path / "lost.png"), character="bram")
    Path(lost.image.path).write_bytes(b"no picture")
    result = restyle(SampleSet((lost, sample(picture(tmp_path / "a.png")))), Negative(), RestyleSettings(), store)
    assert [s.id for s in result.sample_set.samples] == ["mira/a"]
    assert [(r.id, "not a picture" in r.reason) for r in result.sample_set.rejected] == [("bram/lost", True)]


def test_what_was_not_compared_is_not_called_kept(five, store):
    unchecked = restyle(five, Negative(), RestyleSettings(gate=None), store)
    report = restyle_report(unchecked)
    assert "not compared in 5 pictures" in report and "median" not in report


def test_cancel_is_heard_while_the_set_is_looked_at(five, store):
    class Cancel(BaseException):
        pass

    def cancel(done, total, name):
        if name == "looking at mira/1":
            raise Cancel

    with pytest.raises(Cancel):
        restyle(five, Negative(), RestyleSettings(), store, cancel)


def test_transparent_pictures_stay_transparent(tmp_path, store):
    clear = sample(picture(tmp_path / "clear.png", alpha=True))
    (made,) = restyle(SampleSet((clear,)), Negative(), RestyleSettings(gate=None), store).sample_set.samples
    assert Image.open(made.image.path).mode == "RGBA"
    assert made.mask == MaskFile(made.image.path, made.image.digest, "alpha")
    assert torch.equal(read_picture(made).mask, read_picture(clear).mask)


def test_the_stylizer_sees_a_character_at_a_time_small_and_whole(tmp_path, store):
    large = sample(picture(tmp_path / "large.png", size=(1024, 512)))
    other = sample(picture(tmp_path / "other.png"), character="bram")
    stylizer = Negative()
    restyle(SampleSet((large, other)), stylizer, RestyleSettings(gate=None), store)
    assert stylizer.seen == [(200, 240, 3)]  # bram, the second character, alone
    restyle(SampleSet((large,)), stylizer, RestyleSettings(gate=None), store)
    assert stylizer.seen == [(128, 256, 3)]


def test_a_set_without_styles_says_which_node_is_missing(tmp_path, store):
    bare = sample(picture(tmp_path / "a.png"), style=None)
    with pytest.raises(TroupeError, match="Map Styles"):
        restyle(SampleSet((bare,)), Negative(), RestyleSettings(), store)


def test_an_empty_set_is_an_error(store):
    with pytest.raises(EmptySet):
        restyle(SampleSet(), Negative(), RestyleSettings(), store)


def test_only_facts_that_still_hold_come_along(five, store):
    told = (
        Feature("angle", "front", "path"),
        Feature("hair.colour", "blue", "sidecar"),
        Feature("brightness", "dark", "measured", 0.9, 0.2),
    )
    words = Description("A girl with blue hair.", ("blue hair", "from front"))
    described = five.mapped(lambda s: replace(s, features=told, description=words))
    made = restyle(described, Negative(repaints=("hair.colour",)), RestyleSettings(), store).sample_set.samples[0]
    assert [f.slot for f in made.features] == ["angle"]
    assert made.description == Description("", ("from front",))
    assert made.source.features == told


OWN = {
    "a sentence": Description("Mira and her blue hair.", (), "person"),
    "tags": Description("", ("blue hair", "from front"), "person"),
}


@pytest.mark.parametrize("words", OWN)
def test_a_persons_words_come_along_unchanged(words, five, store):
    described = five.mapped(lambda s: replace(s, description=OWN[words]))
    made = restyle(described, Negative(repaints=("hair.colour",)), RestyleSettings(), store)
    assert all(s.description == OWN[words] for s in made.sample_set.samples)


def test_history_tells_styles_seed_and_structure(five, store):
    made = restyle(five, Negative(), RestyleSettings(), store).sample_set.samples[0]
    facts = json.loads(made.history[-1].settings)
    assert facts["first"] == "ink" and facts["structure"] > 0.5 and made.history[-1].seed is not None


def test_what_drops_out_is_in_the_order_of_the_set(tmp_path, five):
    """However its characters are mixed, so that shards joined are what the whole would be."""
    mixed = five.mapped(lambda s: replace(s, character="bram" if s.id[-1] in "13" else "mira"))
    for place in (1, 2, 3):
        Path(mixed.samples[place].image.path).write_bytes(b"gone")
    left = restyle(mixed, Negative(), RestyleSettings(), Store(tmp_path / "store")).sample_set
    assert [r.id[-1] for r in left.rejected] == ["1", "2", "3"]
