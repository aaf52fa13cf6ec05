"""Edit pairs: an original under its redrawn picture, pixel for pixel, in every format that learns from pairs."""

import hashlib
import json
from dataclasses import dataclass, replace

import numpy as np
import pytest
import yaml
from PIL import Image, ImageDraw, ImageFilter

from troupe.models.errors import EmptySet, TroupeError
from troupe.models.formats import FORMATS
from troupe.models.formats.loadedreport import loaded_report
from troupe.models.formats.pairing import Control, control_of, inside, instruction_of
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.reading import read_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.tree import list_tree
from troupe.models.formats.write import write_dataset
from troupe.models.labelling.label import label
from troupe.models.labelling.settings import LabelSettings
from troupe.models.pixels import from_pillow, to_pillow
from troupe.models.restyling.drawing import RestyleSettings
from troupe.models.restyling.restyle import restyle
from troupe.models.samples.sample import ImageFile, Labels, Sample, SampleSet, Step, StylePair, SubStyle
from troupe.models.samples.store import Store

PAIRED = [f.id for f in FORMATS if f.takes_pairs]
EACH = pytest.mark.parametrize("format", PAIRED)
OF = {f.id: f for f in FORMATS}
INK = SubStyle("ink", "Ink", "墨", "drawing", "ink", instruction="Redraw it in ink, keep the pose.")
WARM = SubStyle("warm", "Warm", "暖", "light", "warm", instruction="Make the light warm.")
STYLES = StylePair(INK, WARM)


def scene(n, size=(192, 128)):
    """Discs and bars, another for every `n`: enough to see where it lies."""
    rng = np.random.default_rng(n)
    image = Image.new("RGB", size, tuple(rng.integers(150, 220, 3)))
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y, r = rng.uniform(0, size[0]), rng.uniform(0, size[1]), rng.uniform(3, 14)
        draw.ellipse((x - r, y - r, x + r, y + r), tuple(rng.integers(0, 255, 3)))
    return image


def redrawn(image):
    """Another style, every edge in its place."""
    return image.filter(ImageFilter.SMOOTH).point(lambda v: 255 - v * 4 // 5)


@pytest.fixture
def twins(tmp_path):
    """`twins(3)`: a sample drawn from another; `size` of the original, `at` of the redrawn one, `shift` in pixels."""
    folder = tmp_path / "twins"
    folder.mkdir()

    def saved(image, name):
        path = folder / name
        image.save(path)
        return ImageFile(str(path), hashlib.sha256(path.read_bytes()).hexdigest(), *image.size)

    def make(n, size=(192, 128), at=None, shift=0, style=STYLES, box=None, character="mira", **rest):
        image = scene(n, size)
        load = (Step("load", json.dumps({"path": f"{n}.png"})),)
        source = Sample(f"{character}/pic_{n}", character, saved(image, f"{character}_{n}.png"), history=load)
        drawn = redrawn(image).resize(at or size)
        history = (*load, Step("restyle", "{}", 1))
        if box:
            settings = json.dumps({"from": "x", "shot": "close-up", "box": box, "of": list(drawn.size)})
            drawn, history = drawn.crop(box), (*history, Step("crop", settings))
        if shift:
            drawn = drawn.transform(drawn.size, Image.Transform.AFFINE, (1, 0, -shift, 0, 1, 0))
        file = saved(drawn, f"{character}_{n}_drawn.png")
        return Sample(source.id, character, file, style=style, source=source, history=history, **rest)

    return make


def settings(format="musubi", **rest):
    return WriteSettings(
        **{"name": "pairs", "format": format, "resolution": 128, "repeats": 2, "masks": False, "pairs": True, **rest}
    )


@pytest.fixture
def write(tmp_path):
    return lambda samples, **rest: write_dataset(
        plan_dataset(SampleSet(tuple(samples)), settings(**rest)), tmp_path / "out"
    )


def pictures(folder):
    """(redrawn, original, instruction) of each pair by the manifest."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    return [
        (Image.open(folder / e["file"]), Image.open(folder / e["control"]), e["caption"]) for e in manifest["pictures"]
    ]


def difference(a, b):
    return float(np.abs(np.asarray(a, float) - np.asarray(b, float)).mean())


@EACH
@pytest.mark.parametrize(
    "rest", [{}, {"resize": "bucket"}, {"resize": "none"}, {"resize": "shortest side", "resolution": 96}]
)
def test_both_halves_have_one_size_and_lie_over_each_other(twins, write, format, rest):
    """What is drawn of the written original is the written redrawn picture, but for the resampling."""
    samples = [twins(1), twins(2, at=(144, 96)), twins(3, size=(300, 200), at=(192, 128)), twins(4, size=(128, 192))]
    found = pictures(write(samples, format=format, minimum_structure=0, **rest).folder)
    assert len(found) == 4
    for picture, control, _ in found:
        assert picture.size == control.size
        mirrored = redrawn(control.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
        assert difference(redrawn(control), picture) < difference(mirrored, picture) / 2


@EACH
def test_a_crop_of_the_redrawn_picture_is_cut_out_of_its_original_too(twins, write, format):
    """Adjust cropped; the original is twice as large as what was redrawn from it."""
    sample = twins(5, size=(384, 256), at=(192, 128), box=[40, 20, 140, 120])
    assert control_of(sample).part == pytest.approx((40 / 192, 20 / 128, 140 / 192, 120 / 128))
    ((picture, control, _),) = pictures(write([sample], format=format, resize="none").folder)
    assert picture.size == control.size == (100, 100)
    exact = scene(5, (384, 256)).crop((80, 40, 280, 240)).resize((100, 100), Image.Resampling.LANCZOS)
    assert difference(control, exact) < 1


def test_crops_of_crops_are_put_together():
    assert inside((0.5, 0, 1, 0.5), (0.5, 0.5, 1, 1)) == (0.75, 0.25, 1, 0.5)


def test_a_picture_redrawn_twice_goes_back_to_the_first(twins):
    once = twins(6, box=[0, 0, 96, 128])
    twice = replace(once, source=once, history=(*once.history, Step("restyle", "{}", 2)))
    found = control_of(twice)
    assert found == Control(once.source, (0, 0, 0.5, 1))


def test_what_is_the_original_already_is_copied_to_the_byte(twins, write):
    sample = twins(7)
    folder = write([sample], resize="none").folder
    entry = json.loads((folder / "manifest.json").read_text("utf-8"))["pictures"][0]
    assert entry["restyled_from"]["sha256"] == sample.source.image.digest
    with Image.open(folder / entry["control"]) as control:
        assert difference(control, scene(7)) == 0


LOST = {
    "no source": (lambda s, make: replace(s, source=None), "not drawn from another picture"),
    "another shape": (lambda s, make: make(20, size=(192, 128), at=(128, 128)), "another shape"),
    "another place": (
        lambda s, make: replace(s, history=(*s.history, Step("stage", "{}"))),
        "stands on another background",
    ),
    "an old crop": (
        lambda s, make: replace(s, history=(*s.history, Step("crop", json.dumps({"box": [0, 0, 9, 9]})))),
        "did not note out of what",
    ),
    "no words": (lambda s, make: replace(s, style=None), "no instruction"),
    "slid": (lambda s, make: make(21, size=(384, 256), shift=7), "moved against its original"),
    "another picture": (lambda s, make: replace(s, source=make(23).source), "lies where it does in its original"),
    "a changed original": (
        lambda s, make: replace(s, source=replace(s.source, image=replace(s.source.image, digest="0"))),
        "another picture by now",
    ),
}


@pytest.mark.parametrize("what", LOST)
def test_without_alignment_there_is_no_pair_and_a_reason(twins, write, what):
    change, reason = LOST[what]
    lost = change(twins(8, size=(384, 256)), twins)
    written = write([lost, twins(9, size=(384, 256))], resolution=384)
    assert len(pictures(written.folder)) == 1
    ((id, why),) = [(r.id, r.reason) for r in written.rejected]
    assert id == lost.id and reason in why
    assert [len(list(written.folder.rglob(f"{half}/**/*.png"))) for half in ("images", "control")] == [1, 1]


def test_if_no_pair_can_be_had_the_error_says_why(twins, write):
    with pytest.raises(EmptySet, match="Write Edit Pairs was given a sample set with no picture left.*not drawn from"):
        write([replace(twins(10), source=None)])


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("{style}", "Redraw it in ink, keep the pose. Make the light warm."),
        ("trgx style: {style}", "trgx style: Redraw it in ink, keep the pose. Make the light warm."),
        ("turn this into\ntrgx", "turn this into trgx"),
    ],
)
def test_the_instruction_is_the_styles_and_mine(twins, write, told, words):
    assert [text for _, _, text in pictures(write([twins(11)], instruction=told).folder)] == [words]


def test_a_picture_without_a_style_is_told_by_its_caption(twins):
    sample = twins(12, style=None, labels=Labels(caption="give her a hat"))
    assert instruction_of(sample, "{style}").text == "give her a hat"


def test_formats_without_pairs_say_which_have_them(twins):
    with pytest.raises(TroupeError, match="no place for edit pairs: .*musubi, ai-toolkit, simpletuner, diffusion-pipe"):
        plan_dataset(SampleSet((twins(13),)), settings("kohya"))


@EACH
def test_running_twice_writes_once_and_add_adds(twins, write, format):
    samples = [twins(n) for n in (14, 15)]
    first = write(samples, format=format)
    again = write(samples, format=format)
    assert again.folder == first.folder and "nothing was written" in again.report
    added = write([*samples, twins(16)], format=format, mode="add")
    assert added.pictures == 1 and len(pictures(added.folder)) == 3
    assert {p.stem for p in added.folder.rglob("control/**/*.png")} == {
        p.stem for p in added.folder.rglob("images/**/*.png")
    }
    replaced = write(samples[:1], format=format, mode="replace")
    assert replaced.folder == first.folder and len(pictures(replaced.folder)) == 1


def test_pairs_and_single_pictures_do_not_mix(twins, write):
    write([twins(17)])
    with pytest.raises(TroupeError, match="of edit pairs: pairs"):
        write([twins(18, labels=Labels("t", caption="t"))], pairs=False, mode="add")


class Cancelled(BaseException):
    pass


def test_cancel_leaves_nothing_behind(twins, tmp_path):
    def stop(done, total, name):
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_dataset(plan_dataset(SampleSet((twins(1), twins(2))), settings()), tmp_path / "out", progress=stop)
    assert list((tmp_path / "out").iterdir()) == []


def pixels(path):
    with Image.open(path) as image:
        return hashlib.sha256(image.convert("RGB").tobytes()).hexdigest()


def shown(samples):
    return sorted((pixels(s.image.path), pixels(s.source.image.path), s.labels.caption) for s in samples)


@EACH
@pytest.mark.parametrize("manifest", [True, False])
def test_what_is_read_is_what_was_written(twins, write, tmp_path, format, manifest):
    samples = [twins(1), twins(2), twins(3, character="rob")]
    folder = write(samples, format=format).folder
    wanted = sorted(
        (pixels(folder / e["file"]), pixels(folder / e["control"]), e["caption"])
        for e in json.loads((folder / "manifest.json").read_text("utf-8"))["pictures"]
    )
    if not manifest:
        (folder / "manifest.json").unlink()
        assert OF[format].detect(list_tree(folder))
    loaded = read_dataset(folder, Store(tmp_path / "store"))
    assert loaded.format.id == format and not loaded.samples.rejected
    assert shown(loaded.samples.samples) == wanted
    assert "3 with what they were made of" in loaded_report(loaded)
    assert {s.labels.trigger for s in loaded.samples.samples} == {""}


@EACH
def test_a_set_that_is_read_can_be_written_for_any_other_trainer(twins, write, tmp_path, format):
    loaded = read_dataset(write([twins(1), twins(2)], format=format).folder, Store(tmp_path / "store")).samples
    for other in PAIRED:
        again = write(loaded.samples, format=other, name=f"from {other}", resize="none")
        assert shown(read_dataset(again.folder, Store(tmp_path / "store")).samples.samples) == shown(loaded.samples)


def test_an_original_that_is_gone_is_noted(twins, write, tmp_path):
    folder = write([twins(1), twins(2)]).folder
    next(folder.rglob("control/**/*.png")).unlink()
    (folder / "manifest.json").unlink()
    assert "no original of its name, so the trainer stops" in loaded_report(read_dataset(folder, Store(tmp_path / "s")))


def by_musubi(folder):
    tomllib = pytest.importorskip("tomllib")
    for dataset in tomllib.loads((folder / "musubi.toml").read_text("utf-8"))["datasets"]:
        yield dataset["image_directory"], dataset["control_directory"]


def by_diffusion_pipe(folder):
    tomllib = pytest.importorskip("tomllib")
    for directory in tomllib.loads((folder / "dataset.toml").read_text("utf-8"))["directory"]:
        yield directory["path"], directory["control_path"]


def by_ai_toolkit(folder):
    job = yaml.safe_load((folder / "ai-toolkit.yaml").read_text("utf-8"))
    for dataset in job["config"]["process"][0]["datasets"]:
        yield dataset["folder_path"], dataset["control_path"]


def by_simpletuner(folder):
    backends = {b["id"]: b for b in json.loads((folder / "multidatabackend.json").read_text("utf-8"))}
    for backend in [b for b in backends.values() if b["dataset_type"] == "image"]:
        other = backends[backend["conditioning_data"]]
        assert (other["dataset_type"], other["conditioning_type"]) == ("conditioning", "reference_strict")
        assert other["source_dataset_id"] == backend["id"] and other["cache_dir_vae"] != backend["cache_dir_vae"]
        shared = ("resolution", "resolution_type", "crop", "crop_style", "crop_aspect")
        assert [other[key] for key in shared] == [backend[key] for key in shared]
        yield backend["instance_data_dir"], other["instance_data_dir"]


@pytest.mark.parametrize(
    ("format", "trainer"),
    [
        ("musubi", by_musubi),
        ("diffusion-pipe", by_diffusion_pipe),
        ("ai-toolkit", by_ai_toolkit),
        ("simpletuner", by_simpletuner),
    ],
)
def test_each_trainer_finds_an_original_of_every_pictures_name(twins, write, format, trainer):
    """By the keys of its own documents (docs/edit_pairs.md)."""
    folder = write([twins(1), twins(2), twins(3, character="rob")], format=format).folder
    found = list(trainer(folder))
    assert len(found) == 2
    names = [{p.name for p in (folder / place).iterdir() if p.suffix == ".png"} for pair in found for place in pair]
    assert names[0] == names[1] and names[2] == names[3] and sum(map(len, names)) == 6
    assert not [p for _, control in found for p in (folder / control).iterdir() if p.suffix == ".txt"]


@dataclass(frozen=True)
class Sliding:
    """A stylizer whose pictures are a little larger than their sources, and have moved."""

    identity = "sliding"
    repaints = ()

    def prepare(self, pictures):
        return self

    def cue(self, sample):
        return ""

    def restyle(self, request):
        image = redrawn(to_pillow(request.picture.rgb))
        moved = (1 / 1.02, 0, 5, 0, 1 / 1.02, -4)
        return from_pillow(image.transform(image.size, Image.Transform.AFFINE, moved, Image.Resampling.BICUBIC))


@pytest.mark.parametrize("rest", [{}, {"resolution": 512, "picture_format": "jpg"}, {"resize": "bucket"}])
def test_what_restyle_put_back_makes_a_pair(twins, tmp_path, rest):
    asked = SampleSet(tuple(replace(twins(n, size=(480, 320)).source, style=STYLES) for n in range(3)))
    drawn = restyle(asked, Sliding(), RestyleSettings(), Store(tmp_path / "store"))
    assert all(tries[-1].reason.startswith("put back") for tries in drawn.trials.values())
    written = write_dataset(plan_dataset(drawn.sample_set, settings(**rest)), tmp_path / "out")
    assert written.pictures == 3, written.rejected


def test_tagging_again_does_not_move_a_crop_behind_the_drawing(twins):
    """Tag Features takes its first entry out of the history; what was cropped before Restyle stays the source's."""
    sample = twins(1)
    crop = Step("crop", json.dumps({"box": [48, 32, 144, 96], "of": [192, 128]}))
    source = replace(sample.source, history=(Step("load"), Step("tag"), crop))
    twin = replace(sample, source=source, history=(*source.history, Step("restyle")))
    again = label(SampleSet((twin,)), LabelSettings("mirax")).sample_set.samples[0]
    assert control_of(twin) == control_of(again) == Control(source)
    assert control_of(replace(again, history=(*again.history, crop))).part == (0.25, 0.25, 0.75, 0.75)
