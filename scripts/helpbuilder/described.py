"""Given what a host says of a node (`/object_info`), the node as a reader sees it: its texts, inputs and outputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

OURS = "Troupe"
# Choices that differ from machine to machine, or from host to host: a page names none of them.
FROM_MACHINE = ("model", "base_checkpoint", "control_net", "config", "sampler_name")
FROM_HOST = (("TroupeSamplerStylizer", "scheduler"), ("TroupeEditStylizer", "scheduler"))


class Input(NamedTuple):
    """`options`: the rest of what the schema says. `choices`: None where there are none to name."""

    id: str
    type: str
    optional: bool
    tooltip: str
    options: dict[str, Any]
    choices: list[str] | None


class Output(NamedTuple):
    name: str
    type: str
    tooltip: str
    is_list: bool


class DescribedNode(NamedTuple):
    id: str
    name: str
    category: str
    description: str
    inputs: list[Input]
    outputs: list[Output]


def described_nodes(object_info: dict[str, Any]) -> list[DescribedNode]:
    """Troupe's nodes, in the order of the flow."""
    return [_node(id, told) for id, told in object_info.items() if id.startswith(OURS)]


def _node(id: str, told: dict[str, Any]) -> DescribedNode:
    outputs = zip(told["output_name"], told["output"], told["output_tooltips"], told["output_is_list"], strict=True)
    return DescribedNode(
        id,
        told["display_name"],
        told["category"],
        told["description"],
        list(_inputs(id, told["input"])),
        [Output(name, type, tooltip or "", is_list) for name, type, tooltip, is_list in outputs],
    )


def _inputs(node: str, told: dict[str, Any]) -> Iterator[Input]:
    for kind in ("required", "optional"):
        for id, (type, *rest) in told.get(kind, {}).items():
            options = rest[0] if rest else {}
            choices = options.get("options") if type == "COMBO" else None
            if id in FROM_MACHINE or (node, id) in FROM_HOST:
                choices = None
            yield Input(id, type, kind == "optional", options.get("tooltip", ""), options, choices)
