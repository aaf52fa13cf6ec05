"""English texts as the schemas have them, and what another language still lacks of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .described import DescribedNode

Texts = dict[str, dict[str, Any]]


def english(nodes: list[DescribedNode]) -> Texts:
    """nodeDefs.json of the language that the schemas are written in."""
    return {node.id: _texts(node) for node in nodes}


def _texts(node: DescribedNode) -> dict[str, Any]:
    sockets = {
        "inputs": {i.id: {"name": i.id, "tooltip": i.tooltip} for i in node.inputs},
        "outputs": {str(at): {"name": o.name, "tooltip": o.tooltip} for at, o in enumerate(node.outputs)},
    }
    own = {"display_name": node.name, "description": node.description}
    return own | {kind: texts for kind, texts in sockets.items() if texts}


def lacking(wanted: Any, given: Any) -> Any:
    """The part of `wanted` that `given` has no text for; empty where it is complete."""
    if not isinstance(wanted, dict):
        return {} if isinstance(given, str) and given.strip() else wanted
    known = given if isinstance(given, dict) else {}
    parts = {key: lacking(value, known.get(key)) for key, value in wanted.items()}
    return {key: part for key, part in parts.items() if part}


def unknown(wanted: Any, given: Any, where: str = "") -> Iterator[str]:
    """Places in `given` that nothing in `wanted` answers to: a node or a socket that is gone."""
    if not isinstance(given, dict):
        return
    for key, value in given.items():
        if not isinstance(wanted, dict) or key not in wanted:
            yield f"{where}{key}"
        else:
            yield from unknown(wanted[key], value, f"{where}{key}.")


def in_order(wanted: Any, given: Any) -> Any:
    """`given` in the order of `wanted`; what is unknown comes last."""
    if not (isinstance(wanted, dict) and isinstance(given, dict)):
        return given
    known = {key: in_order(wanted[key], given[key]) for key in wanted if key in given}
    return known | {key: value for key, value in given.items() if key not in known}
