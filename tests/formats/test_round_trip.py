"""What is written in a format is recognised, and read back it is the same pictures, captions, masks and repeats."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from troupe.models.formats import FORMATS
from troupe.models.formats.captions import parts, without_separator
from troupe.models.formats.loadedreport import loaded_report
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.reading import read_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.tree import list_tree
from troupe.models.formats.write import write_dataset
from troupe.models.samples.sample import Feature, Labels, SampleSet
from troupe.models.samples.store import Store

EACH = pytest.mark.parametrize("format", [f.id for f in FORMATS])
OF = {f.id: f for f in FORMATS}


@pytest.fixture
def samples(make_set, make_sample):
    """Two characters; of mira some pictures have masks; a caption in two scripts, one with a head."""
    head = make_sample(4, caption="mirax, silver hair ||| running, park", masked=True, size=(128, 160))
    odd = make_sample(5, caption="mirax, „x“, 小鹿, {a|b}, c:\\d", features=(Feature("angle", "back", "person"),))
    rob = make_set(2, character="rob", caption="robx, walking", trigger="robx")
    return SampleSet((*make_set(3, masked=True).samples, head, odd, *rob.samples))


@pytest.fixture
def written(samples, tmp_path):
    def write(format, samples=samples, **rest):
        settings = WriteSettings(**{"name": "mira", "format": format, "resolution": 96, "repeats": 3, **rest})
        return write_dataset(plan_dataset(samples, settings), tmp_path / "out").folder

    return write


@pytest.fixture
def read(tmp_path):
    return lambda folder, *rest, **named: read_dataset(folder, Store(tmp_path / "store"), *rest, **named)


def without_manifest(folder):
    """As a person's set: nothing is known but what a trainer knows."""
    (folder / "manifest.json").unlink()
    return folder


def pixels(path):
    with Image.open(path) as image:
        return hashlib.sha256(image.tobytes()).hexdigest()


def shown(samples, head=False):
    """Pictures, captions and masks, in no order; a caption's head shows only to who knows it."""
    return sorted(
        (
            pixels(s.image.path),
            s.labels.caption if head else s.labels.caption.replace(" |||", ","),
            pixels(s.mask.path) if s.mask else "",
        )
        for s in samples
    )


@EACH
def test_a_written_set_is_recognised_without_its_manifest(written, format):
    assert OF[format].detect(list_tree(without_manifest(written(format))))


@EACH
def test_a_folder_of_holiday_pictures_is_of_no_format(format, make_set, tmp_path):
    make_set(2)
    assert not OF[format].detect(list_tree(tmp_path / "pictures"))


@EACH
@pytest.mark.parametrize("manifest", [True, False])
def test_what_is_read_is_what_was_written(written, read, format, manifest):
    folder = written(format)
    plain = written("huggingface", name="plain")
    loaded = read(folder if manifest else without_manifest(folder), "auto" if manifest else format)
    assert shown(loaded.samples.samples) == shown(read(plain).samples.samples)
    assert len(loaded.samples) == 7 and not loaded.samples.rejected
    assert loaded.format.id == format
    assert {f.repeats for f in loaded.found} == {3}
    assert {s.labels.trigger for s in loaded.samples.samples} == {"mirax", "robx"}
    assert sum(s.mask is not None for s in loaded.samples.samples) == 4
    assert len({s.id for s in loaded.samples.samples}) == 7


@EACH
def test_a_set_that_is_read_and_written_again_is_the_same_set(written, read, format):
    first = written(format)
    loaded = read(first)
    again = written(format, samples=loaded.samples, name="again", mask_dilate=0)
    assert shown(read(again).samples.samples) == shown(loaded.samples.samples)


@EACH
def test_any_format_becomes_any_other_by_way_of_a_sample_set(written, read, format):
    """kohya, a format, kohya: a ring."""
    first = read(written("kohya")).samples
    other = read(written(format, samples=first, name="other", mask_dilate=0)).samples
    last = read(written("kohya", samples=other, name="last", mask_dilate=0)).samples
    assert shown(last.samples) == shown(first.samples)


@EACH
def test_what_troupe_knew_comes_back(written, read, format):
    loaded = read(written(format))
    (odd,) = (s for s in loaded.samples.samples if s.id == "mira/pic_5")
    assert odd.value("angle") == "back" and odd.feature("angle").origin == "person"
    assert odd.character == "mira" and odd.labels.target == ("silver hair",)


@pytest.mark.parametrize("format", [f.id for f in FORMATS if not f.packing])
def test_a_caption_that_was_changed_in_the_folder_is_a_persons(written, read, format):
    folder = written(format)
    lists = (*folder.rglob("metadata.jsonl"), *folder.glob("metadata_mirax.json"))
    for rows in lists:
        rows.write_text(rows.read_text("utf-8").replace("picture 1", "dancing"), "utf-8")
    if not lists:
        next(folder.rglob("0001*.txt")).write_text("mirax, dancing", "utf-8")
    samples = read(folder).samples.samples
    assert {s.labels.caption: s.labels.origin for s in samples}["mirax, dancing"] == "person"


@EACH
def test_the_report_names_groups_repeats_and_trigger(written, read, format):
    report = loaded_report(read(without_manifest(written(format)), format))
    assert f"7 pictures as {OF[format].label}, 4 with masks" in report
    assert "x 3 repeats" in report and "trigger word: mirax, robx" in report


CAPTION = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"), min_size=1, max_size=60)


@EACH
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(captions=st.lists(CAPTION.filter(lambda c: c.strip(" ,")), min_size=2, max_size=4))
def test_captions_of_any_letters_survive(make_sample, tmp_path_factory, format, captions):
    root = tmp_path_factory.mktemp("any")
    samples = tuple(
        make_sample(n, size=(64, 64), labels=Labels("mirax", caption=f"mirax, {c}")) for n, c in enumerate(captions)
    )
    plan = plan_dataset(SampleSet(samples), WriteSettings("mira", format=format, resolution=64))
    folder = without_manifest(write_dataset(plan, root).folder)
    loaded = read_dataset(folder, Store(root / "store"), format)
    assert len(loaded.samples) == len(captions)
    wanted = [p.caption.text if OF[format].knows_head else without_separator(p.caption.text) for p in plan.pictures]
    if format == "ai-toolkit":  # its clean_caption drops what is between two commas
        wanted = [", ".join(parts(caption)) for caption in wanted]
    assert sorted(s.labels.caption for s in loaded.samples.samples) == sorted(wanted)


def test_the_manifest_of_an_unknown_version_is_passed_over(written, read):
    folder = written("kohya")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**manifest, "troupe_dataset": 99}), "utf-8")
    assert len(read(folder).samples) == 7


def test_nothing_outside_the_folder_is_read(written, read, tmp_path):
    folder = without_manifest(written("musubi"))
    secret = tmp_path / "secret"
    secret.mkdir()
    Image.new("RGB", (64, 64)).save(secret / "a.png")
    (secret / "a.txt").write_text("secret")
    text = (folder / "musubi.toml").read_text("utf-8")
    for place in (str(secret), "../../secret", "C:\\secret"):
        table = f"\n[[datasets]]\nimage_directory = {json.dumps(place)}\ncache_directory = 'x'\n"
        (folder / "musubi.toml").write_text(text + table, "utf-8")
        loaded = read(folder)
        assert len(loaded.samples) == 7
        assert all(folder in Path(s.image.path).parents for s in loaded.samples.samples)
