"""A workflow in API format, and what is sent to the servers: the same one for every shard, with its number in it."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from devkit.trouble import Trouble

INDEX, COUNT = "shard_index", "shard_count"

Prompt = dict[str, dict[str, Any]]


class Job(NamedTuple):
    """`index`: of the shard; `name`: what people read."""

    index: int
    name: str
    prompt: Prompt


def read_workflow(path: Path) -> Prompt:
    """Raises `Trouble` for a file that is missing, no JSON, or saved for the editor."""
    try:
        prompt = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Trouble(f"{path} cannot be read: {error}") from None
    if isinstance(prompt, dict) and "nodes" in prompt:
        raise Trouble(f"{path} is a workflow for the editor. Open it there, and use Export (API) of the file menu.")
    if not isinstance(prompt, dict) or not all(map(_is_node, prompt.values())) or not prompt:
        raise Trouble(f"{path} is no workflow in API format. Make one with Export (API) of ComfyUI's file menu.")
    return prompt


def with_settings(prompt: Prompt, settings: Iterable[str]) -> Prompt:
    """`settings`: `NODE.input=value` each; NODE is a number, a title or a class, the value JSON or else text."""
    changed = copy.deepcopy(prompt)
    for setting in settings:
        place, equals, text = setting.partition("=")
        node, dot, name = place.rpartition(".")
        if not (equals and dot):
            raise Trouble(f"--set wants NODE.input=value, and not {setting}")
        for inputs in _inputs_of(changed, node, name):
            inputs[name] = _value(text)
    return changed


def numbered(prompt: Prompt, index: int | None, count: int) -> Prompt:
    """Every input of these names that no wire leads to; `index` None leaves those as they are."""
    changed = copy.deepcopy(prompt)
    for node in changed.values():
        for name, value in ((INDEX, index), (COUNT, count)):
            if value is not None and name in node["inputs"] and not isinstance(node["inputs"][name], list):
                node["inputs"][name] = value
    return changed


def shard_jobs(prompt: Prompt, count: int) -> list[Job]:
    """Raises `Trouble` for a workflow that would do the same for every shard."""
    lacking = [n for n in (INDEX, COUNT) if not any(_is_set_here(node, n) for node in prompt.values())]
    if count > 1 and lacking:
        raise Trouble(f"No node of this workflow has an input {' and '.join(lacking)}: every shard would be the same.")
    return [Job(i, f"shard {i} of {count}", numbered(prompt, i, count)) for i in range(count)]


def digest(prompt: Prompt, count: int) -> str:
    """Of the work that all shards are: another for another setting, the same for another title."""
    plain = {key: [node["class_type"], node["inputs"]] for key, node in numbered(prompt, 0, count).items()}
    return hashlib.sha256(json.dumps([plain, count], sort_keys=True).encode()).hexdigest()


def _is_node(node: Any) -> bool:
    return isinstance(node, dict) and isinstance(node.get("class_type"), str) and isinstance(node.get("inputs"), dict)


def _is_set_here(node: dict, name: str) -> bool:
    return name in node["inputs"] and not isinstance(node["inputs"][name], list)


def _inputs_of(prompt: Prompt, wanted: str, name: str) -> Iterator[dict[str, Any]]:
    found = [
        node["inputs"]
        for key, node in prompt.items()
        if wanted in (key, node["class_type"], node.get("_meta", {}).get("title")) and name in node["inputs"]
    ]
    if not found:
        raise Trouble(f"--set: no node {wanted!r} with an input {name!r} is in this workflow.")
    yield from found


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
