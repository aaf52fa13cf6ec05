"""A picture that failed a gate is drawn again, rung by rung; nothing that is finished is drawn twice."""

import json
from dataclasses import asdict, dataclass, field, replace
from functools import partial

import pytest
import torch
from PIL import Image, ImageDraw

from support.pictures import figure
from troupe.models.captioning.describe import describe
from troupe.models.captioning.onlooker import LookingCaptioner
from troupe.models.captioning.protocol import Observation
from troupe.models.picturefiles import file_digest, write_png
from troupe.models.pixels import to_pillow
from troupe.models.registration.features import FeatureGate
from troupe.models.registration.gate import GateSettings
from troupe.models.restyling.drawing import RestyleSettings
from troupe.models.restyling.ladder import MOST
from troupe.models.restyling.protocol import Closer
from troupe.models.restyling.redrawing import TOGETHER
from troupe.models.restyling.report import count_tries, restyle_report
from troupe.models.restyling.restyle import restyle
from troupe.models.samples.sample import Feature, ImageFile, Sample, SampleSet, StylePair, SubStyle, read_picture
from troupe.models.samples.seeds import sample_seed
from troupe.models.samples.store import Store, store_key

STYLE = StylePair(SubStyle("ink", "Ink", "墨", "ink", "ink drawing"))
ANGLES = {"front": "#ff0000", "side": "#00ff00", "back": "#0000ff"}
GATE = GateSettings(minimum=0.5)
SIDE = 112


class Cancel(BaseException):
    pass


@dataclass(frozen=True)
class Wild:
    """A stylizer as another pack might bring along. It turns a picture over until it keeps close enough (`tame`) to
    it, and paints its corner in `corner`'s colour until it keeps `true` to it. `drawn`: what it was asked for."""

    tame: float = 0.0
    true: float = 0.0
    corner: str = "front"
    amount: float = 0.0
    drawn: list = field(default_factory=list)

    repaints = ()

    def prepare(self, pictures):
        return self

    @property
    def identity(self):
        return f"wild {self.tame} {self.true} {self.corner} {self.amount}"

    def cue(self, sample):
        return ""

    def closer(self, amount):
        return Closer(f"wildness {1 - amount:.1f}", replace(self, amount=amount))

    def restyle(self, request):
        self.drawn.append((request.sample.id, request.seed, self.amount))
        rgb = request.picture.rgb
        if self.amount < self.true:
            image = to_pillow(rgb)
            ImageDraw.Draw(image).rectangle((0, 0, 15, 15), ANGLES[self.corner])
            rgb = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).reshape(rgb.shape) / 255
        return rgb if self.amount >= self.tame else rgb.flip(0, 1)


class Seeded(Wild):
    """It has no dial. Every third seed is a lucky one."""

    closer = None

    def restyle(self, request):
        drawn = super().restyle(request)
        return drawn if request.seed % 3 == 0 else drawn.flip(0, 1)


@dataclass
class CornerCaptioner:
    """Reads the angle off the upper left corner, where each angle has its colour. `looked`: how many pictures."""

    sure: float = 0.9
    looked: int = 0

    batch = 4

    @property
    def identity(self):
        return f"corner {self.sure}"

    def observe(self, pictures, samples):
        self.looked += len(pictures)
        return [Observation(tuple(self._angle(p.rgb[4, 4]))) for p in pictures]

    def _angle(self, colour):
        for angle, name in ANGLES.items():
            pure = torch.tensor(list(bytes.fromhex(name[1:]))) / 255
            if (colour - pure).abs().max() < 0.1:
                yield Feature("angle", angle, "captioner", self.sure)


def sample(folder, number, angle="back"):
    image = figure(number, SIDE)
    ImageDraw.Draw(image).rectangle((0, 0, 15, 15), ANGLES[angle])
    path = folder / f"{number}.png"
    image.save(path)
    return Sample(f"mira/{number}", "mira", ImageFile(str(path), file_digest(path), SIDE, SIDE), style=STYLE)


@pytest.fixture
def three(tmp_path):
    return SampleSet(tuple(sample(tmp_path, n) for n in range(3)))


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def run(samples, stylizer, store, retries=5, captioner=None, progress=lambda *_: None, **settings):
    onlooker = LookingCaptioner(captioner, store) if captioner else None
    return restyle(samples, stylizer, RestyleSettings(0, GATE, retries, **settings), store, progress, onlooker)


def test_first_another_seed_then_closer_each_time(three, store):
    wild = Wild(tame=0.4)
    result = run(three, wild, store)
    assert len(result.sample_set) == 3
    for before in three.samples:
        tries = [(seed, amount) for id, seed, amount in wild.drawn if id == before.id]
        assert tries == [(sample_seed(0, before.id, n), amount) for n, amount in enumerate((0, 0, 0.2, 0.4))]
    trials = result.trials["mira/0"]
    assert [t.manner for t in trials] == ["", "another seed", "wildness 0.8", "wildness 0.6"]
    assert [t.failed for t in trials] == ["structure"] * 3 + [""]
    facts = json.loads(result.sample_set.samples[0].history[-1].settings)
    assert (facts["tries"], facts["manner"]) == (4, "wildness 0.6")
    assert result.sample_set.samples[0].history[-1].seed == sample_seed(0, "mira/0", 3)


def test_the_first_that_passes_counts(three, store):
    wild = Wild()
    result = run(three, wild, store)
    assert len(wild.drawn) == 3 and all(len(t) == 1 for t in result.trials.values())


def test_no_try_is_closer_than_most(three, store):
    wild = Wild(tame=2)
    run(SampleSet(three.samples[:1]), wild, store, retries=8)
    amounts = [amount for _, _, amount in wild.drawn]
    assert amounts == [0, 0, 0.2, 0.4, MOST, MOST, MOST, MOST, MOST]
    assert len({seed for _, seed, _ in wild.drawn}) == 9


@pytest.mark.parametrize("step", [0.0, 0.3])
def test_the_step_is_the_users(step, three, store):
    wild = Wild(tame=2)
    run(SampleSet(three.samples[:1]), wild, store, retries=3, closer=step)
    assert [amount for _, _, amount in wild.drawn] == [0, 0, step, min(2 * step, MOST)]


def test_a_stylizer_that_has_no_dial_gets_other_seeds(three, store):
    class Stiff(Wild):
        def closer(self, amount):
            return None

    result = run(SampleSet(three.samples[:1]), Stiff(tame=2), store, retries=3)
    assert [t.manner for t in result.trials["mira/0"]] == ["", *["another seed"] * 3]


def test_a_stylizer_that_never_heard_of_it_gets_other_seeds(three, store):
    @dataclass
    class Plain:
        """`wild` without its `closer`."""

        wild: Wild
        identity: str = "plain"
        repaints: tuple = ()

        def prepare(self, pictures):
            return self

        def cue(self, sample):
            return ""

        def restyle(self, request):
            return self.wild.restyle(request)

    result = run(SampleSet(three.samples[:1]), Plain(Wild(tame=2)), store, retries=3)
    assert [t.manner for t in result.trials["mira/0"]] == ["", *["another seed"] * 3]


def test_when_no_try_passes_the_reason_names_each(three, store):
    (dropped,) = run(SampleSet(three.samples[:1]), Wild(tame=2), store, retries=2).sample_set.rejected
    assert dropped.reason.startswith("the redrawn picture lost its structure in all 3 tries (at first: ")
    assert dropped.reason.count("in place") == 3
    assert "; another seed: " in dropped.reason and "; wildness 0.8: " in dropped.reason


def test_a_second_run_draws_nothing_and_tells_the_same(three, store):
    first = run(three, Wild(tame=0.2), store)
    again = Wild(tame=0.2)
    second = run(three, again, store)
    assert again.drawn == [] and second.sample_set == first.sample_set and second.trials == first.trials


@pytest.mark.parametrize("stop", ["mira/1", "mira/1, another seed", "mira/1, wildness 0.8", "mira/2, wildness 0.6"])
def test_after_cancel_on_any_rung_nothing_is_drawn_twice(stop, three, store, tmp_path):
    def cancel(done, total, name):
        if name == stop:
            raise Cancel

    whole, cut, rest = Wild(tame=0.4), Wild(tame=0.4), Wild(tame=0.4)
    at_once = run(three, whole, Store(tmp_path / "other"))
    with pytest.raises(Cancel):
        run(three, cut, store, progress=cancel)
    resumed = run(three, rest, store)
    assert cut.drawn + rest.drawn == whole.drawn and cut.drawn
    assert resumed.trials == at_once.trials
    assert [s.image.digest for s in resumed.sample_set.samples] == [s.image.digest for s in at_once.sample_set.samples]


def test_order_and_company_change_no_try(three, tmp_path):
    whole = run(three, Wild(tame=0.2), Store(tmp_path / "whole"))
    part = run(SampleSet(three.samples[:0:-1]), Wild(tame=0.2), Store(tmp_path / "part"))
    assert {id: whole.trials[id] for id in part.trials} == part.trials and len(part.trials) == 2


def test_more_retries_go_on_where_the_tries_ended(three, store):
    assert len(run(three, Wild(tame=0.4), store, retries=1).sample_set) == 0
    more = Wild(tame=0.4)
    assert len(run(three, more, store, retries=4).sample_set) == 3
    assert [amount for _, _, amount in more.drawn] == [0.2, 0.4] * 3


def test_what_was_drawn_before_there_was_a_ladder_is_not_drawn_again(three, store):
    """The key of a first try and of a second one is what it always was."""
    wild = Wild()
    for before in three.samples:
        for attempt, pixels in enumerate((read_picture(before).rgb.flip(0, 1), read_picture(before).rgb)):
            seed = sample_seed(0, before.id, attempt)
            source = (before.image.digest, before.image.background, "")
            key = store_key("draw", 2, source, asdict(STYLE), "", wild.identity, seed)
            store.put(key, ".png", partial(write_png, to_pillow(pixels)))
    result = run(three, wild, store, retries=1)
    assert wild.drawn == [] and (result.computed, result.reused) == (0, 3)
    assert all(len(tries) == 2 for tries in result.trials.values())


def test_seeds_are_lucky_or_not_whatever_the_rest_is(tmp_path):
    many = SampleSet(tuple(sample(tmp_path, n) for n in range(6)))
    result = run(many, Seeded(), Store(tmp_path / "store"), retries=3)
    for id, tries in result.trials.items():
        lucky = next((n for n in range(4) if sample_seed(0, id, n) % 3 == 0), None)
        assert [t.failed == "" for t in tries] == [n == lucky for n in range(4 if lucky is None else lucky + 1)]
    passed, refused = count_tries(result.trials)
    assert sum(passed) + refused["structure"] == 6 and passed[0] < 6


def test_a_picture_that_shows_something_else_is_drawn_again(three, store):
    wild = Wild(true=0.2, corner="front")
    result = run(three, wild, store, captioner=CornerCaptioner())
    assert len(result.sample_set) == 3
    assert [t.failed for t in result.trials["mira/0"]] == ["features", "features", ""]
    assert result.trials["mira/0"][0].reason == "view angle was 'from behind', now 'from front' (0.90)"
    assert result.trials["mira/0"][-1].reason == "in place; still from behind"


def test_without_somebody_who_looks_it_passes(three, store):
    assert all(len(t) == 1 for t in run(three, Wild(true=2), store).trials.values())


def test_when_it_never_shows_the_same_it_is_dropped_with_every_reading(three, store):
    result = run(three, Wild(true=2, corner="side"), store, captioner=CornerCaptioner(), retries=2)
    assert len(result.sample_set) == 0
    reason = result.sample_set.rejected[0].reason
    assert reason.startswith("the redrawn picture shows something else than its source in all 3 tries")
    assert reason.count("view angle was 'from behind', now 'from side' (0.90)") == 3
    assert count_tries(result.trials) == ([0], {"structure": 0, "features": 3})


def test_structure_comes_first_and_both_are_told_apart(three, store):
    captioner = CornerCaptioner()
    result = run(three, Wild(tame=0.2, true=0.4), store, captioner=captioner)
    assert [t.failed for t in result.trials["mira/1"]] == ["structure", "structure", "features", ""]
    assert captioner.looked == 3 * 3  # each source once, and the twins that kept their structure
    stubborn = run(three, Wild(tame=0.2, true=2), store, captioner=CornerCaptioner(), retries=2)
    assert "lost its structure or shows something else" in stubborn.sample_set.rejected[0].reason


@pytest.mark.parametrize("sure", [0.5, 0.69])
def test_a_captioner_that_is_not_sure_refuses_nothing(sure, three, store):
    result = run(three, Wild(true=2), store, captioner=CornerCaptioner(sure))
    assert all(len(t) == 1 and t[0].reason == "in place; nothing to compare" for t in result.trials.values())


class TongueTied(CornerCaptioner):
    """It finds no words until it is `well`."""

    well = False

    def observe(self, pictures, samples):
        seen = super().observe(pictures, samples)
        return seen if self.well else [replace(o, features=(), note="no tags after 3 attempts") for o in seen]


def test_who_had_no_answer_is_asked_again_in_the_next_run_and_nothing_is_drawn_again(three, store):
    wild, captioner = Wild(true=2), TongueTied()
    silent = run(three, wild, store, captioner=captioner, retries=0)
    assert [t[-1].reason for t in silent.trials.values()] == [
        "in place; nothing to compare (no tags after 3 attempts)"
    ] * 3
    captioner.well, drawn = True, len(wild.drawn)
    again = run(three, wild, store, captioner=captioner, retries=0)
    assert len(again.sample_set) == 0 and len(wild.drawn) == drawn
    looked = captioner.looked
    run(three, wild, store, captioner=captioner, retries=0)
    assert captioner.looked == looked


def test_what_describe_showed_the_captioner_is_not_looked_at_again(three, store):
    captioner = CornerCaptioner()
    described = describe(three, captioner, store)
    assert captioner.looked == 3
    run(described, Wild(), store, captioner=captioner)
    assert captioner.looked == 3 + 3
    run(described, Wild(), store, captioner=captioner)
    assert captioner.looked == 6


def test_a_persons_word_decides_whether_the_captioner_can_read_it(three, store):
    told = three.mapped(lambda s: s.with_features([Feature("angle", "side", "person")]))
    run(three, Wild(true=2), store, captioner=CornerCaptioner(), retries=0)
    again = Wild(true=2)
    result = run(told, again, store, captioner=CornerCaptioner(), retries=0)
    assert len(result.sample_set) == 3 and again.drawn == []


def test_another_certainty_or_captioner_judges_again_and_draws_nothing(three, store):
    run(three, Wild(true=2), store, captioner=CornerCaptioner(), retries=0)
    for captioner, sure, kept in (
        (CornerCaptioner(), 0.95, 3),
        (CornerCaptioner(0.6), 0.7, 3),
        (None, 0.7, 3),
        (CornerCaptioner(), 0.7, 0),
    ):
        again = Wild(true=2)
        result = run(three, again, store, captioner=captioner, retries=0, features=FeatureGate(sure))
        assert again.drawn == [] and len(result.sample_set) == kept


def test_more_pictures_than_are_looked_at_together(tmp_path):
    many = SampleSet(tuple(sample(tmp_path, n) for n in range(TOGETHER + 3)))
    whole = run(many, Wild(true=0.2), Store(tmp_path / "whole"), captioner=CornerCaptioner())
    assert [len(t) for t in whole.trials.values()] == [3] * (TOGETHER + 3)
    part = run(SampleSet(many.samples[5:2:-1]), Wild(true=0.2), Store(tmp_path / "p"), captioner=CornerCaptioner())
    assert {id: whole.trials[id] for id in part.trials} == part.trials


def test_cancel_while_pictures_are_compared_loses_no_picture(three, store):
    def cancel(done, total, name):
        if name == "comparing mira/1":
            raise Cancel

    cut, rest = Wild(true=0.2), Wild(true=0.2)
    with pytest.raises(Cancel):
        run(three, cut, store, captioner=CornerCaptioner(), progress=cancel)
    assert len(cut.drawn) == 3
    result = run(three, rest, store, captioner=CornerCaptioner())
    assert len(result.sample_set) == 3 and not set(cut.drawn) & set(rest.drawn)


def test_what_was_dropped_keeps_its_place_after_a_resumed_run(three, store, tmp_path):
    run(SampleSet(three.samples[1:]), Wild(tame=2), store, retries=0)
    resumed = run(three, Wild(tame=2), store, retries=0, captioner=None)
    at_once = run(three, Wild(tame=2), Store(tmp_path / "other"), retries=0)
    assert [r.id for r in resumed.sample_set.rejected] == [r.id for r in at_once.sample_set.rejected]


def test_the_report_counts_tries_and_has_a_line_for_each(three, store, tmp_path):
    lost = sample(tmp_path, 7)
    Image.new("RGB", (SIDE, SIDE), "blue").save(lost.image.path)  # too plain for any gate
    result = run(SampleSet((*three.samples, lost)), Wild(tame=0.2), store)
    report = restyle_report(result).splitlines()
    assert report[1] == "Passed at the first try 1, the second 0, the third 3; refused for structure 0, for features 0."
    rows = [line.split() for line in report[report.index("") :]]
    heading = next(i for i, row in enumerate(rows) if row[:2] == ["picture", "try"])
    table = rows[heading + 1 :]
    assert len(table) == 3 * 3 + 1
    assert table[0][:4] == ["mira/0", "1", "as", "asked"] and table[0][-4:] == ["refused:", "lost", "its", "structure"]
    assert table[2][:3] == ["3", "wildness", "0.8"] and table[2][-2:] == ["in", "place"]
    assert table[-1] == ["mira/7", "1", "as", "asked", "--", "too", "plain", "to", "compare"]
