"""A graph as the JSON of the API queue, and as the JSON that the graph editor opens.

Both need the host's `/object_info`: which inputs are widgets, in which order, and what the sockets are called.
"""

from __future__ import annotations

import uuid
from typing import Any

from .graph import Graph, Group, Node, Note, Output

WIDGETS = {"STRING", "INT", "FLOAT", "BOOLEAN", "COMBO"}
SEEDS = {"seed", "noise_seed"}  # the editor puts a widget behind these that says whether they change after a run
TITLE_BAR = 30  # pixels that the editor draws above a node's position
FRAME = 24  # pixels between a group's frame and what is in it
PACK = {"cnr_id": "troupe", "ver": "0.1.0"}
CORE = {"cnr_id": "comfy-core", "ver": "0.30.0"}


def to_api(graph: Graph, object_info: dict[str, Any]) -> dict[str, Any]:
    """What `POST /prompt` takes: every widget's value, written out, and wires as [node, slot]."""
    api = {}
    for node in graph.nodes:
        inputs = {}
        for name, spec in _inputs(node, object_info):
            value = node.inputs.get(name, _default(spec))
            if isinstance(value, Output):
                inputs[name] = [str(value.node.id), _slot(value, object_info)]
            elif _is_widget(spec):
                inputs[name] = value
        _refuse_unknown(node, object_info)
        api[str(node.id)] = {"class_type": node.kind, "inputs": inputs, "_meta": {"title": node.title}}
    return api


def to_editor(graph: Graph, object_info: dict[str, Any]) -> dict[str, Any]:
    """The editor's format 0.4: sockets, wires, positions, groups and notes."""
    links = _links(graph, object_info)
    nodes = [_editor_node(node, order, links, object_info) for order, node in enumerate(graph.nodes)]
    nodes += [_editor_note(note, len(nodes) + i) for i, note in enumerate(graph.notes)]
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"troupe/{graph.name}")),
        "revision": 0,
        "last_node_id": len(graph.nodes) + len(graph.notes),
        "last_link_id": len(links),
        "nodes": sorted(nodes, key=lambda n: n["id"]),
        "links": links,
        "groups": [_editor_group(group) for group in graph.groups],
        "config": {},
        "extra": {"ds": {"scale": 0.75, "offset": [80, 170]}},
        "version": 0.4,
    }


def _inputs(node: Node, object_info: dict[str, Any]) -> list[tuple[str, list]]:
    spec = object_info[node.kind]["input"]
    return [*spec.get("required", {}).items(), *spec.get("optional", {}).items()]


def _options(spec: list) -> dict[str, Any]:
    return spec[1] if len(spec) > 1 else {}


def _is_widget(spec: list) -> bool:
    return (isinstance(spec[0], list) or spec[0] in WIDGETS) and not _options(spec).get("forceInput")


def _default(spec: list) -> object:
    options = _options(spec)
    choices = spec[0] if isinstance(spec[0], list) else options.get("options")
    return options.get("default", choices[0] if choices else None)


def _refuse_unknown(node: Node, object_info: dict[str, Any]) -> None:
    unknown = node.inputs.keys() - dict(_inputs(node, object_info)).keys()
    if unknown:
        raise KeyError(f"{node.kind} has no input named {', '.join(sorted(unknown))}")


def _slot(output: Output, object_info: dict[str, Any]) -> int:
    return object_info[output.node.kind]["output_name"].index(output.name)


def _links(graph: Graph, object_info: dict[str, Any]) -> list[list]:
    """[id, from node, from slot, to node, to slot, type]; a slot counts the sockets in the order of `_sockets`."""
    links = []
    for node in graph.nodes:
        sockets = [name for name, _ in _sockets(node, object_info)]
        for name, value in node.inputs.items():
            if isinstance(value, Output):
                slot = _slot(value, object_info)
                kind = object_info[value.node.kind]["output"][slot]
                links.append([len(links) + 1, value.node.id, slot, node.id, sockets.index(name), kind])
    return links


def _sockets(node: Node, object_info: dict[str, Any]) -> list[tuple[str, list]]:
    """Inputs that are no widgets, then the widgets that a wire takes the place of."""
    inputs = _inputs(node, object_info)
    wired = [(n, spec) for n, spec in inputs if _is_widget(spec) and isinstance(node.inputs.get(n), Output)]
    return [(name, spec) for name, spec in inputs if not _is_widget(spec)] + wired


def _widget_values(node: Node, object_info: dict[str, Any]) -> list:
    """By position, as the editor reads them; under a wire lies the default, and no seed changes by itself."""
    values = []
    for name, spec in _inputs(node, object_info):
        if _is_widget(spec):
            value = node.inputs.get(name, _default(spec))
            values.append(_default(spec) if isinstance(value, Output) else value)
            values += ["fixed"] if _options(spec).get("control_after_generate", name in SEEDS) else []
    return values


def _editor_node(node: Node, order: int, links: list[list], object_info: dict[str, Any]) -> dict[str, Any]:
    info = object_info[node.kind]
    sockets = _sockets(node, object_info)
    properties = {**(PACK if node.kind.startswith("Troupe") else CORE), "Node name for S&R": node.kind}
    if node.needs:
        properties["models"] = [file._asdict() for file in node.needs]
    return {
        "id": node.id,
        "type": node.kind,
        "pos": list(node.at),
        "size": list(node.size),
        "flags": {},
        "order": order,
        "mode": 0,
        "inputs": [_socket(name, spec, node, slot, links) for slot, (name, spec) in enumerate(sockets)],
        "outputs": [
            {"name": name, "type": kind, "links": _leaving(node, slot, links)}
            for slot, (name, kind) in enumerate(zip(info["output_name"], info["output"], strict=True))
        ],
        "title": node.title,
        "properties": properties,
        "widgets_values": _widget_values(node, object_info),
    }


def _socket(name: str, spec: list, node: Node, slot: int, links: list[list]) -> dict[str, Any]:
    arriving = next((link[0] for link in links if link[3:5] == [node.id, slot]), None)
    socket = {"name": name, "type": spec[0] if isinstance(spec[0], str) else "COMBO", "link": arriving}
    return {**socket, "widget": {"name": name}} if _is_widget(spec) else socket


def _leaving(node: Node, slot: int, links: list[list]) -> list[int]:
    return [link[0] for link in links if link[1:3] == [node.id, slot]]


def _editor_note(note: Note, order: int) -> dict[str, Any]:
    return {
        "id": note.id,
        "type": "MarkdownNote",
        "pos": list(note.at),
        "size": list(note.size),
        "flags": {},
        "order": order,
        "mode": 0,
        "inputs": [],
        "outputs": [],
        "title": note.title,
        "properties": {},
        "widgets_values": [note.text],
        "color": "#432",
        "bgcolor": "#653",
    }


def _editor_group(group: Group) -> dict[str, Any]:
    left = min(m.at[0] for m in group.members) - FRAME
    top = min(m.at[1] for m in group.members) - TITLE_BAR - FRAME - 40
    right = max(m.at[0] + m.size[0] for m in group.members) + FRAME
    bottom = max(m.at[1] + m.size[1] for m in group.members) + FRAME
    return {
        "id": group.id,
        "title": group.title,
        "bounding": [left, top, right - left, bottom - top],
        "color": group.color,
        "font_size": 24,
        "flags": {},
    }
