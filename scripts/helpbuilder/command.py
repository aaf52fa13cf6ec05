"""`troupe.py help-pages`: build the help pages and texts anew with what a running host says of its nodes."""

from __future__ import annotations

from pathlib import Path

from devkit.hosts import Host
from devkit.objectinfo import object_info_of
from devkit.trouble import Trouble

from .complaints import complaints
from .described import described_nodes
from .save import save_all


def build_help(host: Host, base: Path) -> list[Path]:
    """Paths of the files that changed, below the repository; raises `Trouble` where something is not written yet."""
    object_info = object_info_of(host, base)
    if missing := list(complaints(described_nodes(object_info))):
        raise Trouble("\n".join(missing))
    return save_all(object_info)
