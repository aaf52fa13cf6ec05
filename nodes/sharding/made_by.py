"""The key of a saved shard: the graph that made it, and the saved sets which that graph read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...models.errors import TroupeError
from ...models.sharding.shard import Shard

LOADER = "TroupeLoadSavedSampleSet"


def made_by(prompt: Mapping[str, Any] | None, node_id: str | None, name: str, shard: Shard) -> str:
    """Raises `TroupeError` where the set would replace the one that it is made from, or another shard was loaded."""
    from ...models.sharding.recipe import before, recipe, require_same_shard

    prompt = prompt or {}
    link = prompt.get(node_id, {}).get("inputs", {}).get("samples")
    if any(_loaded(node) == name for node in before(prompt, link)):
        raise TroupeError(
            "A set cannot replace the one that it is made from", item=name, remedy="Save it under another name."
        )
    require_same_shard(prompt, link, shard)
    return recipe(prompt, link, shard, _digest_of_loaded)


def _loaded(node: Mapping[str, Any]) -> str | None:
    name = node["inputs"].get("name") if node["class_type"] == LOADER else None
    return name if isinstance(name, str) else None


def _digest_of_loaded(node: Mapping[str, Any]) -> str:
    from ...models.sharding.savedset import WHOLE
    from ...models.sharding.seal import found_seal
    from .inputs import folder_of

    name = _loaded(node)
    seal = found_seal(folder_of(name) / WHOLE) if name else None
    return seal.digest if seal else ""
