"""What a model that writes may answer, and what becomes of it. The model here is a list of answers: what is tested is
the reading and the asking again, and no model gives these answers on demand. A real one is asked in
test_visionlanguage_in_host.py."""

from dataclasses import dataclass, field, replace

import pytest
import torch
from PIL import Image

from troupe.models.captioning.describe import describe
from troupe.models.captioning.report import describe_report
from troupe.models.captioning.visionlanguage.captioner import VisionLanguageCaptioner
from troupe.models.captioning.visionlanguage.questions import shipped_questions
from troupe.models.captioning.visionlanguage.reading import read_sentence, read_tags
from troupe.models.picturefiles import file_digest
from troupe.models.samples.sample import ImageFile, Sample, SampleSet
from troupe.models.samples.store import Store

GOOD = "A full-body shot of a girl with silver hair, walking in a park."
TAGS = "1girl, full body, silver hair, walking, park"


@dataclass
class Answers:
    """Gives its answers in turn and remembers what it was asked."""

    answers: list
    identity: str = "answers"
    asked: list = field(default_factory=list)

    def answer(self, question, pixels, seed):
        self.asked.append((question, seed))
        return self.answers[(len(self.asked) - 1) % len(self.answers)]


def captioner(*answers, **settings):
    return VisionLanguageCaptioner(Answers(list(answers)), shipped_questions(), **settings)


def sample(folder, name="p"):
    path = folder / f"{name}.png"
    Image.new("RGB", (40, 30), (len(name) * 20, 90, 120)).save(path)
    return Sample(f"mira/{name}", "mira", ImageFile(str(path), file_digest(path), 40, 30))


@pytest.mark.parametrize(
    "answer",
    [
        GOOD,
        f'"{GOOD}"',
        f"Sure! Here is a caption: {GOOD}",
        f"**Caption:** {GOOD}",
        f"<think>Let me look. A girl?</think>\n\n{GOOD}",
        f"```\n{GOOD}\n```",
        f"{GOOD}\n\nLet me know if you want more detail!",
        f"{GOOD[:-1]}<|im_end|>",
        f"Answer:\n{GOOD}",
    ],
)
def test_a_sentence_is_freed_of_what_is_around_it(answer):
    assert read_sentence(answer).text == GOOD


@pytest.mark.parametrize(
    "answer",
    [
        TAGS,
        f"Tags: {TAGS}.",
        "- 1girl\n- full body\n- silver hair\n- walking\n- park",
        "1. 1girl\n2. full_body\n3. silver_hair\n4. walking\n5. park",
        '["1girl", "full body", "silver hair", "walking", "park"]',
        '```json\n{"who": "1girl", "shot": ["full body"], "looks": ["silver hair", "walking"], "place": "park"}\n```',
        "Who: 1girl, full body\nHair: silver hair\nAction: walking\nBackground: park",
        "[1girl, full body, silver hair, walking, park",
        f"{TAGS}, {TAGS}",
    ],
)
def test_tags_come_in_many_shapes(answer):
    assert read_tags(answer).tags == ("1girl", "full body", "silver hair", "walking", "park")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("", "the answer was empty"),
        ("<think>The picture shows", "the answer was empty"),
        ("I'm sorry, but I cannot describe this image.", "the model refused"),
        ("As an AI I see no picture", "the model refused"),
        ("a girl a girl a girl a girl a girl", "the answer repeats itself"),
        ("the cat sat down. the cat sat down. " * 4, "the answer repeats itself"),
        ("%%%% $$$ ### @@@@ ^^^^", "the answer is no text"),
        ("girl silver hair park walking", "the answer is no sentence"),
        ("A girl", "a sentence of 2 words was answered"),
        (" ".join(f"word{i}" for i in range(200)), "a sentence of 200 words was answered"),
    ],
)
def test_bad_answers_have_a_reason(answer, fault):
    assert fault in read_sentence(answer).fault and not read_sentence(answer).text


def test_chinese_is_a_language_too():
    assert read_sentence("一个银发女孩在公园里散步。").text == "一个银发女孩在公园里散步。"
    assert read_tags("银发, 公园, 全身").tags == ("银发", "公园", "全身")


def test_a_sentence_is_no_list_of_tags():
    assert read_tags("This is a picture of a girl who walks through a large park.").fault == "no tags were answered"


def test_a_good_answer_is_asked_for_once(tmp_path):
    eyes = captioner(GOOD, TAGS)
    (seen,) = eyes.observe([picture()], [sample(tmp_path)])
    assert (seen.sentence, seen.keywords, seen.note) == (GOOD, tuple(TAGS.split(", ")), "")
    assert [seed for _, seed in eyes.model.asked] == [None, None]
    facts = {f.slot: f.value for f in seen.features}
    assert facts == {"count": "girl", "shot": "full", "hair.colour": "silver", "action": "walk", "place": "park"}
    assert {(f.origin, f.confidence) for f in seen.features} == {("captioner", 0.8)}


def test_a_bad_answer_is_asked_again_more_briefly_and_by_chance(tmp_path):
    eyes = captioner("", "I cannot", GOOD, wanted="sentence")
    (seen,) = eyes.observe([picture()], [sample(tmp_path)])
    questions, seeds = zip(*eyes.model.asked, strict=True)
    assert seen.sentence == GOOD and not seen.note
    assert questions == (shipped_questions().sentence[0], *[shipped_questions().sentence[1]] * 2)
    assert seeds[0] is None and len(set(seeds)) == 3


def test_what_stays_unanswered_is_recorded_and_the_rest_goes_on(tmp_path):
    """One picture of two gets no sentence: one is written from its tags, and the report says why."""
    store, two = Store(tmp_path / "store"), SampleSet((sample(tmp_path, "a"), sample(tmp_path, "bb")))
    eyes = captioner("", "", TAGS, GOOD, TAGS, attempts=2)
    done = describe(two, eyes, store)
    assert len(done) == 2 and not done.rejected
    first, second = (s.description for s in done.samples)
    assert first.sentence.startswith("A full-body shot of a girl with silver hair") and second.sentence == GOOD
    told = "unanswered: mira/a: no sentence after 2 attempts (the answer was empty)"
    assert [line for line in describe_report(done).splitlines() if "unanswered" in line] == [told]
    again = captioner(GOOD, TAGS, attempts=2)  # a better day: only the picture without an answer is asked about
    assert describe(two, again, store).samples[0].description.sentence == GOOD and len(again.model.asked) == 2


def test_seeds_follow_the_picture_and_not_its_place(tmp_path):
    def seeds(*names):
        eyes = captioner("", wanted="tags", attempts=3, seed=7)
        eyes.observe([picture()] * len(names), [sample(tmp_path, n) for n in names])
        return [seed for _, seed in eyes.model.asked]

    assert seeds("a", "bb") == seeds("bb", "a")[3:] + seeds("bb", "a")[:3]


def test_only_what_is_wanted_is_asked(tmp_path):
    for wanted, count in (("sentence", 1), ("tags", 1), ("sentence and tags", 2)):
        eyes = captioner(GOOD if wanted != "tags" else TAGS, TAGS, wanted=wanted)
        eyes.observe([picture()], [sample(tmp_path)])
        assert len(eyes.model.asked) == count


def test_identity_changes_with_all_that_changes_answers():
    eyes = captioner(GOOD)
    changed = [
        replace(eyes, model=Answers([], "other weights")),
        replace(eyes, questions=eyes.questions.with_hint("She is called Mira.")),
        replace(eyes, wanted="tags"),
        replace(eyes, attempts=1),
        replace(eyes, longest_side=512),
        replace(eyes, seed=1),
    ]
    assert len({c.identity for c in [eyes, *changed]}) == 7
    assert replace(eyes, questions=eyes.questions.with_hint("  ")).identity == eyes.identity


def picture():
    from troupe.models.pixels import Picture

    return Picture(torch.rand(30, 40, 3, generator=torch.Generator().manual_seed(0)))
