"""What texts beside a picture say, who is heard first, and that a bad text costs a note and not the picture."""

import json

import pytest

from troupe.models.samples.reading import ReadOptions, load_notes, read_sample_set
from troupe.models.samples.sample import Description
from troupe.models.samples.sidecars import LARGEST_SIDECAR


def only(root, **options):
    (sample,) = read_sample_set(root, ReadOptions(**options)).samples
    return sample


def facts(sample):
    return {f.slot: f.value for f in sample.features}


# JSON beside the picture


def test_a_json_sidecar_states_slots_caption_tags_and_character(album):
    record = {
        "angle": "front",
        "action": "running",
        "shot": "full body",
        "hair_color": "silver",
        "clothes.top": ["shirt", "jacket"],
        "caption": "Mira runs through the rain.",
        "tags": ["silver_hair", "rain"],
        "character": "Mira  Vale",
    }
    sample = only(album("mira/a.png", **{"mira/a": record}))
    assert sample.character == "Mira Vale"
    assert facts(sample) | {"clothes.top": ""} == {
        "angle": "front",
        "action": "run",
        "shot": "full",
        "hair.colour": "silver",
        "clothes.top": "",
        "weather": "rain",
    }
    assert [f.value for f in sample.all_of("clothes.top")] == ["shirt", "jacket"]
    assert {f.origin for f in sample.features} == {"sidecar"} and {f.confidence for f in sample.features} == {1.0}
    assert sample.description == Description("Mira runs through the rain.", ("silver hair", "rain"), "person")
    assert load_notes(sample) == ()


@pytest.mark.parametrize(
    ("record", "slot", "value"),
    [
        ({"Angle": "FROM_BEHIND"}, "angle", "back"),
        ({"view": "3/4"}, "angle", "three-quarter"),
        ({"角度": "背面"}, "angle", "back"),
        ({"view angle": "side"}, "angle", "side"),
        ({"pose": "sitting"}, "action", "sit"),
        ({"hair.colour": "silver hair"}, "hair.colour", "silver"),
        ({"发色": "银色头发"}, "hair.colour", "silver"),
        ({"tags": "1girl, sitting"}, "action", "sit"),
        ({"tags": {"sitting": 0.9, "running": 0.1}}, "action", "sit"),
        ({"caption": "1girl, from_side"}, "angle", "side"),
    ],
)
def test_keys_and_values_by_any_of_their_names(album, record, slot, value):
    assert facts(only(album("x.png", x=record)))[slot] == value


def test_a_taggers_score_is_the_confidence(album):
    sample = only(album("x.png", x={"tags": {"sitting": 0.875}}))
    assert sample.feature("action").confidence == 0.875


def test_what_the_vocabulary_lacks_is_kept_as_a_keyword_and_told(album):
    sample = only(album("x.png", x={"action": "knitting", "angel": "front", "caption": "Mira knits."}))
    assert sample.value("action") == "" and sample.description.keywords == ("knitting",)
    assert load_notes(sample) == (
        "action: 'knitting' is not in the vocabulary, kept as a keyword",
        "sidecar keys without a meaning here: angel",
    )


# Captions


def test_a_caption_of_tags(album):
    sample = only(album("x.png", "x.txt=1girl, (smile:1.2), looking_back, lighthouse"))
    assert facts(sample) == {"count": "girl", "expression": "smile", "gaze": "back"}
    assert sample.description.keywords == ("1girl", "smile", "looking back", "lighthouse")
    assert sample.description.origin == "person"


def test_a_caption_that_is_a_sentence_keeps_its_words(album):
    sample = only(album("x.png", "x.txt=A girl walks away from us, full body, from behind."))
    assert sample.description.sentence == "A girl walks away from us, full body, from behind."
    assert facts(sample) == {"shot": "full", "angle": "back"}


def test_kohyas_caption_suffix_is_read_too(album):
    assert only(album("x.png", "x.caption=sitting")).value("action") == "sit"


def test_ignored_captions_say_nothing_but_stated_slots_stand(album):
    root = album("x.png", "x.txt=sitting", x={"angle": "front", "tags": ["smile"], "caption": "Mira."})
    sample = only(root, captions="ignore")
    assert facts(sample) == {"angle": "front"}
    assert sample.description == Description()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_encodings(album, encoding):
    root = album("x.png")
    text = "微笑, sitting"
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    (root / "x.txt").write_bytes(data)
    assert facts(only(root)) == {"expression": "smile", "action": "sit"}


# Tables


def test_metadata_jsonl(album):
    rows = [{"file_name": "a.png", "text": "a cat, from_side"}, {"file_name": "sub/b.png", "angle": "back", "size": 3}]
    root = album("a.png", "sub/b.png", "metadata.jsonl=" + "\n".join(map(json.dumps, rows)) + "\n\n")
    samples = {s.id: s for s in read_sample_set(root, ReadOptions(layout="one character")).samples}
    assert samples["sub/b"].value("angle") == "back" and load_notes(samples["sub/b"]) == ()
    assert samples["a"].description.sentence == "a cat, from_side"


@pytest.mark.parametrize(
    "data",
    [
        [{"file_name": "./a.png", "angle": "back"}],
        {"a.png": {"angle": "back"}},
        {"a": {"angle": "back"}},
    ],
)
def test_metadata_json_as_list_or_object(album, data):
    assert only(album("a.png", "metadata.json=" + json.dumps(data))).value("angle") == "back"


def test_the_nearest_table_is_heard(album):
    outer, inner = ({"file_name": name, "angle": angle} for name, angle in (("mira/a.png", "back"), ("a.png", "side")))
    root = album("mira/a.png", f"metadata.jsonl={json.dumps(outer)}", f"mira/metadata.jsonl={json.dumps(inner)}")
    assert only(root).value("angle") == "side"


# Who is heard first


def test_trust(album):
    """JSON, table, caption, name: each fills what those before it left open."""
    table = {"file_name": "front_stand_full_smile.png", "action": "run", "angle": "side"}
    root = album(
        "front_stand_full_smile.png",
        "front_stand_full_smile.txt=sitting, close-up",
        f"metadata.jsonl={json.dumps(table)}",
        front_stand_full_smile={"angle": "back"},
    )
    sample = only(root)
    assert facts(sample) == {"angle": "back", "action": "run", "shot": "close-up", "expression": "smile"}
    assert {f.slot: f.origin for f in sample.features} == {
        "angle": "sidecar",
        "action": "sidecar",
        "shot": "sidecar",
        "expression": "path",
    }


# Bad texts


@pytest.mark.parametrize(
    ("name", "data", "note"),
    [
        ("x.json", b'{"angle": ', "x.json ignored: broken JSON (line 1: Expecting value)"),
        ("x.json", b'["front"]', 'x.json ignored: its JSON is no object like {"angle": "front"}'),
        ("x.json", b"[" * 100_000, "x.json ignored: JSON too deep or too large to read"),
        ("x.json", b'{"angle": ' + b"9" * 10_000 + b"}", "x.json ignored: JSON too deep or too large to read"),
        ("x.json", b"\xff\xfe\x00", "x.json ignored: it is not UTF-8 text; save it as UTF-8"),
        ("x.txt", "über".encode("latin-1"), "x.txt ignored: it is not UTF-8 text; save it as UTF-8"),
        ("x.txt", b"a" * (LARGEST_SIDECAR + 1), "x.txt ignored: it is larger than 1 MB"),
        ("metadata.jsonl", b'{"file_name": "x.png"}\nno\n', "metadata.jsonl: broken JSON in line 2"),
        ("metadata.jsonl", b"\xff", "metadata.jsonl ignored: it is not UTF-8 text; save it as UTF-8"),
        ("metadata.json", b"{", "metadata.json ignored: broken JSON (line 1: Expecting property name"),
        ("metadata.json", b'{"a": 1}', "metadata.json ignored: its JSON is neither a list of rows nor an object from"),
        ("metadata.json", b'[{"text": "x"}]', 'metadata.json: 1 rows have no "file_name" of their own'),
    ],
)
def test_a_bad_text_is_told_and_the_picture_still_read(album, name, data, note):
    root = album("x.png")
    (root / name).write_bytes(data)
    (told,) = load_notes(only(root))
    assert told.startswith(note)


@pytest.mark.parametrize(
    "record",
    [
        {"angle": None, "shot": 3, "action": {"a": 1}, "tags": 7, "caption": ["x"], "character": 5},
        {"tags": {"smile": "high", "sit": True}, "angle": ["", None]},
        {"tags": [1, None, "smile"]},
    ],
)
def test_values_of_strange_types_do_no_harm(album, record):
    assert only(album("x.png", x=record)).character == "album"
