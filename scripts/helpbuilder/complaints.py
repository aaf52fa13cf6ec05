"""What is missing before every node has its pages and translations, each with what to write where."""

from __future__ import annotations

import json
from collections.abc import Iterator

from .described import DescribedNode
from .sources import CHINESE_MENU, CHINESE_TEXTS, chinese_menu, chinese_texts, prose, prose_file
from .translations import english, lacking, unknown
from .wording import CHINESE, ENGLISH


def complaints(nodes: list[DescribedNode]) -> Iterator[str]:
    yield from _about_prose(nodes)
    yield from _about_texts(nodes)
    yield from _about_the_menu(nodes)


def _about_prose(nodes: list[DescribedNode]) -> Iterator[str]:
    for node in nodes:
        for say in (ENGLISH, CHINESE):
            file, text = prose_file(node.id, say.language), prose(node.id, say.language)
            if text is None:
                yield f'{file} is missing: what {node.name} does, a picture, and a section "## {say.mistakes}"'
            elif f"\n## {say.mistakes}\n\n- " not in text:
                yield f'{file} has no section "## {say.mistakes}" with a list'


def _about_texts(nodes: list[DescribedNode]) -> Iterator[str]:
    wanted, given = english(nodes), chinese_texts()
    if missing := lacking(wanted, given):
        skeleton = json.dumps(missing, indent=2, ensure_ascii=False)
        yield f"{CHINESE_TEXTS} lacks the Chinese of:\n{skeleton}"
    for place in unknown(wanted, given):
        yield f"{CHINESE_TEXTS} has {place}, which no node has; take it out"


def _about_the_menu(nodes: list[DescribedNode]) -> Iterator[str]:
    known = chinese_menu()
    for part in sorted({part for node in nodes for part in node.category.split("/")} - known.keys()):
        yield f'{CHINESE_MENU} lacks the Chinese of the category "{part}"'
