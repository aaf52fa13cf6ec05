"""Data sets that other people wrote, with everything that goes wrong in them."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from troupe.models.errors import EmptySet, TroupeError
from troupe.models.formats import FORMATS
from troupe.models.formats.loadedreport import loaded_report
from troupe.models.formats.reading import read_dataset
from troupe.models.samples.store import Store


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "theirs"


@pytest.fixture
def put(folder):
    """`put({"a.png": None, "a.txt": "words"})`: pictures where there is no text; bytes as they are."""

    def write(files):
        for n, (name, data) in enumerate(files.items()):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if data is None:
                Image.new("RGB", (64, 64), (n * 20 % 256, 90, 200)).save(path)
            elif isinstance(data, Image.Image):
                data.save(path)
            else:
                path.write_bytes(data if isinstance(data, bytes) else data.encode())

    return write


@pytest.fixture
def read(folder, tmp_path):
    return lambda *rest, **named: read_dataset(folder, Store(tmp_path / "store"), *rest, **named)


def captions(loaded):
    return {s.image.path.rpartition("/")[2]: s.labels.caption if s.labels else "" for s in loaded.samples.samples}


def reasons(loaded):
    return {r.id: r.reason for r in loaded.samples.rejected}


def half(size=(64, 64)):
    mask = Image.new("L", size, 0)
    mask.paste(255, (0, 0, size[0] // 2, size[1]))
    return mask


KOHYA = {"12_trgx 1girl/a.png": None, "12_trgx 1girl/a.txt": "trgx, smiling"}


@pytest.mark.parametrize("above", ["", "train/", "img/"])
def test_kohya_repeats_are_in_the_names_of_the_folders(put, read, above):
    put({above + name: data for name, data in KOHYA.items()})
    loaded = read()
    assert loaded.format.id == "kohya" and captions(loaded) == {"a.png": "trgx, smiling"}
    assert [(f.repeats, f.group) for f in loaded.found] == [(12, "trgx 1girl")]
    assert loaded.samples.characters == ("trgx 1girl",)


def test_a_caption_file_may_end_in_caption(put, read):
    put({"3_x/a.png": None, "3_x/a.caption": "trgx, one", "3_x/b.png": None, "3_x/b.txt": "trgx, two"})
    assert captions(read()) == {"a.png": "trgx, one", "b.png": "trgx, two"}


@pytest.mark.parametrize(
    "data, text, note",
    [
        (b"\xef\xbb\xbftrgx, a", "trgx, a", "byte order mark"),
        (b"trgx, a\r\n", "trgx, a", ""),
        (b"trgx, a\r\ntrgx, b\r\n", "trgx, a", "several lines"),
        (b"\n\n  trgx, a \n", "trgx, a", ""),
        ("trgx, a\u2028b".encode(), "trgx, a b", ""),
        (b"", "", "the caption file is empty"),
        ("trgx, café".encode("latin-1"), "", "it is not UTF-8"),
        ("trgx, a".encode("utf-16"), "trgx, a", ""),
    ],
)
def test_what_is_odd_about_a_caption_file_is_told_and_costs_no_picture(put, read, data, text, note):
    put({"3_x/a.png": None, "3_x/a.txt": data})
    loaded = read()
    assert captions(loaded) == {"a.png": text}
    assert (note in loaded_report(loaded)) if note else ("!" not in loaded_report(loaded))


def test_kohya_takes_the_class_tokens_where_there_is_no_caption(put, read):
    put({**KOHYA, "12_trgx 1girl/b.png": None})
    loaded = read()
    assert captions(loaded)["b.png"] == "trgx 1girl"
    assert "the trainer takes the class tokens: 1 picture" in loaded_report(loaded)


TOML = """
[general]
caption_extension = ".cap"
[[datasets]]
  [[datasets.subsets]]
  image_dir = "/data/of/somebody/close"
  num_repeats = 6
  caption_prefix = "trgx, "
  [[datasets.subsets]]
  image_dir = "reg"
  is_reg = true
[[datasets]]
  [[datasets.subsets]]
  image_dir = 'C:\\data\\full'
  conditioning_data_dir = "full_mask"
  num_repeats = 9
"""


def test_a_kohya_configuration_is_followed_into_the_folder_that_it_came_with(put, read):
    pytest.importorskip("tomllib")
    put({"set.toml": TOML, "close/a.png": None, "close/a.cap": "smiling", "reg/r.png": None, "full/b.png": None,
         "full/b.cap": "trgx, b", "full_mask/b.png": half(), "99_other/z.png": None})  # fmt: skip
    loaded = read()
    assert captions(loaded) == {"a.png": "trgx, smiling", "b.png": "trgx, b"}
    assert {f.file: f.repeats for f in loaded.found} == {"close/a.png": 6, "full/b.png": 9}
    assert {s.id: s.mask is not None for s in loaded.samples.samples} == {"close/a": False, "full/b": True}


def test_masks_belong_to_pictures_by_their_stems(put, read):
    put({"3_x/a.jpg": None, "3_x/a.txt": "t", "3_x/b.png": None, "3_x/b.txt": "t", "masks/3_x/a.png": half()})
    masked = {s.id: s.mask and s.mask.channel for s in read("kohya").samples.samples}
    assert masked == {"x/a": "grey", "x/b": None}


def test_a_mask_that_is_white_all_over_says_nothing_and_one_of_another_shape_is_told_of(put, read):
    put({"3_x/a.png": None, "3_x/b.png": None, "masks/3_x/a.png": Image.new("L", (64, 64), 255),
         "masks/3_x/b.png": half((64, 20))})  # fmt: skip
    loaded = read("kohya")
    assert [s.mask for s in loaded.samples.samples] == [None, None]
    assert "mask ignored: another aspect ratio" in loaded_report(loaded)


def test_a_list_of_captions_may_name_pictures_by_path_or_by_name_alone(put, read):
    said = {
        "/data/of/somebody/pics/a.png": {
            "caption": "trgx, a girl waving",
            "tags": "smile, outdoors",
            "image_size": [1, 2],
        },
        "b": {"tags": ["trgx", "rain"]},
        "gone.png": {"caption": "x"},
    }
    put({"meta_lat.json": json.dumps(said), "pics/a.png": None, "pics/b.png": None, "pics/c.png": None})
    loaded = read()
    assert loaded.format.id == "kohya-metadata"
    assert captions(loaded) == {"a.png": "trgx, a girl waving, smile, outdoors", "b.png": "trgx, rain"}
    assert reasons(loaded) == {"gone": "the list names it, and it is not here"}


def test_a_list_of_captions_may_have_one_picture_a_line(put, read):
    rows = [{"image_path": "a.png", "caption": "trgx, a", "tags": "", "image_size": [64, 64]}]
    put({"meta.jsonl": "\n".join(map(json.dumps, rows)), "a.png": None})
    assert captions(read()) == {"a.png": "trgx, a"}


MUSUBI = """
[general]
caption_extension = ".txt"
num_repeats = 2
[[datasets]]
image_directory = "{path}"
[[datasets]]
image_jsonl_file = "meta.jsonl"
cache_directory = "c"
num_repeats = 5
"""


def test_musubi_leaves_pictures_without_a_caption_out_and_reads_lists(put, read):
    pytest.importorskip("tomllib")
    rows = [{"image_path": "/abs/more/c.png", "caption": "trgx, c"}, {"image_path": "gone.png", "caption": "x"}]
    put({"m.toml": MUSUBI.format(path="pics"), "pics/a.png": None, "pics/a.txt": "trgx, a\nsecond", "pics/b.png": None,
         "pics/deeper/z.png": None, "more/c.png": None, "meta.jsonl": "\n".join(map(json.dumps, rows))})  # fmt: skip
    loaded = read()
    assert loaded.format.id == "musubi"
    assert captions(loaded) == {"a.png": "trgx, a second", "c.png": "trgx, c"}
    assert {f.file: f.repeats for f in loaded.found} == {"pics/a.png": 2, "more/c.png": 5}
    assert reasons(loaded) == {
        "pics/b": "no caption file, so musubi-tuner leaves it out",
        "gone": "the list names it, and it is not here",
    }


def test_onetrainer_concepts_switched_off_and_for_validation_are_not_read(put, read):
    concepts = [
        {"path": "/x/one", "image": {}, "text": {}, "balancing": 2.6},
        {"path": "two", "image": {}, "text": {}, "enabled": False},
        {"path": "three", "image": {}, "text": {}, "type": "VALIDATION"},
        {"path": "four", "image": {}, "text": {"prompt_source": "filename"}, "include_subdirectories": True},
    ]
    put({"concepts.json": json.dumps(concepts), "one/a.png": None, "one/a.txt": "trgx, a\n\ntrgx, other\n",
         "one/a-masklabel.png": half(), "one/a-condlabel.png": None, "two/b.png": None, "three/c.png": None,
         "four/deep/trgx dancing.png": None})  # fmt: skip
    loaded = read()
    assert loaded.format.id == "onetrainer"
    assert captions(loaded) == {"a.png": "trgx, a", "trgx dancing.png": "trgx dancing"}
    assert [(f.repeats, bool(f.mask)) for f in loaded.found] == [(3, True), (1, False)]
    assert "several lines" in loaded_report(loaded)


def test_masks_in_onetrainers_way_are_enough_to_know_it(put, read):
    put({"pics/a.png": None, "pics/a.txt": "trgx", "pics/a-masklabel.png": half()})
    loaded = read()
    assert loaded.format.id == "onetrainer" and [bool(f.mask) for f in loaded.found] == [True]


def job(**dataset):
    process = {"trigger_word": "trgx", "datasets": [{"folder_path": "/pics", "caption_ext": "txt", **dataset}]}
    return json.dumps({"config": {"process": [process]}})  # JSON is YAML


def test_ai_toolkit_puts_its_trigger_word_before_captions_that_lack_it(put, read):
    pytest.importorskip("yaml")
    put({"job.yaml": job(num_repeats=3, mask_path="masks"), "masks/a.jpg": half(), "pics/a.png": None,
         "pics/a.txt": "smiling,\nwaving", "pics/b.png": None, "pics/b.txt": "[trigger] walking",
         "pics/in/c.png": None})  # fmt: skip
    loaded = read()
    assert loaded.format.id == "ai-toolkit"
    assert captions(loaded) == {"a.png": "trgx smiling, waving", "b.png": "trgx walking", "c.png": "trgx"}
    assert {s.labels.trigger for s in loaded.samples.samples} == {"trgx"}
    assert [(f.repeats, bool(f.mask)) for f in loaded.found] == [(3, True), (3, False), (3, False)]


BACKENDS = [
    {"id": "p", "instance_data_dir": "/d/p", "caption_strategy": "textfile", "repeats": 9, "conditioning_data": "m"},
    {"id": "m", "dataset_type": "conditioning", "conditioning_type": "mask", "instance_data_dir": "/d/m"},
    {"id": "i", "instance_data_dir": "i", "caption_strategy": "instanceprompt", "instance_prompt": "trgx person"},
    {"id": "off", "instance_data_dir": "off", "disabled": True},
    {"id": "t", "dataset_type": "text_embeds", "default": True, "cache_dir": "c"},
]


def test_simpletuner_counts_the_passes_after_the_first(put, read):
    put({"b.json": json.dumps(BACKENDS), "p/a.png": None, "p/a.txt": "trgx, a\ntrgx, b", "m/a.png": half(),
         "p/n.png": None, "i/x.png": None, "off/y.png": None})  # fmt: skip
    loaded = read()
    assert loaded.format.id == "simpletuner"
    assert captions(loaded) == {"a.png": "trgx, a", "n.png": "", "x.png": "trgx person"}
    assert {f.file: (f.repeats, bool(f.mask)) for f in loaded.found} == {
        "p/a.png": (10, True),
        "p/n.png": (10, False),
        "i/x.png": (1, False),
    }
    assert "no caption file: SimpleTuner stops" in loaded_report(loaded)


def test_diffusion_pipe_leaves_pictures_without_a_caption_out_unless_told_otherwise(put, read):
    pytest.importorskip("tomllib")
    config = 'skip_empty_caption = {skip}\n[[directory]]\npath = "/d/p"\nnum_repeats = 3\nmask_path = "m"\n'
    files = {"p/a.png": None, "p/a.txt": "trgx, a", "p/b.png": None, "m/b.webp": half()}
    put({"d.toml": config.format(skip="true"), **files})
    loaded = read()
    assert loaded.format.id == "diffusion-pipe" and captions(loaded) == {"a.png": "trgx, a"}
    assert reasons(loaded) == {"p/b": "no caption, so diffusion-pipe leaves it out"}
    put({"d.toml": config.format(skip="false")})
    loaded = read()
    assert captions(loaded) == {"a.png": "trgx, a", "b.png": ""}
    assert [(f.repeats, bool(f.mask)) for f in loaded.found] == [(3, False), (3, True)]


def test_diffusion_pipes_list_of_captions_wins_over_caption_files(put, read):
    pytest.importorskip("tomllib")
    put({"d.toml": '[[directory]]\npath = "p"\n', "p/a.png": None, "p/a.txt": "not read",
         "p/captions.json": json.dumps({"a.png": ["trgx, listed", "trgx, other"]})})  # fmt: skip
    loaded = read()
    assert captions(loaded) == {"a.png": "trgx, listed"} and "several captions" in loaded_report(loaded)


def test_hugging_face_never_sees_a_picture_without_a_row(put, read):
    rows = [{"file_name": "a.png", "caption": "trgx, a"}, {"file_name": "gone.png", "caption": "x"}]
    put({"train/metadata.jsonl": "\n".join(map(json.dumps, rows)) + "\n\n", "train/a.png": None, "train/b.png": None})
    loaded = read()
    assert loaded.format.id == "huggingface" and captions(loaded) == {"a.png": "trgx, a"}
    assert reasons(loaded) == {
        "train/gone": "the list names it, and it is not here",
        "train/b": "it has no row in the list, so no loader sees it",
    }


def test_hugging_face_lists_may_be_tables(put, read):
    put({"metadata.csv": 'file_name,text\na.png,"trgx, a ""quoted"""\n', "a.png": None})
    assert captions(read()) == {"a.png": 'trgx, a "quoted"'}


def test_a_plain_folder_of_pictures_and_captions_is_the_hosts(put, read):
    put({"a.png": None, "a.txt": "trgx, a\ntrgx, b", "b.webp": None, "c.bmp": None})
    loaded = read()
    assert loaded.format.id == "comfyui"
    assert captions(loaded) == {"a.png": "trgx, a trgx, b", "b.webp": ""}
    assert loaded.samples.characters == ("theirs",)


def test_the_trigger_is_what_all_captions_of_a_group_begin_with_or_what_is_written(put, read):
    put({"1_x/a.png": None, "1_x/a.txt": "trgx, a", "1_x/b.png": None, "1_x/b.txt": "trgx, b",
         "1_y/c.png": None, "1_y/c.txt": "other, c", "1_y/d.png": None, "1_y/d.txt": "another, d"})  # fmt: skip
    assert {s.id: s.labels.trigger for s in read().samples.samples} == {
        "x/a": "trgx",
        "x/b": "trgx",
        "y/c": "",
        "y/d": "",
    }
    assert {s.labels.trigger for s in read(trigger="mine").samples.samples} == {"mine"}


def test_descriptions_are_the_captions_words_without_the_trigger_and_a_persons(put, read):
    put({"1_x/a.png": None, "1_x/a.txt": "trgx, silver hair, from behind", "1_x/b.png": None, "1_x/b.txt": "trgx, b"})
    first = read().samples.samples[0]
    assert first.description.keywords == ("silver hair", "from behind") and first.description.origin == "person"
    assert first.value("angle") == "back"


def test_a_broken_picture_is_left_out_with_the_reason(put, read):
    put({**KOHYA, "12_trgx 1girl/bad.png": b"nothing"})
    loaded = read()
    assert len(loaded.samples) == 1 and "not a picture" in reasons(loaded)["trgx 1girl/bad"]


def test_two_pictures_of_one_name_are_two_samples(put, read):
    put({"3_x/a.png": None, "3_x/a.jpg": None, "3_x/a.txt": "t"})
    assert [s.id for s in read().samples.samples] == ["x/a", "x/a-2"]


def test_a_link_that_leads_out_is_not_followed(put, read, folder, tmp_path):
    put(KOHYA)
    Image.new("RGB", (64, 64)).save(tmp_path / "outside.png")
    (folder / "12_trgx 1girl" / "b.png").symlink_to(tmp_path / "outside.png")
    loaded = read()
    assert len(loaded.samples) == 1 and any("leads out" in r for r in reasons(loaded).values())


@pytest.mark.parametrize(
    "config", ["[[datasets", "datasets = 3", '[[datasets]]\nsubsets = "x"', "general = 1\ndatasets = [1]"]
)
def test_a_broken_configuration_is_nobodys(put, read, config):
    put({"x.toml": config, "y.json": "[1, {}, null", "z.yaml": "a: [", "notes.txt": "hello"})
    with pytest.raises(TroupeError, match="no format that is known here"):
        read()


def test_a_configuration_may_name_the_folder_that_it_lies_in(put, read):
    pytest.importorskip("tomllib")
    put({"m.toml": '[[datasets]]\nimage_directory = "/data/of/theirs"\ncaption_extension = ".txt"\n', "a.png": None,
         "a.txt": "trgx", "deeper/b.png": None, "deeper/b.txt": "x"})  # fmt: skip
    assert captions(read()) == {"a.png": "trgx"}


KEYS = st.sampled_from(
    "image_dir num_repeats caption_extension conditioning_data_dir is_reg class_tokens caption_prefix folder_path "
    "dataset_path mask_path trigger_word caption_ext default_caption id instance_data_dir conditioning_data repeats "
    "conditioning_type caption_strategy instance_prompt path balancing image text type enabled".split()
)
WORDS = st.sampled_from(["pics", ".", "..", "", "/", "mask", ".txt", "x", "mask_id"])
SCALARS = st.none() | st.booleans() | st.floats() | st.integers() | WORDS | st.lists(WORDS, max_size=2)
TABLE = st.dictionaries(KEYS, WORDS | SCALARS, max_size=6)
TABLES = st.lists(TABLE | SCALARS, max_size=3)
DATASETS = st.builds(lambda table, subsets: {**table, "subsets": subsets}, TABLE, TABLES)
PROCESSES = st.builds(lambda table, datasets: {**table, "datasets": datasets}, TABLE, TABLES)
CONFIGS = (
    TABLES
    | st.builds(lambda general, d: {"general": general, "datasets": [d]}, TABLE | SCALARS, DATASETS)
    | st.builds(lambda process: {"config": {"process": [process]}}, PROCESSES)
    | TABLE
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CONFIGS, st.sampled_from(["x.json", "x.yaml"]))
def test_whatever_a_configuration_says_is_read_or_refused_in_words(put, read, folder, config, name):
    for old in folder.glob("x.*"):
        old.unlink()
    put({name: json.dumps(config), "pics/a.png": None, "pics/a.txt": "trgx, a", "mask/a.png": half()})
    for format in FORMATS:
        try:
            read(format.id)
        except TroupeError as error:
            assert str(error)


def test_a_set_with_nothing_in_it_says_where_to_look(put, read):
    pytest.importorskip("tomllib")
    put({"m.toml": MUSUBI.format(path="elsewhere"), "meta.jsonl": ""})
    with pytest.raises(EmptySet, match="musubi-tuner"):
        read()


def test_a_format_that_is_asked_for_is_taken(put, read):
    put({"1_x/a.png": None, "1_x/a.caption": "trgx"})
    assert captions(read("comfyui")) == {"a.png": ""} and captions(read("kohya")) == {"a.png": "trgx"}
    with pytest.raises(TroupeError, match="Unknown data set format"):
        read("nobody's")
