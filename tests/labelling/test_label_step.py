"""The step as a node sees it: settings that are checked, progress, cancelling, and a report that fits on a screen."""

import pytest

from troupe.models.errors import EmptySet, TroupeError
from troupe.models.labelling.label import label
from troupe.models.labelling.settings import LabelSettings
from troupe.models.samples.sample import SampleSet


@pytest.mark.parametrize(
    ("setting", "value"),
    [("policy", "keep"), ("style", "poem"), ("style_tags", "yes"), ("threshold", 0.2), ("threshold", 1.5),
     ("maximum_tags", 0), ("separator", ", "), ("separator", " ")],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_refused_by_name(setting, value):
    with pytest.raises(TroupeError) as error:
        LabelSettings("mira_x", **{setting: value})
    assert setting.split("_")[0] in str(error.value).lower() and str(value).strip() in str(error.value)


def test_an_empty_set_says_where_to_look():
    with pytest.raises(EmptySet, match="Tag Features"):
        label(SampleSet(), LabelSettings(""))


def test_progress_is_called_before_each_picture(picture):
    seen = []
    samples = [picture(f"{i}") for i in range(3)]
    label(SampleSet(tuple(samples)), LabelSettings(""), progress=lambda *call: seen.append(call))
    assert seen == [(0, 3, "mira/0"), (1, 3, "mira/1"), (2, 3, "mira/2")]


def test_cancelling_passes_through(picture):
    class Cancelled(BaseException):
        pass

    def stop(done, total, name):
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        label(SampleSet((picture("1"), picture("2"))), LabelSettings(""), progress=stop)


def test_the_report_is_a_dry_run(picture, tagged):
    samples = [picture(f"{i:02}", "hair.colour=silver accessory=scarf background=plain") for i in range(8)]
    samples += [picture(f"{i:02}", "hair.colour=silver background=plain") for i in range(8, 10)]
    report = tagged(samples).report
    assert report.startswith("Tag Features: 10 pictures of 1 character, policy absorb\n")
    row = next(line for line in report.splitlines() if line.strip().startswith("target"))
    assert row.split()[:6] == ["target", "hair.colour", "silver", "10", "of", "10"]
    assert "mira/00: mira_x, scarf, simple background\n    to the trigger: silver hair (10 of 10)" in report
    assert "kept until you decide: scarf" in report


def test_the_report_of_a_large_set_stays_readable(picture, tagged):
    samples = [picture(f"{i:04}", "hair.colour=silver", tags=f"tag {i % 300}", character=f"c{i % 30:02}")
               for i in range(1500)]  # fmt: skip
    report = tagged(samples, trigger="").report
    assert "and 1300 more" in report and "and 10 more characters" in report
    assert len(report.splitlines()) < 2000


def test_features_of_nobodys_vocabulary_do_no_harm(picture, tagged):
    labelled = tagged([picture(f"{i}", "aura=golden@0.8 hair.colour= palette=#ff0000") for i in range(3)])
    assert [s.labels.caption for s in labelled.sample_set.samples] == ["mira_x, golden"] * 3
