"""Find what a run saved, and keep what it only showed: the host drops those pictures and texts when it stops."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

View = Callable[[dict], bytes]


def saved(outputs: Mapping[str, dict], output: Path) -> list[Path]:
    """The pictures that nodes such as Save Image wrote to the output directory."""
    pictures = [picture for ui in outputs.values() for picture in ui.get("images", [])]
    return [output / p.get("subfolder", "") / p["filename"] for p in pictures if p.get("type") == "output"]


def keep(outputs: Mapping[str, dict], names: Mapping[str, str], folder: Path, view: View) -> list[Path]:
    """Write the pictures and texts of each node below `folder`, named after the node; `view` fetches a picture."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for node, ui in outputs.items():
        stem = file_stem(node, names.get(node, ""))
        pictures = [picture for picture in ui.get("images", []) if picture.get("type") == "temp"]
        for number, picture in enumerate(pictures):
            suffix = Path(picture["filename"]).suffix
            kept.append(folder / f"{stem}{f'-{number + 1}' if len(pictures) > 1 else ''}{suffix}")
            kept[-1].write_bytes(view(picture))
        text = "\n\n".join(part for part in ui.get("text", []) if isinstance(part, str))
        if text:
            kept.append(folder / f"{stem}.txt")
            kept[-1].write_text(text + "\n", encoding="utf-8")
    return sorted(kept)


def file_stem(node: str, name: str) -> str:
    """ "Adjust: wanted and got" of node 7 becomes 07-adjust-wanted-and-got; it sorts like the workflow."""
    words = re.sub(r"[^\w]+", "-", name.lower()).strip("-") or "node"
    return f"{re.sub(r'[^0-9a-zA-Z]+', '-', node).zfill(2)}-{words}"
