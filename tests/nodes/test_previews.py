"""What every step shows on its own node: a picture that can be read where the editor shows it."""

import io
from dataclasses import replace

import pytest
import torch
from PIL import Image

from support.pictures import character_folder
from troupe.models.captioning.describe import describe
from troupe.models.captioning.describedpicture import described_picture
from troupe.models.captioning.measured import MeasuredCaptioner
from troupe.models.labelling.label import label
from troupe.models.labelling.settings import LabelSettings
from troupe.models.labelling.tagpicture import tag_picture
from troupe.models.samples.reading import ReadOptions, read_sample_set
from troupe.models.samples.sample import Feature
from troupe.models.styles.library import load_library
from troupe.models.styles.mapping import MapSettings, map_styles
from troupe.models.styles.stylepicture import style_picture

WIDEST = 800  # half of it is what a node has, and letters must not be smaller than half


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return character_folder(tmp_path_factory.mktemp("previews"), count=8)


@pytest.fixture(scope="module")
def samples(folder):
    return read_sample_set(folder, ReadOptions(character="hero"))


def node(kind, **inputs):
    return {"class_type": f"Troupe{kind}", "inputs": inputs}


def flow(folder):
    return {
        "load": node("LoadSampleSet", folder=str(folder), layout="one character", character="hero", background="#fff",
                     captions="as written"),
        "captioner": node("MeasuredCaptioner"),
        "describe": node("Describe", samples=["load", 0], captioner=["captioner", 0], rewrite="fill gaps"),
        "map": node("MapStyles", samples=["describe", 0], first_style="anime_cel", rules="", second_by="angle",
                    table=""),
        "painter": node("PainterlyStylizer", new_character="keep the old colours", colours="#fff", colour_amount=1.0,
                        strength=1.0, background_look="same as subject"),
        "restyle": node("Restyle", samples=["map", 0], stylizer=["painter", 0], seed=0, minimum_structure=0.3,
                        retries=0),
        "check": node("CheckStructure", samples=["restyle", 0], minimum_structure=0.1, put_back=True),
        "adjust": node("Adjust", samples=["check", 0], preset="my wishes only", wishes="total = 5"),
        "review": node("ReviewSamples", samples=["adjust", 0], name="previews"),
        "tag": node("TagFeatures", samples=["review", 0], trigger="herotrp", class_word="", policy="absorb",
                    style="tags", threshold=0.8, always_keep="", force_target="", never_write="", replace="",
                    underscores=False, escape_brackets=False, style_words="caption", maximum_tags=60,
                    measured_words=False, shuffle=False, trigger_in_own_captions=True),
        "lists": node("SampleSetToImages", samples=["tag", 0], longest_side=64, seed=0),
        "again": node("SampleSetFromImages", images=["lists", 0], character="hero"),
        "set": node("SetImages", samples=["tag", 0], images=["lists", 0]),
        "look": node("PreviewSampleSet", samples=["set", 0], view="pictures", columns=4, cell=128, maximum=10),
        "also": node("PreviewSampleSet", samples=["again", 0], view="pictures", columns=4, cell=128, maximum=10),
    }  # fmt: skip


SHOWING = ("load", "describe", "map", "restyle", "check", "adjust", "review", "tag", "set", "again")


@pytest.fixture(scope="module")
def run(live_host, folder):
    result = live_host.run(flow(folder), timeout=300)
    assert result.ok, result.error
    return result


@pytest.mark.parametrize("step", SHOWING)
def test_every_step_shows_a_picture_on_its_node(step, run, live_host):
    (item,) = run.outputs[step]["images"]
    picture = Image.open(io.BytesIO(live_host.view(item)))
    assert item["type"] == "temp" and 320 <= picture.width and picture.height >= 150
    assert picture.width <= (1300 if step == "review" else WIDEST)
    assert len(picture.convert("RGB").getcolors(1 << 20)) > 30


def test_pictures_are_there_again_when_nothing_had_to_run(run, live_host, folder):
    again = live_host.run(flow(folder), timeout=300)
    assert not {e["data"]["node"] for e in again.of("executing")} & set(SHOWING)
    assert {step: again.outputs[step]["images"] for step in SHOWING} == {
        step: run.outputs[step]["images"] for step in SHOWING
    }


def test_adjust_shows_what_it_dropped_with_what_it_kept(run, live_host):
    (item,) = run.outputs["adjust"]["images"]
    assert run.outputs["adjust"]["troupe"][0]["rejected"] == 3
    assert Image.open(io.BytesIO(live_host.view(item))).height > 700


def test_a_finished_step_says_in_words_what_came_of_it(run):
    last = {e["data"]["node"]: e["data"]["text"] for e in run.of("progress_text")}
    assert last["load"] == "8 pictures, 0 set aside" and last["adjust"] == "5 kept of 8"
    assert last["map"].startswith("Anime cel, 3 second sub-styles by angle")
    assert last["review"].startswith("5 kept, 0 dropped, 0 with your words. Edit ")


# The pictures themselves, without a host


def test_what_was_described_follows_the_features(samples):
    described = describe(samples, MeasuredCaptioner(), None)
    more = described.mapped(lambda s: s.with_features([Feature("hair.colour", "green", "captioner")]))
    assert described_picture(more).height > described_picture(described).height
    twins = replace(more, samples=(*more.samples, *(replace(s, character="twin", id=f"t{s.id}") for s in more.samples)))
    assert described_picture(twins).height > 1.5 * described_picture(more).height


def test_the_style_map_has_a_tile_for_each_value(samples):
    library = load_library()
    by_angle = style_picture(map_styles(samples, library, MapSettings("anime_cel", "angle")))
    alone = style_picture(map_styles(samples, library, MapSettings("anime_cel", second_enabled=False)))
    assert by_angle.width > alone.width  # three angles in a row, and one character


def test_the_tags_tell_first_what_goes_to_the_trigger(samples):
    described = describe(samples, MeasuredCaptioner(), None)
    green = described.mapped(lambda s: s.with_features([Feature("hair.colour", "green", "captioner")]))
    with_trait = tag_picture(label(green, LabelSettings("herotrp")))
    (r, g, b) = (63, 143, 95)
    assert (r, g, b) in {colour for _, colour in with_trait.getcolors(1 << 20)}
    without = tag_picture(label(green, LabelSettings("herotrp", never_write="green hair")))
    assert (r, g, b) not in {colour for _, colour in without.getcolors(1 << 20)}


def test_shown_takes_pictures_of_any_sizes(host_inprocess):
    from troupe.nodes.bridge import shown

    facts = shown({"stage": "x"}, torch.zeros(2, 8, 8, 3), Image.new("RGB", (30, 20)))
    assert len(facts["images"]) == 3 and facts["troupe"] == [{"stage": "x"}]
    assert shown({"stage": "x"}) == {"troupe": [{"stage": "x"}]}
