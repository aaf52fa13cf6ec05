"""A farm whose captioner is a model: loaded from where the recipe says, and asked again when it is another one."""

from __future__ import annotations

import pytest

pytest.importorskip("open_clip", reason="the OpenCLIP Captioner needs it")

from support import tinyclip
from troupe.models.progress import silent
from troupe.models.sharding.manifest import read_manifest
from troupe.models.sharding.shard import all_shards
from troupe.scripts.farm.chain import DESCRIBE, LIST, LOAD
from troupe.scripts.farm.steps import done, finish, manifest_of, run_shard


def test_a_model_describes(farm, tmp_path):
    family = tinyclip.FAMILIES["CLIP"]
    place = tinyclip.save_folder(tmp_path / "tiny", tinyclip.fresh_model(family), family)
    recipe = farm(describe={"captioner": "openclip", "model": str(place), "batch_size": 3})
    finish(LIST, recipe, 2, silent)
    for step in (LOAD, DESCRIBE):
        for shard in all_shards(2):
            run_shard(step, recipe, shard, silent)
        finish(step, recipe, 2, silent)
    described = read_manifest(manifest_of(DESCRIBE, recipe), recipe.roots)
    assert len(described) == 14
    assert all("open_clip" in sample.history[-1].settings for sample in described.samples)
    assert done(DESCRIBE, recipe)
    with open(next(place.glob("*.safetensors")), "ab") as weights:
        weights.write(b" ")
    assert not done(DESCRIBE, recipe)
