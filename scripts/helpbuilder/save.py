"""Writes the help pages (`web/docs/`) and the texts of the nodes (`locales/`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .described import described_nodes
from .page import page
from .sources import CHINESE_TEXTS, ROOT, chinese_menu, chinese_texts, prose
from .translations import english, in_order
from .wording import CHINESE, ENGLISH

PAGES = Path("web/docs")
ENGLISH_TEXTS = Path("locales/en/nodeDefs.json")


def fresh_files(object_info: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """(path below the repository, text) of every file as it should be. Wants that there are no `complaints`.

    The editor asks for docs/NODE/LANGUAGE.md, and where that is missing complains in the browser's console and asks for
    docs/NODE.md. So the English page lies at both places: for English readers, and for those of any other language.
    """
    nodes = described_nodes(object_info)
    texts, menu = english(nodes), chinese_menu()
    translated = in_order(texts, chinese_texts())
    yield ENGLISH_TEXTS, _json(texts)
    yield CHINESE_TEXTS, _json(translated)
    for node in nodes:
        path = node.category.split("/")
        in_english = page(node, texts[node.id], path, prose(node.id, "en"), ENGLISH)
        in_chinese = page(node, translated[node.id], [menu[p] for p in path], prose(node.id, "zh"), CHINESE)
        yield PAGES / f"{node.id}.md", in_english
        yield PAGES / node.id / "en.md", in_english
        yield PAGES / node.id / "zh.md", in_chinese


def save_all(object_info: dict[str, Any]) -> list[Path]:
    """Paths of the files that changed."""
    written = []
    for path, text in fresh_files(object_info):
        file = ROOT / path
        if file.is_file() and file.read_text(encoding="utf-8") == text:
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _json(texts: dict[str, Any]) -> str:
    return json.dumps(texts, indent=2, ensure_ascii=False) + "\n"
