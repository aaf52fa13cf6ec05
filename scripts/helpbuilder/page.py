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
    sections; the tables go before the first section."""
    lead, *sections = prose.strip().split(SECTION)
    parts = [
        f"# {plain(texts['display_name'])}",
        lead.strip(),
        f"## {say.inputs}",
        inputs_table(node, texts, say),
        f"## {say.outputs}",
        outputs_table(node, texts, say),
        *(f"## {section.strip()}" for section in sections),
        f"*{say.found.format(' → '.join(map(plain, path)))}*",
    ]
    return "\n\n".join(parts) + "\n"


def inputs_table(node: DescribedNode, texts: dict[str, Any], say: Wording) -> str:
    return _table(
        [(_titled(texts["inputs"][i.id], i.id), texts["inputs"][i.id], input_line(i, say)) for i in node.inputs], say
    )


def outputs_table(node: DescribedNode, texts: dict[str, Any], say: Wording) -> str:
    named = [(texts["outputs"][str(at)], output) for at, output in enumerate(node.outputs)]
    return _table([(_titled(told, o.name), told, output_line(o, say)) for told, o in named], say)


def _titled(told: dict[str, str], id: str) -> str:
    """The id stands beside a translated name: error messages and workflow files use it."""
    return f"**{plain(told['name'])}**" + (f"<br>`{id}`" if told["name"] != id else "")


def _table(rows: list[tuple[str, dict[str, str], str]], say: Wording) -> str:
    if not rows:
        return say.nothing
    lines = [f"| {name} | {plain(told['tooltip'])}<br>*{line}* |" for name, told, line in rows]
    return "\n".join([f"| {say.name} | {say.meaning} |", "|---|---|", *lines])
