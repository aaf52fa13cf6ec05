"""What a running host says of its nodes (`/object_info`), asked whether a value or a wire fits."""

from __future__ import annotations

NUMBERS = {"INT": int, "FLOAT": (int, float)}
PLAIN = {"STRING": str, "BOOLEAN": bool}
SEEDS = {"seed", "noise_seed"}
AFTER_A_RUN = ("fixed", "increment", "decrement", "randomize")  # what may happen to a seed


def options_of(spec: list) -> dict:
    return spec[1] if len(spec) > 1 else {}


def choices_of(spec: list) -> list | None:
    return spec[0] if isinstance(spec[0], list) else options_of(spec).get("options") if spec[0] == "COMBO" else None


def refusal(spec: list, value: object) -> str | None:
    """Why a widget does not take the value; None if it does."""
    kind, options, choices = spec[0], options_of(spec), choices_of(spec)
    if choices is not None:
        return None if value in choices else f"{value!r} is none of {choices}"
    if kind in NUMBERS:
        if isinstance(value, bool) or not isinstance(value, NUMBERS[kind]):
            return f"{value!r} is no {kind}"
        least, most = options.get("min", value), options.get("max", value)
        return None if least <= value <= most else f"{value} is not within {least} and {most}"
    if kind in PLAIN and not isinstance(value, PLAIN[kind]):
        return f"{value!r} is no {kind}"
    return None


def inputs_of(described: dict) -> dict[str, list]:
    """All inputs of a node in their order, as the editor sees them."""
    return described["input"].get("required", {}) | described["input"].get("optional", {})


def is_widget(spec: list) -> bool:
    plain = isinstance(spec[0], list) or spec[0] in ("COMBO", *NUMBERS, *PLAIN)
    return plain and not options_of(spec).get("forceInput")


def to_prompt(workflow: dict, object_info: dict) -> dict:
    """A saved workflow as the editor would queue it: wires by the sockets' names, widgets by their positions.

    Raises `AssertionError` with the node's title for what the nodes of `object_info` have no place for.
    """
    wires = {link[0]: link for link in workflow["links"]}
    nodes = [node for node in workflow["nodes"] if node["type"] not in ("MarkdownNote", "Note")]
    kinds = {node["id"]: node["type"] for node in nodes}
    prompt = {}
    for node in nodes:
        assert node["type"] in object_info, f"{node['title']}: there is no {node['type']}"
        specs = inputs_of(object_info[node["type"]])
        inputs = _widgets(node, specs)
        for socket in node["inputs"]:
            if socket["link"] is not None:
                inputs[socket["name"]] = _wire(node, socket, wires[socket["link"]], specs, kinds, object_info)
        prompt[str(node["id"])] = {"class_type": node["type"], "inputs": inputs, "_meta": {"title": node["title"]}}
    return prompt


def _widgets(node: dict, specs: dict[str, list]) -> dict[str, object]:
    """By position. The editor's own "what happens to the seed" stands behind a seed; what is new has its default."""
    saved, values = list(node.get("widgets_values", [])), {}
    for name, spec in specs.items():
        if is_widget(spec):
            values[name] = saved.pop(0) if saved else options_of(spec).get("default", (choices_of(spec) or [None])[0])
            if options_of(spec).get("control_after_generate", name in SEEDS) and saved[:1] and saved[0] in AFTER_A_RUN:
                saved.pop(0)
    assert not saved, f"{node['title']}: nothing takes {saved}"
    return values


def _wire(node: dict, socket: dict, link: list, specs: dict, kinds: dict, object_info: dict) -> list:
    assert socket["name"] in specs, f"{node['title']} has no input {socket['name']}"
    _, source, slot, *_, kind = link
    gives = object_info[kinds[source]]["output"]
    assert slot < len(gives) and gives[slot] == kind, f"{node['title']}: output {slot} of {kinds[source]} is no {kind}"
    wanted = specs[socket["name"]][0]
    assert wanted in (kind, "*") or kind in str(wanted).split(","), f"{node['title']}: {socket['name']} takes {wanted}"
    return [str(source), slot]
