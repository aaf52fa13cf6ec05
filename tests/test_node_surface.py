"""Node ids, sockets and widgets outlive us: saved workflows restore widgets by position and links by name.

`goldens/node_surface.json` is what has been promised. A change shows as a difference; one that was meant is taken with

    python3 scripts/troupe.py test tests/test_node_surface.py --accept-surface
"""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "goldens" / "node_surface.json"
ACCEPT = "python3 scripts/troupe.py test tests/test_node_surface.py --accept-surface"
# What a workflow file depends on; tooltips and texts may change freely.
FROM_DISK = ("model", "base_checkpoint", "control_net", "config")
OPTIONS = ("default", "min", "max", "step", "options", "multiline", "force_input", "control_after_generate")


def surface_of(node: type) -> dict:
    schema = node.GET_SCHEMA()
    return {
        "display_name": schema.display_name,
        "category": schema.category,
        "output_node": bool(schema.is_output_node),
        "inputs": [input_surface(input) for input in schema.inputs],
        "outputs": [
            {"name": output.display_name or output.id, "type": output.io_type, "list": bool(output.is_output_list)}
            for output in schema.outputs
        ],
    }


def input_surface(input) -> dict:
    """`optional` and whatever of OPTIONS the input has; choices that are read from disk are not promised."""
    shown = {"name": input.id, "type": input.io_type, "optional": bool(input.optional)}
    for option in OPTIONS:
        value = getattr(input, option, None)
        from_disk = option == "options" and input.id in FROM_DISK
        if value is not None and not callable(value) and not from_disk:
            shown[option] = value
    return json.loads(json.dumps(shown, default=str))


@pytest.fixture
def nodes(host_inprocess):
    return host_inprocess.nodes


def test_surface_is_the_promised_one(nodes, request):
    today = text({node_id: surface_of(node) for node_id, node in nodes.items()})
    if request.config.getoption("--accept-surface"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(today, encoding="utf-8")
    promised = GOLDEN.read_text(encoding="utf-8") if GOLDEN.exists() else ""
    lines = difflib.unified_diff(promised.splitlines(), today.splitlines(), "promised", "today", n=2, lineterm="")
    difference = "\n".join(lines)
    assert not difference, f"\n{difference}\n\nIf this is meant: {ACCEPT}"


def text(surface: dict) -> str:
    return json.dumps(surface, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def test_ids_and_categories(nodes):
    assert nodes
    wrong = [node_id for node_id in nodes if not node_id.startswith("Troupe")]
    wrong += [n for n, node in nodes.items() if not f"{node.GET_SCHEMA().category}/".startswith("Troupe/")]
    assert not wrong


def test_every_socket_has_a_tooltip(nodes):
    silent = [
        f"{node_id}.{socket.id or socket.display_name}"
        for node_id, node in nodes.items()
        for socket in (*node.GET_SCHEMA().inputs, *node.GET_SCHEMA().outputs)
        if not (socket.tooltip or "").strip()
    ]
    assert not silent, "\n" + "\n".join(silent)


@pytest.mark.parametrize("member", ["description", "search_aliases", "display_name"])
def test_every_node_can_be_found(nodes, member):
    assert not [node_id for node_id, node in nodes.items() if not getattr(node.GET_SCHEMA(), member)]


def test_optional_inputs_come_last(nodes):
    """A required widget after an optional one would move the widgets of saved workflows when it is added."""
    for node_id, node in nodes.items():
        kinds = [bool(input.optional) for input in node.GET_SCHEMA().inputs]
        assert kinds == sorted(kinds), f"{node_id}: a required input stands after an optional one"
