"""Near-duplicate means the same picture, not the same character."""

from dataclasses import replace

import pytest
from PIL import Image

from troupe.models.adjusting import nearduplicates
from troupe.models.adjusting.measuring import measured
from troupe.models.adjusting.nearduplicates import near_duplicates
from troupe.models.samples.sample import StylePair, SubStyle

POSES = ("stand", "wave", "point", "jump", "walk")


@pytest.fixture
def twins(store):
    """(dropped, kept) ids; the samples come the best first."""

    def find(*samples, limit=6):
        found = near_duplicates(samples, [measured(s, store) for s in samples], limit, store)
        return [(samples[t.dropped].id, samples[t.kept].id) for t in found]

    return find


@pytest.mark.parametrize("pose", POSES)
@pytest.mark.parametrize("zoom", [1.0, 2.4])
def test_a_picture_saved_again_and_cut_by_two_percent_is_found(pose, zoom, shelf, studio, twins):
    image = studio.draw(pose, zoom=zoom)
    pair = shelf.sample("mira/a", image), shelf.sample("mira/b", studio.saved_again(image))
    assert twins(*pair) == [("mira/b", "mira/a")]


@pytest.mark.parametrize("limit", [6, 16])
def test_other_poses_on_the_same_plain_ground_stay(limit, shelf, studio, twins):
    assert twins(*(shelf.sample(f"mira/{pose}", studio.draw(pose)) for pose in POSES), limit=limit) == []


def test_another_mouth_in_a_close_up_stays(shelf, studio, twins):
    faces = [shelf.sample(f"mira/{m}", studio.draw("stand", mouth=m, zoom=2.6)) for m in ("line", "open")]
    assert twins(*faces, limit=16) == []


def test_other_clothes_stay(shelf, studio, twins):
    colours = {"red": (180, 70, 60), "blue": (60, 90, 180)}
    assert twins(*(shelf.sample(f"mira/{c}", studio.draw(shirt=rgb)) for c, rgb in colours.items()), limit=16) == []


def test_flat_pictures_of_other_colours_stay(shelf, twins):
    flats = [shelf.sample(f"mira/{n}", Image.new("RGB", (40, 40), (n * 80, 90, 160))) for n in range(4)]
    assert twins(*flats, limit=16) == []


def test_a_hundred_copies_all_go_for_the_first(shelf, studio, twins):
    image = studio.draw(size=(48, 72))
    copies = [shelf.sample(f"mira/{n:03}", image) for n in range(100)]
    assert twins(*copies) == [(f"mira/{n:03}", "mira/000") for n in range(1, 100)]


def test_what_goes_is_the_same_as_what_stays_not_as_something_that_goes_too(shelf, studio, twins):
    """A slow pan: each picture is the next one's near-duplicate, the first and the last are two pictures."""
    wide = studio.draw("wave", size=(288, 288))
    pan = [shelf.sample(f"mira/{x:02}", wide.crop((x, 0, x + 200, 288))) for x in range(0, 80, 4)]
    found = twins(*pan)
    gone = {dropped for dropped, _ in found}
    assert 0 < len(gone) < len(pan) - 1
    assert not gone & {kept for _, kept in found}


def test_whoever_watches_is_asked_before_every_careful_comparison(shelf, studio, store, monkeypatch):
    compared, asked = [], []
    monkeypatch.setattr(nearduplicates, "is_same", lambda *pair: compared.append(len(asked)) or False)
    samples = [shelf.sample(f"mira/{n}", studio.draw(shirt=(180, 70 + n, 60))) for n in range(6)]
    measures = [measured(s, store) for s in samples]
    near_duplicates(samples, measures, 16, store, watch=lambda: asked.append(None))
    assert len(compared) > 1
    assert len(set(compared)) == len(compared)


def test_limit_nought_takes_equal_fingerprints_only(shelf, studio, twins):
    image = studio.draw()
    noisy = studio.saved_again(image, quality=25, cut=0.02)
    pair = shelf.sample("mira/a", image), shelf.sample("mira/b", noisy)
    assert twins(*pair, limit=0) == []
    assert twins(*pair, limit=8) == [("mira/b", "mira/a")]


def test_the_word_of_a_person_or_a_file_name_counts_more_than_the_eye(shelf, studio, twins):
    image = studio.draw(size=(96, 144))
    again = studio.saved_again(image)
    told = [
        shelf.sample("mira/a", image, origin="path", expression="smile"),
        shelf.sample("mira/b", again, origin="path", expression="neutral"),
    ]
    guessed = [replace(s, features=tuple(replace(f, origin="captioner") for f in s.features)) for s in told]
    assert twins(*told) == []
    assert twins(*guessed) == [("mira/b", "mira/a")]


def test_two_styles_of_one_source_are_both_wanted(shelf, studio, twins):
    image = studio.draw()
    source = shelf.sample("mira/source", studio.draw("walk"))
    styles = [StylePair(SubStyle(name, name, name, "paint", name)) for name in ("oil", "gouache")]
    oil, gouache, oil_again = (
        replace(shelf.sample(f"mira/{n}", studio.saved_again(image, 95 - n, cut=0)), source=source, style=style)
        for n, style in enumerate((*styles, styles[0]))
    )
    assert twins(oil, gouache) == []
    assert twins(oil, oil_again) == [("mira/2", "mira/0")]


def test_a_square_cut_from_a_tall_picture_is_another_picture(shelf, studio, twins):
    image = studio.draw("stand", size=(144, 216))
    assert twins(shelf.sample("mira/a", image), shelf.sample("mira/b", image.resize((216, 216))), limit=16) == []
