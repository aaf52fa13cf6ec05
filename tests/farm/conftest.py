from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from support import farming
from troupe.models.progress import silent
from troupe.scripts.farm.recipe import FarmRecipe, recipe_of
from troupe.scripts.farm.running import run_all


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> Path:
    return farming.cast(tmp_path_factory.mktemp("cast") / "pictures")


@pytest.fixture(scope="session")
def single(pictures, tmp_path_factory) -> Callable[..., tuple[FarmRecipe, dict[str, str]]]:
    """`single(**changed)`: a recipe that was made by the ordinary functions in one run, and what came of it."""
    made = {}

    def run(**changed) -> tuple[FarmRecipe, dict[str, str]]:
        key = repr(sorted(changed.items()))
        if key not in made:
            recipe = recipe_of(farming.recipe_text(pictures, **changed), tmp_path_factory.mktemp("single"))
            if made:  # what is drawn depends on nothing that tests change
                first = next(iter(made.values()))[0]
                shutil.copytree(first.store.root, recipe.store.root)
            made[key] = recipe, farming.ordinary(recipe)
        return made[key]

    return run


@pytest.fixture
def farm(pictures, tmp_path) -> Callable[..., FarmRecipe]:
    """`farm(**changed)`: a recipe of which nothing is done yet."""
    return lambda **changed: recipe_of(farming.recipe_text(pictures, **changed), tmp_path)


@pytest.fixture
def drawn(farm, single) -> Callable[..., FarmRecipe]:
    """The same with everything that one run has drawn in its store: for tests of what happens around it."""

    def recipe(**changed) -> FarmRecipe:
        made = farm(**changed)
        shutil.copytree(single()[0].store.root, made.store.root, dirs_exist_ok=True)
        return made

    return recipe


@pytest.fixture(scope="session")
def finished_once(pictures, single, tmp_path_factory) -> FarmRecipe:
    recipe = recipe_of(farming.recipe_text(pictures), tmp_path_factory.mktemp("finished"))
    shutil.copytree(single()[0].store.root, recipe.store.root)
    run_all(recipe, 2, lambda step, part: silent)
    return recipe


@pytest.fixture
def finished(farm, finished_once) -> FarmRecipe:
    """A farm with its data set."""
    recipe = farm()
    shutil.copytree(finished_once.work, recipe.work)
    shutil.copytree(finished_once.output, recipe.output)
    return recipe
