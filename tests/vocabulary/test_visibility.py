"""What can be seen from where: the vocabulary knows for slots, and for single words that differ from their slot."""

import pytest

from troupe.models.vocabulary import vocabulary


@pytest.mark.parametrize(
    ("slot", "value", "facts", "visible"),
    [
        ("eyes.colour", "", {"angle": "back"}, False),
        ("eyes.colour", "blue", {"angle": "back"}, False),
        ("body", "", {"angle": "back"}, True),
        ("body", "freckles", {"angle": "back"}, False),
        ("body", "freckles", {"shot": "full"}, False),
        ("body", "freckles", {"shot": "medium", "angle": "side"}, True),
        ("body", "tail", {"angle": "back"}, True),
        ("body", "wings", {"angle": "back"}, True),
        ("body", "beard", {"angle": "back"}, False),
        ("accessory", "bag", {"shot": "close-up"}, False),
        ("accessory", "glasses", {"shot": "close-up"}, True),
        ("accessory", "glasses", {"angle": "back"}, False),
        ("clothes.head", "hair clip", {"shot": "close-up", "angle": "back"}, True),
        ("clothes.bottom", "shorts", {"shot": "medium"}, False),
        ("clothes.bottom", "culottes", {"shot": "medium"}, False),
        ("gaze", "", {"angle": "back"}, False),
        ("gaze", "viewer", {"angle": "back"}, False),
        ("gaze", "back", {"angle": "back"}, True),
        ("spirit", "brave", {"angle": "back"}, True),
    ],
)
def test_visible(slot, value, facts, visible):
    """Without a value the slot is asked for; a value that has no word is seen where its slot is."""
    assert vocabulary().visible(slot, facts, value) is visible


def test_whatever_hides_something_is_in_the_vocabulary_itself():
    conditions = {c for w in vocabulary().words for c in w.hidden_when}
    conditions |= {c for s in vocabulary().slots for c in s.hidden_when}
    assert all(vocabulary().word(*condition) for condition in conditions)
