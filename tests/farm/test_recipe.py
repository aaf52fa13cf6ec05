"""A recipe says everything that is wrong with it by name, before anything is done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from troupe.models.adjusting.preset import PRESETS
from troupe.models.errors import TroupeError
from troupe.models.formats.settings import WriteSettings
from troupe.models.labelling.settings import LabelSettings
from troupe.scripts.farm import recipe as recipes
from troupe.scripts.farm.recipe import read_recipe, recipe_of

LEAST = {"input": "pictures", "tag": {"trigger": "mira_trp"}, "write": {"name": "mira"}}


def test_the_least(tmp_path):
    recipe = recipe_of(LEAST, tmp_path)
    assert recipe.input == tmp_path / "pictures" and recipe.work == tmp_path / "work"
    assert recipe.output == tmp_path / "datasets" and recipe.shards == 1
    assert recipe.tag == LabelSettings("mira_trp") and recipe.write == WriteSettings("mira")
    assert recipe.adjust.wanted == PRESETS["everything usable"]
    assert recipe.restyle.stylizer.palette is None and recipe.now is None


def test_the_example_reads():
    recipe = read_recipe(Path(recipes.__file__).with_name("example.json"))
    assert (recipe.input / "mira").is_dir() and recipe.work.is_relative_to(Path.home())


def test_the_form_in_the_words_at_its_head_reads(tmp_path):
    text = recipes.__doc__
    recipe = recipe_of(json.loads(text[text.index("{") : text.rindex("}") + 1]), tmp_path)
    assert recipe.adjust.wanted.minimum_side == 512 and recipe.restyle.stylizer.palette.name == "moonlit rogue"


def test_wishes_may_be_toml(tmp_path):
    recipe = recipe_of({**LEAST, "adjust": {"preset": "my wishes only", "wishes": "total = 9"}}, tmp_path)
    assert recipe.adjust.wanted.total == 9 and recipe.adjust.wanted.minimum_side is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"imput": "a"}, "recipe: imput is not known here. Known are input, tag, write, "),
        ({"restyle": {"colour": 1}}, "recipe.restyle: colour is not known here"),
        ({"tag": {}}, "recipe.tag: trigger is missing"),
        ({"tag": {"trigger": "a", "policy": "adsorb"}}, "Unknown policy: 'adsorb'"),
        ({"tag": {"trigger": "a", "replace": "long hair"}}, "long hair"),
        ({"write": {"name": "../mira"}}, "mira"),
        ({"write": {"name": "mira", "format": "kohia"}}, "Unknown data set format: 'kohia'"),
        ({"write": {"name": "mira", "mode": "add"}}, "recipe.write.mode is 'add'"),
        ({"shards": 0}, "recipe.shards is 0"),
        ({"shards": "many"}, "recipe.shards must be a whole number"),
        ({"describe": {"captioner": "blip"}}, "recipe.describe.captioner is 'blip'"),
        ({"describe": {"captioner": "openclip"}}, "recipe.describe.model is missing"),
        ({"map_styles": {"first": "anime_sell"}}, "anime_sell"),
        ({"map_styles": {"seconds": ["krisp"]}}, "krisp"),
        ({"map_styles": {"table": "front = crisp\nback = crisp"}}, "crisp"),
        ({"map_styles": {"own_styles": "no.json"}}, "no.json"),
        ({"restyle": {"new_character": "moonlit"}}, "moonlit"),
        ({"restyle": {"strength": 1.5}}, "recipe.restyle.strength is 1.5"),
        ({"restyle": {"retries": -1}}, "recipe.restyle.retries is -1"),
        ({"restyle": {"background_look": "fog"}}, "recipe.restyle.background_look is 'fog'"),
        ({"adjust": {"preset": "all"}}, "recipe.adjust.preset is 'all'"),
        ({"adjust": {"wishes": {"minimum": 5}}}, "minimum"),
        ({"adjust": {"preset": "my wishes only", "wishes": {"shots": {"full": "40%"}}}}, "shares of an unknown total"),
        ({"read": {"layout": "heap"}}, "Unknown layout: 'heap'"),
        ({"work": "pictures/work"}, "recipe.work lies among the pictures"),
        ({"created": "yesterday"}, "recipe.created is 'yesterday'"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(tmp_path, changed, told):
    with pytest.raises(TroupeError) as error:
        recipe_of({**LEAST, **changed}, tmp_path)
    assert told in str(error.value)


@pytest.mark.parametrize("text", ["", "[]", "{", '"a"'])
def test_a_file_that_is_no_recipe(tmp_path, text):
    (tmp_path / "recipe.json").write_text(text)
    with pytest.raises(TroupeError, match="cannot be used"):
        read_recipe(tmp_path / "recipe.json")
