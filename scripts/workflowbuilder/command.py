"""`troupe.py workflows`: build every workflow anew with what a running host says of its nodes."""

from __future__ import annotations

from pathlib import Path

from devkit.hosts import Host
from devkit.objectinfo import object_info_of

from .save import save_all


def build_workflows(host: Host, base: Path) -> list[Path]:
    """Paths of the written files, below the repository."""
    return save_all(object_info_of(host, base))
