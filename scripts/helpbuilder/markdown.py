"""Given text, Markdown that shows it as it is."""

from __future__ import annotations

SIGNS = "\\`*_[]<>|#"


def plain(text: str) -> str:
    return "".join(f"\\{c}" if c in SIGNS else c for c in text)
