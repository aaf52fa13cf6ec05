"""Map Styles over a set that is larger than anybody wants to hold: what one run makes, a sample at a time."""

from __future__ import annotations

import gc
from dataclasses import replace

import pytest

from support.alive import Alive
from troupe.models.errors import EmptySet
from troupe.models.progress import silent
from troupe.models.samples.sample import Description, Rejection, Sample, SampleSet
from troupe.models.sharding import ondisk
from troupe.models.sharding.manifest import manifest_digest, read_manifest, write_manifest
from troupe.models.sharding.seal import found_seal
from troupe.models.sharding.shard import Shard
from troupe.models.styles.library import load_library
from troupe.models.styles.mapping import map_styles
from troupe.scripts.farm.chain import DESCRIBE, LIST, LOAD, MAP_STYLES
from troupe.scripts.farm.steps import finish, manifest_of, run_shard

COPIES = 30
WORDS = ("night, moon", "superhero, cape", "夜晚", "")
RULES = "night -> ink_wash\n*cape -> comic_halftone"


@pytest.fixture
def described(farm):
    """`described(**changed)`: a farm that comes to Map Styles with 30 pictures of each one, characters mixed."""

    def made(**changed):
        recipe = farm(**changed)
        finish(LIST, recipe, 1, silent)
        for step in (LOAD, DESCRIBE):
            run_shard(step, recipe, Shard(0, 1), silent)
            finish(step, recipe, 1, silent)
        few = read_manifest(manifest_of(DESCRIBE, recipe), recipe.roots)
        keep(recipe, replace(few, samples=tuple(copied(few.samples))))
        return recipe

    return made


def keep(recipe, sample_set):
    write_manifest(manifest_of(DESCRIBE, recipe), sample_set, recipe.roots, DESCRIBE.key(recipe))


def copied(samples):
    for number in range(COPIES):
        words = Description("", (WORDS[number % len(WORDS)],), "person")
        yield from (
            replace(s, id=f"{s.id} {number}", description=words if number % 5 else s.description) for s in samples
        )


@pytest.mark.parametrize(
    "said",
    [{}, {"first_scope": "sample"}, {"first": RULES}, {"first": "oil", "second_enabled": False}],
    ids=["auto", "by sample", "rules", "by name"],
)
def test_it_makes_what_one_run_makes_and_holds_no_sample(described, monkeypatch, said):
    recipe = described(map_styles=said)
    whole = read_manifest(manifest_of(DESCRIBE, recipe), recipe.roots)
    count = len(whole)
    one_run = map_styles(whole, load_library(), recipe.map_styles.settings).sample_set
    wanted = manifest_digest(one_run, recipe.roots)
    del whole, one_run
    alive = Alive(ondisk.moved)
    monkeypatch.setattr(ondisk, "moved", alive)
    before, most = held(), []

    def watch(number, total, name):
        if number % 100 == 99:
            most.append(held() - before)

    finish(MAP_STYLES, recipe, 1, watch)
    assert found_seal(manifest_of(MAP_STYLES, recipe)).digest == wanted
    assert alive.built == 2 * count and alive.most <= 2
    assert len(most) == 2 * count // 100 >= 6 and max(most) <= 4, "one as read, with its paths, with its styles"


def held():
    """Samples of all kinds, wherever they come from."""
    gc.collect()
    return sum(isinstance(thing, Sample) for thing in gc.get_objects())


def test_where_nothing_is_left_it_says_what_became_of_the_pictures(described):
    recipe = described()
    keep(recipe, SampleSet((), (Rejection("a", "load", "the file is empty"),)))
    with pytest.raises(EmptySet, match="map-styles was given .* no picture left.*a: the file is empty"):
        finish(MAP_STYLES, recipe, 1, silent)
    assert not manifest_of(MAP_STYLES, recipe).exists()


def test_stopped_half_way_it_leaves_nothing(described):
    recipe = described()

    def stop(number, total, name):
        if number == total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        finish(MAP_STYLES, recipe, 1, stop)
    left = manifest_of(MAP_STYLES, recipe)
    assert not left.exists() and found_seal(left) is None
