"""The folder of the host's own training nodes: what is in it, what is not, and which names it never has."""

import os

import pytest

from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset
from troupe.models.samples.sample import SampleSet

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")


def host(folder):
    """LoadImageTextDataSetFromFolder of ComfyUI 0.30: (picture, caption) as often as it is repeated."""
    seen = []
    for item in os.listdir(folder):
        path = os.path.join(folder, item)
        assert os.path.isdir(path)
        repeats = int(item.split("_")[0]) if item.split("_")[0].isdigit() else 1
        seen += repeats * [os.path.join(path, f) for f in os.listdir(path) if f.lower().endswith(SUFFIXES)]
    captions = []
    for file in seen:
        text = file.replace(os.path.splitext(file)[1], ".txt")  # every occurrence, which is the trap
        captions.append(open(text, encoding="utf-8").read().strip() if os.path.exists(text) else "")
    return list(zip(seen, captions, strict=True))


@pytest.mark.parametrize("picture_format", ["png", "jpg", "webp"])
def test_the_host_sees_what_was_planned(make_set, tmp_path, picture_format):
    rob = make_set(2, character="rob", trigger="robx", caption="robx, walking")
    samples = SampleSet((*make_set(3, masked=True).samples, *rob.samples))
    settings = WriteSettings("mira", "comfyui", picture_format=picture_format, resolution=96, repeats=2)
    plan = plan_dataset(samples, settings)
    folder = write_dataset(plan, tmp_path / "out").folder
    wanted = 2 * [(str(folder / p.files.picture), p.caption.text) for p in plan.pictures]
    assert sorted(host(folder / "train")) == sorted(wanted)


def test_no_name_holds_the_suffix_of_a_picture(make_sample, tmp_path):
    """`my.png_set/a.png` and `a.png.v2.png` lose their captions."""
    sample = make_sample("a.png.v2", character="my.png_set", trigger="x.png")
    plan = plan_dataset(SampleSet((sample,)), WriteSettings("hosts.png", "comfyui", class_word=".png", resolution=96))
    folder = write_dataset(plan, tmp_path / "out").folder
    ((picture, caption),) = set(host(folder / "train"))
    assert caption == plan.pictures[0].caption.text and picture.count(".png") == 1


def test_nothing_but_pictures_and_captions_lies_where_the_node_looks(make_set, tmp_path):
    plan = plan_dataset(make_set(3, masked=True), WriteSettings("mira", "comfyui", resolution=96, repeats=2))
    folder = write_dataset(plan, tmp_path / "out").folder
    assert sorted(p.name for p in folder.iterdir()) == ["README.txt", "manifest.json", "masks", "train"]
    assert {p.suffix for p in (folder / "train").rglob("*.*")} == {".png", ".txt"}
    assert "choose its train/" in (folder / "README.txt").read_text("utf-8")
