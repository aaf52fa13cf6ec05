"""`troupe.py workflows`: build every workflow anew with what a running host says of its nodes."""

from __future__ import annotations

from pathlib import Path

from devkit.api import HostApi
from devkit.basefolder import make_base
from devkit.hosts import Host
from devkit.serverprocess import HostProcess

from .save import save_all


def build_workflows(host: Host, base: Path) -> list[Path]:
    """Paths of the written files, below the repository."""
    process = HostProcess(host, make_base(base), extra=("--cpu",))
    try:
        process.start()
        return save_all(HostApi(process.url).get("/object_info"))
    finally:
        process.stop()
