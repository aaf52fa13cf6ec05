"""Photographs as people have them, where they are at hand: the development data is not part of the repository."""

from troupe.models.samples.coverage import coverage_text
from troupe.models.samples.reading import ReadOptions, read_sample_set


def test_photographs_of_several_subjects_are_read_whole(shared_data):
    found = read_sample_set(shared_data / "characters", ReadOptions())
    assert found.characters == ("cat2", "dog6", "duck_toy", "monster_toy", "red_cartoon", "robot_toy")
    assert (len(found), len(found.rejected)) == (28, 0)
    assert "WARNING" in coverage_text(found)  # 4 to 6 pictures each are too few


def test_a_flat_folder_is_one_character(shared_data):
    found = read_sample_set(shared_data / "coco_open" / "images", ReadOptions(character="people"))
    assert found.characters == ("people",)
    assert (len(found), len(found.rejected)) == (110, 0)
