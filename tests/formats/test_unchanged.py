"""Writing the same twice in the mode "new" writes once; anything else gets a folder of its own."""

from dataclasses import replace

import pytest

from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset


@pytest.fixture
def twice(make_set, tmp_path):
    """Write, change something, write again: the two folders' names and the second report."""

    def write(change_set=lambda s: s, **change):
        settings = WriteSettings("mira")
        first = write_dataset(plan_dataset(make_set(3), settings), tmp_path)
        second = write_dataset(plan_dataset(change_set(make_set(3)), replace(settings, **change)), tmp_path)
        return first.folder.name, second.folder.name, second.report

    return write


def test_the_same_again_is_left_as_it_is(twice):
    first, second, report = twice()
    assert first == second and "nothing was written" in report


CHANGES = [{"picture_format": "jpg"}, {"resolution": 96}, {"repeats": 3}, {"licence_note": "x"}]


@pytest.mark.parametrize("change", CHANGES)
def test_other_settings_are_another_data_set(twice, change):
    assert twice(**change)[:2] == ("mira", "mira_2")


def test_another_caption_is_another_data_set(twice):
    def recaptioned(s):
        return s.mapped(lambda x: replace(x, labels=replace(x.labels, caption=x.labels.caption + ", rain")))

    assert twice(recaptioned)[:2] == ("mira", "mira_2")


def test_a_data_set_that_lost_a_picture_is_written_again(make_set, tmp_path):
    plan = plan_dataset(make_set(3), WriteSettings("mira"))
    first = write_dataset(plan, tmp_path)
    (first.folder / plan.pictures[0].files.picture).unlink()
    assert write_dataset(plan, tmp_path).folder.name == "mira_2"
