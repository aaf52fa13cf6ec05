"""What a host says of its nodes, asked of one that runs for this question alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .api import HostApi
from .basefolder import make_base
from .hosts import Host
from .serverprocess import HostProcess


def object_info_of(host: Host, base: Path) -> dict[str, Any]:
    process = HostProcess(host, make_base(base), extra=("--cpu",))
    try:
        process.start()
        return HostApi(process.url).get("/object_info")
    finally:
        process.stop()
