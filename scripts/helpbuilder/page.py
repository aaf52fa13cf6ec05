"""Given a node, its texts in one language and a person's prose, the help page that the graph editor shows."""

from __future__ import annotations

from typing import Any

from .described import DescribedNode
from .markdown import plain
from .values import input_line, output_line
from .wording import Wording

SECTION = "\n## "


def page(node: DescribedNode, texts: dict[str, Any], path: list[str], prose: str, say: Wording) -> str:
    """`texts`: the node's entry in nodeDefs.json. `path`: its place in the node menu. `prose`: what the node does, then
    sections; the lists of inputs and outputs go before the first section."""
    lead, *sections = prose.strip().split(SECTION)
    parts = [
        f"# {plain(texts['display_name'])}",
        lead.strip(),
        f"## {say.inputs}",
        inputs_list(node, texts, say),
        f"## {say.outputs}",
        outputs_list(node, texts, say),
        *(f"## {section.strip()}" for section in sections),
        f"*{say.found.format(' → '.join(map(plain, path)))}*",
    ]
    return "\n\n".join(parts) + "\n"


def inputs_list(node: DescribedNode, texts: dict[str, Any], say: Wording) -> str:
    named = [(texts["inputs"][input.id], input) for input in node.inputs]
    return _list([(told, input.id, input_line(input, say)) for told, input in named], say)


def outputs_list(node: DescribedNode, texts: dict[str, Any], say: Wording) -> str:
    named = [(texts["outputs"][str(at)], output) for at, output in enumerate(node.outputs)]
    return _list([(told, output.name, output_line(output, say)) for told, output in named], say)


def _list(rows: list[tuple[dict[str, str], str, str]], say: Wording) -> str:
    """No table: the panel is about 250 pixels wide, and a second column would be cut off in it."""
    return "\n".join(_entry(*row) for row in rows) or say.nothing


def _entry(told: dict[str, str], id: str, line: str) -> str:
    """The id stands beside a translated name: error messages and workflow files use it."""
    name = f"**{plain(told['name'])}**" + (f" `{id}`" if told["name"] != id else "")
    return f"- {name}<br>{plain(told['tooltip'])}<br>*{line}*"
