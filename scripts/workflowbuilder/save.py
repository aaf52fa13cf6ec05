"""Writes every workflow for the editor (`workflows/`), its twin for the API (`tests/workflows/`), the list of nodes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .catalogue import WORKFLOWS
from .export import to_api, to_editor

ROOT = Path(__file__).resolve().parents[2]


def fresh_files(object_info: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """(path below the repository, text) of every file as it should be."""
    for build in WORKFLOWS:
        graph = build()
        for path, data in (
            (Path("workflows") / f"{graph.name}.json", to_editor(graph, object_info)),
            (Path("tests/workflows") / f"{graph.name}.api.json", to_api(graph, object_info)),
        ):
            yield path, _text(data)
    yield Path("node_list.json"), _text(node_list(object_info))


def _text(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def node_list(object_info: dict[str, Any]) -> dict[str, str]:
    """Node ids with what each does: ComfyUI-Manager finds the pack by them when a workflow lacks a node.

    Its scanner reads source files for class mappings, which nodes with an entry point have not got.
    """
    ours = {name: info for name, info in object_info.items() if info["python_module"] == "custom_nodes.troupe"}
    return {name: ours[name]["description"] for name in sorted(ours)}


def save_all(object_info: dict[str, Any]) -> list[Path]:
    written = []
    for path, text in fresh_files(object_info):
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")
        written.append(path)
    return written
