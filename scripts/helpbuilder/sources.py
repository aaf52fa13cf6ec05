"""What people wrote: a page of prose a node and language, and the Chinese texts of every node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROSE = Path("scripts/helpbuilder/prose")
CHINESE_TEXTS = Path("locales/zh/nodeDefs.json")
CHINESE_MENU = Path("locales/zh/main.json")


def prose_file(node: str, language: str) -> Path:
    """Below the repository."""
    return PROSE / language / f"{node}.md"


def prose(node: str, language: str) -> str | None:
    """None where nobody wrote any."""
    path = ROOT / prose_file(node, language)
    return path.read_text(encoding="utf-8") if path.is_file() else None


def chinese_texts() -> dict[str, Any]:
    return _json(CHINESE_TEXTS)


def chinese_menu() -> dict[str, str]:
    """Each word of a category in Chinese."""
    return _json(CHINESE_MENU)["nodeCategories"]


def _json(path: Path) -> dict[str, Any]:
    return json.loads((ROOT / path).read_text(encoding="utf-8"))
