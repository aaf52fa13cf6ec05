"""Any other node can take part: sets become lists and lists become sets, with nothing swapped on the way."""

import pytest
import torch

from troupe.models.errors import TroupeError
from troupe.models.samples.bridging import from_images, host_image, with_images, with_masks
from troupe.models.samples.captiontext import with_captions, with_name_words
from troupe.models.samples.sample import read_picture
from troupe.models.samples.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def pictures(count, height=12, width=16, channels=3):
    generator = torch.Generator().manual_seed(count)
    return torch.rand(count, height, width, channels, generator=generator).mul(255).round() / 255


def test_pictures_become_samples_and_keep_their_pixels(store):
    images = [pictures(2), pictures(1, 30, 20)]
    made = from_images(images, store, character="mira")
    assert [s.id for s in made.samples] == ["mira/0001", "mira/0002", "mira/0003"]
    assert torch.equal(read_picture(made.samples[1]).rgb, images[0][1])
    assert made.samples[2].image.size == (20, 30)


def test_a_fourth_channel_is_the_mask(store):
    rgba = pictures(1, channels=4)
    (sample,) = from_images([rgba], store, character="mira").samples
    picture = read_picture(sample)
    assert torch.equal(picture.rgb, rgba[0, ..., :3]) and torch.equal(picture.mask, rgba[0, ..., 3])


def test_equal_pixels_are_kept_once(store):
    a = from_images([pictures(1)], store, character="a").samples[0].image
    b = from_images([pictures(1)], store, character="b").samples[0].image
    assert a == b


def test_new_pictures_remember_the_ones_they_replace(store):
    before = from_images([pictures(2)], store, character="mira")
    once = with_images(before, [1 - pictures(2)], store)
    assert [s.id for s in once.samples] == [s.id for s in before.samples]
    assert once.samples[0].source == before.samples[0]
    twice = with_images(once, [pictures(2)], store)
    assert twice.samples[0].source == before.samples[0]  # the twin stays the first picture


def test_masks_come_back_to_their_pictures(store):
    masks = torch.stack([torch.zeros(12, 16), torch.ones(12, 16)])
    made = with_masks(from_images([pictures(2)], store, character="mira"), [masks], store)
    assert read_picture(made.samples[0]).mask.max() == 0 and read_picture(made.samples[1]).mask.min() == 1


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_list_of_another_length_is_refused(count, store):
    made = from_images([pictures(2)], store, character="mira")
    with pytest.raises(TroupeError, match=f"{count} images for 2 pictures"):
        with_images(made, [pictures(count)] if count else [], store)
    with pytest.raises(TroupeError, match=f"{count} captions for 2 pictures"):
        with_captions(made, ["a"] * count, mine=False)


def test_doubled_names_are_refused(store):
    with pytest.raises(TroupeError, match="one name: mira/x"):
        from_images([pictures(2)], store, character="mira", names=["x", "x"])


def test_words_in_names_are_understood(store):
    made = with_name_words(from_images([pictures(1)], store, character="mira", names=["back_run_full_01"]))
    (sample,) = made.samples
    assert (sample.value("angle"), sample.value("action"), sample.value("shot")) == ("back", "run", "full")


def test_my_words_stay_mine(store):
    made = from_images([pictures(1)], store, character="mira")
    mine = with_captions(made, ["Mira laughs at the sea."], mine=True)
    assert mine.samples[0].description.origin == "person"
    machine = with_captions(mine, ["1girl, from_behind, silver_hair"], mine=False)
    assert machine.samples[0].description.sentence == "Mira laughs at the sea."
    assert machine.samples[0].value("hair.colour") == "silver"  # a gap it may fill


def test_machine_tags_are_read_as_taggers_write_them(store):
    made = from_images([pictures(1)], store, character="mira")
    (sample,) = with_captions(made, [r"(from behind:1.2), close-up, hat \(red\)"], mine=False).samples
    assert sample.value("angle") == "back" and sample.value("shot") == "close-up"
    assert "hat (red)" in sample.description.keywords


def test_large_pictures_are_brought_down_for_the_host():
    assert host_image(torch.rand(100, 50, 3), 20).shape == (1, 20, 10, 3)
    assert host_image(torch.rand(100, 50, 3)).shape == (1, 100, 50, 3)


@pytest.mark.parametrize(
    "text",
    [
        "1girl, silver_hair, from_behind",
        "(1girl:0.98), (silver_hair:0.91), (from_behind:0.64)",
        "1girl silver_hair from_behind",
    ],
)
def test_taggers_write_in_many_ways_and_mean_the_same(store, text):
    made = with_captions(from_images([pictures(1)], store, character="mira"), [text], mine=False)
    (sample,) = made.samples
    assert [sample.value(slot) for slot in ("count", "hair.colour", "angle")] == ["girl", "silver", "back"]
    assert sample.description.keywords == ("1girl", "silver hair", "from behind")


def test_a_taggers_scores_are_kept_as_confidence(store):
    text = "(1girl:0.98), (silver_hair:0.41), (hat:0.10)"
    (sample,) = with_captions(from_images([pictures(1)], store, character="mira"), [text], mine=False).samples
    assert {f.slot: f.confidence for f in sample.features} == {"count": 0.98, "hair.colour": 0.41}
