"""Describe: nobody's words are overwritten, nothing is looked at twice, one bad picture is one rejection."""

import json
import threading
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import torch
from PIL import Image

from troupe.models.captioning.describe import describe
from troupe.models.captioning.measured import MeasuredCaptioner
from troupe.models.captioning.protocol import Observation
from troupe.models.captioning.report import describe_report
from troupe.models.errors import EmptySet, TroupeError
from troupe.models.picturefiles import file_digest
from troupe.models.samples.sample import Description, Feature, ImageFile, MaskFile, Sample, SampleSet
from troupe.models.samples.store import Store


@dataclass
class Spy:
    """A captioner that says how bright the first pixel is, and remembers what it was shown."""

    identity: str = "spy 1"
    batch: int = 2
    batches: list = field(default_factory=list)
    sentence: str = ""
    keywords: tuple = ()

    def observe(self, pictures, samples):
        self.batches.append([s.id for s in samples])
        features = [
            (Feature("action", "run", "captioner", 0.9), Feature("angle", "side", "captioner", 0.8)) for _ in pictures
        ]
        return [Observation(f, self.sentence, self.keywords) for f in features]


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def picture(folder, name, colour="teal", **changes):
    path = folder / f"{name}.png"
    Image.new("RGB", (24, 32), colour).save(path)
    return Sample(name, "mira", ImageFile(str(path), file_digest(path), 24, 32), **changes)


def album(folder, count=5):
    return SampleSet(tuple(picture(folder, f"p{i}", (40 * i, 90, 120)) for i in range(count)))


def test_every_picture_gets_features_a_sentence_and_keywords(folder):
    before = album(folder)
    after = describe(before, Spy(), None)
    assert [s.id for s in after.samples] == [s.id for s in before.samples]
    for sample in after.samples:
        assert sample.value("action") == "run"
        assert sample.description == Description(
            "A picture of a character, seen from the side, running.", ("from side", "running"), "captioner"
        )
        assert (
            sample.history[-1].stage == "describe" and json.loads(sample.history[-1].settings)["captioner"] == "spy 1"
        )


def test_the_set_that_came_in_is_left_alone(folder):
    before = album(folder)
    copy = replace(before)
    describe(before, Spy(), None)
    assert before == copy


@pytest.mark.parametrize("batch", [1, 2, 3, 10])
def test_batches_are_full_and_change_nothing(folder, batch):
    spy = Spy(batch=batch)
    after = describe(album(folder), spy, None)
    assert [len(b) for b in spy.batches] == [min(batch, 5 - i) for i in range(0, 5, batch)]
    assert after == describe(album(folder), Spy(), None)


# Whose words


@pytest.mark.parametrize("origin", ["person", "sidecar", "path"])
def test_facts_that_somebody_stated_stay(folder, origin):
    stated = Feature("angle", "back", origin, 0.7)
    (after,) = describe(SampleSet((picture(folder, "a", features=(stated,)),)), Spy(), None).samples
    assert after.all_of("angle") == (stated,) and after.value("action") == "run"


@pytest.mark.parametrize("rewrite", ["fill gaps", "replace machine text"])
def test_the_text_of_a_person_stays_and_its_missing_half_is_filled(folder, rewrite):
    own = Description("Mira runs.", (), "person")
    (after,) = describe(SampleSet((picture(folder, "a", description=own),)), Spy(), None, rewrite=rewrite).samples
    assert after.description == Description("Mira runs.", ("from side", "running"), "person", filled="keywords")
    tags = Description("", ("mira", "running"), "person")
    (after,) = describe(SampleSet((picture(folder, "a", description=tags),)), Spy(), None, rewrite=rewrite).samples
    assert after.description.own_keywords == ("mira", "running") and after.description.sentence
    assert after.description.own_sentence == ""


@pytest.mark.parametrize(("rewrite", "kept"), [("fill gaps", True), ("replace machine text", False)])
def test_an_earlier_machine_is_overwritten_only_when_told(folder, rewrite, kept):
    old = Description("An old sentence.", ("old",), "captioner")
    (after,) = describe(SampleSet((picture(folder, "a", description=old),)), Spy(), None, rewrite=rewrite).samples
    assert (after.description == old) is kept


def test_the_captioner_s_own_words_come_before_ours(folder):
    spy = Spy(sentence="A runner at dawn.", keywords=("dawn", "running"))
    (after,) = describe(SampleSet((picture(folder, "a"),)), spy, None).samples
    assert after.description == Description("A runner at dawn.", ("from side", "running", "dawn"), "captioner")


# Nothing twice


def test_a_second_run_looks_at_nothing_and_says_the_same(folder):
    store, spy = Store(folder / "store"), Spy()
    first = describe(album(folder), spy, store)
    again = Spy()
    assert describe(album(folder), again, store) == first
    assert spy.batches and not again.batches


def test_only_new_pictures_are_looked_at(folder):
    store = Store(folder / "store")
    describe(album(folder, 3), Spy(), store)
    spy = Spy()
    describe(album(folder, 5), spy, store)
    assert spy.batches == [["p3", "p4"]]


@pytest.mark.parametrize(
    "change",
    [
        lambda folder, s: replace(s, image=replace(s.image, digest="other")),
        lambda folder, s: replace(s, image=replace(s.image, background="#000000")),
        lambda folder, s: replace(s, mask=MaskFile(s.image.path, "m", "grey")),
    ],
    ids=["picture", "colour behind", "mask"],
)
def test_whatever_changes_the_pixels_is_looked_at_again(folder, change):
    store, sample = Store(folder / "store"), picture(folder, "a")
    describe(SampleSet((sample,)), Spy(), store)
    spy = Spy()
    describe(SampleSet((change(folder, sample),)), spy, store)
    assert spy.batches == [["a"]]


def test_another_captioner_looks_for_itself(folder):
    store = Store(folder / "store")
    describe(album(folder, 1), Spy(), store)
    spy = Spy(identity="spy 2")
    describe(album(folder, 1), spy, store)
    assert spy.batches == [["p0"]]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"features": [{"nonsense": 1}], "sentence": "", "keywords": []}'])
def test_a_damaged_memory_is_made_anew(folder, content):
    store = Store(folder / "store")
    first = describe(album(folder, 1), Spy(), store)
    (kept,) = store.root.glob("??/*.json")
    kept.write_text(content, encoding="utf-8")
    assert describe(album(folder, 1), Spy(), store) == first


def test_what_was_seen_before_a_stop_is_kept(folder):
    class Stop(BaseException):
        pass

    def stop_at_the_fourth(done, total, name):
        if done == 3:
            raise Stop

    store = Store(folder / "store")
    with pytest.raises(Stop):
        describe(album(folder), Spy(batch=1), store, progress=stop_at_the_fourth)
    spy = Spy()
    resumed = describe(album(folder), spy, store)
    assert spy.batches == [["p3", "p4"]]
    assert resumed == describe(album(folder), Spy(), None)


def test_progress_is_told_once_a_picture_and_in_order(folder):
    told = []
    describe(album(folder, 4), Spy(), None, progress=lambda *event: told.append(event))
    assert told == [(i, 4, f"p{i}") for i in range(4)]


# Bad pictures


def test_an_unreadable_picture_is_rejected_with_a_reason_and_the_rest_goes_on(folder):
    good, bad = picture(folder, "good"), picture(folder, "bad")
    (folder / "bad.png").write_bytes(b"")
    after = describe(SampleSet((bad, good)), Spy(), None)
    assert [s.id for s in after.samples] == ["good"]
    (rejection,) = after.rejected
    assert (rejection.id, rejection.stage, rejection.sample) == ("bad", "describe", bad)
    assert rejection.reason == "the file is empty (0 bytes)"


def test_a_bad_mask_is_told_from_a_bad_picture(folder):
    (folder / "mask.png").write_bytes(b"no picture")
    sample = picture(folder, "a", mask=MaskFile(str(folder / "mask.png"), "m", "grey"))
    (rejection,) = describe(SampleSet((sample, picture(folder, "b"))), Spy(), None).rejected
    assert rejection.reason.startswith("its mask cannot be used: ")


def test_an_empty_set_is_an_error_that_says_so():
    with pytest.raises(EmptySet, match="Describe"):
        describe(SampleSet(), Spy(), None)


def test_a_captioner_that_forgets_a_picture_is_named(folder):
    class Forgetful(Spy):
        def observe(self, pictures, samples):
            return super().observe(pictures, samples)[1:]

    with pytest.raises(TroupeError, match="1 of 2 pictures: spy 1"):
        describe(album(folder, 2), Forgetful(), None)


# With the captioner that ships


FRONT = Feature("angle", "front", "captioner", 0.9)
NO_OBSERVATIONS = {
    "nothing at all": None,
    "nothing for a picture": [None],
    "a dictionary": [{"features": [], "sentence": "", "keywords": []}],
    "no confidence": [Observation((replace(FRONT, confidence=None),))],
    "a percentage": [Observation((replace(FRONT, confidence=90),))],
    "a number for a word": [Observation((replace(FRONT, value=3),))],
    "an unknown origin": [Observation((replace(FRONT, origin="me"),))],
    "no sentence": [Observation((FRONT,), None)],
    "keywords in one text": [Observation((FRONT,), "", "one, two")],
}


@pytest.mark.parametrize("what", NO_OBSERVATIONS)
def test_a_captioner_whose_answer_is_none_is_named(folder, what):
    spy = Spy()
    spy.observe = lambda pictures, samples: NO_OBSERVATIONS[what]
    with pytest.raises(TroupeError, match="The captioner .*: spy 1. This is a fault of the captioner"):
        describe(album(folder, 1), spy, Store(folder / "store"))


def test_lists_and_numpys_numbers_are_as_good(folder):
    spy = Spy()
    spy.observe = lambda pictures, samples: [Observation([replace(FRONT, confidence=np.float32(1.0001))], "", ["one"])]
    store = Store(folder / "store")
    first = describe(album(folder, 1), spy, store)
    assert first.samples[0].feature("angle") == replace(FRONT, confidence=1.0)
    assert describe(album(folder, 1), Spy(), store) == first


def test_the_measured_captioner_describes_a_cut_out(folder):
    path = folder / "a.png"
    image = Image.new("RGBA", (200, 300), (0, 0, 0, 0))
    image.paste((38, 128, 138, 255), (60, 30, 140, 270))
    image.save(path)
    digest = file_digest(path)
    sample = Sample("a", "mira", ImageFile(str(path), digest, 200, 300), MaskFile(str(path), digest, "alpha"))
    (after,) = describe(SampleSet((sample,)), MeasuredCaptioner(), Store(folder / "store")).samples
    assert after.description.sentence == (
        "A full-body shot of a character, on a transparent background, with a teal palette, drawn in flat colours."
    )
    assert after.description.keywords == ("full body", "teal theme", "transparent background", "flat color")


def test_the_report_counts_slots_origins_and_doubts(folder):
    stated = picture(
        folder, "a", features=(Feature("angle", "back", "path", 0.9), Feature("gaze", "up", "captioner", 0.3))
    )
    (folder / "lost.png").write_bytes(b"")
    lost = replace(picture(folder, "b"), id="lost", image=ImageFile(str(folder / "lost.png"), "d", 1, 1))
    report = describe_report(describe(SampleSet((stated, picture(folder, "b"), lost)), Spy(), None))
    rows = {line.split()[0]: " ".join(line.split()) for line in report.splitlines() if line}
    assert rows["angle"] == "angle dynamic 2/2 captioner 1, path 1 0.85 back 1, side 1"
    assert rows["gaze"] == "gaze dynamic 1/2 captioner 1 0.30 (1 doubtful) up 1"
    assert "sentences: 2/2, keywords: 2/2 (captioner 2)" in report
    assert "left out: lost: the file is empty (0 bytes)" in report


# Little memory, and Cancel


def test_a_batch_that_does_not_fit_is_halved(folder):
    class Small(Spy):
        def observe(self, pictures, samples):
            if len(pictures) > 2:
                raise torch.OutOfMemoryError("CUDA out of memory.")
            return super().observe(pictures, samples)

    small, store = Small(batch=5), Store(folder / "store")
    assert describe(album(folder), small, store) == describe(album(folder), Spy(), None)
    assert [len(b) for b in small.batches] == [2, 2, 1]


def test_one_picture_that_does_not_fit_stops_it_and_what_was_described_is_kept(folder):
    class Shrinking(Spy):
        def observe(self, pictures, samples):
            if self.batches:
                raise torch.OutOfMemoryError("CUDA out of memory.")
            return super().observe(pictures, samples)

    store = Store(folder / "store")
    with pytest.raises(TroupeError, match="memory does not suffice.*smaller model"):
        describe(album(folder), Shrinking(), store)
    rest = Spy()
    describe(album(folder), rest, store)
    assert rest.batches == [["p2", "p3"], ["p4"]]


@pytest.mark.parametrize("hears", [False, True])
def test_cancel_is_heard_while_a_model_looks(folder, hears):
    class Cancel(BaseException):
        pass

    held, here = threading.Event(), threading.get_ident()

    class Slow(Spy):
        hears_cancel = hears

        def observe(self, pictures, samples):
            self.thread = threading.get_ident()
            if hears:  # as the host's own models do
                raise Cancel
            held.wait(20)
            return super().observe(pictures, samples)

    def cancel(done, total, name):
        if hasattr(slow, "thread"):
            raise Cancel

    slow = Slow()
    with pytest.raises(Cancel):
        describe(album(folder), slow, None, progress=cancel)
    assert (slow.thread == here) is hears and not held.is_set()
    held.set()
