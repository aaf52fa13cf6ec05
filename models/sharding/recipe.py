"""What a node's input was made by, as one text: the graph before it, whichever part of a set it was given.

Shards that have the same recipe belong together, on all servers that were sent the same workflow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..errors import TroupeError
from ..samples.store import store_key
from .shard import Shard

INDEX, COUNT = "shard_index", "shard_count"

Prompt = Mapping[str, Mapping[str, Any]]
Stamp = Callable[[Mapping[str, Any]], str]


def recipe(prompt: Prompt, link: Any, own: Shard, stamp: Stamp) -> str:
    """`prompt`: as it was queued; `link`: [node, output] in it. `stamp`: what counts of a node beside its inputs, e.g.
    the digest of a file that it reads."""
    made: dict[str, str] = {}

    def digest(node_id: str) -> str:
        if node_id not in made:
            node = prompt[node_id]
            inputs = {
                name: [digest(value[0]), value[1]] if is_link(value) else value
                for name, value in node["inputs"].items()
                if (name, value) not in ((INDEX, own.index), (COUNT, own.count))
            }
            made[node_id] = store_key(node["class_type"], inputs, stamp(node))
        return made[node_id]

    return store_key("recipe", digest(link[0]), link[1]) if is_link(link) else ""


def before(prompt: Prompt, link: Any) -> Iterator[Mapping[str, Any]]:
    """The node that `link` comes from, and all before it, each once."""
    waiting, seen = [link], set()
    while waiting:
        value = waiting.pop()
        if is_link(value) and value[0] in prompt and value[0] not in seen:
            seen.add(value[0])
            yield prompt[value[0]]
            waiting += prompt[value[0]]["inputs"].values()


def require_same_shard(prompt: Prompt, link: Any, own: Shard) -> None:
    """Raises `TroupeError` where another part of the set is loaded than is to be saved."""
    for node in before(prompt, link):
        index, count = node["inputs"].get(INDEX), node["inputs"].get(COUNT)
        if (
            own.count > 1
            and isinstance(index, int)
            and isinstance(count, int)
            and (index, count)
            != (
                own.index,
                own.count,
            )
        ):
            raise TroupeError(
                "One shard is loaded, and another is to be saved",
                item=f"shard {index} of {count}, and shard {own.index} of {own.count}",
                remedy="Wire shard_index and shard_count of Load Saved Sample Set to those of Save Sample Set.",
            )


def is_link(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], int)
