"""What the names of files and folders say."""

import pytest

from troupe.models.samples.attributes import path_features, tokens_of
from troupe.models.vocabulary import vocabulary


def said(*names, own="mira"):
    return {f.slot: f.value for f in path_features(names, (own,))}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("mira_front_stand_full_01", {"angle": "front", "action": "stand", "shot": "full"}),
        ("mira-three-quarter-close-up", {"angle": "three-quarter", "shot": "close-up"}),
        ("MiraThreeQuarterCloseUp", {"angle": "three-quarter", "shot": "close-up"}),
        ("mira.from behind.full body", {"angle": "back", "shot": "full"}),
        ("FULLBODY_SideView2", {"angle": "side", "shot": "full"}),
        ("mira running smile", {"action": "run", "expression": "smile"}),
        ("1girl_sitting_in_park", {"action": "sit", "count": "girl", "place": "park"}),
        ("bird's-eye", {"angle": "above"}),
        ("mira_backpack", {"accessory": "bag"}),
        ("looking_back", {"gaze": "back"}),
        ("米拉正面跑全身", {"angle": "front", "action": "run", "shot": "full"}),
        ("mira_背面_中景_坐着", {"angle": "back", "shot": "medium", "action": "sit"}),
        ("大特写半侧面跳跃03", {"shot": "extreme close-up", "angle": "three-quarter", "action": "jump"}),
        ("站", {"action": "stand"}),
        ("戒指", {}),  # a ring; 指 alone would be "to point"
        ("mira_34", {}),
        ("3_4", {}),
        ("mira_3-4_view", {"angle": "three-quarter"}),
        ("IMG_2034", {}),
        ("standard_sidewalk_frontier", {}),
        ("mira_blurry_bright", {}),  # pixels say that better
        ("", {}),
    ],
)
def test_path_words(name, wanted):
    assert said(name, own="米拉" if "米拉" in name else "mira") == wanted


def test_origin_and_confidence():
    (feature,) = path_features(("front",), ())
    assert (feature.origin, feature.confidence) == ("path", 0.9)


def test_the_characters_own_name_is_no_attribute():
    assert said("robot_toy_sitting", own="robot toy") == {"action": "sit"}
    assert said("RobotToySitting", own="robot_toy") == {"action": "sit"}
    assert said("wave_wave_01", own="Wave") == {"action": "wave"}
    assert said("wave_01", own="Wave") == {}


def test_the_file_speaks_before_its_folders():
    assert said("a_back", "front", "run") == {"angle": "back", "action": "run"}


def test_the_first_of_two_values_stands_unless_both_can_be():
    assert said("front_side") == {"angle": "front"}
    values = [f.value for f in path_features(("hat_and_crown",), ())]
    assert values == ["hat", "crown"]


def test_every_word_of_the_vocabulary_is_found_in_a_file_name():
    """Except plain numbers, and what no file name holds."""
    for word in vocabulary().words:
        for name in word.words:
            first = vocabulary().find(name)
            if name.replace(" ", "").isdigit() or "/" in name or vocabulary().slot(first.slot).kind == "measured":
                continue
            assert first.value in said(name.replace(" ", "_"), own="").values(), name


def test_tokens():
    assert tokens_of("HTMLPage2go_Ärger_étude-t.shirt 米拉x") == [
        "HTML", "Page", "2", "go", "Ärger", "étude", "t", "shirt", "米拉", "x",
    ]  # fmt: skip
